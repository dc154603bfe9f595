"""What groups need: invitations, waiting lists, paper codes, announcements, tokens, and notes. Frozen."""

from typing import Any

from peewee import (
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


class Table(Model):
    class Meta:
        database = proxy
        legacy_table_names = False


class Person(Table):
    id = TextField(primary_key=True)


class Cohort(Table):
    id = TextField(primary_key=True)


class Run(Table):
    id = TextField(primary_key=True)


class ContactRequest(Table):
    id = TextField(primary_key=True)


def link(to: type[Table], column: str, on_delete: str = "CASCADE", **options: Any) -> Any:
    return ForeignKeyField(to, column_name=column, on_delete=on_delete, backref="+", **options)


class ContactNote(Table):
    id = TextField(primary_key=True)
    request = link(ContactRequest, "request")
    actor = link(Person, "actor", "SET NULL", null=True, index=False)
    sealed = BlobField()
    at = UtcDateTime()


class Invitation(Table):
    code = TextField(primary_key=True)
    cohort = link(Cohort, "cohort")
    role = TextField()
    made_by = link(Person, "made_by", "SET NULL", null=True, index=False)
    created_at = UtcDateTime()
    expires_at = UtcDateTime(null=True)
    most = IntegerField(null=True)
    used = IntegerField()
    revoked_at = UtcDateTime(null=True)


class Waiting(Table):
    cohort = link(Cohort, "cohort", index=False)
    person = link(Person, "person")
    at = UtcDateTime()

    class Meta:
        primary_key = CompositeKey("cohort", "person")


class PaperCode(Table):
    code = TextField(primary_key=True)
    run = link(Run, "run")
    week = TextField()


class Announcement(Table):
    id = TextField(primary_key=True)
    cohort = link(Cohort, "cohort")
    author = link(Person, "author", "SET NULL", null=True, index=False)
    subject = TextField()
    text = TextField()
    state = TextField()
    created_at = UtcDateTime()
    due_at = UtcDateTime(null=True)
    sent_at = UtcDateTime(null=True)
    person = link(Person, "person", null=True)


class Token(Table):
    id = TextField(primary_key=True)
    digest = BlobField(unique=True)
    person = link(Person, "person")
    name = TextField()
    scope = TextField()
    created_at = UtcDateTime()
    used_at = UtcDateTime(null=True)


def up(migrator: Any, db: Database) -> None:
    if not isinstance(db, SqliteDatabase):
        UtcDateTime.field_type = "TIMESTAMPTZ"
    proxy.initialize(db)
    db.create_tables([ContactNote, Invitation, Waiting, PaperCode, Announcement, Token])
    migrator.migrate(
        migrator.add_column("cohort", "place", TextField(default="")),
        migrator.add_column("cohort", "link", TextField(default="")),
        migrator.add_column("cohort", "seats", IntegerField(null=True)),
        migrator.add_column("cohort", "safety", TextField(default="{}")),
        migrator.add_column("cohort", "whole_workbook", BooleanField(default=False)),
        migrator.add_column("run", "seen_at", UtcDateTime(null=True)),
        migrator.add_column("run", "reached", IntegerField(default=0)),
        migrator.add_column("run", "waits_until", UtcDateTime(null=True)),
        migrator.add_column("run", "listed_as", TextField(default="")),
        migrator.add_index("run", ("cohort", "listed_as", "id"), False),
        migrator.add_column("completion", "batch", TextField(null=True)),
        migrator.add_column("hold", "note", TextField(default="")),
        migrator.add_column("hold", "batch", TextField(null=True)),
        migrator.add_column("override", "note", TextField(default="")),
        migrator.add_column("override", "batch", TextField(null=True, index=True)),
        migrator.add_column("session", "code", TextField(null=True)),
    )
