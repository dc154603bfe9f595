"""Ada's sheets when their questions have changed since she filled them in, or when they are damaged."""

import re
from collections.abc import Callable
from html import unescape

import pytest
from flask import Flask
from werkzeug.datastructures import MultiDict

from course_engine.domain.answers import earlier_id, table
from course_engine.domain.course import Field
from course_engine.domain.people import Person
from course_engine.domain.progress import Run
from course_engine.engine import Engine
from course_engine.services import writings
from course_engine.storage import tables
from course_engine.web import questions
from tests.cast import Browser, Clock

As = Callable[[Person], Browser]
SHEET = "/worksheets/my-kitchen"
JAR = (("Day 1", "Day 2", "Day 3", "Day 4"), ("Height", "Smell"))
ANSWERS: list[object] = [
    "heron words", "heron\nwords", 3, 2.5, ["heron", "words"], [["heron", "b"], ["words"]],
    [["heron"] * 9] * 30, table(JAR, [["heron", ""]] * 4), {"odd": ["heron"]}, [["heron", 7], 8],
    "", None, True,
]  # fmt: skip
FIELDS = ("how-to-use", "warm-place", "jar-drawing", "warmth", "flour", "tools", "signs", "notes")
_CONTROL = re.compile(
    r'<textarea[^>]*? name="(?P<area>[^"]+)"[^>]*>\n?(?P<words>[^<]*)</textarea>'
    r'|<input (?P<input>[^>]*)>'
)  # fmt: skip


def kept(engine: Engine, ada: Person, run: Run) -> writings.Answers:
    return writings.answers(engine, ada, run, "worksheet", "my-kitchen")


def as_it_stands(page: str) -> MultiDict[str, str]:
    """What a browser sends of the form on this page when nobody has touched it."""
    sent: MultiDict[str, str] = MultiDict()
    (form,) = [one for one in re.findall(r"<form.*?</form>", page, re.DOTALL) if 'name="notes-1-1"' in one]
    for found in _CONTROL.finditer(form):
        if found["area"]:
            sent.add(found["area"], unescape(found["words"]).replace("\n", "\r\n"))
            continue
        given = {name: unescape(value) for name, value in re.findall(r'([\w-]+)="([^"]*)"', found["input"])}
        if given["type"] in ("radio", "checkbox") and not found["input"].endswith(" checked"):
            continue
        sent.add(given["name"], given.get("value", ""))
    sent.pop("csrf_token")
    return sent


def places(sent: MultiDict[str, str]) -> set[str]:
    """The questions at which the heron stands."""
    names = {name for name, words in sent.items(multi=True) if "heron" in words}
    return {field for field in FIELDS if any(name.startswith(field) for name in names)}


def _name(written: str) -> str:
    return written.replace("__", ":").replace("_", "-")


def send(browser: Browser, sent: MultiDict[str, str], **other: str) -> None:
    fields = {**dict(sent.lists()), **{_name(name): words for name, words in other.items()}}
    assert browser.fill(SHEET, **fields).status_code == 303


@pytest.mark.parametrize("answer", ANSWERS, ids=str)
def test_a_question_shows_and_keeps_an_answer_of_any_kind(
    engine: Engine, ada: Person, run: Run, as_: As, clock: Clock, no_printing: None, answer: object
) -> None:
    browser, words = as_(ada), "heron" in str(answer)
    writings.save_answers(engine, ada, run, "worksheet", "my-kitchen", dict.fromkeys(FIELDS, answer), clock())
    page = browser.get(SHEET)
    assert page.status_code == 200
    assert browser.get(f"{SHEET}.pdf?with=answers").status_code == 200
    sent = as_it_stands(page.text)
    assert places(sent) == (set(FIELDS) if words else set())

    send(browser, sent, jar_drawing="a new line")
    assert places(as_it_stands(browser.get(SHEET).text)) == places(sent) - {"jar-drawing"}
    assert kept(engine, ada, run)["jar-drawing"] == "a new line"


def test_an_answer_that_was_chosen_is_the_same_in_every_language(
    engine: Engine, ada: Person, run: Run, as_: As
) -> None:
    browser = as_(ada)
    browser.fill(SHEET, flour="rye")
    browser.fill("/me/language", language="es")
    stands = as_it_stands(browser.get(SHEET).text)
    assert (stands["flour"], stands["flour:other"]) == ("centeno", "")

    send(browser, stands)
    assert kept(engine, ada, run)["flour"] == "rye"
    send(browser, stands, flour="espelta")
    browser.fill("/me/language", language="en")
    assert as_it_stands(browser.get(SHEET).text)["flour"] == "spelt"


@pytest.mark.parametrize("answer", ANSWERS, ids=str)
def test_a_check_in_shows_an_answer_of_any_kind(
    engine: Engine, ada: Person, run: Run, as_: As, clock: Clock, answer: object
) -> None:
    browser, words = as_(ada), "heron" in str(answer)
    for step, *fields in (("check-in-1", "jar-today", "patience-1"), ("oven-1", "calm")):
        writings.save_answers(engine, ada, run, "check-in", step, dict.fromkeys(fields, answer), clock())
        page = browser.get(f"/steps/{step}")
        assert page.status_code == 200
        assert page.text.count("heron") >= (len(fields) if words else 0)


