"""The web: one engine behind pages and the API.

`create_app` is a table of contents; each part says for itself who may use it.
"""

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

from flask import Flask

from course_engine.engine import Engine
from course_engine.rendering import pages
from course_engine.web import (
    access,
    account,
    admin,
    api,
    assets,
    auth,
    certificate,
    claiming,
    cohorts,
    contact,
    courses,
    errors,
    evidence,
    help_lines,
    join,
    joining,
    library,
    limits,
    me,
    messages,
    once,
    present,
    prints,
    public,
    rows,
    security,
    shown,
    tongues,
    verify,
)

Clock = Callable[[], datetime]


class Application(Flask):
    """Flask for views that are plain functions, all of them."""

    def ensure_sync(self, func: Callable[..., Any]) -> Callable[..., Any]:
        # Asked for every view and hook of every request whether it might be a coroutine: none is.
        return func


def create_app(engine: Engine, clock: Clock = lambda: datetime.now(UTC)) -> Flask:
    """The web application of an engine; `clock` is asked for the time once a request."""
    app = Application(__name__, static_folder=None, template_folder=None)
    app.extensions["engine"] = engine
    app.extensions["clock"] = clock
    pages.equip(app.jinja_env, engine.config.templates)
    security.init(app, engine.config)
    assets.init(app, engine.config.data)
    once.init(app)
    rows.init(app)
    tongues.init(app)
    shown.init(app)
    auth.init(app, engine)
    access.init(app)
    errors.init(app)
    for blueprint in (
        public.blueprint, account.blueprint, join.blueprint, joining.blueprint, claiming.blueprint,
        me.blueprint, certificate.blueprint, prints.blueprint, evidence.blueprint, present.blueprint,
        contact.blueprint, messages.blueprint, cohorts.blueprint, library.blueprint, admin.blueprint,
        courses.blueprint,
        help_lines.blueprint, verify.blueprint,
    ):  # fmt: skip
        app.register_blueprint(blueprint)
    app.register_blueprint(certificate.blueprint, name="run", url_prefix="/runs/<run>")
    api.init(app)
    limits.init(app, engine.config)
    return app
