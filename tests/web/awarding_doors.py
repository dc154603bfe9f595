"""The doors to the certificates of a group, as rows of the access table: see doors.py."""

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

from course_engine.rendering.paper import A4
from course_engine.services import awarding, handing_out, members

if TYPE_CHECKING:
    from tests.web.doors import Site

ADAS = (401, 200, 404, 404, 404, 404)
COHORT = (401, 404, 404, 200, 404, 404)
CHANGE_OF_COHORT = (401, 404, 404, 303, 404, 404)
ROOT = "/cohorts/<id>/certificates"

AWARDS: dict[str, tuple[int, ...]] = {
    f"GET {ROOT}": COHORT,
    f"POST {ROOT}": CHANGE_OF_COHORT,
    f"GET {ROOT}/decide": COHORT,
    f"POST {ROOT}/decide": CHANGE_OF_COHORT,
    f"POST {ROOT}/again": CHANGE_OF_COHORT,
    f"GET {ROOT}.pdf": COHORT,
    f"POST {ROOT}/zip": CHANGE_OF_COHORT,
    f"GET {ROOT}/zip/<file>": COHORT,
    f"GET {ROOT}/mail": COHORT,
    f"POST {ROOT}/mail": CHANGE_OF_COHORT,
    f"GET {ROOT}/<person>": COHORT,
    f"POST {ROOT}/<person>": CHANGE_OF_COHORT,
    # Here a name is looked at and not kept, so that Ada's certificate stays the one the other rows ask for.
    f"POST {ROOT}/<person>/name": COHORT,
    f"GET {ROOT}/<person>/sample.pdf": COHORT,
    f"GET {ROOT}/<person>/certificate.pdf": COHORT,
    "POST /certificate/name": ADAS,
    "POST /runs/<run>/certificate/name": ADAS,
}


def path(site: "Site", rule: str) -> str | None:
    """The address of one of these doors; nothing for a door of others."""
    if not rule.startswith(ROOT):
        return None
    filled = rule.replace("<id>", site.cohort.id).replace("<person>", site.ada.id)
    return filled.replace("<file>", _zip(site)) if "<file>" in filled else filled


def form(site: "Site", rule: str) -> dict[str, Any] | None:
    """What is sent to one of these doors; nothing for a door of others."""
    forms: Mapping[str, Callable[[], dict[str, Any]]] = {
        ROOT: lambda: {"who": [site.ada.id]},
        f"{ROOT}/decide": lambda: {"who": [site.ada.id], "reason": "she moves away"},
        f"{ROOT}/again": lambda: {"job": _job(site)},
        f"{ROOT}/zip": dict,
        f"{ROOT}/mail": dict,
        f"{ROOT}/<person>": lambda: {"name": "Ada"},
        f"{ROOT}/<person>/name": lambda: {"name": "Ada Lind"},
        "/certificate/name": lambda: {"name": "Ada Lind"},
        "/runs/<run>/certificate/name": lambda: {"name": "Ada Lind"},
    }
    return forms[rule]() if rule in forms else None


def _job(site: "Site") -> str:
    """A job of Ben's that has come to nobody yet."""
    name = f"Olga {next(site.numbers)}"
    olga = members.add_on_paper(site.engine, site.cohort, name, site.ben, site.clock(), agreed=True)
    return awarding.ask(site.engine, site.cohort, [olga.id], site.ben, site.clock()).id


def _zip(site: "Site") -> str:
    of = handing_out.given(site.cohort, [site.ada.id])
    job = handing_out.ask_zip(site.engine, site.cohort, of, A4, site.ben, site.clock())
    made = handing_out.make_zip(site.engine, job, lambda _done, _total: None, site.clock())
    return str(made["page"]).rpartition("/")[2]
