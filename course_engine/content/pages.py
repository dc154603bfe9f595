"""Page files: front matter and Markdown, for reading outside the weeks."""

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from course_engine.content.faults import Faults
from course_engine.content.kinds import Id, Line, OneOf, Shape, Words
from course_engine.content.markdown import render
from course_engine.content.reading import Document, Passage
from course_engine.content.schemas import load
from course_engine.content.week_text import split_front
from course_engine.domain.pages import Readers
from course_engine.i18n import gettext as _

if TYPE_CHECKING:
    from course_engine.content.compiled import Press

HEADINGS = 2

Plain = dict[str, Any]


class PageSchema(Shape):
    id = Id(required=True)
    title = Line(required=True)
    summary = Words(required=True)
    readers = OneOf(tuple(Readers), required=True)
    review = Words()
    reviewed = Words()


@dataclass(slots=True)
class PageDraft:
    """One page file; `data` is None when its front matter does not fit its shape."""

    document: Document
    data: Plain | None
    text: Passage

    @property
    def file(self) -> str:
        return self.document.file

    @property
    def known(self) -> Plain:
        """The front matter, or nothing of it."""
        return self.data or {}


def read_page(file: str, text: str, faults: Faults, *, partial: bool = False) -> PageDraft | None:
    """A page as it was read; None when its front matter cannot be read.

    A `partial` one translates another and may leave keys out.
    """
    sentence = _("A page begins with its keys between two lines that hold only `---`.")
    parts = split_front(file, text, sentence, faults)
    if parts is None:
        return None
    front, body = parts
    page = PageDraft(front, load(PageSchema, front, faults, partial=partial), body)
    if not partial and not body.text.strip():
        faults.add(file, body.spot, _("This page has no text."))
    return page


def page_html(press: "Press", page: PageDraft) -> str:
    """The text of a page as HTML."""
    return render(page.text, press.desk, HEADINGS, top=HEADINGS)


def page_plain(press: "Press", page: PageDraft) -> Plain:
    """A page as plain data; only what the file says."""
    plain = {key: value for key, value in page.known.items() if key not in ("review", "reviewed")}
    return {**plain, "html": page_html(press, page)} if page.text.text.strip() else plain
