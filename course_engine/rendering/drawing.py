"""From values to a PDF, inside the child process: the only file that speaks WeasyPrint.

What can reach a document is fixed when the child starts: templates, stylesheets, pictures, fonts.
The fetcher knows no disk and no network. The same values give the same bytes.
"""

import logging
import re
import time
from base64 import b64decode
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

import pydyf
from weasyprint import CSS, HTML
from weasyprint.text.ffi import harfbuzz_subset
from weasyprint.text.fonts import FontConfiguration
from weasyprint.urls import URLFetcher, URLFetcherResponse

from course_engine.domain.errors import NotFound, Refused
from course_engine.i18n import gettext as _
from course_engine.rendering import pages, typefaces
from course_engine.rendering.kinds import Kind, kinds
from course_engine.rendering.shelf import Shelf

DEEPEST = 60
WIDEST = 50
LONGEST = 4_000_000
LONG_KINDS = ("book",)
LETTERS = {"normal": 650, "large": 350}
LAID_OUT = 70
DRAWN = 95

_TYPES = {".svg": "image/svg+xml", ".png": "image/png", ".jpg": "image/jpeg"}
_INSIDE = re.compile(r'(?<= src=")data:image/(svg\+xml|png|jpeg);base64,([A-Za-z0-9+/=]+)(?=")')
_ENDINGS = {kind.removeprefix("image/"): ending for ending, kind in _TYPES.items()}


