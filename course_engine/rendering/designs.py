"""Designs of certificates: their `design.yaml`, and a name made to fit the room a design gives it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from ruamel.yaml import YAML
from ruamel.yaml.error import YAMLError

from course_engine.domain.errors import NotFound, Refused
from course_engine.i18n import gettext as _
from course_engine.rendering import letters, typefaces
from course_engine.rendering.paper import dimensions
from course_engine.rendering.shelf import Shelf
from course_engine.rendering.typefaces import Run

POINTS = 72 / 25.4
_ROOM = 0.98  # our sums are within about one part in a hundred of what is drawn
_FLOOR = 11.0


@dataclass(frozen=True, slots=True)
class Design:
    """A folder of `certificates/`: sizes in points, `margin` (mm) is kept free on both sides of the name."""

    id: str
    title: str
    families: tuple[str, ...]
    largest: float
    smallest: float
    margin: float


@dataclass(frozen=True, slots=True)
class Name:
    """A name ready to be set: one or two lines of runs, and their size in points."""

    lines: tuple[tuple[Run, ...], ...]
    size: float


def find(shelf: Shelf, id: str) -> Design:
    """The design with this id. Raises NotFound, or Refused when its file cannot be used."""
    if not shelf.has_sheet(f"{id}/certificate.css"):
        raise NotFound(_("There is no certificate design called “%(id)s”.", id=id))
    path = next(file for folder in shelf.folders if (file := folder / id / "design.yaml").is_file())
    return _read(id, path)


def sample(shelf: Shelf, id: str) -> Mapping[str, object]:
    """The invented certificate that a design shows itself with."""
    path = next(file for folder in shelf.folders if (file := folder / id / "sample.yaml").is_file())
    return dict(YAML(typ="safe", pure=True).load(path.read_text(encoding="utf-8")))


def fitted(name: str, design: Design, paper: str) -> Name:
    """The name in a font that has all of it, on one line as large as fits, or on two.

    Raises Refused when some letter is in none of our fonts, or the name is too long for two lines.
    """
    whole = " ".join(name.split())
    if strange := letters.unprintable(whole):
        raise Refused(_unprintable(strange))
    room = (dimensions(paper)[2] - 2 * design.margin) * POINTS * _ROOM
    one = _set([whole], design, room)
    if one and one.size >= design.smallest:
        return one
    two = _set(_halves(whole), design, room)
    if two is None or two.size < _FLOOR:
        raise Refused(_("This name is too long for the certificate. Please use a shorter form of it."))
    return two


def _set(lines: Sequence[str], design: Design, room: float) -> Name | None:
    shaped = tuple(typefaces.runs(line, design.families) for line in lines)
    if not all(shaped):
        return None
    widest = max(typefaces.width(line, 1.0) for line in shaped)
    largest = design.largest if len(lines) == 1 else design.largest * 0.7
    fitting = largest if widest == 0 else min(largest, room / widest)
    return Name(shaped, round(fitting - 0.005, 2))


def _halves(whole: str) -> tuple[str, str]:
    middle = len(whole) / 2
    spaces = [place for place, letter in enumerate(whole) if letter == " "]
    if spaces:
        cut = min(spaces, key=lambda place: abs(place - middle))
        return whole[:cut], whole[cut + 1 :]
    cut = round(middle)
    return whole[:cut], whole[cut:]


def _unprintable(strange: str) -> str:
    return _(
        "The fonts of this site do not have: %(letters)s. "
        "Please write the name without it, or in other letters.",
        letters=" ".join(strange),
    )


@cache
def _read(id: str, path: Path) -> Design:
    try:
        told = YAML(typ="safe", pure=True).load(path.read_text(encoding="utf-8"))
        name: Mapping[str, object] = told["name"]
        return Design(
            id=id,
            title=str(told["title"]),
            families=tuple(str(family) for family in told["families"]),
            largest=float(str(name["largest"])),
            smallest=float(str(name["smallest"])),
            margin=float(str(name["margin"])),
        )
    except (YAMLError, KeyError, TypeError, ValueError):
        raise Refused(
            _(
                "%(path)s cannot be used: it needs title, families and name with largest, smallest, margin.",
                path=path,
            )
        ) from None
