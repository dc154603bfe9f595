"""The shape of every file of a course; `modules/README.md` describes the same keys in words."""

from difflib import get_close_matches
from typing import Any

from marshmallow import Schema, ValidationError, fields, validates_schema

from course_engine.content.faults import Faults
from course_engine.content.kinds import (
    NO_KEYS,
    UNKNOWN,
    Flag,
    Group,
    Id,
    Line,
    Listing,
    Matching,
    OneOf,
    Shape,
    Text,
    Whole,
    Words,
)
from course_engine.content.reading import Document, Trail, shortened
from course_engine.i18n import gettext as _
from course_engine.i18n import mark

PRACTICE_TYPES = (
    "breathing", "body", "meditation", "imagery", "writing", "thought", "touch", "daily_life",
    "movement", "relational", "grounding",
)  # fmt: skip
FIELD_KEYS = {
    "lines": {"lines"},
    "box": {"lines"},
    "scale": {"least", "most", "low", "high"},
    "choice": {"options", "other"},
    "choices": {"options", "other"},
    "table": {"columns", "rows", "lines", "widths"},
    "note": {"text"},
}
MOST_SCALE_STEPS = 10


def load(
    shape: type[Schema], document: Document, faults: Faults, *, partial: bool = False
) -> dict[str, Any] | None:
    """The data of a document in its shape; None when it does not fit, with every fault added."""
    data = document.data
    schema = shape(partial=partial)
    try:
        loaded: dict[str, Any] = schema.load(_told_apart(data, partial))
    except ValidationError as error:
        for trail, message in _told(error.messages, ()):
            faults.add(document.file, document.at(*trail), _sentence(schema, trail, message))
        return None
    return loaded


def _told_apart(data: Any, partial: bool) -> Any:
    """What is to be loaded; in a translation without `of`, which says what it translates."""
    if partial and isinstance(data, dict):
        return {key: value for key, value in data.items() if key != "of"}
    return {} if data is None else data


def _id(required: bool = True) -> Id:
    return Id(required=required)


class CertificateSchema(Shape):
    design = _id(required=False)
    attended = Whole(0, 200)


class CourseSchema(Shape):
    id = _id()
    title = Line(required=True)
    summary = Words(required=True)
    language = Matching("[a-z]{2,3}(_[A-Z]{2})?", mark("a language, such as `en` or `pt_BR`"), required=True)
    authors = Listing(Line(), required=True)
    licence = Line(required=True)
    edition = Line(required=True)
    notice = Words()
    pace = OneOf(("weekly", "gentle", "free"))
    words_a_minute = Whole(40, 240)
    safety = Listing(Id())
    certificate = Group(CertificateSchema)


class ModuleSchema(Shape):
    id = _id()
    title = Line(required=True)
    summary = Words(required=True)


class FieldSchema(Shape):
    id = _id()
    label = Line()
    kind = OneOf(tuple(FIELD_KEYS), required=True)
    hint = Words()
    lines = Whole(1, 40)
    least = Whole(-1000, 1000)
    most = Whole(-1000, 1000)
    low = Line()
    high = Line()
    options = Listing(Line(), least=2)
    other = Flag()
    columns = Listing(Line(), most=8)
    rows = Listing(Line())
    widths = Listing(Whole(1, 12), most=8)
    text = Text()
    example = Words()

    @validates_schema
    def fits_its_kind(self, data: dict[str, Any], **rest: Any) -> None:
        """Each kind has keys of its own; a translation holds words only and is not asked."""
        kind = data.get("kind")
        if kind not in FIELD_KEYS or rest.get("partial"):
            return
        wrong = {key: [_idle(key, kind)] for key in _special() & data.keys() - FIELD_KEYS[kind]}
        for key in _needed(kind) - data.keys():
            wrong[key] = [_("`%(key)s` is needed here and is not there.", key=key)]
        if kind == "scale" and not wrong:
            steps = data.get("most", 10) - data.get("least", 0)
            if not 1 <= steps <= MOST_SCALE_STEPS:
                wrong["most"] = [_("`most` is 1 to %(steps)s more than `least`.", steps=MOST_SCALE_STEPS)]
        if kind == "table" and not wrong and len(data.get("widths", data["columns"])) != len(data["columns"]):
            wrong["widths"] = [_("`widths` has one number for each of the `columns`.")]
        if wrong:
            raise ValidationError(wrong)


