"""Several documents in one PDF, as a facilitator takes them to the copier: the values of the kind `pack`.

Each part is set once, however many copies of it there are.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from course_engine.domain.errors import Refused
from course_engine.i18n import gettext as _

SIDES = (1, 2)
FOLDED = ("worksheet", "week", "single", "plan", "log", "sign-in")
MOST_COPIES = 200


@dataclass(frozen=True, slots=True)
class Part:
    """A document of a pack: its kind and values, and how many copies of it.

    A `joined` part goes with the part before it: both are repeated together (all of one person, then all
    of the next), and share one booklet; its own `copies` say nothing. Without a `language` it is in that
    of the pack.
    """

    kind: str
    values: Mapping[str, object]
    copies: int = 1
    joined: bool = False
    language: str = ""


def pack_values(
    parts: Sequence[Part],
    *,
    title: str,
    language: str,
    sides: int = 1,
    booklet: bool = False,
    run_on: bool = False,
) -> dict[str, object]:
    """The values of a pack.

    With two `sides` each document begins on the front of a sheet; with `run_on` only the first of those
    that are joined does, which takes less paper. A `booklet` is set on half sheets and
    its pages put side by side, so that the sheets can be folded: A5 from A4, half a Letter from Letter.
    Raises Refused for an empty pack, too many copies, and what cannot be folded.
    """
    _refuse(parts, sides)
    if booklet:
        _refuse_folding(parts)
    return {
        "title": title,
        "language": language,
        "sides": sides,
        "booklet": booklet,
        "run_on": run_on,
        "parts": [
            {
                "kind": part.kind,
                "values": dict(part.values),
                "copies": part.copies,
                "joined": part.joined,
                "language": part.language or language,
            }
            for part in parts
        ],
    }


def _refuse(parts: Sequence[Part], sides: int) -> None:
    if not parts:
        raise Refused(_("There is nothing in this pack. Choose at least one thing to print."))
    if sides not in SIDES:
        raise Refused(_("Paper has one side or two. Choose 1 or 2."))
    if not all(1 <= part.copies <= MOST_COPIES for part in parts):
        raise Refused(_("Choose between 1 and %(most)s copies.", most=MOST_COPIES))


def _refuse_folding(parts: Sequence[Part]) -> None:
    if any(part.values.get("size") == "large" for part in parts):
        raise Refused(
            _("Large print does not fit on the half pages of a booklet. Choose normal print, or no booklet.")
        )
    if any(part.kind not in FOLDED for part in parts):
        raise Refused(
            _("A booklet can hold weeks, worksheets, plans and logs. Print certificates and books flat.")
        )
    if len({part.values.get("paper", "a4") for part in parts}) > 1:
        raise Refused(_("A booklet is folded from one kind of paper. Choose A4 or Letter for all of it."))
