"""Which help lines an admin has found right. Frozen: it never changes and imports nothing of the program."""

from typing import Any

from peewee import Database, DatabaseProxy, Field, ForeignKeyField, Model, SqliteDatabase, TextField

proxy = DatabaseProxy()


class UtcDateTime(Field):
    field_type = "INTEGER"


class Person(Model):
    id = TextField(primary_key=True)

    class Meta:
        database = proxy
        legacy_table_names = False


class HelpConfirmation(Model):
    digest = TextField(primary_key=True)
    line = TextField()
    by = ForeignKeyField(Person, column_name="by", on_delete="SET NULL", backref="+", null=True, index=False)
    at = UtcDateTime()

    class Meta:
        database = proxy
        legacy_table_names = False


def up(migrator: Any, db: Database) -> None:
    if not isinstance(db, SqliteDatabase):
        UtcDateTime.field_type = "TIMESTAMPTZ"
    proxy.initialize(db)
    db.create_tables([HelpConfirmation])
