"""Every table on one page. Ids are texts of 16 signs made by the caller; sealed columns are bytes.

What belongs to a person goes when the person goes. Column order is the order of the frozen migrations.
"""

from typing import Any

from peewee import (
    AutoField,
    BlobField,
    BooleanField,
    CompositeKey,
    ForeignKeyField,
    IntegerField,
    Model,
    TextField,
)

from course_engine.storage.database import proxy
from course_engine.storage.fields import JsonText, UtcDateTime


class Table(Model):
    """The parent of all tables: bound to the database that is open."""

    class Meta:
        database = proxy
        legacy_table_names = False


def _id() -> Any:
    return TextField(primary_key=True)


def _link(to: type[Table], column: str, on_delete: str = "CASCADE", **options: Any) -> Any:
    return ForeignKeyField(to, column_name=column, on_delete=on_delete, backref="+", **options)


class Person(Table):
    """`locked_at`: since when they cannot sign in.

    `warned_at`: when someone who was invited was told that they will be forgotten.
    """

    id = _id()
    name = TextField()
    email = TextField(null=True, unique=True)
    sign_in_name = TextField(null=True, unique=True)
    password_hash = TextField()
    zone = TextField()
    language = TextField()
    theme = TextField()
    wrapped_key = BlobField(null=True)
    created_at = UtcDateTime()
    locked_at = UtcDateTime(null=True)
    warned_at = UtcDateTime(null=True)


class Role(Table):
    person = _link(Person, "person", index=False)
    role = TextField()

    class Meta:
        primary_key = CompositeKey("person", "role")


class Consent(Table):
    person = _link(Person, "person", index=False)
    course = TextField()
    version = TextField()
    at = UtcDateTime()

    class Meta:
        primary_key = CompositeKey("person", "course", "version")


class Device(Table):
    id = _id()
    person = _link(Person, "person")
    digest = BlobField(unique=True)
    label = TextField()
    created_at = UtcDateTime()
    seen_at = UtcDateTime()
    expires_at = UtcDateTime()


class Attempt(Table):
    id = AutoField()
    address_digest = BlobField(index=True)
    at = UtcDateTime()


class ResetLink(Table):
    digest = BlobField(primary_key=True)
    person = _link(Person, "person")
    expires_at = UtcDateTime()
    used_at = UtcDateTime(null=True)


class Edition(Table):
    digest = _id()
    course = TextField(index=True)
    title = TextField()
    compiled = BlobField()
    published_at = UtcDateTime()
    withdrawn_at = UtcDateTime(null=True)


class EditionDraft(Table):
    """A course that an admin brought in and nobody meets before it is published; `notes` are of its check."""

    digest = _id()
    course = TextField()
    title = TextField()
    compiled = BlobField()
    notes = JsonText(default=list)
    by = _link(Person, "by", "SET NULL", null=True, index=False)
    at = UtcDateTime()


class Cohort(Table):
    """`warned_at`: when those who lead it were told that its requests for contact will be deleted."""

    id = _id()
    name = TextField()
    course = TextField()
    edition = _link(Edition, "edition", "RESTRICT", index=False)
    zone = TextField()
    time = BooleanField()
    completion = BooleanField()
    attended = IntegerField()
    created_at = UtcDateTime()
    ended_at = UtcDateTime(null=True)
    place = TextField(default="")
    link = TextField(default="")
    seats = IntegerField(null=True)
    safety = JsonText(default=dict)
    whole_workbook = BooleanField(default=False)
    warned_at = UtcDateTime(null=True)


class Run(Table):
    """`seen_at` to `listed_as` are for boards, which can tell them anew (`services.boards.recount`).

    `warned_at`: when the person was told that this run will be deleted. `invited_as`: what whoever invited
    them calls them until they come in. `whole_workbook`: somebody alone who chose paper.
    """

    id = _id()
    person = _link(Person, "person", index=False)
    course = TextField()
    edition = _link(Edition, "edition", "RESTRICT", index=False)
    pace = TextField()
    cohort = _link(Cohort, "cohort", "SET NULL", null=True)
    started_at = UtcDateTime(null=True)
    finished_at = UtcDateTime(null=True)
    begun_at = UtcDateTime()
    seen_at = UtcDateTime(null=True)
    reached = IntegerField(default=0)
    waits_until = UtcDateTime(null=True)
    listed_as = TextField(default="")
    warned_at = UtcDateTime(null=True)
    invited_as = TextField(default="")
    whole_workbook = BooleanField(default=False)

    class Meta:
        indexes = ((("person", "course"), False), (("cohort", "listed_as", "id"), False))


