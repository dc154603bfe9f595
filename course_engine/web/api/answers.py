"""What the API answers, field by field."""

from typing import Any

from marshmallow import Schema, fields

from course_engine.domain.certificates import CertificateState
from course_engine.domain.course import StepKind
from course_engine.domain.invitations import Closed
from course_engine.domain.pace import PaceKind
from course_engine.domain.people import Theme
from course_engine.domain.progress import How
from course_engine.domain.roles import Role
from course_engine.domain.standing import Code, State, Status
from course_engine.domain.work import JobState


def _text(about: str = "", *, empty: bool = False) -> fields.String:
    return fields.String(required=True, allow_none=empty, metadata={"description": about} if about else {})


def _word(kind: Any, *, empty: bool = False) -> fields.Enum[Any]:
    return fields.Enum(kind, by_value=True, required=True, allow_none=empty)


def _instant(about: str = "", *, empty: bool = False) -> fields.AwareDateTime:
    told = {"description": about} if about else {}
    return fields.AwareDateTime(format="iso", required=True, allow_none=empty, metadata=told)


class Reason(Schema):
    """Why something is locked: a word for programs and the sentence that people see on the page."""

    code = _word(Code)
    sentence = _text()


class Problem(Schema):
    """What went wrong (RFC 9457)."""

    status = fields.Integer(required=True)
    title = _text()
    detail = _text("One sentence that says what is wrong and what to do.")
    faults = fields.Dict(keys=fields.String(), values=fields.String(), metadata={"description": "By field."})
    reason = fields.Nested(Reason)
    opens_at = fields.AwareDateTime(format="iso", allow_none=True)


class Person(Schema):
    """Who is signed in."""

    id = _text()
    name = _text()
    email = _text(empty=True)
    sign_in_name = _text(empty=True)
    roles = fields.List(_word(Role), required=True)
    zone = _text("An IANA time zone.")
    language = _text("Of the courses, where they have it.")
    theme = _word(Theme)


class Item(Schema):
    """A step, a week or a module, and how it stands."""

    id = _text()
    title = _text()
    state = _word(State)
    reason = fields.Nested(Reason, required=True, allow_none=True)
    opens_at = _instant("The earliest instant at which it can open, where that is known.", empty=True)
    opened_at = _instant(empty=True)
    done_at = _instant(empty=True)


class Step(Item):
    """One thing to do in a week; of all steps that share a `one_of` name one is enough."""

    kind = _word(StepKind)
    minutes = fields.Integer(required=True)
    required = fields.Boolean(required=True)
    one_of = _text(empty=True)
    how = _word(How, empty=True)
    new = fields.Boolean(required=True, metadata={"description": "Added after the week was finished."})
    worksheet = _text("The id of its worksheet, if it is one.", empty=True)


class Week(Item):
    """A week of the course; the orientation is number 0."""

    number = fields.Integer(required=True)
    aim = _text()
    steps = fields.List(fields.Nested(Step), required=True)


class Module(Item):
    """Weeks that belong together."""

    weeks = fields.List(fields.Nested(Week), required=True)


class Opening(Schema):
    """The next week that opens by itself."""

    week = _text()
    at = _instant()


class Course(Schema):
    """A person's way through a course."""

    id = _text()
    title = _text()
    edition = _text("The digest of the edition.")
    run = _text()
    status = _word(Status)
    pace = _word(PaceKind)
    zone = _text("The time zone by which its weeks open.")
    next_step = _text(empty=True)
    next_opening = fields.Nested(Opening, required=True, allow_none=True)
    modules = fields.List(fields.Nested(Module), required=True)


class Completion(Schema):
    """A step that is done: how and when, first and last."""

    step = _text()
    how = _word(How)
    at = _instant()
    first_how = _word(How)
    first_at = _instant()


class Job(Schema):
    """Something that takes longer; one that has stopped or was cancelled makes nothing any more."""

    id = _text()
    state = _word(JobState)
    done = fields.Integer(required=True)
    total = fields.Integer(required=True, metadata={"description": "How many parts there are in all."})


