"""Help lines show once an admin has found their exact words right, those of one's own country first."""

import shutil
from pathlib import Path

import pytest

from course_engine.domain.errors import NotFound
from course_engine.domain.pace import PaceKind
from course_engine.domain.people import Person
from course_engine.domain.progress import Run
from course_engine.engine import Engine
from course_engine.services import catalogue, cohorts, editions, help_lines, runs
from course_engine.services.help_lines import Offered
from course_engine.storage import audit
from tests.cast import BREAD, COURSES, ZONE, Clock


def line(engine: Engine, id: str) -> Offered:
    return next(one for one in help_lines.offered(engine) if one.line.id == id)


def confirm(engine: Engine, dov: Person, clock: Clock, *ids: str) -> None:
    for id in ids:
        help_lines.confirm(engine, dov, line(engine, id).line.digest, clock())


def test_every_line_waits_until_an_admin_confirms_it(engine: Engine, dov: Person, clock: Clock) -> None:
    ids = [one.line.id for one in help_lines.offered(engine)]
    assert ids == ["pt-crust", "pt-crumb", "pt-oven", "se-rye"]
    assert help_lines.near(engine, "Europe/Lisbon") == help_lines.Near("Portugal", (), ())

    confirm(engine, dov, clock, "pt-oven", "se-rye")

    found = line(engine, "pt-oven").confirmation
    assert found is not None
    assert (found.by, found.at) == ("Dov", clock())
    near = help_lines.near(engine, "Europe/Lisbon")
    assert [one.id for one in near.own] == ["pt-oven"]
    assert [(name, [one.id for one in lines]) for name, lines in near.others] == [("Sweden", ["se-rye"])]


def test_taking_back_hides_a_line_and_both_are_written_down(
    engine: Engine, dov: Person, clock: Clock
) -> None:
    confirm(engine, dov, clock, "pt-oven", "pt-oven")
    help_lines.take_back(engine, dov, line(engine, "pt-oven").line.digest, clock())

    assert help_lines.near(engine, "Europe/Lisbon").own == ()
    assert [(actor, act, detail["line"]) for _at, actor, act, _whom, detail in audit.newest(2)] == [
        (dov.id, "help_line.take_back", "pt-oven"), (dov.id, "help_line.confirm", "pt-oven"),
    ]  # fmt: skip


def test_a_line_whose_words_change_waits_again(
    engine: Engine, dov: Person, clock: Clock, tmp_path: Path
) -> None:
    confirm(engine, dov, clock, "pt-crust", "pt-oven")
    before = line(engine, "pt-crust").line.digest
    _publish_changed(engine, clock, tmp_path, 'call: "555 0100"', 'call: "555 0199"')

    assert line(engine, "pt-crust").confirmation is None
    assert line(engine, "pt-oven").confirmation is not None
    assert [one.id for one in help_lines.near(engine, "Europe/Lisbon").own] == ["pt-oven"]
    with pytest.raises(NotFound):
        help_lines.confirm(engine, dov, before, clock())


def test_paper_carries_two_lines_of_the_readers_country(engine: Engine, dov: Person, clock: Clock) -> None:
    confirm(engine, dov, clock, "pt-crust", "pt-crumb", "pt-oven", "se-rye")

    assert help_lines.on_paper(engine, "Europe/Lisbon") == (
        "Help lines: The crust line, call 555 0100; The crumb line, text CRUMB to 55501."
    )
    assert help_lines.on_paper(engine, "Europe/Stockholm") == (
        "Help lines: The rye line, call +46 555 0103 or text 555 0104."
    )
    assert help_lines.on_paper(engine, "Asia/Tokyo") == ""
    assert help_lines.on_paper(engine, "UTC") == ""


def test_ada_finds_the_lines_of_her_course_after_it_was_withdrawn(
    engine: Engine, run: Run, dov: Person, clock: Clock
) -> None:
    confirm(engine, dov, clock, "pt-oven", "se-rye")
    catalogue.withdraw(engine, run.edition, dov, clock.move(hours=1))

    near = help_lines.near(engine, "Europe/Lisbon")
    assert [one.id for one in near.own] == ["pt-oven"]
    assert [one.id for _country, lines in near.others for one in lines] == ["se-rye"]
    confirm(engine, dov, clock, "pt-crust")
    help_lines.take_back(engine, dov, line(engine, "pt-oven").line.digest, clock())
    assert [one.id for one in help_lines.near(engine, "Europe/Lisbon").own] == ["pt-crust"]


def test_a_group_keeps_the_lines_of_a_withdrawn_course_and_nobody_those_of_one_that_nobody_has(
    engine: Engine, ben: Person, dov: Person, clock: Clock
) -> None:
    digest = editions.newest(BREAD)
    catalogue.withdraw(engine, digest, dov, clock())
    assert help_lines.offered(engine) == []

    catalogue.put_back(engine, digest, dov, clock())
    cohorts.add(engine, ben, BREAD, "Mondays", clock(), ZONE, 60, clock())
    catalogue.withdraw(engine, digest, dov, clock.move(hours=1))
    assert [one.line.id for one in help_lines.offered(engine)] == [
        "pt-crust",
        "pt-crumb",
        "pt-oven",
        "se-rye",
    ]


def test_of_a_withdrawn_course_the_newest_words_that_somebody_has_are_those_that_show(
    engine: Engine, run: Run, cleo: Person, dov: Person, clock: Clock, tmp_path: Path
) -> None:
    _publish_changed(engine, clock, tmp_path, 'call: "555 0100"', 'call: "555 0199"')
    newest = editions.newest(BREAD)
    runs.join_alone(engine, cleo, BREAD, PaceKind.WEEKLY, clock())
    for digest in (run.edition, newest):
        catalogue.withdraw(engine, digest, dov, clock.move(hours=1))

    assert [one.line.call for one in help_lines.offered(engine) if one.line.id == "pt-crust"] == ["555 0199"]


def _publish_changed(engine: Engine, clock: Clock, folder: Path, old: str, new: str) -> None:
    course = Path(shutil.copytree(COURSES / BREAD, folder / "changed"))
    file = course / "help.yaml"
    text = file.read_text("utf-8")
    assert old in text
    file.write_text(text.replace(old, new), "utf-8")
    editions.publish(engine, course, clock.move(hours=1))
