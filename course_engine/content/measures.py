"""Measure files: a few questions with numbers, and how their answers become a result."""

from collections import Counter
from typing import Any

from course_engine.content.edition import measure_of
from course_engine.content.faults import Faults
from course_engine.content.kinds import Flag, Group, Id, Line, Listing, Number, OneOf, Shape, Whole, Words
from course_engine.content.reading import Document
from course_engine.i18n import gettext as _

MOST_STEPS = 10

Plain = dict[str, Any]


class ItemSchema(Shape):
    id = Id(required=True)
    text = Words(required=True)
    reversed = Flag()


class BandSchema(Shape):
    at_least = Number(-100_000, 100_000, required=True, data_key="from")
    words = Words(required=True)
    help = Flag()


class MeasureSchema(Shape):
    id = Id(required=True)
    title = Line(required=True)
    summary = Words(required=True)
    licence = Words(required=True)
    least = Whole(-1000, 1000, required=True)
    most = Whole(-1000, 1000, required=True)
    low = Line(required=True)
    high = Line(required=True)
    items = Listing(Group(ItemSchema), required=True)
    scoring = OneOf(("sum", "mean"), required=True)
    times = Whole(1, 1000)
    answered = Whole(1, 60)
    higher = Line()
    better = OneOf(("higher", "lower"))
    change = Number(0, 100_000)
    bands = Listing(Group(BandSchema), most=12)


def measure_plain(data: Plain) -> Plain:
    """A measure as plain data with every key written out."""
    items = [{"reversed": False, **item} for item in data["items"]]
    bands = [{"help": False, **band} for band in data.get("bands", [])]
    defaults = {"times": 1, "answered": len(items), "higher": "", "better": "higher", "change": 0}
    return {**defaults, **data, "items": items, "bands": bands}


def check_measure(document: Document, data: Plain, faults: Faults) -> None:
    """What one key says has to fit the others."""

    def fault(sentence: str, *trail: str | int) -> None:
        faults.add(document.file, document.at(*trail), sentence)

    counted = Counter(item["id"] for item in data["items"])
    for at, item in enumerate(data["items"]):
        if counted[item["id"]] > 1:
            fault(
                _("Two questions have the id `%(id)s`; give each its own.", id=item["id"]), "items", at, "id"
            )
    if not 1 <= data["most"] - data["least"] <= MOST_STEPS:
        fault(_("`most` is 1 to %(steps)s more than `least`.", steps=MOST_STEPS), "most")
        return
    if data.get("answered", 1) > len(data["items"]):
        fault(_("`answered` asks for more answers than there are questions."), "answered")
    lowest, highest = measure_of(measure_plain(data)).ends
    before: float | None = None
    for at, band in enumerate(data.get("bands", [])):
        start = band["at_least"]
        if before is not None and start <= before:
            fault(_("The bands go up; this one begins no higher than the one before."), "bands", at, "from")
        elif before is None and start > lowest:
            fault(_("The first band begins at %(least)s, the smallest result, or below.", least=lowest),
                  "bands", at, "from")  # fmt: skip
        elif start > highest:
            fault(_("No result is that high; the largest is %(most)s.", most=highest), "bands", at, "from")
        before = start
