"""The doors by which people come into a cohort, as rows of the access table: see doors.py."""

from collections.abc import Callable, Mapping
from io import BytesIO
from typing import TYPE_CHECKING, Any

from itsdangerous import URLSafeSerializer

from course_engine.domain.people import Person
from course_engine.domain.roles import Role
from course_engine.services import claims, cohorts, invitations, members, paper, roster_uploads, waiting
from course_engine.storage import runs
from tests.cast import BREAD, PASSWORD, ZONE

if TYPE_CHECKING:
    from tests.web.doors import Site

PUBLIC = (200, 200, 200, 200, 200, 200)
COHORT = (401, 404, 404, 200, 404, 404)
CHANGE_OF_COHORT = (401, 404, 404, 303, 404, 404)

ENTRANCES: dict[str, tuple[int, ...]] = {
    "POST /join": (303, 303, 303, 303, 303, 303),
    "GET /join/code": PUBLIC,
    "GET /join/<code>": (200, 302, 200, 302, 200, 200),
    "GET /join/waiting": (401, 200, 200, 200, 200, 200),
    "POST /join/waiting/<cohort>": (401, 303, 404, 404, 404, 404),
    "GET /join/invited/<run>": (401, 200, 404, 404, 404, 404),
    "GET /join/claim": PUBLIC,
    "POST /join/claim": (303, 303, 303, 303, 303, 303),
    "GET /join/claim/<code>": PUBLIC,
    "POST /join/claim/<code>": PUBLIC,
    "GET /cohorts/<id>/people": COHORT,
    "GET /cohorts/<id>/people.csv": COHORT,
    "GET /cohorts/<id>/people/poster.pdf": COHORT,
    "POST /cohorts/<id>/people/code": CHANGE_OF_COHORT,
    "GET /cohorts/<id>/people/invite": COHORT,
    "POST /cohorts/<id>/people/invite": COHORT,
    "POST /cohorts/<id>/people/paper": CHANGE_OF_COHORT,
    "POST /cohorts/<id>/people/<person>/begin": CHANGE_OF_COHORT,
    "POST /cohorts/<id>/people/<person>/link": COHORT,
    "POST /cohorts/<id>/people/<person>/own-pace": CHANGE_OF_COHORT,
    "POST /cohorts/<id>/people/<person>/remove": CHANGE_OF_COHORT,
    "POST /cohorts/<id>/people/back": CHANGE_OF_COHORT,
    "POST /cohorts/<id>/waiting/<person>": CHANGE_OF_COHORT,
    "POST /cohorts/<id>/people/roster": CHANGE_OF_COHORT,
    "GET /cohorts/<id>/people/roster/<upload>": COHORT,
    "POST /cohorts/<id>/people/roster/<upload>": CHANGE_OF_COHORT,
    "GET /cohorts/<id>/people/roster/<upload>/faults.csv": COHORT,
    "GET /cohorts/<id>/paper": COHORT,
    "POST /cohorts/<id>/paper": CHANGE_OF_COHORT,
    "GET /cohorts/<id>/people/<person>/sheets.pdf": COHORT,
}
# These come after all others, because whoever knocks there is in a cohort afterwards.
COMING_IN: dict[str, tuple[int, ...]] = {
    "POST /join/invited/<run>": (401, 303, 404, 404, 404, 404),
    "POST /join/<code>": (303, 303, 303, 409, 303, 303),
}
ROSTER = b"name,email\r\nZoe,zoe@example.org\r\n"


def path(site: "Site", rule: str) -> str | None:
    """The address of one of these doors; nothing for a door of others."""
    if f"GET {rule}" not in ENTRANCES and f"POST {rule}" not in {**ENTRANCES, **COMING_IN}:
        return None
    made: Mapping[str, Callable[[], str]] = {
        "<code>": lambda: _claim(site) if "claim" in rule else _code(site),
        "<cohort>": lambda: _waits_elsewhere(site),
        "<run>": lambda: _invited_elsewhere(site),
        "<upload>": lambda: _upload(site),
        "<person>": lambda: _waits(site).id if "waiting" in rule else _on_paper(site).id,
        "<id>": lambda: site.cohort.id,
    }
    filled = rule
    for name, make in made.items():
        if name in filled:
            filled = filled.replace(name, make())
    if rule.endswith("poster.pdf"):
        _code(site)
    return filled


