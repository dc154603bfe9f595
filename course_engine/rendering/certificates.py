"""Certificates of participation, drawn from what was frozen when one was awarded."""

from collections.abc import Mapping
from typing import Literal

from course_engine.rendering import pdf

State = Literal["valid", "withdrawn", "sample"]


def draw(
    frozen: Mapping[str, object],
    code: str,
    address: str,
    paper: str,
    language: str,
    *,
    state: State = "valid",
    within: float | None = None,
) -> bytes:
    """The PDF of a certificate; `address` is the page where its code is verified.

    Raises Refused when the name has letters that none of our fonts can print, or is too long.
    """
    return pdf.render(
        "certificate", certificate_values(frozen, code, address, paper, state), language, within
    )


def certificate_values(
    frozen: Mapping[str, object], code: str, address: str, paper: str, state: State = "valid"
) -> dict[str, object]:
    """The values of a certificate.

    `frozen` has `name`, `title`, `started` and `finished` (ISO dates), `modules` (a list of `title` and
    `weeks`, each with `number` and `title`), and may have `awarded` (the date signed, else `finished`),
    `design`, `site`, `notice`, `organisation`, `facilitator` and `cohort` (`name`, `attended`, `sessions`,
    `hours`). A `cohort` or text that is empty is not mentioned.
    """
    return {
        "design": frozen.get("design") or "classic",
        "site": frozen.get("site") or "",
        "name": frozen["name"],
        "title": frozen["title"],
        "notice": frozen.get("notice") or "",
        "modules": frozen.get("modules") or [],
        "started": frozen["started"],
        "finished": frozen["finished"],
        "awarded": frozen.get("awarded") or frozen["finished"],
        "cohort": frozen.get("cohort") or None,
        "facilitator": frozen.get("facilitator") or "",
        "organisation": frozen.get("organisation") or "",
        "code": grouped(code),
        "address": address,
        "paper": paper,
        "state": state,
    }


def grouped(code: str) -> str:
    """A code in fours, the way it is printed: `7KQ2-M4XD-9TRB-V3`."""
    bare = code.replace("-", "").replace(" ", "")
    return "-".join(bare[start : start + 4] for start in range(0, len(bare), 4))


def sample(design: str, paper: str, language: str, *, site: str = "Stillwater") -> bytes:
    """A certificate of an invented person in this design, marked as a sample.

    Raises NotFound for a design that is not there.
    """
    return pdf.render("sample", {"design": design, "paper": paper, "site": site}, language)
