"""Pages put side by side on sheets that are folded into a booklet, in a PDF that is about to be written.

What is not folded lies flat among them, a page to a side. Each page becomes a picture on a sheet, so
nothing is drawn twice. Tags and links belong to pages and are not written at all here: a booklet is for
paper, the flat document is for reading aloud.
"""

from collections.abc import Iterable, Sequence

import pydyf

from course_engine.rendering.collating import NO_LABEL, Face, imposed


def impose(
    pdf: pydyf.PDF, runs: Sequence[Sequence[Face]], folds: Sequence[bool], *, from_right: bool = False
) -> None:
    """Turn the drawn pages into sheets: a booklet for each of `runs` that folds, else page after page.

    It is bound on the right where words run `from_right`.
    """
    numbers = list(pdf.pages["Kids"][::3])
    pages = [pdf.objects[number] for number in numbers]
    boxes = [tuple(float(str(edge)) for edge in page["MediaBox"][2:]) for page in pages]
    drawings = [_as_picture(pdf, page) for page in pages]
    sheets = []
    for run, folded in zip(runs, folds, strict=True):
        sides: Iterable[tuple[Face, ...]] = imposed(run) if folded else ((face,) for face in run)
        for side in sides:
            sheets.append(_sheet(pdf, drawings, boxes[side[0][0]], side[::-1] if from_right else side))
    pdf.pages["Kids"] = pydyf.Array([part for sheet in sheets for part in (sheet.number, 0, "R")])
    pdf.pages["Count"] = len(sheets)
    for page in pages:
        page.clear()
    for name in ("Names", "Outlines"):
        pdf.catalog.pop(name, None)


def _as_picture(pdf: pydyf.PDF, page: pydyf.Dictionary) -> bytes:
    reference: bytes = page["Contents"]
    drawing = pdf.objects[int(reference.split()[0])]
    drawing.extra.update(
        {"Type": "/XObject", "Subtype": "/Form", "BBox": page["MediaBox"], "Resources": page["Resources"]}
    )
    return reference


def _sheet(
    pdf: pydyf.PDF, drawings: Sequence[bytes], size: tuple[float, ...], side: Sequence[Face]
) -> pydyf.Dictionary:
    width, height = size
    used: dict[str, bytes] = {}
    lines = []
    for place, (page, label) in enumerate(side):
        for name, drawn in (("Page", page), ("Label", label)):
            if drawn != NO_LABEL:
                used[f"{name}{place}"] = drawings[drawn]
                lines.append(f"q 1 0 0 1 {place * width:.4f} 0 cm /{name}{place} Do Q")
    drawing = pydyf.Stream(lines)
    pdf.add_object(drawing)
    sheet = pydyf.Dictionary(
        {
            "Type": "/Page",
            "Parent": pdf.pages.reference,
            "MediaBox": pydyf.Array([0, 0, len(side) * width, height]),
            "Resources": pydyf.Dictionary({"XObject": pydyf.Dictionary(used)}),
            "Contents": drawing.reference,
        }
    )
    pdf.add_object(sheet)
    return sheet
