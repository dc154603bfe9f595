"""The kinds of value a course file holds, each with its own plain sentence for what it takes."""

import re
from collections.abc import Sequence
from datetime import date
from typing import Any

from marshmallow import RAISE, Schema, ValidationError, fields

from course_engine.content.reading import shortened
from course_engine.i18n import gettext as _
from course_engine.i18n import mark

UNKNOWN = "unknown key"
NO_KEYS = "not a group of keys"


class Shape(Schema):
    """A group of keys; a key that is not named is a fault."""

    class Meta:
        unknown = RAISE

    error_messages = {"unknown": UNKNOWN, "type": NO_KEYS}  # noqa: RUF012 — marshmallow declares it so


class Plain(fields.Field[Any]):
    """Speaks of its key in whole sentences; `takes` says what it wants."""

    takes = mark("something else than this")

    @property
    def key(self) -> str:
        """The name as it stands in the file."""
        return self.data_key or self.name or ""

    def make_error(self, key: str, **kwargs: Any) -> ValidationError:
        name = self.key
        if key == "required":
            return ValidationError(_("`%(key)s` is needed here and is not there.", key=name))
        if key == "null":
            return ValidationError(_("`%(key)s` stands here with nothing after it.", key=name))
        return ValidationError(_("`%(key)s` takes %(this)s.", key=name, this=self.wants()))

    def wants(self) -> str:
        return _(self.takes)


class Words(Plain, fields.String):
    """Words, with something in them."""

    takes = mark("words; put them in quotes, and not too many of them")
    longest = 2000

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> str:
        words = super()._deserialize(value, attr, data, **kwargs).strip()
        if not words or len(words) > self.longest:
            raise self.make_error("invalid")
        return words


class Quoted(Words):
    """What others say, to be put right beside it: not the course's own words."""


class Line(Words):
    """Words of one line."""

    takes = mark("words on one line; put them in quotes")
    longest = 300

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> str:
        words = super()._deserialize(value, attr, data, **kwargs)
        if "\n" in words:
            raise self.make_error("invalid")
        return words


class Text(Plain, fields.String):
    """Markdown, kept as it stands so that its lines can be found again."""

    takes = mark("text; begin it with `|` and write it on the lines below")

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> str:
        text = super()._deserialize(value, attr, data, **kwargs)
        if not text.strip():
            raise self.make_error("invalid")
        return text


class Matching(Plain, fields.String):
    """One word of a fixed shape."""

    def __init__(self, pattern: str, takes: str, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.pattern = re.compile(pattern)
        self.takes = takes

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> str:
        word = super()._deserialize(value, attr, data, **kwargs)
        if not self.pattern.fullmatch(word):
            raise ValidationError(
                _(
                    "`%(key)s` takes %(this)s; `%(word)s` is not.",
                    key=self.key,
                    this=self.wants(),
                    word=shortened(word),
                )
            )
        return word


class Id(Matching):
    """The lasting name of a thing."""

    def __init__(self, **kwargs: Any) -> None:
        takes = mark("lower case letters, figures and dashes, such as `first-steps`")
        super().__init__("[a-z0-9]+(-[a-z0-9]+)*", takes, **kwargs)


class Day(Matching):
    """A day of the calendar, kept as it is written."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__("[0-9]{4}-[0-9]{2}-[0-9]{2}", mark("a day such as `2026-11-22`"), **kwargs)

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> str:
        day = super()._deserialize(value, attr, data, **kwargs)
        try:
            date.fromisoformat(day)
        except ValueError:
            raise self.make_error("invalid") from None
        return day


class OneOf(Plain, fields.String):
    """One of a few words."""

    def __init__(self, words: Sequence[str], **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.words = tuple(words)

    def wants(self) -> str:
        return _("one of %(words)s", words=", ".join(f"`{word}`" for word in self.words))

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> str:
        word = super()._deserialize(value, attr, data, **kwargs)
        if word not in self.words:
            raise self.make_error("invalid")
        return word


class Whole(Plain, fields.Integer):
    """A whole number between two ends."""

    def __init__(self, least: int, most: int, **kwargs: Any) -> None:
        super().__init__(strict=True, **kwargs)
        self.least, self.most = least, most

    def wants(self) -> str:
        return _("a whole number from %(least)s to %(most)s", least=self.least, most=self.most)

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> int:
        if isinstance(value, str | float):
            raise self.make_error("invalid")
        number = super()._deserialize(value, attr, data, **kwargs)
        if not self.least <= number <= self.most:
            raise self.make_error("invalid")
        return number


class Number(Plain, fields.Float):
    """A number between two ends, whole or with a few decimals."""

    def __init__(self, least: int, most: int, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.least, self.most = least, most

    def wants(self) -> str:
        return _("a number from %(least)s to %(most)s", least=self.least, most=self.most)

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> float:
        if isinstance(value, bool) or not isinstance(value, int | float):
            raise self.make_error("invalid")
        if not self.least <= value <= self.most:
            raise self.make_error("invalid")
        return value


class Flag(Plain, fields.Boolean):
    """Yes or no."""

    takes = mark("`true` or `false`")

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> bool:
        if not isinstance(value, bool):
            raise self.make_error("invalid")
        return value


class Listing(Plain, fields.List[Any]):
    """A list of things of one kind."""

    takes = mark("a list: each on a line of its own after a dash")

    def __init__(self, inner: fields.Field[Any], least: int = 1, most: int = 60, **kwargs: Any) -> None:
        super().__init__(inner, **kwargs)
        self.least, self.most = least, most

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> list[Any]:
        if not isinstance(value, list):
            raise self.make_error("invalid")
        if not self.least <= len(value) <= self.most:
            sentence = _(
                "`%(key)s` takes a list of %(least)s to %(most)s.",
                key=self.key,
                least=self.least,
                most=self.most,
            )
            raise ValidationError(sentence)
        return super()._deserialize(value, attr, data, **kwargs)


class Group(Plain, fields.Nested):
    """Keys inside a key."""

    takes = mark("keys of its own, each on a line below, a little to the right")
