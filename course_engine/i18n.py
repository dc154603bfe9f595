"""Words, plurals, dates and numbers in the reader's language.

One active language per thread or task (`speak`), set at the edges: by web from the person,
by jobs and rendering from what they are given. Catalogues are read from `.po` files, so a
translation needs no build step; a language without one speaks English.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import date, datetime
from fractions import Fraction
from functools import cache, lru_cache
from gettext import GNUTranslations, NullTranslations
from io import BytesIO
from zoneinfo import ZoneInfo, available_timezones

from babel import Locale, UnknownLocaleError
from babel.core import get_global, get_locale_identifier, parse_locale
from babel.dates import format_date, format_datetime, format_timedelta, get_timezone_location
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from babel.numbers import format_decimal

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


def is_spoken(code: str) -> bool:
    """Whether our own sentences are there in this language."""
    return code.partition("_")[0] == "en" or (LOCALES / f"{code}.po").exists()


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


def week_name(number: int) -> str:
    """`Week 3`, or for orientation, which has the number 0, what it stands before."""
    return gettext("Week %(number)s", number=number) if number else gettext("Before week 1")


def day(moment: datetime | date, zone: str = "UTC") -> str:
    """`Tuesday 17 March 2026`, in the reader's zone."""
    return _date(_local(moment, zone), "EEEE d MMMM y", language())


def short_day(moment: datetime | date, zone: str = "UTC") -> str:
    """`17 March 2026`, in the reader's zone."""
    return _date(_local(moment, zone), "d MMMM y", language())


def day_and_month(on: date) -> str:
    """`17 March`: a day not far away."""
    return _date(on, "d MMMM", language())


def weekday(on: date) -> str:
    """`Tuesday`."""
    return _date(on, "EEEE", language())


def clock(moment: datetime, zone: str) -> str:
    """`18:30`, in the reader's zone."""
    return _time(moment, "HH:mm", zone, language())


def instant(moment: datetime, zone: str) -> str:
    """`Tuesday 17 March, 18:30, your time, Lisbon`: weekday, date, time and zone in words."""
    when = _time(moment, "EEEE d MMMM, HH:mm", zone, language())
    return gettext("%(when)s, your time, %(place)s", when=when, place=place(zone))


def instant_aside(moment: datetime, zone: str) -> str:
    """`Tuesday 17 March, 18:30 (your time, Lisbon)`: the same inside a sentence that goes on."""
    when = _time(moment, "EEEE d MMMM, HH:mm", zone, language())
    return gettext("%(when)s (your time, %(place)s)", when=when, place=place(zone))


def there(moment: datetime, zone: str) -> str:
    """`Tuesday 17 March, 18:30, Lisbon time`: for a zone that need not be the reader's own."""
    when = _time(moment, "EEEE d MMMM, HH:mm", zone, language())
    return gettext("%(when)s, %(place)s time", when=when, place=place(zone))


def age(since: datetime, now: datetime) -> str:
    """How long ago in words: `2 days`."""
    return str(format_timedelta(now - since, locale=_locale()))


def place(zone: str) -> str:
    """The place a zone is named after, in words: `Lisbon` for `Europe/Lisbon`."""
    return "UTC" if zone == "UTC" else _city(zone, language())


def country(code: str) -> str:
    """The name of a country by its two letters: `Portugal` for `PT`; empty for one there is not."""
    return str(_locale().territories.get(code) or "")


def language_name(code: str) -> str:
    """A language in words, in the language in use: `Spanish` for `es`; a code of none stays as it is."""
    return str(_parsed(code).get_display_name(_locale()) or code) if is_language(code) else code


def own_name(code: str) -> str:
    """A language in words of its own: `español` for `es`; a code of none stays as it is."""
    return str(_parsed(code).get_display_name() or code) if is_language(code) else code


def number(value: float | Fraction) -> str:
    """`6.4`: at most one decimal, as the reader writes it."""
    return format_decimal(round(float(value), 1), format="#,##0.#", locale=_locale())


def is_zone(name: str) -> bool:
    """Whether this is the IANA name of a time zone, such as `Europe/Lisbon`."""
    return name == "UTC" or name in zone_names()


@cache
def zone_names() -> frozenset[str]:
    """Every zone to choose from: without the names that mean none, or another one on each machine."""
    return frozenset(available_timezones() - {"Factory", "localtime", "posixrules"})


def country_of(zone: str) -> str:
    """The two letters of the country a zone lies in: `PT` for `Europe/Lisbon`; empty for none."""
    known_as = get_global("zone_aliases").get(zone, zone)
    code = str(get_global("zone_territories").get(known_as, ""))
    return code if code != "ZZ" and country(code) else ""


def _local(moment: datetime | date, zone: str) -> date:
    return moment.astimezone(ZoneInfo(zone)).date() if isinstance(moment, datetime) else moment


# A page names the same few days and instants for many readers, and putting one into words is slow.
@lru_cache(maxsize=4096)
def _date(on: date, pattern: str, language: str) -> str:
    return str(format_date(on, pattern, locale=_parsed(language)))


@lru_cache(maxsize=4096)
def _time(moment: datetime, pattern: str, zone: str, language: str) -> str:
    return str(format_datetime(moment, pattern, tzinfo=ZoneInfo(zone), locale=_parsed(language)))


@lru_cache(maxsize=4096)
def _city(zone: str, language: str) -> str:
    city = str(get_timezone_location(ZoneInfo(zone), locale=_parsed(language), return_city=True))
    return city.rsplit("/", 1)[-1]


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
