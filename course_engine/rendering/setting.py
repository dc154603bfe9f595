"""One document set into pages, inside the child process: its text from a template, its pages by WeasyPrint.

What can reach a document is fixed when the child starts: templates, stylesheets, pictures, fonts.
The fetcher knows no disk and no network.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from weasyprint import CSS, Document
from weasyprint.text.fonts import FontConfiguration

from course_engine.domain.errors import NotFound
from course_engine.i18n import gettext as _
from course_engine.rendering import pages, typefaces
from course_engine.rendering.assets import AssetFetcher, apart, parsed
from course_engine.rendering.collating import Asked
from course_engine.rendering.headings import held
from course_engine.rendering.kinds import Kind, Ready, kinds
from course_engine.rendering.shelf import Shelf

UA = "pdf/ua-1"
_GLUED = re.compile(r"(?<=[^\s>])\s+(?=<(?:a|b|cite|em|i|span|strong)\b)")


@dataclass(frozen=True, slots=True)
class Written:
    """A document written out as HTML, before it is set; `pictures` are its own."""

    kind: Kind
    ready: Ready
    text: str
    pictures: Mapping[str, bytes]


class Setter:
    """Everything that documents share, made once: environment, fonts, parsed stylesheets, pictures."""

    def __init__(self, templates: Sequence[Path], designs: Sequence[Path]) -> None:
        self._shelf = Shelf(templates, designs)
        self._jinja = pages.environment((*designs, *templates, *self._shelf.folders), sandboxed=True)
        self._kinds = kinds(self._shelf)
        # A second one would leak a quarter of a megabyte, and one is the same for all.
        self._fonts = FontConfiguration()
        self._styles: dict[str, CSS] = {}
        self._pictures: dict[str, object] = {}

    def pictures(self) -> dict[str, object]:
        """Pictures that are read already: to be filled while one question is answered, and then kept."""
        return dict(self._pictures)

    def keep(self, pictures: Mapping[str, object]) -> None:
        """Keep of these the ones that all documents share."""
        shared = {f"asset:{name}" for name in self._shelf.pictures}
        self._pictures.update({name: picture for name, picture in pictures.items() if name in shared})

    def write(self, part: Asked) -> Written:
        """The document as text. Raises NotFound for a kind that there is not, and Refused."""
        if part.kind not in self._kinds:
            raise NotFound(_("There is no kind of document called “%(kind)s”.", kind=part.kind))
        kind = self._kinds[part.kind]
        ready = kind.prepare(part.values)
        html = pages.write(self._jinja, ready.template, ready.values, part.language)
        text, pictures = apart(html, ready.pictures)
        return Written(kind, ready, typefaces.printable(unglued(held(text))), pictures)

    def set(self, written: Written, pictures: dict[str, object], *, verso: bool = False) -> Document:
        """Its pages; the first is a left one with `verso`. Raises Refused."""
        html = parsed(written.text, AssetFetcher({**self._shelf.pictures, **written.pictures}))
        side = ("verso",) if verso else ()
        return html.render(
            font_config=self._fonts,
            stylesheets=[self._sheet(name) for name in (*written.kind.sheets, *written.ready.sheets, *side)],
            cache=pictures,
            pdf_variant=UA,
        )

    def _sheet(self, name: str) -> CSS:
        if name not in self._styles:
            self._styles[name] = CSS(
                string=self._shelf.sheet(name),
                base_url="asset:",
                url_fetcher=AssetFetcher(self._shelf.pictures),
                font_config=self._fonts,
            )
        return self._styles[name]


def unglued(text: str) -> str:
    """The text with the space before bold or linked words in an element of its own.

    WeasyPrint 70 breaks a line after its first word where all of it fits but for such a space.
    """
    return _GLUED.sub("<span> </span>", text)