class WeekSchema(Shape):
    id = _id()
    title = Line(required=True)
    aim = Words(required=True)
    minutes = Whole(1, 600, required=True)
    care = Words()
    teaches = Listing(_id())
    plans = Listing(Id())
    check_in = Listing(Group(FieldSchema))
    review = Words()
    reviewed = Words()


class StepSchema(Shape):
    id = _id()
    kind = OneOf(("lesson", "practice", "check-in", "journal", "worksheet"), required=True)
    required = Flag()
    one_of = _id(required=False)
    always_open = Flag()
    minutes = Whole(1, 240)
    file = _id(required=False)


class HomeSchema(Shape):
    id = _id(required=False)


class WorksheetSchema(Shape):
    id = _id()
    title = Line(required=True)
    purpose = Words(required=True)
    minutes = Whole(1, 240, required=True)
    pages = Whole(1, 12)
    large_pages = Whole(1, 24)
    fields_ = Listing(Group(FieldSchema), required=True, data_key="fields")


class LineSchema(Shape):
    say = Words()
    write = Words()
    pause = Whole(0, 1800)

    @validates_schema
    def has_words(self, data: dict[str, Any], **rest: Any) -> None:
        if "say" in data and "write" in data:
            raise ValidationError(_("A line has `say` or `write`, not both; make two lines of it."))
        if not rest.get("partial") and "say" not in data and "write" not in data:
            raise ValidationError(_("A line has words: `say` for what is heard, or `write` for a prompt."))


class PartSchema(Shape):
    part = Line(required=True)
    lines = Listing(Group(LineSchema), required=True, most=200)


class ScriptSchema(Shape):
    minutes = Whole(1, 240, required=True)
    script = Listing(Group(PartSchema), required=True)


class GentlerSchema(Shape):
    title = Line(required=True)
    text = Text(required=True)


class PracticeSchema(Shape):
    id = _id()
    title = Line(required=True)
    summary = Words(required=True)
    type = OneOf(PRACTICE_TYPES, required=True)
    intensity = OneOf(("gentle", "medium", "deep"), required=True)
    anchors = Listing(Line(), required=True)
    postures = Listing(Line(), required=True)
    cautions = Text(required=True)
    gentler = Group(GentlerSchema, required=True)
    ordinary = Text(required=True)
    stopping = Text(required=True)
    full = Group(ScriptSchema, required=True)
    short = Group(ScriptSchema, required=True)


def _special() -> set[str]:
    return set().union(*FIELD_KEYS.values())


def _needed(kind: str) -> set[str]:
    return {
        "choice": {"options", "label"},
        "choices": {"options", "label"},
        "table": {"columns", "label"},
    }.get(kind, {"text"} if kind == "note" else {"label"})


def _idle(key: str, kind: str) -> str:
    return _("`%(key)s` means nothing for the kind `%(kind)s`; take it out.", key=key, kind=kind)


def _told(messages: Any, trail: Trail) -> list[tuple[Trail, str]]:
    """marshmallow's tree of messages as a flat list."""
    if isinstance(messages, dict):
        return [
            found
            for key, below in messages.items()
            for found in _told(below, trail if key == "_schema" else (*trail, key))
        ]
    return [(trail, str(message)) for message in messages]


def _sentence(schema: Schema, trail: Trail, message: str) -> str:
    if message == NO_KEYS:
        return _("Here belong keys, each with a colon after it; see how the file is written in the README.")
    if message != UNKNOWN:
        return message
    key = str(trail[-1])
    known = _keys_at(schema, trail[:-1])
    close = get_close_matches(key, known, n=1)
    if close:
        return _("`%(key)s` is not a key here; do you mean `%(close)s`?", key=shortened(key), close=close[0])
    words = ", ".join(f"`{name}`" for name in known)
    return _(
        "`%(key)s` is not a key here; take it out. The keys are %(known)s.", key=shortened(key), known=words
    )


def _keys_at(schema: Schema, trail: Trail) -> list[str]:
    for key in trail:
        if isinstance(key, int):
            continue
        found: Any = next(field for name, field in schema.fields.items() if (field.data_key or name) == key)
        inner: Any = found.inner if isinstance(found, fields.List) else found
        schema = inner.schema
    return keys_of(schema)


def keys_of(schema: Schema) -> list[str]:
    """The names of the keys of a shape, as they stand in a file."""
    return [field.data_key or name for name, field in schema.fields.items()]
