"""What a lesson may hold, and what reaches a page."""

import re
import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from course_engine.content.faults import Faults, Spot
from course_engine.content.markdown import render
from course_engine.content.proofs import Desk
from course_engine.content.reading import Passage

LEAF = b'<svg xmlns="http://www.w3.org/2000/svg"><path d="M0 0"/></svg>'


def html(text: str, headings: int | None = 2, pictures: dict[str, bytes] | None = None) -> str:
    faults = Faults()
    made = render(Passage(text, Spot(1)), Desk("m/week-1.md", "en", faults, pictures or {}), headings)
    assert [str(fault) for fault in faults] == []
    return made


def told(text: str, headings: int | None = 2, pictures: dict[str, bytes] | None = None) -> list[str]:
    faults = Faults()
    render(Passage(text, Spot(10, 3)), Desk("m/week-1.md", "en", faults, pictures or {}), headings)
    return [str(fault) for fault in faults]


def test_headings_stand_under_the_title_of_their_page() -> None:
    assert html("### A\n\n#### B") == "<h2>A</h2>\n<h3>B</h3>"
    assert html("### A", headings=3) == "<h3>A</h3>"


def test_a_box_has_its_title_and_no_landmark() -> None:
    assert html("::: care\nSlowly.\n:::") == (
        '<div class="box box-care" role="note"><p class="box-title">Go gently</p>\n<p>Slowly.</p>\n</div>'
    )


def test_a_table_says_what_its_heads_are_for_and_carries_no_style() -> None:
    made = html("| a | b |\n|:--|--:|\n| 1 | 2 |")

    assert made.count('<th scope="col">') == 2
    assert "style" not in made


def test_a_link_goes_out_without_telling_from_where() -> None:
    assert html("[a](https://example.org/?a=1&b=2)") == (
        '<p><a href="https://example.org/?a=1&amp;b=2" rel="noopener noreferrer">a</a></p>'
    )
    assert 'href="/steady"' in html("[steady](/steady)")


def test_words_that_are_not_the_courses_own_are_told_apart() -> None:
    assert html('["You *ruin* it."]{.critic}') == (
        '<p><span class="critic">“You <em>ruin</em> it.”</span></p>'
    )
    assert html("Some say: [it cures]{.said}.") == '<p>Some say: <span class="said">it cures</span>.</p>'


def test_a_picture_becomes_part_of_the_page_with_its_words() -> None:
    made = html('![A leaf, "green"](leaf.svg)', pictures={"m/leaf.svg": LEAF})

    assert 'src="data:image/svg+xml;base64,' in made
    assert 'alt="A leaf, “green”"' in made


@pytest.mark.parametrize(
    ("text", "place", "words"),
    [
        ("a\n\n<script>1</script>", "12:3", "Raw HTML"),
        ("a\nb <i>c</i>", "11:5", "Raw HTML"),
        ("<!-- c -->", "10:3", "Raw HTML"),
        ("a </b>", "10:5", "Raw HTML"),
        ("x [a](javascript:alert(1))", "10:5", "javascript:alert(1)"),
        ("[a](JaVaScRiPt:alert(1))", "10:3", "not allowed"),
        ("[a](java&#10;script:alert)", "10:3", "not allowed"),
        ("[a](data:text/html,x)", "10:3", "not allowed"),
        ("[a](//example.org)", "10:3", "not allowed"),
        ("[a](other-page)", "10:3", "not allowed"),
        ("[a]\n\n[a]: vbscript:x", "10:3", "not allowed"),
        ("[](https://example.org)", "10:3", "no words"),
        ("![](leaf.svg)", "10:3", "no words for those who cannot see it"),
        ("![ ](leaf.svg)", "10:3", "no words for those who cannot see it"),
        ("![a](other.svg)", "10:3", "no picture `other.svg`"),
        ("![a](https://example.org/a.svg)", "10:3", "not a picture of this folder"),
        ("![a](data:image/svg+xml,x)", "10:3", "not a picture of this folder"),
        ("# A", "10:3", "begin at `###`"),
        ("A\n---", "10:3", "begin at `###`"),
        ("###\n\na", "10:3", "no words"),
        ("#### A", "10:3", "skips a level"),
        ("::: try\nopen", "10:3", "not closed"),
        ("::: try\na\n\n::: note\nb\n:::", "10:3", "before the next one"),
        (":::\nstray", "10:3", "neither opens nor closes"),
        ("::: warning\nx\n:::", "10:3", "no box `warning`"),
        ("> " * 80 + "x", "10:3", "nested too deeply"),
        ("- " * 80 + "x", "10:3", "nested too deeply"),
        ("[a]{.other}", "10:6", "`{.critic}`, `{.said}`"),
        ("[a]{.critic .said}", "10:6", "hold no more"),
        ("[a]{.critic #b}", "10:6", "hold no more"),
        ("[a]{.said onclick=x}", "10:6", "hold no more"),
        ("[a]{#b}", "10:6", "hold no more"),
        ("[a] {.said}", "10:7", "belong to nothing"),
        ("a {.critic}", "10:5", "belong to nothing"),
        ("[a](evidence:b)", "10:7", "no row `b`"),
        ("[a](evidence:../b)", "10:7", "no row `../b`"),
        ("[](evidence:b)", "10:3", "not allowed"),
        ("word " * 10_000, "10:3", "too long"),
    ],
)
def test_what_may_not_stand_in_a_text_is_told_with_its_place(text: str, place: str, words: str) -> None:
    found = told(text, pictures={"m/leaf.svg": LEAF})

    assert len(found) == 1, found
    assert found[0].startswith(f"m/week-1.md:{place}: ")
    assert words in found[0]


