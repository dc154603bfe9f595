"""The JSON API below `/api/v1`, and what describes it: `/api/openapi.json` (OpenAPI 3.1).

It asks the same services as the pages, so that a reason reads the same on both.
"""

from flask import Flask, Response, json

from course_engine.web.access import public
from course_engine.web.api import certificates, cohorts, invitations, me
from course_engine.web.api.described import Described


def init(app: Flask) -> None:
    """Answer below `/api/`."""
    app.config.update(
        API_TITLE=f"{app.extensions['engine'].config.site_name}: courses",
        API_VERSION="v1",
        OPENAPI_VERSION="3.1.0",
    )
    described = Described(app)
    for blueprint in (me.blueprint, cohorts.blueprint, invitations.blueprint, certificates.blueprint):
        described.register_blueprint(blueprint)

    @app.get("/api/openapi.json")
    @public
    def openapi() -> Response:
        return Response(json.dumps(described.document), mimetype="application/json")
