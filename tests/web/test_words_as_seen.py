"""What Ben sends are the words he has looked at, whatever Ema has made of the draft meanwhile."""

import re
from collections.abc import Callable

import pytest

from course_engine.domain.cohorts import Cohort
from course_engine.domain.errors import BadInput
from course_engine.domain.messages import Message, MessageState
from course_engine.domain.people import Person
from course_engine.domain.roles import Role
from course_engine.engine import Engine
from course_engine.services import cohorts, messages, people
from course_engine.storage import tables
from tests.cast import BREAD, PASSWORD, ZONE, Browser, Clock

As = Callable[[Person], Browser]


@pytest.fixture
def ema(engine: Engine, clock: Clock) -> Person:
    leads = frozenset({Role.FACILITATOR})
    return people.add(engine, "Ema", "ema@example.org", PASSWORD, clock(), leads, zone=ZONE)


@pytest.fixture
def cohort(engine: Engine, ada: Person, ben: Person, ema: Person, clock: Clock) -> Cohort:
    clock.move(hours=-6)
    made = cohorts.add(engine, ben, BREAD, "Tuesdays", clock.move(days=1), ZONE, 90, clock())
    cohorts.share(engine, made, "ema@example.org", ben, clock())
    cohorts.add_member(engine, made, ada, clock())
    return made


@pytest.fixture
def draft(engine: Engine, ben: Person, cohort: Cohort, clock: Clock) -> Message:
    return messages.write(engine, cohort, "Soon", "We meet at the mill.", ben, clock())


def _letters() -> list[str]:
    return [row.text.partition("\n")[0] for row in tables.Outbox.select()]


def _seen(page: str) -> str:
    found = re.search(r'name="seen" value="([^"]+)"', page)
    assert found
    return found[1]


def test_words_that_ema_has_changed_meanwhile_are_shown_to_ben_before_they_go_out(
    ben: Person, ema: Person, cohort: Cohort, draft: Message, as_: As
) -> None:
    path, browser = f"/cohorts/{cohort.id}/messages/{draft.id}", as_(ben)
    before = _seen(browser.get(path).text)
    as_(ema).fill(path, act="change", subject="Soon", text="We meet at the bakery.")

    answer = browser.fill(path, act="send", seen=before)
    assert answer.status_code == 422
    assert "The words have been changed since you looked at them, so nothing was sent." in answer.text
    assert "We meet at the bakery." in answer.text
    assert _letters() == []

    assert browser.fill(path, act="send", seen=_seen(answer.text)).status_code == 303
    assert _letters() == ["We meet at the bakery."]


def test_a_letter_has_the_words_that_stand_on_the_page(
    engine: Engine, ben: Person, cohort: Cohort, draft: Message, clock: Clock
) -> None:
    newer = messages.change(engine, draft, "Soon", "We meet at the bakery.")
    with pytest.raises(BadInput, match="have been changed"):
        messages.send(engine, draft, cohort, clock(), ben, clock())
    (kept,) = messages.of_cohort(cohort)
    assert kept.state is MessageState.DRAFT

    messages.send(engine, draft, cohort, clock(), ben, clock(), newer.mark)
    (kept,) = messages.of_cohort(cohort)
    assert _letters() == [kept.text] == ["We meet at the bakery."]
