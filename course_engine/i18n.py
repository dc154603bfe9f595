"""Words, plurals, dates and numbers in the reader's language.

One active language per thread or task (`speak`), set at the edges: by web from the person,
by jobs and rendering from what they are given. Catalogues are read from `.po` files, so a
translation needs no build step; a language without one speaks English.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import date, datetime
from functools import cache
from gettext import GNUTranslations, NullTranslations
from io import BytesIO
from zoneinfo import ZoneInfo

from babel import Locale, UnknownLocaleError
from babel.core import get_locale_identifier, parse_locale
from babel.dates import format_date, format_datetime, get_timezone_location
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po

from course_engine.paths import LOCALES

_language: ContextVar[str] = ContextVar("language", default="en")


@contextmanager
def speak(language: str) -> Iterator[None]:
    """Use this language (`en`, `pt_BR`) inside the block."""
    token = _language.set(language)
    try:
        yield
    finally:
        _language.reset(token)


def use(language: str) -> None:
    """Use this language from now on in this thread or task."""
    _language.set(language)


def is_language(code: str) -> bool:
    """Whether this is the code of a language, such as `en` or `pt_BR`."""
    try:
        _parsed(code)
    except (ValueError, UnknownLocaleError):
        return False
    return True


def language() -> str:
    """The language in use."""
    return _language.get()


def direction() -> str:
    """`ltr` or `rtl`, for the `dir` attribute."""
    return "rtl" if _locale().text_direction == "rtl" else "ltr"


def gettext(message: str, **values: object) -> str:
    """The message in the language in use, with `%(name)s` filled in."""
    text = _catalogue(_language.get()).gettext(message)
    return text % values if values else text


def ngettext(one: str, many: str, n: int, **values: object) -> str:
    """The form of the message for `n`, with `%(n)s` and the other values filled in."""
    return _catalogue(_language.get()).ngettext(one, many, n) % {"n": n, **values}


def mark(message: str) -> str:
    """Mark a message for translation where it is defined; `gettext` it where it is shown."""
    return message


def day(moment: datetime | date, zone: str = "UTC") -> str:
    """`Tuesday 17 March 2026`, in the reader's zone."""
    return format_date(_local(moment, zone), "EEEE d MMMM y", locale=_locale())


def short_day(moment: datetime | date, zone: str = "UTC") -> str:
    """`17 March 2026`, in the reader's zone."""
    return format_date(_local(moment, zone), "d MMMM y", locale=_locale())


def clock(moment: datetime, zone: str) -> str:
    """`18:30`, in the reader's zone."""
    return format_datetime(moment, "HH:mm", tzinfo=ZoneInfo(zone), locale=_locale())


def instant(moment: datetime, zone: str) -> str:
    """`Tuesday 17 March, 18:30, your time, Lisbon`: weekday, date, time and zone in words."""
    when = format_datetime(moment, "EEEE d MMMM, HH:mm", tzinfo=ZoneInfo(zone), locale=_locale())
    return gettext("%(when)s, your time, %(place)s", when=when, place=place(zone))


def place(zone: str) -> str:
    """The place a zone is named after, in words: `Lisbon` for `Europe/Lisbon`."""
    if zone == "UTC":
        return "UTC"
    city = str(get_timezone_location(ZoneInfo(zone), locale=_locale(), return_city=True))
    return city.rsplit("/", 1)[-1]


def _local(moment: datetime | date, zone: str) -> date:
    return moment.astimezone(ZoneInfo(zone)).date() if isinstance(moment, datetime) else moment


def _locale() -> Locale:
    return _parsed(_language.get())


@cache
def _parsed(language: str) -> Locale:
    return Locale.parse(get_locale_identifier(parse_locale(language.replace("-", "_"))))


@cache
def _catalogue(language: str) -> NullTranslations:
    path = LOCALES / f"{language}.po"
    if not path.exists():
        return NullTranslations()
    compiled = BytesIO()
    with path.open("rb") as source:
        write_mo(compiled, read_po(source, locale=language))
    compiled.seek(0)
    return GNUTranslations(compiled)
