"""Time zones to choose from, in words."""

from functools import cache
from zoneinfo import available_timezones

from course_engine.i18n import language, place

_AREAS = (
    "Africa/",
    "America/",
    "Antarctica/",
    "Arctic/",
    "Asia/",
    "Atlantic/",
    "Australia/",
    "Europe/",
    "Indian/",
    "Pacific/",
)


def zones() -> tuple[tuple[str, str], ...]:
    """Every zone people live in, as its name and what it is called: `Europe/Lisbon`, `Europe: Lisbon`."""
    return _named(language())


@cache
def _named(_language: str) -> tuple[tuple[str, str], ...]:
    ours = sorted(zone for zone in available_timezones() if zone.startswith(_AREAS))
    return (("UTC", "UTC"), *((zone, f"{zone.split('/')[0]}: {place(zone)}") for zone in ours))