class Completion(Table):
    run = _link(Run, "run", index=False)
    step = TextField()
    how = TextField()
    at = UtcDateTime()
    first_how = TextField()
    first_at = UtcDateTime()
    edition = _link(Edition, "edition", "RESTRICT", index=False)
    batch = TextField(null=True)

    class Meta:
        primary_key = CompositeKey("run", "step")


class WeekMark(Table):
    run = _link(Run, "run", index=False)
    week = TextField()
    opened_at = UtcDateTime(null=True)
    seen_at = UtcDateTime(null=True)
    finished_at = UtcDateTime(null=True)

    class Meta:
        primary_key = CompositeKey("run", "week")


class Override(Table):
    """A change for one run, or for all of a cohort."""

    id = _id()
    run = _link(Run, "run", null=True)
    cohort = _link(Cohort, "cohort", null=True)
    kind = TextField()
    week = TextField(null=True)
    starts_at = UtcDateTime()
    ends_at = UtcDateTime(null=True)
    days = IntegerField()
    by = TextField()
    reason = TextField()
    actor = _link(Person, "actor", "SET NULL", null=True, index=False)
    created_at = UtcDateTime()
    undone_at = UtcDateTime(null=True)
    note = TextField(default="")
    batch = TextField(null=True, index=True)


class Hold(Table):
    """A pause of a whole run. `back_batch` ended it, which was to last until `was_until`.

    `created_at` is unknown of pauses from before it was kept.
    """

    id = _id()
    run = _link(Run, "run")
    starts_at = UtcDateTime()
    ends_at = UtcDateTime(null=True)
    by = TextField()
    actor = _link(Person, "actor", "SET NULL", null=True, index=False)
    note = TextField(default="")
    batch = TextField(null=True)
    back_batch = TextField(null=True)
    was_until = UtcDateTime(null=True)
    created_at = UtcDateTime(null=True)


class ChangeReason(Table):
    """Why something was changed for a run, where the change itself has no room for it."""

    run = _link(Run, "run", index=False)
    batch = TextField()
    text = TextField()

    class Meta:
        primary_key = CompositeKey("run", "batch")


class Facilitator(Table):
    cohort = _link(Cohort, "cohort", index=False)
    person = _link(Person, "person")

    class Meta:
        primary_key = CompositeKey("cohort", "person")


class Membership(Table):
    """Who is in a cohort; `away` are the times between leaving it and coming back, as pairs of instants."""

    cohort = _link(Cohort, "cohort", index=False)
    person = _link(Person, "person")
    run = _link(Run, "run")
    joined_at = UtcDateTime()
    removed_at = UtcDateTime(null=True)
    away = JsonText(default=list)

    class Meta:
        primary_key = CompositeKey("cohort", "person")


class Session(Table):
    cohort = _link(Cohort, "cohort", index=False)
    number = IntegerField()
    starts_at = UtcDateTime()
    minutes = IntegerField()
    cancelled = BooleanField()
    code = TextField(null=True)

    class Meta:
        primary_key = CompositeKey("cohort", "number")


class Attendance(Table):
    cohort = _link(Cohort, "cohort", index=False)
    person = _link(Person, "person")
    number = IntegerField()
    present = TextField()
    at = UtcDateTime()
    by = _link(Person, "by", "SET NULL", null=True, index=False)

    class Meta:
        primary_key = CompositeKey("cohort", "person", "number")


class ContactRequest(Table):
    id = _id()
    person = _link(Person, "person")
    cohort = _link(Cohort, "cohort")
    state = TextField()
    sealed = BlobField()
    created_at = UtcDateTime()
    changed_at = UtcDateTime()


class ContactNote(Table):
    """What a facilitator wrote down about a contact request."""

    id = _id()
    request = _link(ContactRequest, "request")
    actor = _link(Person, "actor", "SET NULL", null=True, index=False)
    sealed = BlobField()
    at = UtcDateTime()


class Invitation(Table):
    """A code that lets people into a cohort, as learners or to lead it too."""

    code = _id()
    cohort = _link(Cohort, "cohort")
    role = TextField()
    made_by = _link(Person, "made_by", "SET NULL", null=True, index=False)
    created_at = UtcDateTime()
    expires_at = UtcDateTime(null=True)
    most = IntegerField(null=True)
    used = IntegerField()
    revoked_at = UtcDateTime(null=True)


class Waiting(Table):
    """Who waits for a place in a full cohort, first come first served."""

    cohort = _link(Cohort, "cohort", index=False)
    person = _link(Person, "person")
    at = UtcDateTime()

    class Meta:
        primary_key = CompositeKey("cohort", "person")


