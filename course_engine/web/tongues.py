"""The languages of the courses: which there are to choose, and words of one inside a page of another."""

from flask import Flask, request
from markupsafe import Markup, escape

from course_engine import i18n
from course_engine.domain.errors import BadInput
from course_engine.i18n import gettext as _
from course_engine.services import editions
from course_engine.web import here


def init(app: Flask) -> None:
    """Give templates the filter `spoken(LANGUAGE)`, and `in_language(LANGUAGE)` for attributes."""
    app.jinja_env.filters["spoken"] = spoken
    app.jinja_env.globals["in_language"] = attributes


def choices() -> list[tuple[str, str]]:
    """The languages to choose from, each with its own name for itself; none where there is only one."""
    codes = editions.languages(here.engine())
    return [(code, i18n.own_name(code)) for code in codes] if len(codes) > 1 else []


def guessed() -> str:
    """What to offer first to somebody new: a language of their browser that there is, or the site's."""
    codes = editions.languages(here.engine())
    return request.accept_languages.best_match(codes) or here.engine().config.locale


def at_hand(language: str) -> str:
    """Which of the choices somebody reads who has set this language: that one, or the course's own."""
    return editions.spoken(here.engine(), language)


def checked(language: str) -> str:
    """A language that was chosen, or nothing where nothing was. Raises BadInput for one there is not."""
    if language and language not in editions.languages(here.engine()):
        raise BadInput({"language": _("Choose one of the languages.")})
    return language


def attributes(language: str) -> Markup:
    """The attributes of an element whose words are in this language; none in the language of the page."""
    if language == i18n.language():
        return Markup()
    with i18n.speak(language):
        direction = i18n.direction()
    way = "" if direction == i18n.direction() else f' dir="{direction}"'
    return Markup(' lang="{}"').format(language.replace("_", "-")) + Markup(way)  # noqa: S704 - one of two


def spoken(words: str, language: str) -> Markup:
    """Words of a course inside a sentence of the site."""
    told = attributes(language) if words else ""
    return Markup("<span{}>{}</span>").format(told, words) if told else escape(words)