def test_words_of_another_kind_can_be_changed_and_taken_out(
    engine: Engine, ada: Person, run: Run, as_: As, clock: Clock
) -> None:
    browser = as_(ada)
    before: dict[str, object] = {"warmth": "as warm as a <cat>", "signs": "It rose & fell."}
    writings.save_answers(engine, ada, run, "worksheet", "my-kitchen", before, clock())
    page = browser.get(SHEET).text
    assert "What you wrote here earlier: What the jar did" in page
    assert "as warm as a &lt;cat&gt;</textarea>" in page

    send(browser, as_it_stands(page), signs_1_1="3 cm")
    assert kept(engine, ada, run) == {
        earlier_id("warmth"): "as warm as a <cat>",
        earlier_id("signs"): "It rose & fell.",
        "signs": table(JAR, [["3 cm", ""], ["", ""], ["", ""], ["", ""]]),
    }
    send(browser, as_it_stands(browser.get(SHEET).text), signs__earlier="It rose.", warmth__earlier="")
    page = browser.get(SHEET).text
    assert "It rose.</textarea>" in page
    assert "cat" not in page
    send(browser, as_it_stands(page), signs__earlier="", signs_1_1="")
    assert kept(engine, ada, run) == {}


def test_words_stand_beside_the_day_they_were_written_for(
    engine: Engine, ada: Person, run: Run, as_: As, clock: Clock
) -> None:
    browser = as_(ada)
    before = table((("Day 1", "Day 9"), ("Smell", "Colour")), [["sour", ""], ["sweet", "beige"]])
    writings.save_answers(engine, ada, run, "worksheet", "my-kitchen", {"signs": before}, clock())
    page = browser.get(SHEET).text
    for cell in ("Day 1: Smell", "Day 9: Smell", "Day 9: Colour"):
        assert re.search(rf'aria-label="{cell}">\n(sour|sweet|beige)</textarea>', page), cell

    send(browser, as_it_stands(page), signs_1_1="3 cm")
    rows = [["3 cm", "sour", ""], *[["", "", ""]] * 3, ["", "sweet", "beige"]]
    after = table(((*JAR[0], "Day 9"), (*JAR[1], "Colour")), rows)
    assert kept(engine, ada, run) == {"signs": after}
    send(browser, as_it_stands(browser.get(SHEET).text), signs_5_2="", signs_5_3="")
    page = browser.get(SHEET).text
    assert "Day 9" not in page
    assert "Colour" not in page


def test_a_row_that_the_form_did_not_have_is_no_row_that_was_emptied(
    engine: Engine, ada: Person, run: Run, as_: As, clock: Clock
) -> None:
    before = [["3 cm", ""], ["", ""], ["", ""], ["", ""], ["9 cm", "sour"]]
    writings.save_answers(engine, ada, run, "worksheet", "my-kitchen", {"signs": before}, clock())
    as_(ada).fill(SHEET, **{"warm-place": "the shelf", "signs-1-1": "", "signs-1-2": "fruity"})

    cells = [["", "fruity"], ["", ""], ["", ""], ["", ""], ["9 cm", "sour"]]
    assert kept(engine, ada, run) == {
        "warm-place": "the shelf", "signs": table(((*JAR[0], ""), JAR[1]), cells),
    }  # fmt: skip


def test_rows_of_an_earlier_edition_come_back_with_a_fault(
    engine: Engine, ada: Person, run: Run, as_: As, clock: Clock
) -> None:
    browser = as_(ada)
    before = table((("Day 9",), ("Height",)), [["9 cm"]])
    writings.save_answers(
        engine, ada, run, "worksheet", "my-kitchen", {"signs": before, "flour": [["a", "b"]]}, clock()
    )
    sent = as_it_stands(browser.get(SHEET).text)
    sent["warmth"], sent["signs-5-1"], sent["signs-5-2"] = "a lot", "", ""
    page = browser.fill(SHEET, **dict(sent.lists()))
    assert page.status_code == 422
    assert "a; b</textarea>" in page.text
    assert 'aria-label="Day 9: Height"' in page.text

    send(browser, as_it_stands(page.text), warmth="20")
    assert kept(engine, ada, run) == {"warmth": 20, earlier_id("flour"): "a; b"}


@pytest.mark.parametrize("beside", [{}, {"warm-place": "here"}])
def test_words_of_a_question_asked_no_more_stay_until_they_are_taken_out_knowingly(
    engine: Engine, ada: Person, run: Run, as_: As, clock: Clock, beside: dict[str, object]
) -> None:
    browser = as_(ada)
    gone: dict[str, object] = {"oven": ["an old", "heron"], "stove": table(JAR, [["hot", ""]] * 4)}
    writings.save_answers(engine, ada, run, "worksheet", "my-kitchen", gone | beside, clock())
    page = browser.get(SHEET).text
    assert page.count("This question is asked no more.") == 2

    send(browser, as_it_stands(page), warm_place="")
    assert kept(engine, ada, run) == gone
    send(browser, as_it_stands(browser.get(SHEET).text), oven__earlier="a heron")
    assert kept(engine, ada, run) == {earlier_id("oven"): "a heron", "stove": gone["stove"]}
    send(browser, as_it_stands(browser.get(SHEET).text), oven__earlier="", stove__earlier="")
    assert kept(engine, ada, run) == {}
    page = browser.get(SHEET).text
    assert "Kept, empty." in page
    assert "asked no more" not in page