class PaperCode(Table):
    """The code of person and week that stands on the sheets printed for someone without an account."""

    code = _id()
    run = _link(Run, "run")
    week = TextField()


class Announcement(Table):
    """A message of those who lead a cohort, to all in it or to one `person`."""

    id = _id()
    cohort = _link(Cohort, "cohort")
    author = _link(Person, "author", "SET NULL", null=True, index=False)
    subject = TextField()
    text = TextField()
    state = TextField()
    created_at = UtcDateTime()
    due_at = UtcDateTime(null=True)
    sent_at = UtcDateTime(null=True)
    person = _link(Person, "person", null=True)


class Token(Table):
    """A bearer token of the API: only its digest is kept."""

    id = _id()
    digest = BlobField(unique=True)
    person = _link(Person, "person")
    name = TextField()
    scope = TextField()
    created_at = UtcDateTime()
    used_at = UtcDateTime(null=True)


class Journal(Table):
    id = _id()
    person = _link(Person, "person", index=False)
    run = _link(Run, "run")
    step = TextField(null=True)
    sealed = BlobField()
    created_at = UtcDateTime()
    changed_at = UtcDateTime()
    deleted_at = UtcDateTime(null=True)

    class Meta:
        indexes = ((("person", "created_at"), False),)


class Answer(Table):
    """What someone filled in: `kind` is worksheet, check-in, moment, measure or note; `item` its id."""

    run = _link(Run, "run", index=False)
    kind = TextField()
    item = TextField()
    person = _link(Person, "person")
    sealed = BlobField()
    changed_at = UtcDateTime()

    class Meta:
        primary_key = CompositeKey("run", "kind", "item")


class Certificate(Table):
    id = _id()
    code = TextField(unique=True)
    run = _link(Run, "run", index=False)
    person = _link(Person, "person")
    revision = IntegerField()
    frozen = JsonText()
    awarded_at = UtcDateTime()
    state = TextField()
    next_code = TextField(null=True)
    withdrawn_at = UtcDateTime(null=True)
    reason = TextField()

    class Meta:
        indexes = ((("run", "revision"), True),)


class File(Table):
    """A finished document, such as a PDF."""

    id = _id()
    digest = BlobField(unique=True)
    media_type = TextField()
    name = TextField()
    data = BlobField()
    person = _link(Person, "person", null=True)
    created_at = UtcDateTime()


class Job(Table):
    id = _id()
    kind = TextField()
    person = _link(Person, "person")
    subject = JsonText()
    state = TextField()
    tries = IntegerField()
    done = IntegerField()
    total = IntegerField()
    result = JsonText()
    fault = TextField()
    created_at = UtcDateTime()
    lease_until = UtcDateTime(null=True)
    worker = TextField(null=True)

    class Meta:
        indexes = ((("state", "created_at"), False),)


class Outbox(Table):
    id = _id()
    recipient = TextField()
    subject = TextField()
    text = TextField()
    created_at = UtcDateTime()
    tries = IntegerField()
    claimed_until = UtcDateTime(null=True)
    sent_at = UtcDateTime(null=True)
    dedupe = TextField(null=True, unique=True)
    expires_at = UtcDateTime(null=True)
    fault = TextField(default="")

    class Meta:
        indexes = ((("sent_at", "created_at"), False),)


class Tick(Table):
    name = TextField()
    minute = UtcDateTime()

    class Meta:
        primary_key = CompositeKey("name", "minute")


class Audit(Table):
    """What was done to whom; it outlives the people, so it holds their ids only."""

    id = AutoField()
    at = UtcDateTime(index=True)
    actor = TextField(null=True, index=True)
    act = TextField()
    whom = TextField(null=True, index=True)
    detail = JsonText()


class HelpConfirmation(Table):
    """An admin has found a help line right; `digest` names its exact words."""

    digest = _id()
    line = TextField()
    by = _link(Person, "by", "SET NULL", null=True, index=False)
    at = UtcDateTime()


class Site(Table):
    """Small facts about the installation."""

    key = _id()
    value = TextField()


ALL: tuple[type[Table], ...] = (
    Person, Role, Consent, Device, Attempt, ResetLink, Edition, EditionDraft, Cohort, Run, Completion,
    WeekMark, Override, Hold, ChangeReason, Facilitator, Membership, Session, Attendance, ContactRequest,
    ContactNote, Invitation, Waiting, PaperCode, Announcement, Token, Journal, Answer, Certificate, File, Job,
    Outbox, Tick, Audit, HelpConfirmation, Site,
)  # fmt: skip