def test_a_text_in_yaml_has_no_headings() -> None:
    assert "Headings cannot stand" in told("### A", headings=None)[0]


@pytest.mark.parametrize(
    "inside",
    [
        b"<script>1</script>", b'<path onload="x"/>', b'<image href="file:///etc/passwd"/>',
        b'<use xlink:href="https://example.org/a.svg#b"/>', b"<style>@import 'x'</style>",
        b'<rect fill="url(https://example.org)"/>', b"<foreignObject/>", b"<!ENTITY a 'b'>", b"&a;",
        b"<svg:script>1</svg:script>", b"<animate/>", b'<a href="javascript:1"/>',
    ],
)  # fmt: skip
def test_a_picture_that_acts_or_fetches_is_refused(inside: bytes) -> None:
    picture = LEAF.replace(b"<path", inside + b"<path")

    assert "save it as plain SVG" in "".join(told("![a](leaf.svg)", pictures={"m/leaf.svg": picture}))


@pytest.mark.parametrize(
    "text",
    ["[" * 30_000, "![" * 15_000, "`" * 30_000, "_*" * 15_000, "[a](" * 7_500, "a\n" * 15_000, "<a " * 10_000,
     "&#" * 15_000, "[a]: x\n" * 4_000, "::: try\n" * 3_700, "*a " * 10_000],
)  # fmt: skip
def test_no_text_holds_the_reader_up(text: str) -> None:
    began = time.thread_time()
    told(text)

    assert time.thread_time() - began < 10


SIGNS = st.sampled_from(
    [
        "<",
        ">",
        "script",
        "img",
        " src=x",
        " onerror=1",
        "[",
        "]",
        "(",
        ")",
        "javascript:",
        "!",
        "`",
        "::: try\n",
        "\n",
        "&lt",
        "&#60",
        '"',
        "'",
        "\\",
        "*",
        "|",
        "-",
        "### ",
        "data:",
        "picture:leaf.svg",
        "x",
        "/",
        "a ",
    ]
)


@settings(max_examples=300, deadline=None)
@given(st.lists(SIGNS, max_size=40).map("".join))
def test_whatever_is_written_nothing_that_acts_reaches_the_page(text: str) -> None:
    desk = Desk("m/week-1.md", "en", Faults(), {"m/leaf.svg": LEAF})
    made = render(Passage(text, Spot(1)), desk, 2)

    tags = re.findall(r"<[^>]*>", made)
    for tag in tags:
        assert not re.search(
            r"<\s*(script|iframe|object|style|svg)|\son\w+\s*=|javascript:", tag, re.IGNORECASE
        ), tag
        assert "data:" not in re.sub(r'src="data:image/[^"]*"|alt="[^"]*"', "", tag), tag
