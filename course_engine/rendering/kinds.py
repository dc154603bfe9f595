"""The kinds of document: which template and stylesheets each uses, and what is added to its values."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import partial

from course_engine.rendering import designs, squares
from course_engine.rendering.certificates import certificate_values
from course_engine.rendering.paper import Paper
from course_engine.rendering.shelf import Shelf

WORDS = ("print/print.css", "print/steps.css", "print/fields.css")
BOOK = ("print/week.css", "print/log.css", "print/book.css")
SHEET = ("print/print.css", "print/fields.css")


@dataclass(frozen=True, slots=True)
class Ready:
    """What the drawing of one document needs; `pictures` are this document's own."""

    template: str
    values: Mapping[str, object]
    sheets: Sequence[str]
    pictures: Mapping[str, bytes] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of document: stylesheets all of it share, and how values are made ready."""

    sheets: Sequence[str]
    prepare: Callable[[Mapping[str, object]], Ready]


def kinds(shelf: Shelf) -> Mapping[str, Kind]:
    """Every kind of single document by name; a `pack` is made of these."""
    return {
        "worksheet": Kind(WORDS, partial(_sheet, "print/worksheet.html")),
        "week": Kind((*WORDS, "print/week.css"), partial(_sheet, "print/week.html")),
        "book": Kind((*WORDS, *BOOK), partial(_sheet, "print/book.html")),
        "single": Kind((*WORDS, "print/week.css"), partial(_sheet, "print/single.html")),
        "plan": Kind((*WORDS, "print/plan.css"), partial(_sheet, "print/plan.html")),
        "poster": Kind(("print/print.css", "print/poster.css"), partial(_sheet, "print/poster.html")),
        "sign-in": Kind((*SHEET, "print/sign-in.css"), partial(_sheet, "print/sign-in.html")),
        "log": Kind((*SHEET, "print/log.css"), partial(_sheet, "print/log.html")),
        "test": Kind((*SHEET, "print/test.css"), partial(_sheet, "print/test.html")),
        "filler": Kind(("print/print.css", "print/filler.css"), partial(_sheet, "print/filler.html")),
        "label": Kind(("print/print.css",), partial(_sheet, "print/label.html")),
        "certificate": Kind((), partial(_certificate, shelf)),
        "sample": Kind((), partial(_sample, shelf)),
    }


def _sheet(template: str, values: Mapping[str, object]) -> Ready:
    paper = Paper(
        str(values.get("paper", "a4")), str(values.get("size", "normal")), str(values.get("ink", "normal"))
    )
    pictures = {}
    if address := str(values.get("address") or ""):
        pictures["square.png"] = squares.png(address)
    told = {"whose": values.get("for") or "", **values}
    return Ready(template, told, _look(paper, folded=bool(values.get("folded"))), pictures)


def _look(paper: Paper, *, folded: bool) -> Sequence[str]:
    """What is laid over the stylesheets of a kind: large print, half pages, little ink."""
    large = ("print/large.css",) if paper.size == "large" else ()
    half = ("print/booklet.css",) if folded else ()
    saver = ("print/saver.css",) if paper.ink == "saver" else ()
    return (f"paper:{paper.sheet} {'half' if folded else 'portrait'}", *large, *half, *saver)


def _certificate(shelf: Shelf, values: Mapping[str, object]) -> Ready:
    paper = str(values.get("paper", "a4"))
    design = designs.find(shelf, str(values.get("design", "classic")))
    told = {
        "shown_name": designs.fitted(str(values["name"]), design, paper),
        "started": date.fromisoformat(str(values["started"])[:10]),
        "finished": date.fromisoformat(str(values["finished"])[:10]),
        "awarded": date.fromisoformat(str(values.get("awarded") or values["finished"])[:10]),
    }
    pictures = {"square.png": squares.png(str(values["address"]))}
    sheets = (f"paper:{paper} landscape", f"{design.id}/certificate.css")
    return Ready(f"{design.id}/certificate.html", {**values, **told}, sheets, pictures)


def _sample(shelf: Shelf, values: Mapping[str, object]) -> Ready:
    design = designs.find(shelf, str(values["design"]))
    told = {**designs.sample(shelf, design.id), "design": design.id, "site": values["site"]}
    paper = str(values.get("paper", "a4"))
    return _certificate(
        shelf, certificate_values(told, str(told["code"]), str(told["address"]), paper, "sample")
    )
