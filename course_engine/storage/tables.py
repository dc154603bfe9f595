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


class Cohort(Table):
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


class Run(Table):
    id = _id()
    person = _link(Person, "person", index=False)
    course = TextField()
    edition = _link(Edition, "edition", "RESTRICT", index=False)
    pace = TextField()
    cohort = _link(Cohort, "cohort", "SET NULL", null=True)
    started_at = UtcDateTime(null=True)
    finished_at = UtcDateTime(null=True)
    begun_at = UtcDateTime()

    class Meta:
        indexes = ((("person", "course"), False),)


class Completion(Table):
    run = _link(Run, "run", index=False)
    step = TextField()
    how = TextField()
    at = UtcDateTime()
    first_how = TextField()
    first_at = UtcDateTime()
    edition = _link(Edition, "edition", "RESTRICT", index=False)

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


class Hold(Table):
    """A pause of a whole run."""

    id = _id()
    run = _link(Run, "run")
    starts_at = UtcDateTime()
    ends_at = UtcDateTime(null=True)
    by = TextField()
    actor = _link(Person, "actor", "SET NULL", null=True, index=False)


class Facilitator(Table):
    cohort = _link(Cohort, "cohort", index=False)
    person = _link(Person, "person")

    class Meta:
        primary_key = CompositeKey("cohort", "person")


class Membership(Table):
    cohort = _link(Cohort, "cohort", index=False)
    person = _link(Person, "person")
    run = _link(Run, "run")
    joined_at = UtcDateTime()
    removed_at = UtcDateTime(null=True)

    class Meta:
        primary_key = CompositeKey("cohort", "person")


class Session(Table):
    cohort = _link(Cohort, "cohort", index=False)
    number = IntegerField()
    starts_at = UtcDateTime()
    minutes = IntegerField()
    cancelled = BooleanField()

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
    actor = TextField(null=True)
    act = TextField()
    whom = TextField(null=True)
    detail = JsonText()


class Site(Table):
    """Small facts about the installation."""

    key = _id()
    value = TextField()


ALL: tuple[type[Table], ...] = (
    Person, Role, Consent, Device, Attempt, ResetLink, Edition, Cohort, Run, Completion, WeekMark, Override,
    Hold, Facilitator, Membership, Session, Attendance, ContactRequest, Journal, Answer, Certificate, File,
    Job, Outbox, Tick, Audit, Site,
)  # fmt: skip
