"""What those who run a site need: editions looked at before they are published, and warnings. Frozen."""

from typing import Any

from peewee import (
    BlobField,
    CompositeKey,
    Database,
    DatabaseProxy,
    Field,
    ForeignKeyField,
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


class Run(Table):
    id = TextField(primary_key=True)


class ChangeReason(Table):
    run = ForeignKeyField(Run, column_name="run", on_delete="CASCADE", backref="+", index=False)
    batch = TextField()
    text = TextField()

    class Meta:
        primary_key = CompositeKey("run", "batch")


class EditionDraft(Table):
    digest = TextField(primary_key=True)
    course = TextField()
    title = TextField()
    compiled = BlobField()
    notes = TextField(default="[]")
    by = ForeignKeyField(Person, column_name="by", on_delete="SET NULL", backref="+", null=True, index=False)
    at = UtcDateTime()


def up(migrator: Any, db: Database) -> None:
    if not isinstance(db, SqliteDatabase):
        UtcDateTime.field_type = "TIMESTAMPTZ"
    proxy.initialize(db)
    db.create_tables([ChangeReason, EditionDraft])
    migrator.migrate(
        migrator.add_column("cohort", "warned_at", UtcDateTime(null=True)),
        migrator.add_column("run", "warned_at", UtcDateTime(null=True)),
        migrator.add_column("person", "locked_at", UtcDateTime(null=True)),
        migrator.add_column("person", "warned_at", UtcDateTime(null=True)),
        migrator.add_column("outbox", "fault", TextField(default="")),
        migrator.add_index("audit", ("actor",), False),
        migrator.add_index("audit", ("whom",), False),
        migrator.add_column("membership", "away", TextField(default="[]")),
        migrator.add_column("hold", "back_batch", TextField(null=True)),
        migrator.add_column("hold", "was_until", UtcDateTime(null=True)),
    )
