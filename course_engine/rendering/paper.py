"""What a document is printed on: the sheet of paper, how large its words are, and how much ink it takes."""

from collections.abc import Mapping
from dataclasses import dataclass

from course_engine.domain.errors import Refused
from course_engine.i18n import gettext as _

SHEETS: Mapping[str, tuple[str, float, float]] = {"a4": ("A4", 210, 297), "letter": ("Letter", 215.9, 279.4)}
SIZES = ("normal", "large")
INKS = ("normal", "saver")


def dimensions(sheet: str) -> tuple[str, float, float]:
    """The CSS name, width and height (mm, upright) of a sheet. Raises Refused for one we do not have."""
    if sheet not in SHEETS:
        raise Refused(_("There is no paper called “%(paper)s”. Choose a4 or letter.", paper=sheet))
    return SHEETS[sheet]


@dataclass(frozen=True, slots=True)
class Paper:
    """A sheet (`a4`, `letter`), the size of the words on it (`normal`, `large`) and its ink.

    `saver` is black on white without fills. Raises Refused for one we do not have.
    """

    sheet: str = "a4"
    size: str = "normal"
    ink: str = "normal"

    def __post_init__(self) -> None:
        dimensions(self.sheet)
        if self.size not in SIZES:
            raise Refused(_("There is no size called “%(size)s”. Choose normal or large.", size=self.size))
        if self.ink not in INKS:
            raise Refused(_("There is no ink called “%(ink)s”. Choose normal or saver.", ink=self.ink))

    @property
    def values(self) -> dict[str, object]:
        """What a document's values say of its paper."""
        return {"paper": self.sheet, "size": self.size, "ink": self.ink}


A4 = Paper()
