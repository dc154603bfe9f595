"""The doors to courses and their editions, as rows of the access table: see doors.py."""

from datetime import datetime
from io import BytesIO
from typing import TYPE_CHECKING, Any
from zipfile import ZipFile

from course_engine.content import edition
from course_engine.crypto import new_id
from course_engine.domain.editions import Draft
from course_engine.domain.people import Person
from course_engine.domain.work import Job, JobState
from course_engine.engine import Engine
from course_engine.services import drafts, editions
from course_engine.storage import editions as stored
from course_engine.storage import jobs
from tests.cast import BREAD

if TYPE_CHECKING:
    from tests.web.doors import Site

ADMINS = (401, 404, 404, 404, 404, 200)
CHANGE_OF_ADMIN = (401, 404, 404, 404, 404, 303)
COHORT = (401, 404, 404, 200, 404, 404)
CHANGE_OF_COHORT = (401, 404, 404, 303, 404, 404)
ROOT = "/admin/courses"
OF = f"{ROOT}/<any(drafts, editions):kind>/<digest>"
SEEN = f"{OF}/seen/<start>/<day>/<pace>"

PUBLISHING: dict[str, tuple[int, ...]] = {
    f"GET {ROOT}": ADMINS,
    f"GET {ROOT}/import": ADMINS,
    f"POST {ROOT}/import": CHANGE_OF_ADMIN,
    f"POST {ROOT}/folders": CHANGE_OF_ADMIN,
    f"GET {ROOT}/imports/<id>": ADMINS,
    f"GET {ROOT}/drafts/<digest>": ADMINS,
    f"POST {ROOT}/drafts/<digest>": CHANGE_OF_ADMIN,
    f"GET {ROOT}/editions/<digest>": ADMINS,
    f"POST {ROOT}/editions/<digest>": CHANGE_OF_ADMIN,
    f"GET {OF}/preview": ADMINS,
    f"GET {SEEN}/course": ADMINS,
    f"GET {SEEN}/weeks/<int:number>": ADMINS,
    f"GET {SEEN}/steps/<id>": ADMINS,
    f"GET {SEEN}/worksheets/<id>": ADMINS,
    f"GET {SEEN}/pages/<id>": ADMINS,
    f"GET {SEEN}/evidence": ADMINS,
    "GET /cohorts/<id>/edition": COHORT,
    "POST /cohorts/<id>/edition": CHANGE_OF_COHORT,
}


def path(site: "Site", rule: str) -> str | None:
    """The address of a rule, about an edition, a draft or a group; None for rules of other places."""
    if rule == "/cohorts/<id>/edition":
        return rule.replace("<id>", site.cohort.id)
    if not rule.startswith(ROOT):
        return None
    if rule == f"{ROOT}/imports/<id>":
        return rule.replace("<id>", brought(site.engine, site.dov, site.clock()))
    digest = editions.newest(BREAD)
    if "drafts/<digest>" in rule:
        digest = draft(site.engine, BREAD, site.dov, site.clock())
    today = site.clock().date().isoformat()
    for name, value in (
        ("<any(drafts, editions):kind>", "editions"), ("<digest>", digest), ("<start>", today),
        ("<day>", today), ("<pace>", "weekly"), ("<int:number>", "1"), ("steps/<id>", "steps/what-lives"),
        ("worksheets/<id>", "worksheets/my-kitchen"), ("pages/<id>", "pages/hot-things"),
    ):  # fmt: skip
        rule = rule.replace(name, value)
    return rule


def form(site: "Site", rule: str) -> dict[str, Any] | None:
    """What somebody who may would send there."""
    if rule == f"{ROOT}/import":
        held = BytesIO()
        with ZipFile(held, "w") as file:
            file.writestr("course.yaml", "id: a")
        return {"file": (BytesIO(held.getvalue()), "course.zip")}
    forms: dict[str, dict[str, Any]] = {
        f"{ROOT}/folders": {"course": "self-compassion"},
        f"{ROOT}/drafts/<digest>": {"act": "forget"},
        f"{ROOT}/editions/<digest>": {"act": "back"},
        "/cohorts/<id>/edition": {"to": site.cohort.edition},
    }
    return forms.get(rule)


def draft(engine: Engine, course: str, person: Person, now: datetime) -> str:
    """A draft of this course that nobody has seen yet: the same in all but its title."""
    data = edition.decode(stored.load(editions.newest(course)) or b"")
    data["course"]["title"] = f"{data['course']['title']}, {new_id()}"
    digest = edition.digest_of(data)
    made = Draft(digest, course, data["course"]["title"], person.id, now, ("week-1.md:1:1: Read this.",))
    with engine.database.transaction():
        stored.keep_draft(made, edition.encode(data))
    return digest


def brought(engine: Engine, person: Person, now: datetime) -> str:
    """A course that somebody brought in, with a fault in it."""
    told = {"outcome": "faults", "name": "bread.zip", "faults": ["course.yaml:1:1: Mend `this`."], "more": 2}
    job = Job(new_id(), drafts.KIND, person.id, {}, JobState.DONE, 1, 1, 1, told, "", now)
    with engine.database.transaction():
        jobs.add(job)
    return job.id
