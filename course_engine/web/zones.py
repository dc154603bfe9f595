"""Time zones to choose from, in words: each place once, although many have older names too."""

import unicodedata
from functools import cache

from babel.core import get_global

from course_engine.i18n import gettext as _
from course_engine.i18n import language, mark, place, zone_names

_AREAS = {
    "Africa/": mark("Africa"),
    "America/": mark("America"),
    "Antarctica/": mark("Antarctica"),
    "Arctic/": mark("Arctic"),
    "Asia/": mark("Asia"),
    "Atlantic/": mark("Atlantic"),
    "Australia/": mark("Australia"),
    "Europe/": mark("Europe"),
    "Indian/": mark("Indian"),
    "Pacific/": mark("Pacific"),
}


def zones(own: str = "") -> tuple[tuple[str, str], ...]:
    """Every place people live in, as its zone and what it is called: `Europe/Lisbon`, `Europe: Lisbon`.

    `own` is chosen already: it stands there by the very name it has, which may be an older one.
    """
    named = _named(language())
    if not own.startswith(tuple(_AREAS)) or own not in zone_names():
        return named
    city = place(own)
    return tuple((own if words.partition(": ")[2] == city else zone, words) for zone, words in named)


@cache
def _named(_language: str) -> tuple[tuple[str, str], ...]:
    twins: dict[str, list[str]] = {}
    for zone in zone_names():
        if zone.startswith(tuple(_AREAS)):
            twins.setdefault(place(zone), []).append(zone)
    newest = (_newest(names, city) for city, names in twins.items())
    listed = sorted(((zone, _label(zone)) for zone in newest), key=lambda pair: _letters(pair[1]))
    return (("UTC", "UTC"), *listed)


def _label(zone: str) -> str:
    return f"{_(_AREAS[zone.partition('/')[0] + '/'])}: {place(zone)}"


def _newest(names: list[str], city: str) -> str:
    """The name that says the place as people do now, under the part of the world its clock is kept in."""
    older, said = get_global("zone_aliases"), city.replace(" ", "_")
    return max(names, key=lambda name: (name not in older, name.rpartition("/")[2] == said, name))


def _letters(words: str) -> str:
    """Words as they are sorted: without case and accents."""
    plain = unicodedata.normalize("NFKD", words.casefold())
    return "".join(sign for sign in plain if not unicodedata.combining(sign))
