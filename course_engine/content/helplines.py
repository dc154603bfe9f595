"""The file of help lines: whom to call or write to, by country."""

from collections import Counter
from typing import Any

from marshmallow import ValidationError, validates_schema

from course_engine.content.faults import Faults
from course_engine.content.kinds import Day, Group, Id, Line, Listing, Matching, Shape, Words
from course_engine.content.reading import Document
from course_engine.i18n import country, is_language, mark
from course_engine.i18n import gettext as _

_LINE = {"call": "", "write": "", "hours": "", "languages": []}

Plain = dict[str, Any]


class HelpLineSchema(Shape):
    id = Id(required=True)
    country = Matching("[A-Z]{2}", mark("a country in two capital letters, such as `PT`"), required=True)
    name = Line(required=True)
    what = Words(required=True)
    call = Matching("[+*#]?[0-9][0-9 ()#*-]{0,30}", mark('a number to call, in quotes, such as `"116 123"`'))
    write = Line()
    hours = Line()
    languages = Listing(Matching("[a-z]{2,3}(_[A-Z]{2})?", mark("a language, such as `en` or `pt_BR`")))
    source = Words(required=True)
    checked = Day(required=True)

    @validates_schema
    def can_be_reached(self, data: Plain, **rest: Any) -> None:
        if "call" not in data and "write" not in data:
            raise ValidationError(_("A help line has a number: `call`, `write`, or both."))


class HelpSchema(Shape):
    lines = Listing(Group(HelpLineSchema), required=True, most=400)


def help_plain(data: Plain) -> list[Plain]:
    """The lines as plain data with every key written out."""
    return [{**_LINE, **line} for line in data["lines"]]


def check_help(document: Document, data: Plain, faults: Faults) -> None:
    """Each line has an id of its own, a country there is, and languages there are."""
    counted = Counter(line["id"] for line in data["lines"])
    for at, line in enumerate(data["lines"]):
        if counted[line["id"]] > 1:
            sentence = _("Two lines have the id `%(id)s`; give each its own.", id=line["id"])
            faults.add(document.file, document.at("lines", at, "id"), sentence)
        if not country(line["country"]):
            sentence = _("There is no country `%(code)s`.", code=line["country"])
            faults.add(document.file, document.at("lines", at, "country"), sentence)
        for place, code in enumerate(line.get("languages", [])):
            if not is_language(code):
                sentence = _("There is no language `%(code)s`.", code=code)
                faults.add(document.file, document.at("lines", at, "languages", place), sentence)
