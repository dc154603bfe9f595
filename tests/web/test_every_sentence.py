"""Every sentence of ours on every page comes from the catalogue, so that one file a language is enough."""

import re
from collections.abc import Callable, Iterator
from dataclasses import replace
from functools import cache
from html.parser import HTMLParser
from io import BytesIO
from pathlib import Path

import pytest
from babel import Locale
from babel.messages.catalog import Catalog
from babel.messages.extract import extract_from_dir
from babel.messages.pofile import write_po
from flask import Flask

from course_engine import i18n
from course_engine.domain.people import Person
from course_engine.engine import Engine
from course_engine.paths import MODULES, PACKAGE, TEMPLATES
from course_engine.web.zones import zones
from tests.cast import BREAD, COURSES, Browser, Clock
from tests.web.doors import DOORS, Site, furnish

As = Callable[[Person], Browser]

# A language that nothing here is written in: what is not marked as translated into it was never asked for.
FOREIGN = "eo"
KEYWORDS = {"_": None, "gettext": None, "ngettext": (1, 2), "mark": None}
# What the people of the site are called and have written, and what the pages for admins quote.
SAID = (
    "Ada, Ben, Cleo, Dov, Ema, Gil, Zoe, Olga, Somebody", "Ben's Mondays", "Ema's Tuesdays", "Gil's", "Soon",
    "See you soon.", "Could we talk?", "A quiet morning.", "Stillwater", "Firefox, Linux", "SQLite", "Python",
    "course-engine", "flask", "weasyprint", "peewee", "granian", "Mend this", "Read this.", "CC BY 4.0",
    "self-compassion", BREAD, "bread.zip",
)  # fmt: skip
MONTHS = "Januaro|Februaro|Marto|Aprilo|Majo|Junio|Julio|Aŭgusto|Septembro|Oktobro|Novembro|Decembro"
DATE = re.compile(rf"(\w+ )?\d+ ({MONTHS})\b|\d+ sekundoj")
ADDRESS = re.compile(r"\S*@example\.org|(https?:)?/\S+|\S+\.(md|yaml):[\d:]+|[\w-]*\d[\w-]*|\b[A-Z]{4,}\b")
READ_ALOUD = ("alt", "aria-label", "placeholder", "title")
VOID = frozenset({"br", "hr", "img", "input", "link", "meta", "source", "wbr", "col"})

pytestmark = [
    pytest.mark.usefixtures("no_printing"),
    pytest.mark.parametrize("site_url", ["sqlite"], indirect=True),
]


