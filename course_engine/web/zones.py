"""Time zones to choose from, in words: each place once, although many have older names too."""

from functools import cache
from zoneinfo import available_timezones

from course_engine.i18n import gettext as _
from course_engine.i18n import language, mark, place

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
    label = _label(own) if own.startswith(tuple(_AREAS)) and own in available_timezones() else ""
    return tuple((own if words == label else zone, words) for zone, words in named) if label else named


@cache
def _named(_language: str) -> tuple[tuple[str, str], ...]:
    twins: dict[str, list[str]] = {}
    for zone in sorted(zone for zone in available_timezones() if zone.startswith(tuple(_AREAS))):
        twins.setdefault(_label(zone), []).append(zone)
    return (("UTC", "UTC"), *((_newest(names, words), words) for words, names in twins.items()))


def _label(zone: str) -> str:
    return f"{_(_AREAS[zone.partition('/')[0] + '/'])}: {place(zone)}"


def _newest(names: list[str], words: str) -> str:
    """The name that says the place as people do now; of several the longest, as the older are shorter."""
    said = words.partition(": ")[2].replace(" ", "_")
    return max(names, key=lambda name: (name.rpartition("/")[2] == said, name.count("/"), name))
