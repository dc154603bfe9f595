"""The first shape of the database. Frozen: it never changes again and imports nothing of the program."""

from peewee import (
    AutoField,
    BlobField,
    BooleanField,
    CompositeKey,
    Database,
    DatabaseProxy,
    Field,
    ForeignKeyField,
    IntegerField,
    Model,
    SqliteDatabase,
    TextField,
)

proxy = DatabaseProxy()


class UtcDateTime(Field):
    field_type = "INTEGER"


class Person(Model):
    id = TextField(primary_key=True)
    name = TextField()
    email = TextField(null=True, unique=True)
    sign_in_name = TextField(null=True, unique=True)
    password_hash = TextField()
    zone = TextField()
    language = TextField()
    theme = TextField()
    wrapped_key = BlobField(null=True)
    created_at = UtcDateTime()

    class Meta:
        database = proxy
        legacy_table_names = False


class Role(Model):
    person = ForeignKeyField(Person, column_name="person", on_delete="CASCADE", backref="+", index=False)
    role = TextField()

    class Meta:
        database = proxy
        legacy_table_names = False
        primary_key = CompositeKey("person", "role")


class Consent(Model):
    person = ForeignKeyField(Person, column_name="person", on_delete="CASCADE", backref="+", index=False)
    course = TextField()
    version = TextField()
    at = UtcDateTime()

    class Meta:
        database = proxy
        legacy_table_names = False
        primary_key = CompositeKey("person", "course", "version")


class Device(Model):
    id = TextField(primary_key=True)
    person = ForeignKeyField(Person, column_name="person", on_delete="CASCADE", backref="+")
    digest = BlobField(unique=True)
    label = TextField()
    created_at = UtcDateTime()
    seen_at = UtcDateTime()
    expires_at = UtcDateTime()

    class Meta:
        database = proxy
        legacy_table_names = False


class Attempt(Model):
    id = AutoField()
    address_digest = BlobField(index=True)
    at = UtcDateTime()

    class Meta:
        database = proxy
        legacy_table_names = False


class ResetLink(Model):
    digest = BlobField(primary_key=True)
    person = ForeignKeyField(Person, column_name="person", on_delete="CASCADE", backref="+")
    expires_at = UtcDateTime()
    used_at = UtcDateTime(null=True)

    class Meta:
        database = proxy
        legacy_table_names = False


class Edition(Model):
    digest = TextField(primary_key=True)
    course = TextField(index=True)
    title = TextField()
    compiled = BlobField()
    published_at = UtcDateTime()
    withdrawn_at = UtcDateTime(null=True)

    class Meta:
        database = proxy
        legacy_table_names = False


class Cohort(Model):
    id = TextField(primary_key=True)
    name = TextField()
    course = TextField()
    edition = ForeignKeyField(Edition, column_name="edition", on_delete="RESTRICT", backref="+", index=False)
    zone = TextField()
    time = BooleanField()
    completion = BooleanField()
    attended = IntegerField()
    created_at = UtcDateTime()
    ended_at = UtcDateTime(null=True)

    class Meta:
        database = proxy
        legacy_table_names = False


class Run(Model):
    id = TextField(primary_key=True)
    person = ForeignKeyField(Person, column_name="person", on_delete="CASCADE", backref="+", index=False)
    course = TextField()
    edition = ForeignKeyField(Edition, column_name="edition", on_delete="RESTRICT", backref="+", index=False)
    pace = TextField()
    cohort = ForeignKeyField(Cohort, column_name="cohort", on_delete="SET NULL", backref="+", null=True)
    started_at = UtcDateTime(null=True)
    finished_at = UtcDateTime(null=True)
    begun_at = UtcDateTime()

    class Meta:
        database = proxy
        legacy_table_names = False
        indexes = ((("person", "course"), False),)


class Completion(Model):
    run = ForeignKeyField(Run, column_name="run", on_delete="CASCADE", backref="+", index=False)
    step = TextField()
    how = TextField()
    at = UtcDateTime()
    first_how = TextField()
    first_at = UtcDateTime()
    edition = ForeignKeyField(Edition, column_name="edition", on_delete="RESTRICT", backref="+", index=False)

    class Meta:
        database = proxy
        legacy_table_names = False
        primary_key = CompositeKey("run", "step")