class Drawer:
    """Everything that documents share, made once: environment, fonts, parsed stylesheets, pictures."""

    def __init__(self, templates: Sequence[Path] = (), designs: Sequence[Path] = ()) -> None:
        self._shelf = Shelf(templates, designs)
        self._jinja = pages.environment((*designs, *templates, *self._shelf.folders), sandboxed=True)
        self._kinds = kinds(self._shelf)
        # A second one would leak a quarter of a megabyte, and one is the same for all.
        self._fonts = FontConfiguration()
        self._styles: dict[tuple[str, ...], CSS] = {}
        self._pictures: dict[str, object] = {}
        self._complaints = _Complaints()
        logging.getLogger("weasyprint").addHandler(self._complaints)
        logging.getLogger("fontTools").setLevel(logging.ERROR)
        self._steps = _Steps()
        progress = logging.getLogger("weasyprint.progress")
        progress.setLevel(logging.INFO)
        progress.addHandler(self._steps)

    @property
    def tell(self) -> Callable[[int], None]:
        """Who hears how many of a hundred parts of a long document are done."""
        return self._steps.tell

    @tell.setter
    def tell(self, tell: Callable[[int], None]) -> None:
        self._steps.tell = tell

    def draw(self, kind: str, values: Mapping[str, object], language: str) -> tuple[dict[str, object], bytes]:
        """The answer to one question: what is known of the document, and the document."""
        if kind not in self._kinds:
            raise NotFound(_("There is no kind of document called “%(kind)s”.", kind=kind))
        self._complaints.lines.clear()
        clock = _Clock()
        own = self._kinds[kind]
        ready = own.prepare(values)
        text, inside = _apart(pages.write(self._jinja, ready.template, ready.values, language))
        fetcher = AssetFetcher({**self._shelf.pictures, **ready.pictures, **inside})
        self._steps.begin(len(text) // LETTERS.get(str(values.get("size")), 650) if kind in LONG_KINDS else 0)
        html = _parsed(typefaces.printable(text), fetcher)
        clock.lap("html")
        pictures = dict(self._pictures)
        document = html.render(
            font_config=self._fonts,
            stylesheets=self._sheets(own, ready.sheets),
            cache=pictures,
            pdf_variant="pdf/ua-1",
        )
        clock.lap("layout")

        self._steps.reach(LAID_OUT)

        def finish(_document: object, pdf: pydyf.PDF) -> None:
            self._steps.reach(DRAWN)
            _name_every_glyph(pdf)
            clock.lap("draw")

        body = document.write_pdf(
            finisher=finish, pdf_variant="pdf/ua-1", pdf_identifier=True, cache=pictures
        )
        clock.lap("write")
        self._keep(pictures)
        told = {"pages": len(document.pages), "timings": clock.laps, "warnings": list(self._complaints.lines)}
        return told, body

    def _sheets(self, kind: Kind, names: Sequence[str]) -> list[CSS]:
        return [self._sheet(name) for name in (*kind.sheets, *names)]

    def _sheet(self, name: str) -> CSS:
        if (name,) not in self._styles:
            self._styles[name,] = CSS(
                string=self._shelf.sheet(name),
                base_url="asset:",
                url_fetcher=AssetFetcher(self._shelf.pictures),
                font_config=self._fonts,
            )
        return self._styles[name,]

    def _keep(self, pictures: Mapping[str, object]) -> None:
        shared = {f"asset:{name}" for name in self._shelf.pictures}
        self._pictures.update({name: picture for name, picture in pictures.items() if name in shared})


class AssetFetcher(URLFetcher):  # type: ignore[misc]
    """Gives what is in its mapping under `asset:NAME`, and nothing else in the world."""

    def __init__(self, held: Mapping[str, bytes]) -> None:
        super().__init__(allowed_protocols=("asset",), allow_redirects=False)
        self._held = held

    def fetch(self, url: str, headers: Mapping[str, str] | None = None) -> URLFetcherResponse:
        scheme, _colon, name = url.partition(":")
        if scheme != "asset" or name not in self._held:
            raise ValueError("Documents hold only what belongs to them.")
        kind = _TYPES.get(Path(name).suffix, "application/octet-stream")
        return URLFetcherResponse(url, self._held[name], {"Content-Type": kind})


def missing_libraries() -> list[str]:
    """A sentence for each system library that should be there and is not."""
    if harfbuzz_subset:
        return []
    return [
        _(
            "libharfbuzz-subset is missing: documents take about four times as long. Install %(package)s.",
            package="libharfbuzz-subset0",
        )
    ]


def _apart(text: str) -> tuple[str, Mapping[str, bytes]]:
    """The pictures that a course's text carries within it, put beside it: no address but ours is followed."""
    found: dict[str, bytes] = {}

    def named(match: re.Match[str]) -> str:
        name = f"inside/{len(found)}{_ENDINGS[match[1]]}"
        found[name] = b64decode(match[2])
        return f"asset:{name}"

    return _INSIDE.sub(named, text), found


def _parsed(text: str, fetcher: AssetFetcher) -> HTML:
    if len(text) > LONGEST:
        raise Refused(_("This is too long to be printed as one document. Please print a part of it."))
    html = HTML(string=text, base_url="asset:", url_fetcher=fetcher)
    _refuse_bombs(html.etree_element)
    return html


def _refuse_bombs(root: object) -> None:
    waiting = [(root, 1)]
    while waiting:
        element, depth = waiting.pop()
        if depth > DEEPEST:
            raise Refused(_("This text is nested too deeply to be printed."))
        for span in ("colspan", "rowspan", "span"):
            if not _is_small(element.get(span, "1")):  # type: ignore[attr-defined]
                raise Refused(_("This text has a table too wide or too tall to be printed."))
        waiting.extend((child, depth + 1) for child in element)  # type: ignore[attr-defined]


def _is_small(span: str) -> bool:
    return span.strip().isascii() and span.strip().isdigit() and int(span.strip()[:6]) <= WIDEST


def _name_every_glyph(pdf: pydyf.PDF) -> None:
    # Letters joined into one sign (Arabic, Devanagari) leave nameless glyphs, which a reader could not
    # follow: each gets a space of no width.
    for thing in pdf.objects:
        if isinstance(thing, pydyf.Stream) and b"begincmap" in thing.stream:
            thing.stream[:] = [
                line[:-2] + b"<200b>" if isinstance(line, bytes) and line.endswith(b" <>") else line
                for line in thing.stream
            ]


class _Complaints(logging.Handler):
    def __init__(self) -> None:
        super().__init__(logging.WARNING)
        self.lines: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        self.lines.append(record.getMessage())


class _Steps(logging.Handler):
    """How far a long document is, from what the library says of its pages.

    It sets every page three times before it knows the numbers in the contents; how many pages there will
    be is a guess from the letters.
    """

    def __init__(self) -> None:
        super().__init__(logging.INFO)
        self.tell: Callable[[int], None] = lambda _percent: None
        self._likely = self._set = self._told = 0

    def begin(self, likely: int) -> None:
        """Begin to count; `likely` is how often a page will be set, 0 when nobody wants to know."""
        self._likely, self._set, self._told = likely, 0, 0

    def emit(self, record: logging.LogRecord) -> None:
        if self._likely and "- Page" in record.msg:
            self._set += 1
            self.reach(min(LAID_OUT * self._set // self._likely, LAID_OUT))

    def reach(self, percent: int) -> None:
        if self._likely and percent >= self._told + 5:
            self._told = percent
            self.tell(percent)


class _Clock:
    def __init__(self) -> None:
        self.laps: dict[str, float] = {}
        self._last = time.perf_counter()

    def lap(self, stage: str) -> None:
        now = time.perf_counter()
        self.laps[stage], self._last = now - self._last, now
