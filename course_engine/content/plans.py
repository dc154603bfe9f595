"""Plan files: a meeting in timed parts, for those who lead it."""

from typing import TYPE_CHECKING, Any

from course_engine.content.faults import Faults
from course_engine.content.kinds import Group, Id, Line, Listing, Shape, Text, Whole, Words
from course_engine.content.reading import Document
from course_engine.i18n import gettext as _

if TYPE_CHECKING:
    from course_engine.content.compiled import Press

Plain = dict[str, Any]

_MARKDOWN = ("before", "online", "after")
_PART_MARKDOWN = ("say", "watch")


class PlanPartSchema(Shape):
    title = Line(required=True)
    minutes = Whole(1, 240, required=True)
    shorter = Whole(0, 240)
    purpose = Words(required=True)
    say = Text(required=True)
    ask = Listing(Words())
    watch = Text()
    online = Words()
    uses = Listing(Id())


class PlanSchema(Shape):
    id = Id(required=True)
    title = Line(required=True)
    purpose = Words(required=True)
    minutes = Whole(1, 600, required=True)
    shorter = Whole(1, 600)
    materials = Listing(Words(), required=True)
    before = Text(required=True)
    parts = Listing(Group(PlanPartSchema), required=True)
    online = Text(required=True)
    after = Text(required=True)


def plan_plain(press: "Press", data: Plain) -> Plain:
    """A plan as plain data; only what the file says, Markdown as ready HTML."""
    plain = {key: value for key, value in data.items() if key not in (*_MARKDOWN, "parts")}
    plain |= {f"{key}_html": press.html(data, key) for key in _MARKDOWN if key in data}
    if "parts" in data:
        plain["parts"] = [_part(press, part, at) for at, part in enumerate(data["parts"])]
    return plain


def whole_plan(press: "Press", data: Plain) -> Plain:
    """The same with every key written out."""
    plain = plan_plain(press, data)
    plain.setdefault("shorter", plain["minutes"])
    for part in plain["parts"]:
        part.setdefault("shorter", part["minutes"])
        for key, nothing in (("ask", []), ("watch_html", ""), ("online", ""), ("uses", [])):
            part.setdefault(key, nothing)
    return plain


def check_times(document: Document, plan: Plain, faults: Faults) -> None:
    """The parts of both forms add up to what the plan says."""
    for key in ("minutes", "shorter"):
        said = plan.get(key, plan["minutes"])
        taken = sum(part.get(key, part["minutes"]) for part in plan["parts"])
        if taken != said:
            sentence = _(
                "`%(key)s` says %(said)s and the parts add up to %(taken)s.", key=key, said=said, taken=taken
            )
            faults.add(document.file, document.at(key), sentence)
    if plan.get("shorter", 0) > plan["minutes"]:
        sentence = _("The short form takes longer than the full one; make it shorter.")
        faults.add(document.file, document.at("shorter"), sentence)


def _part(press: "Press", part: Plain, at: int) -> Plain:
    plain = {key: value for key, value in part.items() if key not in _PART_MARKDOWN}
    html = {f"{key}_html": press.html(part, key, ("parts", at)) for key in _PART_MARKDOWN if key in part}
    return {**plain, **html}