@pytest.fixture(scope="module")
def marked(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a catalogue in which every sentence that can be found in code and pages is in ⟦…⟧."""
    catalogue = Catalog(locale=FOREIGN)
    for folder, methods in ((PACKAGE, [("**.py", "python")]), (TEMPLATES, [("**", "jinja2")])):
        for _file, _line, message, _comments, context in extract_from_dir(
            folder, methods, {"**": {"trim_blocks": "true", "newstyle_gettext": "true"}}, KEYWORDS
        ):
            several = message if isinstance(message, tuple) else (message,)
            told = tuple(f"⟦{one}⟧" for one in several)
            catalogue.add(message, told if isinstance(message, tuple) else told[0], context=context)
    written = BytesIO()
    write_po(written, catalogue)
    made = tmp_path_factory.mktemp("locales")
    (made / f"{FOREIGN}.po").write_bytes(written.getvalue())
    return made


class Reader(HTMLParser):
    """The words of a page that are neither of a course, which say their own language, nor in ⟦…⟧."""

    def __init__(self) -> None:
        super().__init__()
        self.open: list[tuple[str, bool]] = []
        self.text = ""
        self.bare: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        foreign = bool(self.open and self.open[-1][1]) or given.get("lang", FOREIGN) != FOREIGN
        foreign = foreign or tag in ("script", "style", "svg")
        if tag not in VOID:
            self.open.append((tag, foreign))
        if not foreign:
            self.bare += [value for name in READ_ALOUD if (value := given.get(name)) and "⟦" not in value]

    def handle_endtag(self, tag: str) -> None:
        while self.open and self.open.pop()[0] != tag:
            pass

    def handle_data(self, data: str) -> None:
        if not (self.open and self.open[-1][1]):
            self.text += f"\n{data}"


def unmarked(page: str) -> list[str]:
    reader = Reader()
    reader.feed(page)
    text = reader.text
    while (shorter := re.sub(r"⟦[^⟦⟧]*⟧", "", text)) != text:
        text = shorter
    lines = [" ".join(line.split()) for line in text.splitlines()]
    return [line for line in [*reader.bare, *lines] if re.search(r"[^\W\d_]{2}", line)]


@pytest.fixture
def foreign(
    engine: Engine, clock: Clock, marked: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Callable[[], Site]]:
    """Makes a site in which every address leads somewhere and that speaks the language of the catalogue."""
    monkeypatch.setattr(i18n, "LOCALES", marked)
    i18n._catalogue.cache_clear()

    def speak() -> Site:
        made = furnish(engine, clock)
        engine.config = replace(engine.config, locale=FOREIGN)
        return made

    yield speak
    i18n._catalogue.cache_clear()
    i18n.use("en")


def test_every_sentence_of_every_page_is_in_the_catalogue(
    foreign: Callable[[], Site], app: Flask, as_: As
) -> None:
    site = foreign()
    known = data()
    bare: dict[str, str] = {}
    for door, expected in DOORS.items():
        method, rule = door.split(maxsplit=1)
        if method != "GET" or 200 not in expected:
            continue
        actor = site.actors[expected.index(200)]
        answer = (as_(actor) if actor else app.test_client()).get(site.path(rule, actor))
        if answer.mimetype == "text/html":
            assert "⟦" in answer.text, door
            bare |= {line: door for line in unmarked(answer.text) if not is_data(line, known)}

    assert bare == {}


def test_every_sentence_of_a_refusal_is_in_the_catalogue(
    foreign: Callable[[], Site], app: Flask, as_: As
) -> None:
    site = foreign()
    known = data()
    ada, cleo = as_(site.ada), as_(site.cleo)
    refusals = {
        "locked": cleo.get("/weeks/3"),
        "not there": cleo.get("/steps/nothing"),
        "faulty": ada.fill("/journal", text="river", colour="blue"),
        "too long": ada.fill("/me/name", name="a" * 81),
        "wrong paper": ada.get("/worksheets/my-kitchen.pdf?paper=a3"),
        "old token": ada.post("/journal", data={"text": "river"}),
        "not in this way": ada.put("/journal"),
        "not signed in": app.test_client().get("/today"),
    }
    bare = {
        name: [line for line in unmarked(answer.text) if not is_data(line, known)]
        for name, answer in refusals.items()
    }
    assert [name for name, answer in refusals.items() if "⟦" not in answer.text] == []
    assert {name: lines for name, lines in bare.items() if lines} == {}
    told = ada.get("/api/v1/me/worksheets/nothing.pdf").json
    assert told is not None
    assert re.fullmatch("⟦.*⟧", told["detail"])


def is_data(line: str, known: str) -> bool:
    """Whether each part of a line is nobody's to translate."""
    parts = re.split(r"[·,:]", ADDRESS.sub("", DATE.sub("", line)))
    return all(part.strip(" .()…") in known for part in parts)


@cache
def data() -> str:
    """What stands on pages and is nobody's to translate: words of courses, names, places."""
    texts = [
        " ".join(path.read_text(encoding="utf-8").split())
        for folder in (COURSES / BREAD, MODULES)
        for kind in ("*.md", "*.yaml")
        for path in folder.rglob(kind)
    ]
    locale = Locale(FOREIGN)
    with i18n.speak(FOREIGN):
        places = [label.rpartition(": ")[2] for _zone, label in zones()]
    return "\n".join(
        [*texts, *places, *locale.territories.values(), *locale.languages.values(), *SAID, str(MODULES)]
    )
