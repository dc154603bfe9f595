"""The kinds of column that Peewee does not bring: instants in UTC, and JSON kept as it was written."""

import json
from datetime import UTC, datetime, timedelta
from typing import Any

from peewee import Field, TextField

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)


class UtcDateTime(Field):
    """An instant: aware in Python, always UTC, refused when naive.

    PostgreSQL keeps it as `timestamptz`; SQLite as whole microseconds since 1970, which sort and compare
    as numbers (see `bound`).
    """

    field_type = "INSTANT"

    def db_value(self, value: datetime | None) -> datetime | None:
        return None if value is None else in_utc(value)

    def python_value(self, value: Any) -> datetime | None:
        return instant(value)


class JsonText(TextField):
    """Plain data as JSON text: the same bytes come back from every database."""

    def db_value(self, value: Any) -> str:
        return json.dumps(value, ensure_ascii=False, separators=(",", ":"))

    def python_value(self, value: str) -> Any:
        return json.loads(value)


def in_utc(value: datetime) -> datetime:
    """The same instant in UTC. Raises ValueError for a datetime without a zone."""
    if value.tzinfo is None:
        raise ValueError("A time without a zone cannot be stored: give it one, such as UTC.")
    return value.astimezone(UTC)


def instant(value: int | datetime | None) -> datetime | None:
    """What a database gave for an instant, as an aware datetime in UTC."""
    if value is None:
        return None
    return _EPOCH + timedelta(0, 0, value) if isinstance(value, int) else value.astimezone(UTC)


def moment(value: int | datetime) -> datetime:
    """Like `instant`, for a column that is never empty."""
    return _EPOCH + timedelta(0, 0, value) if isinstance(value, int) else value.astimezone(UTC)


def micros(value: datetime) -> int:
    """An instant as SQLite keeps it."""
    return (in_utc(value) - _EPOCH) // _MICROSECOND


def anywhere(words: str) -> str:
    """A pattern with which `LIKE … ESCAPE '!'` finds these words anywhere, whatever signs are in them."""
    for sign in "!%_":
        words = words.replace(sign, "!" + sign)
    return f"%{words}%"
