"""Which help lines were confirmed, by whom; what was confirmed outlives who confirmed it."""

from course_engine.storage import help_lines, people
from course_engine.storage.database import Database
from tests.storage.cast import ADA, BEN, HOUR, NOW, add_ada, add_ben


def test_a_confirmation_is_kept_once_and_taken_back(database: Database) -> None:
    add_ada()
    add_ben()

    assert help_lines.confirm("digest-1", "pt-crust", ADA.id, NOW)
    assert not help_lines.confirm("digest-1", "pt-crust", BEN.id, NOW + HOUR)
    found = help_lines.confirmed()["digest-1"]
    assert (found.line, found.by, found.at) == ("pt-crust", "Ada", NOW)
    assert help_lines.take_back("digest-1")
    assert not help_lines.take_back("digest-1")
    assert help_lines.confirmed() == {}


def test_a_line_stays_confirmed_when_the_admin_has_gone(database: Database) -> None:
    add_ada()
    help_lines.confirm("digest-1", "pt-crust", ADA.id, NOW)
    people.remove(ADA.id)

    assert help_lines.confirmed()["digest-1"].by == ""