class WeekMark(Model):
    run = ForeignKeyField(Run, column_name="run", on_delete="CASCADE", backref="+", index=False)
    week = TextField()
    opened_at = UtcDateTime(null=True)
    seen_at = UtcDateTime(null=True)
    finished_at = UtcDateTime(null=True)

    class Meta:
        database = proxy
        legacy_table_names = False
        primary_key = CompositeKey("run", "week")


class Override(Model):
    id = TextField(primary_key=True)
    run = ForeignKeyField(Run, column_name="run", on_delete="CASCADE", backref="+", null=True)
    cohort = ForeignKeyField(Cohort, column_name="cohort", on_delete="CASCADE", backref="+", null=True)
    kind = TextField()
    week = TextField(null=True)
    starts_at = UtcDateTime()
    ends_at = UtcDateTime(null=True)
    days = IntegerField()
    by = TextField()
    reason = TextField()
    actor = ForeignKeyField(
        Person, column_name="actor", on_delete="SET NULL", backref="+", null=True, index=False
    )
    created_at = UtcDateTime()
    undone_at = UtcDateTime(null=True)

    class Meta:
        database = proxy
        legacy_table_names = False


class Hold(Model):
    id = TextField(primary_key=True)
    run = ForeignKeyField(Run, column_name="run", on_delete="CASCADE", backref="+")
    starts_at = UtcDateTime()
    ends_at = UtcDateTime(null=True)
    by = TextField()
    actor = ForeignKeyField(
        Person, column_name="actor", on_delete="SET NULL", backref="+", null=True, index=False
    )

    class Meta:
        database = proxy
        legacy_table_names = False


class Facilitator(Model):
    cohort = ForeignKeyField(Cohort, column_name="cohort", on_delete="CASCADE", backref="+", index=False)
    person = ForeignKeyField(Person, column_name="person", on_delete="CASCADE", backref="+")

    class Meta:
        database = proxy
        legacy_table_names = False
        primary_key = CompositeKey("cohort", "person")


class Membership(Model):
    cohort = ForeignKeyField(Cohort, column_name="cohort", on_delete="CASCADE", backref="+", index=False)
    person = ForeignKeyField(Person, column_name="person", on_delete="CASCADE", backref="+")
    run = ForeignKeyField(Run, column_name="run", on_delete="CASCADE", backref="+")
    joined_at = UtcDateTime()
    removed_at = UtcDateTime(null=True)

    class Meta:
        database = proxy
        legacy_table_names = False
        primary_key = CompositeKey("cohort", "person")


class Session(Model):
    cohort = ForeignKeyField(Cohort, column_name="cohort", on_delete="CASCADE", backref="+", index=False)
    number = IntegerField()
    starts_at = UtcDateTime()
    minutes = IntegerField()
    cancelled = BooleanField()

    class Meta:
        database = proxy
        legacy_table_names = False
        primary_key = CompositeKey("cohort", "number")


class Attendance(Model):
    cohort = ForeignKeyField(Cohort, column_name="cohort", on_delete="CASCADE", backref="+", index=False)
    person = ForeignKeyField(Person, column_name="person", on_delete="CASCADE", backref="+")
    number = IntegerField()
    present = TextField()
    at = UtcDateTime()
    by = ForeignKeyField(Person, column_name="by", on_delete="SET NULL", backref="+", null=True, index=False)

    class Meta:
        database = proxy
        legacy_table_names = False
        primary_key = CompositeKey("cohort", "person", "number")


class ContactRequest(Model):
    id = TextField(primary_key=True)
    person = ForeignKeyField(Person, column_name="person", on_delete="CASCADE", backref="+")
    cohort = ForeignKeyField(Cohort, column_name="cohort", on_delete="CASCADE", backref="+")
    state = TextField()
    sealed = BlobField()
    created_at = UtcDateTime()
    changed_at = UtcDateTime()

    class Meta:
        database = proxy
        legacy_table_names = False