def test_an_emptied_box_of_earlier_words_is_still_empty_after_a_slip_elsewhere(
    engine: Engine, ada: Person, run: Run, as_: As, clock: Clock
) -> None:
    browser = as_(ada)
    before: dict[str, object] = {"signs": "It rose.", "oven": "An old heron."}
    writings.save_answers(engine, ada, run, "worksheet", "my-kitchen", before, clock())
    sent = as_it_stands(browser.get(SHEET).text)
    sent["warmth"], sent["signs:earlier"], sent["oven:earlier"] = "a lot", "", ""
    page = browser.fill(SHEET, **dict(sent.lists()))
    assert page.status_code == 422

    send(browser, as_it_stands(page.text), warmth="")
    assert kept(engine, ada, run) == {}


def test_words_of_a_question_asked_no_more_can_be_taken_out_of_a_check_in_that_is_left_empty(
    engine: Engine, ada: Person, run: Run, as_: As, clock: Clock
) -> None:
    browser = as_(ada)
    writings.save_answers(engine, ada, run, "check-in", "check-in-1", {"oven": "An old heron."}, clock())
    assert "An old heron.</textarea>" in browser.get("/steps/check-in-1").text
    browser.fill("/steps/check-in-1/done", how="done")
    assert writings.answers(engine, ada, run, "check-in", "check-in-1") == {"oven": "An old heron."}

    browser.fill("/steps/check-in-1/done", how="not-today", **{"oven:earlier": ""})
    assert writings.answers(engine, ada, run, "check-in", "check-in-1") == {}


def test_what_stands_beside_one_answer_is_never_the_answer_to_another_question(app: Flask) -> None:
    names = ("earlier", "other", "former", "former-row", "former-column")
    asked = (
        Field("it", "table", "It", columns=("One",), lines=1),
        *(Field(f"it-{name}", "lines", name, lines=1) for name in names),
        Field("which", "choice", "Which", options=("rye",), other=True),
        Field("which-other", "lines", "Another", lines=1),
    )
    typed = {f"it-{name}": name for name in names} | {"it-1-1": "3 cm", "which": "rye", "which-other": "x"}
    with app.test_request_context("/", method="POST", data=typed):
        given = questions.read(asked)

    cell = typed.pop("it-1-1")
    assert given == {**typed, "it": table((("",), ("One",)), [[cell]])}


def test_a_sheet_with_a_thousand_rows_of_nobodys_is_no_burden(
    engine: Engine, ada: Person, run: Run, as_: As
) -> None:
    sent = {"signs:former-row": ["x"] * 1000, "signs:former-column": ["y"] * 1000, "signs-1-1": "3 cm"}
    assert as_(ada).fill(SHEET, **sent).status_code == 303
    found = kept(engine, ada, run)["signs"]
    assert isinstance(found, dict)
    assert (len(found["rows"]), len(found["columns"])) == (104, 102)


def test_what_is_damaged_says_so_and_can_be_filled_in_anew(
    engine: Engine, ada: Person, run: Run, as_: As, clock: Clock
) -> None:
    browser = as_(ada)
    places = {"my-kitchen": "worksheet", "check-in-1": "check-in", "oven-1": "check-in"}
    for item, kind in places.items():
        writings.save_answers(engine, ada, run, kind, item, {"any": "words"}, clock())  # type: ignore[arg-type]
    tables.Answer.update(sealed=b"damaged").execute()

    for path in (SHEET, "/steps/my-kitchen", "/steps/check-in-1", "/steps/oven-1"):
        page = browser.get(path)
        assert page.status_code == 200
        assert "What you kept here cannot be opened any more. You can fill it in anew." in page.text
        assert "cannot be opened" not in browser.get("/today").text, "it is said once, where it is so"
    paper = browser.get(f"{SHEET}.pdf?with=answers")
    assert paper.status_code == 409
    assert "What you kept on this sheet cannot be opened any more." in paper.text

    assert browser.fill(SHEET, **{"warm-place": "the shelf"}).status_code == 303
    assert browser.fill("/steps/oven-1/done", how="done", calm="5").status_code == 303
    for path, words in ((SHEET, "the shelf</textarea>"), ("/steps/oven-1", "No number today")):
        page = browser.get(path)
        assert words in page.text
        assert "cannot be opened" not in page.text


def test_a_whole_sheet_leaves_nothing_said_about_damage(ada: Person, run: Run, as_: As) -> None:
    assert "cannot be opened" not in as_(ada).get(SHEET).text
