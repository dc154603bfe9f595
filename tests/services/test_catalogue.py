"""Dov withdraws an edition: nobody new gets it, whoever has it keeps it, and it can come back."""

from collections.abc import Callable

import pytest

from course_engine.domain.errors import NotFound, Refused
from course_engine.domain.pace import PaceKind
from course_engine.domain.people import Person
from course_engine.domain.progress import Run
from course_engine.domain.roles import Role
from course_engine.engine import Engine
from course_engine.services import catalogue, cohorts, differences, editions, invitations, joining, runs
from tests.cast import BREAD, ZONE, Clock

Edit = Callable[..., str]


def test_the_one_before_is_offered_then(
    engine: Engine, edit: Edit, dov: Person, ada: Person, clock: Clock
) -> None:
    first = editions.newest(BREAD)
    newest = edit(("course.yaml", "Slow bread, week by week", "Slower bread"))
    catalogue.withdraw(engine, newest, dov, clock.move(minutes=1))

    assert editions.newest(BREAD) == first
    assert runs.join_alone(engine, ada, BREAD, PaceKind.FREE, clock()).edition == first
    (entry,) = catalogue.entries()
    assert entry.newest is not None
    assert (entry.newest.edition.digest, entry.newest.alone) == (first, 1)
    assert [one.edition.digest for one in entry.withdrawn] == [newest]

    catalogue.put_back(engine, newest, dov, clock.move(minutes=1))
    assert editions.newest(BREAD) == newest


def test_with_none_left_the_course_is_not_offered_and_says_so(
    engine: Engine, run: Run, ben: Person, cleo: Person, dov: Person, clock: Clock
) -> None:
    digest = editions.newest(BREAD)
    catalogue.withdraw(engine, digest, dov, clock())

    assert editions.offered(engine, "en") == []
    for act in (
        lambda: runs.join_alone(engine, cleo, BREAD, PaceKind.FREE, clock()),
        lambda: cohorts.add(engine, ben, BREAD, "Mondays", clock(), ZONE, 60, clock()),
        lambda: editions.offer(engine, BREAD, "en"),
    ):
        with pytest.raises(NotFound, match="not offered at present"):
            act()
    (entry,) = catalogue.entries()
    assert entry.newest is None
    assert [one.alone for one in entry.withdrawn] == [1]


def test_a_group_goes_on_with_it_and_so_does_whoever_joins_the_group(
    engine: Engine, ben: Person, cleo: Person, dov: Person, clock: Clock
) -> None:
    group = cohorts.add(engine, ben, BREAD, "Mondays", clock(), ZONE, 60, clock())
    code = invitations.make(engine, group, Role.LEARNER, ben, clock()).code
    catalogue.withdraw(engine, group.edition, dov, clock())
    joined = joining.join(engine, cleo, code, clock())

    assert joined.run is not None
    assert joined.run.edition == group.edition
    assert runs.position(engine, cleo, joined.run, clock()).course.id == BREAD


def test_an_older_edition_becomes_the_newest_again_but_not_a_withdrawn_one(
    engine: Engine, edit: Edit, dov: Person, clock: Clock
) -> None:
    first = editions.newest(BREAD)
    edit(("course.yaml", "Slow bread, week by week", "Slower bread"))
    catalogue.withdraw(engine, first, dov, clock())
    with pytest.raises(Refused, match="Put it back first"):
        catalogue.renew(engine, first, dov, clock())
    catalogue.put_back(engine, first, dov, clock())
    once = catalogue.renew(engine, first, dov, clock.move(minutes=1))
    twice = catalogue.renew(engine, first, dov, clock.move(minutes=1))

    assert editions.newest(BREAD) == first
    assert twice.published_at == once.published_at


@pytest.mark.parametrize("act", [catalogue.withdraw, catalogue.put_back, catalogue.renew])
def test_an_edition_that_is_not_there_is_not_found(
    engine: Engine, dov: Person, clock: Clock, act: Callable[..., object]
) -> None:
    with pytest.raises(NotFound):
        act(engine, "0" * 64, dov, clock())


def test_two_editions_are_compared_in_every_language(engine: Engine, edit: Edit) -> None:
    first = editions.newest(BREAD)
    newest = edit(("01-starter/week-1.es.md", "## ", "## Otra vez: "))
    found = catalogue.compare(engine, first, newest)

    assert found.differences == ()
    assert found.languages == (("es", 1),)
    assert differences.told(found) == [
        ("Languages", ["Spanish: the words of 1 part have changed beside the original."])
    ]
    assert catalogue.compare(engine, newest, newest).same