class Journal(Model):
    id = TextField(primary_key=True)
    person = ForeignKeyField(Person, column_name="person", on_delete="CASCADE", backref="+", index=False)
    run = ForeignKeyField(Run, column_name="run", on_delete="CASCADE", backref="+")
    step = TextField(null=True)
    sealed = BlobField()
    created_at = UtcDateTime()
    changed_at = UtcDateTime()
    deleted_at = UtcDateTime(null=True)

    class Meta:
        database = proxy
        legacy_table_names = False
        indexes = ((("person", "created_at"), False),)


class Answer(Model):
    run = ForeignKeyField(Run, column_name="run", on_delete="CASCADE", backref="+", index=False)
    kind = TextField()
    item = TextField()
    person = ForeignKeyField(Person, column_name="person", on_delete="CASCADE", backref="+")
    sealed = BlobField()
    changed_at = UtcDateTime()

    class Meta:
        database = proxy
        legacy_table_names = False
        primary_key = CompositeKey("run", "kind", "item")


class Certificate(Model):
    id = TextField(primary_key=True)
    code = TextField(unique=True)
    run = ForeignKeyField(Run, column_name="run", on_delete="CASCADE", backref="+", index=False)
    person = ForeignKeyField(Person, column_name="person", on_delete="CASCADE", backref="+")
    revision = IntegerField()
    frozen = TextField()
    awarded_at = UtcDateTime()
    state = TextField()
    next_code = TextField(null=True)
    withdrawn_at = UtcDateTime(null=True)
    reason = TextField()

    class Meta:
        database = proxy
        legacy_table_names = False
        indexes = ((("run", "revision"), True),)


class File(Model):
    id = TextField(primary_key=True)
    digest = BlobField(unique=True)
    media_type = TextField()
    name = TextField()
    data = BlobField()
    person = ForeignKeyField(Person, column_name="person", on_delete="CASCADE", backref="+", null=True)
    created_at = UtcDateTime()

    class Meta:
        database = proxy
        legacy_table_names = False


class Job(Model):
    id = TextField(primary_key=True)
    kind = TextField()
    person = ForeignKeyField(Person, column_name="person", on_delete="CASCADE", backref="+")
    subject = TextField()
    state = TextField()
    tries = IntegerField()
    done = IntegerField()
    total = IntegerField()
    result = TextField()
    fault = TextField()
    created_at = UtcDateTime()
    lease_until = UtcDateTime(null=True)
    worker = TextField(null=True)

    class Meta:
        database = proxy
        legacy_table_names = False
        indexes = ((("state", "created_at"), False),)


class Outbox(Model):
    id = TextField(primary_key=True)
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
        database = proxy
        legacy_table_names = False
        indexes = ((("sent_at", "created_at"), False),)


class Tick(Model):
    name = TextField()
    minute = UtcDateTime()

    class Meta:
        database = proxy
        legacy_table_names = False
        primary_key = CompositeKey("name", "minute")


class Audit(Model):
    id = AutoField()
    at = UtcDateTime(index=True)
    actor = TextField(null=True)
    act = TextField()
    whom = TextField(null=True)
    detail = TextField()

    class Meta:
        database = proxy
        legacy_table_names = False


class Site(Model):
    key = TextField(primary_key=True)
    value = TextField()

    class Meta:
        database = proxy
        legacy_table_names = False


def up(migrator: object, db: Database) -> None:
    if not isinstance(db, SqliteDatabase):
        UtcDateTime.field_type = "TIMESTAMPTZ"
    proxy.initialize(db)
    db.create_tables(
        [
            Person,
            Role,
            Consent,
            Device,
            Attempt,
            ResetLink,
            Edition,
            Cohort,
            Run,
            Completion,
            WeekMark,
            Override,
            Hold,
            Facilitator,
            Membership,
            Session,
            Attendance,
            ContactRequest,
            Journal,
            Answer,
            Certificate,
            File,
            Job,
            Outbox,
            Tick,
            Audit,
            Site,
        ]
    )
