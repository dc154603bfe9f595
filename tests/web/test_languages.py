"""Ada reads the course in her language, and the site stays in its own."""

import re
from collections.abc import Callable
from dataclasses import replace

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from course_engine.domain.people import Person
from course_engine.domain.progress import Run
from course_engine.engine import Engine
from course_engine.services import people, runs
from course_engine.storage import people as stored
from tests.cast import BREAD, PASSWORD, ZONE, Browser, Clock, do
from tests.web.doors import WEEK_1

As = Callable[[Person], Browser]

pytestmark = pytest.mark.usefixtures("no_printing")


@pytest.fixture
def visitor(client: Browser) -> Browser:
    client.take_token()
    return client


def language_of(person: Person) -> str:
    found = stored.get(person.id)
    assert found is not None
    return found.language


def test_ada_chooses_spanish_and_meets_the_translated_course(ada: Person, run: Run, as_: As) -> None:
    browser = as_(ada)
    settings_page = browser.get("/me").text

    assert '<option value="en" lang="en" selected>English</option>' in settings_page
    assert '<option value="es" lang="es">español</option>' in settings_page
    assert browser.fill("/me/language", language="es").status_code == 303
    assert language_of(ada) == "es"
    assert '<option value="es" lang="es" selected>' in browser.get("/me").text
    lesson = browser.get("/steps/what-lives").text
    assert '<html lang="en"' in lesson
    assert '<h1 lang="es">Quién vive en el tarro</h1>' in lesson
    assert re.search(r'<article class="prose" lang="es"><p>Una masa madre', lesson)
    assert "I have read this" in lesson


@pytest.mark.parametrize(
    ("path", "spanish"),
    [
        ("/today", "Quién vive en el tarro"),
        ("/course", "Pan lento, semana a semana"),
        ("/course", "Un tarro con harina y agua"),
        ("/weeks/1", "Un tarro con harina y agua"),
        ("/weeks/1", "Esta semana en casa"),
        ("/steps/journal-1", "En el cuaderno"),
        ("/steps/check-in-1", "¿Cómo está hoy tu tarro?"),
        ("/steps/check-in-1", "plano y tranquilo"),
        ("/steps/check-in-1", "difícil"),
        ("/worksheets/my-kitchen", "Mi cocina y mi harina"),
        ("/pages/hot-things", "caliente"),
        ("/certificate", "Pan lento, semana a semana"),
    ],
)
def test_words_of_the_course_carry_their_language_everywhere(
    engine: Engine, ada: Person, run: Run, as_: As, path: str, spanish: str
) -> None:
    people.change_language(engine, ada, "es")
    page = as_(ada).get(path).text

    assert '<html lang="en"' in page
    seen = _in_spanish(page)
    assert [words for words in seen if spanish in words], seen


def test_where_languages_are_the_same_nothing_is_marked(ada: Person, run: Run, as_: As) -> None:
    browser = as_(ada)
    for path in ("/today", "/course", "/weeks/1", "/steps/what-lives", "/worksheets/my-kitchen"):
        page = browser.get(path).text
        assert page.count(' lang="') == 1, path


def test_what_is_kept_stays_whatever_language_it_was_kept_in(
    engine: Engine, ada: Person, run: Run, as_: As, clock: Clock
) -> None:
    people.change_language(engine, ada, "es")
    ada = replace(ada, language="es")
    done = do(engine, ada, run, clock(), *WEEK_1)
    people.change_language(engine, ada, "en")

    back = runs.position(engine, replace(ada, language="en"), run, clock())
    assert back.history.done == done.at.history.done
    assert {id: one.state for id, one in back.access.steps.items()} == {
        id: one.state for id, one in done.at.access.steps.items()
    }


@pytest.mark.parametrize("language", ["fr", "xx", "", "en ", "../es"])
def test_a_language_that_no_course_has_is_not_to_be_chosen(
    ada: Person, run: Run, as_: As, language: str
) -> None:
    answer = as_(ada).fill("/me/language", language=language)

    assert answer.status_code == 422
    assert "Choose one of the languages." in answer.text
    assert language_of(ada) == "en"


class TestJoining:
    def test_ada_chooses_while_she_begins(self, engine: Engine, ada: Person, as_: As) -> None:
        browser = as_(ada)

        assert '<select class="control" id="language"' in browser.get("/join/begin").text
        browser.fill("/join/begin", course=BREAD, agree="yes", pace="free", zone=ZONE, language="es")
        assert language_of(ada) == "es"
        assert "Quién vive en el tarro" in browser.get("/today").text

    def test_a_language_there_is_not_is_told_and_nothing_begins(self, ada: Person, as_: As) -> None:
        answer = as_(ada).fill(
            "/join/begin", course=BREAD, agree="yes", pace="free", zone=ZONE, language="fr"
        )

        assert answer.status_code == 422
        assert "Choose one of the languages." in answer.text

    def test_somebody_new_is_offered_the_language_of_their_browser(self, visitor: Browser) -> None:
        page = visitor.get("/sign-up/name", headers={"Accept-Language": "es-MX,es;q=0.9,en;q=0.5"}).text

        assert '<option value="es" lang="es" selected>español</option>' in page

    def test_somebody_new_chooses_with_their_account(self, engine: Engine, visitor: Browser) -> None:
        browser = visitor
        given = {"name": "Eva", "email": "quiet.river", "password": PASSWORD}

        assert browser.fill("/sign-up/name", **given, language="fr").status_code == 422
        assert browser.fill("/sign-up/name", **given, language="es").status_code == 200
        assert people.get("quiet.river").language == "es"

    def test_where_nothing_is_chosen_the_sites_language_stays(self, engine: Engine, visitor: Browser) -> None:
        visitor.fill("/sign-up/name", name="Eva", email="quiet.river", password=PASSWORD)

        assert people.get("quiet.river").language == engine.config.locale


class TestTheApi:
    def test_ada_learns_and_sets_her_language(self, ada: Person, run: Run, as_: As) -> None:
        browser = as_(ada)

        assert browser.get("/api/v1/me").get_json()["language"] == "en"
        assert browser.send("/api/v1/me/language", {"language": "es"}).get_json()["language"] == "es"
        assert browser.get("/api/v1/me").get_json()["language"] == "es"
        assert browser.get("/api/v1/me/course").get_json()["title"] == "Pan lento, semana a semana"

    @pytest.mark.parametrize("body", [{}, {"language": "fr"}, {"language": None}, {"language": 3}])
    def test_another_one_is_refused(self, ada: Person, run: Run, as_: As, body: object) -> None:
        answer = as_(ada).send("/api/v1/me/language", body)

        assert answer.status_code == 422
        assert answer.get_json()["faults"] == {"language": "Choose one of the languages."}


@settings(
    max_examples=50,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(language=st.from_regex(r"[a-z]{2,3}(_[A-Z]{2})?", fullmatch=True))
def test_whoever_reads_a_language_there_is_not_gets_the_original(
    engine: Engine, ada: Person, run: Run, clock: Clock, language: str
) -> None:
    at = runs.position(engine, replace(ada, language=language), run, clock())
    spanish = language.partition("_")[0] == "es"

    assert at.course.language == ("es" if spanish else "en")
    assert at.course.title.startswith("Pan lento" if spanish else "Slow bread")


def _in_spanish(page: str) -> list[str]:
    """The words of every innermost piece of a page that says it is Spanish, its tags taken out."""
    pieces = re.findall(r'<(\w+)[^>]* lang="es"[^>]*>(.*?)</\1>', page, flags=re.DOTALL)
    return [re.sub(r"<[^>]+>", "", words) for _tag, words in pieces]