def form(site: "Site", rule: str) -> dict[str, Any] | None:
    """What is sent to one of these doors; nothing for a door of others."""
    forms: Mapping[str, Callable[[], dict[str, Any]]] = {
        "/join": lambda: {"code": _code(site)},
        "/join/<code>": lambda: {"agree": "yes"},
        "/join/invited/<run>": lambda: {"agree": "yes"},
        "/join/claim": lambda: {"code": "ABCD"},
        "/join/claim/<code>": lambda: {
            "name": "Olga", "email": f"olga-{next(site.numbers)}", "password": PASSWORD,
        },
        "/cohorts/<id>/people/code": lambda: {"act": "new", "role": "facilitator"},
        "/cohorts/<id>/people/invite": lambda: {"addresses": "eve@example.org"},
        "/cohorts/<id>/people/paper": lambda: {"name": "Olga", "agreed": "yes"},
        "/cohorts/<id>/people/<person>/own-pace": lambda: {"pace": "free"},
        "/cohorts/<id>/people/back": lambda: {"undo": _removed(site)},
        "/cohorts/<id>/people/roster": lambda: {"file": (BytesIO(ROSTER), "roster.csv")},
        "/cohorts/<id>/paper": lambda: {"codes": _sheet(site)},
    }  # fmt: skip
    return forms[rule]() if rule in forms else None


def _code(site: "Site") -> str:
    found = invitations.of(site.cohort)
    made = found or invitations.make(site.engine, site.cohort, Role.LEARNER, site.ben, site.clock())
    return made.code


def _on_paper(site: "Site") -> Person:
    name = f"Olga {next(site.numbers)}"
    return members.add_on_paper(site.engine, site.cohort, name, site.ben, site.clock(), agreed=True)


def _claim(site: "Site") -> str:
    person = _on_paper(site)
    return claims.new(site.engine, [person.id], site.ben, site.clock())[person.id]


def _sheet(site: "Site") -> str:
    member = members.one(site.cohort, _on_paper(site).id)
    run = runs.get(member.run)
    assert run is not None
    return paper.code(site.engine, run, "week-1")


def _waits(site: "Site") -> Person:
    waiting.join(site.engine, site.cohort, site.gil, site.clock())
    return site.gil


def _removed(site: "Site") -> str:
    person = _on_paper(site)
    gone = members.remove(site.engine, site.cohort, person.id, site.ben, site.clock())
    until = int(site.clock().timestamp()) + 60
    signer = URLSafeSerializer([site.engine.config.secret_key], salt="take back")
    return str(signer.dumps([site.cohort.id, person.id, gone.run, until]))


def _upload(site: "Site") -> str:
    return roster_uploads.keep(site.engine, site.cohort, site.ben, ROSTER, site.clock())


def _elsewhere(site: "Site") -> str:
    found = next((led.cohort for led in cohorts.led_by(site.gil, site.clock())), None)
    if found is None:
        first = site.clock().replace(year=site.clock().year + 1)
        found = cohorts.add(site.engine, site.gil, BREAD, "Gil's", first, ZONE, 60, site.clock())
    return found.id


def _waits_elsewhere(site: "Site") -> str:
    cohort = cohorts.led(site.gil, _elsewhere(site))
    waiting.join(site.engine, cohort, site.ada, site.clock())
    return cohort.id


def _invited_elsewhere(site: "Site") -> str:
    cohort = cohorts.led(site.gil, _elsewhere(site))
    return cohorts.add_member(site.engine, cohort, site.ada, site.clock(), started=False).id
