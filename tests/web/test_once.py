"""What is drawn once is kept by its arguments and its language, and filled with words that are escaped."""

from collections.abc import Iterator

import pytest
from jinja2 import DictLoader, Environment
from markupsafe import Markup

from course_engine import i18n
from course_engine.rendering.pages import equip
from course_engine.web.once import Once, filled, gap

SHELL = """
{% macro top(page, roles) -%}<b>{{ drawn(page) }} {{ roles|sort|join(" ") }}</b>{%- endmacro %}
{% macro foot() -%}<p>{{ gap("words") }}</p>{%- endmacro %}
{% macro told() -%}{{ language() }}{%- endmacro %}
"""


class Drawings:
    """Counts how often something was drawn."""

    def __init__(self) -> None:
        self.all: list[str] = []

    def __call__(self, page: str) -> str:
        self.all.append(page)
        return page


@pytest.fixture
def drawings() -> Drawings:
    return Drawings()


@pytest.fixture
def once(drawings: Drawings) -> Iterator[Once]:
    jinja = equip(Environment(autoescape=True))
    jinja.loader = DictLoader({"macros/shell.html": SHELL})
    jinja.globals.update(drawn=drawings, gap=gap, language=i18n.language)
    with i18n.speak("en"):
        yield Once(jinja)


def test_the_same_arguments_are_drawn_once_and_others_anew(once: Once, drawings: Drawings) -> None:
    first = once("top", "today", frozenset({"learner"}))
    assert first == once("top", "today", frozenset({"learner"})) == "<b>today learner</b>"
    assert once("top", "course", frozenset({"learner"})) == "<b>course learner</b>"
    assert once("top", "today", frozenset({"learner", "admin"})) == "<b>today admin learner</b>"
    assert drawings.all == ["today", "course", "today"]


def test_each_language_has_its_own(once: Once) -> None:
    assert once("told") == "en"
    with i18n.speak("es"):
        assert once("told") == "es"
    assert once("told") == "en"


def test_it_is_not_escaped_again_where_it_is_put(once: Once) -> None:
    assert isinstance(once("foot", words="a"), Markup)


def test_every_reader_gets_their_own_words_and_signs_of_html_stay_signs(once: Once) -> None:
    assert once("foot", words="Ada") == "<p>Ada</p>"
    assert once("foot", words="<b>Ben</b> & Co") == "<p>&lt;b&gt;Ben&lt;/b&gt; &amp; Co</p>"
    assert once("foot", words="Ada") == "<p>Ada</p>"


def test_what_is_safe_already_is_put_in_as_it_is() -> None:
    assert filled(f"<ol>{gap('rows')}</ol>", {"rows": Markup("<li>1</li>")}) == "<ol><li>1</li></ol>"
