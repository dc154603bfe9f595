"""The addresses of those who run the site, with who may use them and what is needed to knock at each."""

from datetime import timedelta
from typing import Any, Protocol

from course_engine.crypto import new_id
from course_engine.domain.people import Person
from course_engine.domain.retention import BOUNDS, Rules
from course_engine.domain.work import Letter
from course_engine.engine import Engine
from course_engine.services import jobs, letters
from tests.cast import Clock

ADMINS = (401, 404, 404, 404, 404, 200)
CHANGE_OF_ADMIN = (401, 404, 404, 404, 404, 303)

OFFICES: dict[str, tuple[int, ...]] = {
    "GET /admin": (401, 404, 404, 404, 404, 302),
    "GET /admin/people": ADMINS,
    "GET /admin/people/new": ADMINS,
    "POST /admin/people/new": CHANGE_OF_ADMIN,
    "GET /admin/people/<id>": ADMINS,
    "POST /admin/people/<id>/roles": CHANGE_OF_ADMIN,
    "POST /admin/people/<id>/lock": CHANGE_OF_ADMIN,
    "POST /admin/people/<id>/reset": CHANGE_OF_ADMIN,
    "POST /admin/people/<id>/sign-out": CHANGE_OF_ADMIN,
    "GET /admin/settings": ADMINS,
    "POST /admin/settings": CHANGE_OF_ADMIN,
    "POST /admin/settings/letter": CHANGE_OF_ADMIN,
    "GET /admin/outbox": ADMINS,
    "POST /admin/outbox/<id>": CHANGE_OF_ADMIN,
    "GET /admin/jobs": ADMINS,
    "POST /admin/jobs/<id>": CHANGE_OF_ADMIN,
    "GET /admin/audit": ADMINS,
    "GET /admin/audit.csv": ADMINS,
    "GET /admin/retention": ADMINS,
    "POST /admin/retention": CHANGE_OF_ADMIN,
}


class Site(Protocol):
    """What is used of the site that the access table furnishes."""

    @property
    def engine(self) -> Engine: ...
    @property
    def clock(self) -> Clock: ...
    @property
    def ada(self) -> Person: ...
    @property
    def gil(self) -> Person: ...


def path(site: Site, rule: str) -> str | None:
    """The address of a rule, about Ada, or a letter or job of hers; None for rules of other places."""
    if rule.startswith("/admin/people/<id>"):
        return rule.replace("<id>", site.ada.id)
    if rule == "/admin/outbox/<id>":
        return f"/admin/outbox/{_letter(site)}"
    if rule == "/admin/jobs/<id>":
        job = jobs.ask(site.engine, "print", site.ada, {}, 1, site.clock())
        return f"/admin/jobs/{job.id}"
    return None


def form(rule: str) -> dict[str, Any] | None:
    """What Dov would send there."""
    forms: dict[str, dict[str, Any]] = {
        "/admin/people/new": {"name": "Somebody", "email": f"new-{new_id()}@example.org", "roles": "learner"},
        "/admin/people/<id>/roles": {"roles": "learner"},
        "/admin/people/<id>/lock": {"act": "unlock"},
        "/admin/people/<id>/reset": {},
        "/admin/people/<id>/sign-out": {},
        "/admin/settings": {"site_name": "Stillwater", "paper": "a4"},
        "/admin/settings/letter": {},
        "/admin/outbox/<id>": {"act": "again"},
        "/admin/jobs/<id>": {"act": "cancel"},
        "/admin/retention": {name: getattr(Rules(), name) for name in BOUNDS},
    }
    return forms.get(rule)


def _letter(site: Site) -> str:
    """A letter to Ada that waits."""
    letter = Letter(new_id(), "ada@example.org", "Hello", "Words for Ada alone.", site.clock())
    letters.post(site.engine, letter, site.clock() + timedelta(days=9))
    return letter.id
