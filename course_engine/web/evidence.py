"""What a course claims and how sure it is: for learners beside their course, and in the library."""

from dataclasses import dataclass

from flask import Blueprint, g, render_template
from flask.typing import ResponseReturnValue

from course_engine.domain.course import Course
from course_engine.domain.errors import NotFound
from course_engine.domain.evidence import Certainty, Claim, Evidence, Read
from course_engine.domain.roles import Act
from course_engine.i18n import gettext as _
from course_engine.i18n import mark
from course_engine.services import library
from course_engine.web import here
from course_engine.web.access import to

blueprint = Blueprint("evidence", __name__)

WORDS = {
    Certainty.STRONG: (mark("Strong"), mark("Many good studies agree. More would hardly change the answer.")),
    Certainty.MODERATE: (mark("Moderate"), mark("Several studies point one way. Better ones may change it.")),
    Certainty.EARLY: (mark("Early"), mark("A few studies, mostly small. It may turn out otherwise.")),
    Certainty.NOT_KNOWN: (mark("Not known"), mark("Nobody has a good answer yet, or the answers disagree.")),
}  # fmt: skip
READ = {
    Read.FULL: mark("We read all of it."),
    Read.SUMMARY: mark("We read its summary, not all of it."),
    Read.SECOND_HAND: mark("We know it from what others write about it."),
}


@dataclass(frozen=True, slots=True)
class EvidenceView:
    """The evidence of a course as the template reads it; `root` stands before the addresses of its course."""

    course: Course
    evidence: Evidence
    root: str

    @property
    def explained(self) -> list[tuple[str, str, str]]:
        """The four words: sign, word and what it means."""
        return [(sign.name.lower(), _(word), _(about)) for sign, (word, about) in WORDS.items()]

    def word(self, certainty: Certainty) -> str:
        """How certain, in a word."""
        return _(WORDS[certainty][0])

    def read(self, claim: Claim) -> str:
        """How much of its source the authors have seen."""
        return _(READ[claim.read])

    def behind(self, ids: tuple[str, ...]) -> list[Claim]:
        """The claims that a row of a table rests on."""
        return [self.evidence.by_id[id] for id in ids if id in self.evidence.by_id]


@blueprint.get("/evidence", defaults={"run": None})
@blueprint.get("/runs/<run>/evidence")
@to(Act.LEARN)
def learner(run: str | None) -> ResponseReturnValue:
    """What is known about what the course says; never locked."""
    g.run = run
    root = f"/runs/{run}" if run else ""
    return _page(here.position().course, root, (_("Course"), f"{root}/course"))


@blueprint.get("/library/<course>/evidence")
@to(Act.LEAD)
def facilitator(course: str) -> ResponseReturnValue:
    """The same for those who lead."""
    found = library.course(here.engine(), course, here.person().language)
    root = f"/library/{course}"
    return _page(found, root, (found.title, root))


def _page(course: Course, root: str, above: tuple[str, str]) -> ResponseReturnValue:
    if course.evidence is None:
        raise NotFound(_("There is no such page."))
    return render_template(
        "learner/evidence.html",
        page="library" if root.startswith("/library") else "course",
        view=EvidenceView(course, course.evidence, root),
        above=above,
    )
