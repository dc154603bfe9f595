"""What people write is shown as they wrote it, on every page, and never runs."""

from collections.abc import Callable
from html.parser import HTMLParser

from course_engine.domain.people import Person
from course_engine.domain.progress import Run
from course_engine.engine import Engine
from course_engine.services import people
from tests.cast import Browser

As = Callable[[Person], Browser]
OPENINGS = ("", '"', "'", '">', "'>", "</textarea>", "</title>", "</script>", "-->", "]]>", "</p>", "&quot;")
ATTACKS = (
    "<script>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    "<svg/onload=alert(1)>",
    "{{7*7}}{%print(1)%}",
    "<a href=javascript:alert(1)>",
)
PAYLOADS = [opening + attack for opening in OPENINGS for attack in ATTACKS]
PAGES = ("/today", "/course", "/journal", "/me", "/certificate", "/worksheets/my-kitchen", "/steps/journal-1")


class _Reader(HTMLParser):
    """Collects what a browser would run, and all text and values it would show."""

    def __init__(self) -> None:
        super().__init__()
        self.running: list[str] = []
        self.shown = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        bad = [name for name in given if name.startswith("on")]
        if bad or (tag == "script" and "nonce" not in given) or "javascript:" in (given.get("href") or ""):
            self.running.append(str(self.get_starttag_text()))
        self.shown += " ".join(value or "" for value in given.values())

    def handle_data(self, data: str) -> None:
        self.shown += data


def test_sixty_hostile_names_are_shown_to_the_letter(engine: Engine, ada: Person, run: Run, as_: As) -> None:
    assert len(PAYLOADS) == 60
    browser = as_(ada)
    for payload in PAYLOADS:
        people.change_name(engine, ada, payload)
        for path in ("/today", "/me"):
            page = _read(browser, path)
            assert page.running == []
            assert payload in page.shown, (path, payload)


def test_hostile_names_are_harmless_to_the_admin(engine: Engine, ada: Person, dov: Person, as_: As) -> None:
    browser = as_(dov)
    for payload in PAYLOADS:
        people.change_name(engine, ada, payload)
        page = _read(browser, "/admin/people")
        assert page.running == []
        assert payload in page.shown


def test_sixty_hostile_texts_in_journal_and_worksheet_come_back_to_the_letter(
    ada: Person, run: Run, as_: As
) -> None:
    browser = as_(ada)
    for payload in PAYLOADS:
        assert browser.fill("/journal", text=payload).status_code == 303
        assert browser.fill(
            "/worksheets/my-kitchen",
            **{"warm-place": payload, "flour": "other", "flour:other": payload, "notes-1-1": payload},
        ).status_code == 303  # fmt: skip
        sheet = _read(browser, "/worksheets/my-kitchen")
        assert sheet.running == []
        assert sheet.shown.count(payload) >= 3, payload
    journal = _read(browser, "/journal")

    assert journal.running == []
    assert all(payload in journal.shown for payload in PAYLOADS)
    assert [path for path in PAGES if _read(browser, path).running] == []


def test_what_a_faulty_form_gives_back_is_harmless(ada: Person, run: Run, as_: As) -> None:
    browser = as_(ada)
    for payload in PAYLOADS:
        for path, fields in (
            ("/sign-in", {"email": payload, "password": "x"}),
            ("/verify", {"code": payload}),
            ("/journal", {"text": payload, "step": payload}),
            ("/certificate", {"name": payload * 3}),
            ("/me/theme", {"theme": payload}),
        ):
            reader = _Reader()
            reader.feed(browser.fill(path, **fields).text)
            assert reader.running == [], (path, payload)
        # Without its token a form leads to the page that gives the words back.
        reader = _Reader()
        reader.feed(browser.post("/journal", data={"text": payload, payload: payload}).text)
        assert reader.running == []


def _read(browser: Browser, path: str) -> _Reader:
    reader = _Reader()
    reader.feed(browser.get(path).text)
    return reader
