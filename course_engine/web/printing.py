"""The print room: what, for whom and on which paper, with pages and sheets counted before the first.

One room for a group, and one in the library for a facilitator's own use. Everything is a GET form.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any
from urllib.parse import urlencode

from flask import Response, make_response, render_template, request
from flask.typing import ResponseReturnValue
from marshmallow import EXCLUDE, ValidationError, fields, validate

from course_engine.domain.cohorts import Cohort, Session
from course_engine.domain.course import Course
from course_engine.domain.errors import BadInput
from course_engine.domain.members import Member
from course_engine.domain.work import Job, JobState
from course_engine.i18n import gettext as _
from course_engine.i18n import mark
from course_engine.rendering.collating import Length
from course_engine.rendering.paper import INKS, SHEETS, SIZES, Paper
from course_engine.services import cohorts, counting, jobs, members, packs
from course_engine.services import prints as made_prints
from course_engine.services.choices import Choice, Order, What, Whom
from course_engine.services.packs import Pack
from course_engine.web import here, printed, prints
from course_engine.web.forms import Form, sentences

SHOWN = 60
KEPT = timedelta(days=1)
LISTED = 5
RUN_ON = "on"
ALONE = (What.WEEK, What.WORKSHEET, What.SCRIPT, What.LOG, What.PLAN, What.WORKBOOK)
WORDS = {
    What.HANDOUTS: mark("Handouts of a session"),
    What.WEEK: mark("A whole week"),
    What.WORKSHEET: mark("A worksheet"),
    What.SCRIPT: mark("A script"),
    What.LOG: mark("An empty practice log"),
    What.WORKBOOK: mark("The whole workbook"),
    What.PLAN: mark("The plan of a session"),
    What.SIGN_IN: mark("A sign-in sheet"),
    What.CERTIFICATES: mark("Certificates already made"),
}


def _one(choices: Sequence[str], words: str, **options: Any) -> fields.String:
    return fields.String(required=True, validate=validate.OneOf(choices, error=words), **options)


class Asked(Form):
    """What an address of the print room says; what it does not know is passed over."""

    class Meta:
        unknown = EXCLUDE

    what = _one([one.value for one in What], mark("Choose what to print."))
    week = fields.Integer(required=True, error_messages={"invalid": mark("Choose a week of this course.")})
    worksheet = fields.String(load_default="")
    script = fields.String(load_default="")
    whom = _one([one.value for one in Whom], mark("Choose for whom."), data_key="for")
    people = fields.List(fields.String())
    paper = _one(list(SHEETS), mark("Choose the paper: a4 or letter."))
    size = _one(SIZES, mark("Choose the size: normal or large."))
    ink = _one(INKS, mark("Choose the ink: normal or saver."))
    sides = _one(["1", "2", RUN_ON], mark("Choose one side or both."))
    order = _one([one.value for one in Order], mark("Choose an order."))
    booklet = fields.String(load_default="")
    scripts = fields.String(load_default="")
    names = fields.String(load_default="")


@dataclass(frozen=True, slots=True)
class Room:
    """One print room: its address, its course, and the group it is for, if it is for one."""

    root: str
    course: Course
    cohort: Cohort | None = None
    sessions: tuple[Session, ...] = ()
    people: tuple[Member, ...] = ()
    expected: int = 0

    @property
    def offered(self) -> Sequence[What]:
        """What can be printed here."""
        return tuple(What) if self.cohort else ALONE

    @property
    def coming(self) -> int:
        """The week of the next session, or of the last where all are over."""
        now = here.now()
        meetings = [one for one in self.sessions if not one.cancelled]
        found = next((one for one in meetings if one.ends_at >= now), meetings[-1] if meetings else None)
        return found.number if found else self.course.weeks[0].number

    def defaults(self) -> dict[str, Any]:
        """What is chosen before anybody has chosen: in a group, what tonight needs."""
        cohort = self.cohort is not None
        return {
            "what": What.HANDOUTS.value if cohort and self.sessions else What.WEEK.value,
            "week": str(self.coming),
            "worksheet": "",
            "script": "",
            "for": (Whom.EXPECTED if self.expected else Whom.ME).value,
            "people": [],
            "paper": here.engine().config.paper,
            "size": "normal",
            "ink": "normal",
            "sides": RUN_ON if cohort else "1",
            "order": Order.LEARNER.value,
            "booklet": "",
            "scripts": "",
            "names": "",
        }


@dataclass(slots=True)
class Told:
    """What the page of a room has to tell."""

    sent: dict[str, Any]
    faults: Mapping[str, str] = field(default_factory=dict)
    pack: Pack | None = None
    length: Length | None = None
    counting: Job | None = None

    @property
    def query(self) -> str:
        """The same choice as an address."""
        return urlencode([(name, one) for name, value in self.sent.items() for one in _each(value) if one])


def room(root: str, course: Course, cohort: Cohort | None = None) -> Room:
    """A room with the people and sessions of its group at hand."""
    if cohort is None:
        return Room(root, course)
    expected = packs.expected(here.engine(), cohort, here.now())
    return Room(
        root, course, cohort, tuple(cohorts.sessions(cohort)), tuple(members.of(cohort)), len(expected)
    )


def page(at: Room, template: str) -> ResponseReturnValue:
    """The room: what was chosen, how much paper it takes, and the way to print it."""
    told = Told(_sent(at, {}))
    try:
        told.pack = _pack(at, told.sent, proof=True)
        found = counting.length(here.engine(), here.person(), told.pack, here.now(), _back(at, told))
        told.length = found if isinstance(found, Length) else None
        told.counting = found if isinstance(found, Job) else None
    except BadInput as error:
        told.faults = error.faults
    return _shown(at, told, template)


def document(at: Room, template: str, **given: str) -> ResponseReturnValue:
    """The PDF of a choice or the job that makes it; what cannot be used leads back to the room."""
    told = Told(_sent(at, given))
    try:
        pack = _pack(at, told.sent)
        length = counting.known(packs.proof(pack))
        pages = length.pages if length else 0
        if request.args.get("first"):
            pack, pages = packs.first(pack), length.parts[0] if length else 0
        return prints.deliver(packs.to_print(pack, pages, _back(at, told)))
    except BadInput as error:
        told.faults = error.faults
        return _shown(at, told, template)


def _sent(at: Room, given: dict[str, str]) -> dict[str, Any]:
    """What was sent, as it was sent, filled up with what is chosen before anybody has chosen."""
    sent = {name: request.args.get(name, value) for name, value in at.defaults().items()}
    return sent | {"people": request.args.getlist("people")} | given


def _pack(at: Room, sent: Mapping[str, Any], *, proof: bool = False) -> Pack:
    choice = _choice(sent)
    if choice.what not in at.offered:
        raise BadInput({"what": _("Choose what to print.")})
    now = here.now()
    zone = here.person().zone
    return packs.pack(here.engine(), at.cohort, at.course, choice, now, zone=zone, proof=proof)


def _choice(sent: Mapping[str, Any]) -> Choice:
    try:
        read = Asked().load(dict(sent))
    except ValidationError as error:
        raise BadInput(sentences(error)) from error
    what = What(read["what"])
    return Choice(
        what=what,
        week=read["week"],
        id=read["worksheet"] if what is What.WORKSHEET else read["script"],
        whom=Whom(read["whom"]),
        people=tuple(read["people"]),
        paper=Paper(read["paper"], read["size"], read["ink"]),
        sides=1 if read["sides"] == "1" else 2,
        order=Order(read["order"]),
        booklet=read["booklet"] == "yes",
        run_on=read["sides"] == RUN_ON,
        scripts=read["scripts"] == "yes",
        names=read["names"] == "yes",
    )


def _shown(at: Room, told: Told, template: str) -> Response:
    since = here.now() - KEPT
    whose = at.cohort.id if at.cohort else ""
    own = [
        job
        for job in jobs.of(here.person(), made_prints.KIND)
        if job.created_at >= since and printed.cohort_of(job) == whose
    ]
    answer = make_response(
        render_template(
            template,
            page="groups" if at.cohort else "library",
            cohort=at.cohort,
            room=at,
            told=told,
            sent=told.sent,
            faults=told.faults,
            words=[(one.value, _(WORDS[one])) for one in at.offered],
            lists=len(at.people) <= SHOWN or told.sent["for"] == Whom.CHOSEN,
            jobs=[(job, printed.words(job, at.course)) for job in own[:LISTED]],
            most=made_prints.MOST_AT_ONCE,
        ),
        422 if told.faults else 200,
    )
    if told.counting is not None and told.counting.state in (JobState.WAITING, JobState.RUNNING):
        answer.headers["Refresh"] = "2"
    return answer


def _back(at: Room, told: Told) -> str:
    return f"{at.root}?{told.query}"


def _each(value: object) -> list[object]:
    return list(value) if isinstance(value, list) else [value]