class FrozenWeek(Schema):
    number = fields.Integer(required=True)
    title = _text()


class FrozenModule(Schema):
    title = _text()
    weeks = fields.List(fields.Nested(FrozenWeek), required=True)


class FrozenCohort(Schema):
    name = _text()
    sessions = fields.Integer(required=True)
    attended = fields.Integer(required=True)
    hours = fields.Float(required=True)


class Frozen(Schema):
    """The words of a certificate as they were when it was made; days are written YYYY-MM-DD."""

    name = _text()
    title = _text()
    notice = _text()
    modules = fields.List(fields.Nested(FrozenModule), required=True)
    started = _text()
    finished = _text()
    awarded = _text()
    site = _text()
    design = _text()
    design_digest = _text("The digest of the files of the design.")
    content = _text("The digest of the edition.")
    language = _text()
    facilitator = fields.String()
    cohort = fields.Nested(FrozenCohort)


class Certificate(Schema):
    """A certificate of participation of one's own."""

    code = _text()
    state = _word(CertificateState)
    revision = fields.Integer(required=True)
    awarded_at = _instant()
    frozen = fields.Nested(Frozen, required=True)


class Verified(Schema):
    """What anyone is told about a code; a corrected certificate names the code that took its place."""

    code = _text()
    state = _word(CertificateState)
    initials = _text()
    title = _text()
    started = _text()
    finished = _text()
    site = _text()
    next_code = _text(empty=True)


class Cohort(Schema):
    """A group that someone leads."""

    id = _text()
    name = _text()
    course = _text()
    zone = _text("The time zone of its sessions.")
    people = fields.Integer(required=True)
    next_session = _instant(empty=True)
    ended_at = _instant(empty=True)


class Cohorts(Schema):
    """Groups that someone leads; `next_cursor` is sent as `cursor` to get those that come after."""

    cohorts = fields.List(fields.Nested(Cohort), required=True)
    next_cursor = _text(empty=True)


class Invitation(Schema):
    """A code that lets people into a group; `closed` says why it lets nobody in, if it does not."""

    code = _text()
    link = _text("Where somebody who has the code begins.")
    role = _word(Role)
    created_at = _instant()
    expires_at = _instant(empty=True)
    most = fields.Integer(required=True, allow_none=True, metadata={"description": "For how many people."})
    used = fields.Integer(required=True, metadata={"description": "How many have joined with it."})
    closed = _word(Closed, empty=True)


class Invitations(Schema):
    """The codes of a group, at most one for learners and one for facilitators."""

    invitations = fields.List(fields.Nested(Invitation), required=True)


class BoardWeek(Schema):
    number = fields.Integer(required=True)
    state = _word(State)


class BoardRow(Schema):
    """Someone on a board: whether steps are done, never how."""

    person = _text()
    name = _text()
    status = _word(Status)
    waiting = fields.Boolean(
        required=True, metadata={"description": "All that is open is done; the next week is still to open."}
    )
    week = fields.Integer(
        required=True, allow_none=True, metadata={"description": "The number of the week they are in."}
    )
    done = fields.Integer(required=True, metadata={"description": "Of the things that complete that week."})
    asked = fields.Integer(required=True, metadata={"description": "How many things complete that week."})
    weeks = fields.List(fields.Nested(BoardWeek), required=True)
    attended = fields.Integer(required=True)
    last_here = fields.Date(required=True, allow_none=True)
    asked_for_contact_at = _instant(empty=True)
    held_until = _instant("When a hold ends, where someone is on hold and that is known.", empty=True)


class Board(Schema):
    """A page of a board; `next_cursor` is sent as `cursor` to get those who come after, in the same order."""

    total = fields.Integer(required=True)
    meetings = fields.Integer(required=True)
    rows = fields.List(fields.Nested(BoardRow), required=True)
    next_cursor = _text(empty=True)
