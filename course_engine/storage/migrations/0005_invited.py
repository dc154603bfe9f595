"""Names of invited people until they come in, learners alone on paper, when a hold was made. Frozen."""

from typing import Any

from peewee import BooleanField, Database, Field, SqliteDatabase, TextField


class UtcDateTime(Field):
    field_type = "INTEGER"


def up(migrator: Any, db: Database) -> None:
    if not isinstance(db, SqliteDatabase):
        UtcDateTime.field_type = "TIMESTAMPTZ"
    migrator.migrate(
        migrator.add_column("run", "invited_as", TextField(default="")),
        migrator.add_column("run", "whole_workbook", BooleanField(default=False)),
        migrator.add_column("hold", "created_at", UtcDateTime(null=True)),
    )
