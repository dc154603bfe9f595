"""The list of time zones: each place once, and whoever has an older name of one keeps it."""

from collections import Counter
from collections.abc import Callable
from zoneinfo import ZoneInfo

from course_engine.domain.people import Person
from course_engine.engine import Engine
from course_engine.services import runs
from course_engine.web.zones import zones
from tests.cast import Browser, Clock

As = Callable[[Person], Browser]


def test_each_place_stands_there_once_by_its_newest_name() -> None:
    listed = zones()
    assert [name for name, count in Counter(words for _zone, words in listed).items() if count > 1] == []
    names = {words: zone for zone, words in listed}
    assert names["Asia: Kolkata"] == "Asia/Kolkata"
    assert names["America: Buenos Aires"] == "America/Argentina/Buenos_Aires"
    assert names["Europe: Kyiv"] == "Europe/Kyiv"
    assert names["America: St. Thomas"] == "America/St_Thomas"
    assert all(ZoneInfo(zone) for zone, _words in listed)
    assert zones("Mars/North") == zones("America/Nowhere") == listed


def test_places_stand_in_the_order_of_their_words() -> None:
    words = [words for _zone, words in zones()]
    assert words[0] == "UTC"
    assert words[1:] == sorted(words[1:], key=lambda one: one.replace("é", "e").casefold())
    # By its hidden name it would stand with Argentina, long before these two.
    places = [words.index(f"America: {city}") for city in ("Boise", "Buenos Aires", "Cancún")]
    assert places == sorted(places)


def test_a_place_in_two_parts_of_the_world_stands_there_once() -> None:
    cities = Counter(words.partition(": ")[2] for _zone, words in zones())
    assert [city for city, count in cities.items() if count > 1] == []
    names = dict(zones())
    assert {names.get(zone) for zone in ("Europe/Istanbul", "Asia/Nicosia", "Pacific/Auckland")} == {
        "Europe: Istanbul", "Asia: Nicosia", "Pacific: Auckland",
    }  # fmt: skip
    assert ("Antarctica/South_Pole", "Pacific: Auckland") in zones("Antarctica/South_Pole")


def test_ada_keeps_the_older_name_she_has(engine: Engine, ada: Person, as_: As, clock: Clock) -> None:
    runs.change_zone(engine, ada, "Asia/Calcutta", clock())
    browser = as_(ada)
    page = browser.get("/me").text
    assert '<option value="Asia/Calcutta" selected>Asia: Kolkata</option>' in page
    assert "Asia/Kolkata" not in page
    assert browser.fill("/me/zone", zone="Asia/Calcutta").status_code == 303
