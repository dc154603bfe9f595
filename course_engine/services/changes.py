"""Changes for one, some or all of a cohort: told in advance, made in one go, and taken back in one."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from course_engine.crypto import pressed_id
from course_engine.domain.changes import Change, Deed, Outcome, outcome
from course_engine.domain.cohorts import Cohort
from course_engine.domain.course import Course
from course_engine.domain.errors import BadInput, NotFound
from course_engine.domain.people import Person
from course_engine.engine import Engine
from course_engine.i18n import gettext as _
from course_engine.services import batches, standings
from course_engine.services.standings import Standing
from course_engine.storage import boards, changes, cohorts
from course_engine.storage.boards import Listed

UNDO_SHOWN = timedelta(minutes=10)


@dataclass(frozen=True, slots=True)
class Effect:
    """What comes of a change for one person."""

    person: str
    name: str
    outcome: Outcome


@dataclass(frozen=True, slots=True)
class Kept:
    """A change that was made: its batch, by which it can be taken back, and what came of it for each."""

    batch: str
    effects: list[Effect]

    @property
    def changed(self) -> int:
        return sum(one.outcome is Outcome.CHANGES for one in self.effects)


@dataclass(frozen=True, slots=True)
class Batch:
    """A change that stands: for how many people, and when it was made."""

    id: str
    kind: str
    week: str | None
    people: int
    at: datetime


def preview(
    engine: Engine, cohort: Cohort, people: Sequence[str], change: Change, now: datetime
) -> list[Effect]:
    """What would come of this change for each of these people; nothing is written down.

    Raises BadInput for a change that cannot be.
    """
    check(engine.shelf.course(cohort.edition, engine.config.locale), change, now)
    listed = boards.runs_of(cohort.id, people)
    known = _standings(engine, cohort, listed)
    return [_effect(one, outcome(batches.life_of(known[one.run.id]), change, now)) for one in listed]


def make(
    engine: Engine,
    cohort: Cohort,
    people: Sequence[str],
    change: Change,
    actor: Person,
    reason: str,
    now: datetime,
    press: str = "",
) -> Kept:
    """Make this change for all of these people for whom it changes anything. What is open stays open.

    Sent again with the same `press`, a random word of the form, it is made once. Raises BadInput for a
    change that cannot be.
    """
    check(engine.shelf.course(cohort.edition, engine.config.locale), change, now)
    batch = pressed_id(press, cohort.id, actor.id)
    with engine.database.transaction():
        listed = boards.runs_of(cohort.id, people)
        engine.database.one_at_a_time(*(f"run {one.run.id}" for one in listed))
        before = changes.of_batch(cohort.id, batch) if press else {}
        if before:
            return Kept(batch, [_effect(one, Outcome.CHANGES) for one in listed if one.run.id in before])
        known = _standings(engine, cohort, listed)
        effects = [_effect(one, outcome(batches.life_of(known[one.run.id]), change, now)) for one in listed]
        told = zip(listed, effects, strict=True)
        found = [known[one.run.id] for one, effect in told if effect.outcome is Outcome.CHANGES]
        batches.make(found, change, batch, actor, reason, now)
    return Kept(batch, effects)


def undo(
    engine: Engine, cohort: Cohort, batch: str, actor: Person, now: datetime, person: str | None = None
) -> int:
    """Take a batch back, for all its people or one; for how many. What was open stays open, but for weeks
    opened early that nobody has looked at. Raises NotFound, and Refused where something stands in the way.
    """
    with engine.database.transaction():
        runs = [one.run.id for one in _touched(cohort, batch, person)]
        engine.database.one_at_a_time(*(f"run {run}" for run in runs))
        # Whoever pressed at the same moment may have taken it back meanwhile.
        listed = _touched(cohort, batch, person)
        if not listed:
            raise NotFound(_("There is no such change to take back."))
        before = list(_standings(engine, cohort, listed).values())
        batches.take_back(before, batch, changes.of_batch(cohort.id, batch), actor, now)
        after = _standings(engine, cohort, listed)
        batches.settle(before, {run: one.at(now) for run, one in after.items()})
    return len(listed)


def standing_batch(cohort: Cohort, batch: str, now: datetime) -> Batch | None:
    """A batch that was made just now and can still be taken back from the board. One query."""
    found = changes.of_batch(cohort.id, batch)
    if not found or now - max(part.at for part in found.values()) > UNDO_SHOWN:
        return None
    one = next(iter(found.values()))
    return Batch(batch, one.kind, one.week, len(found), one.at)


def check(course: Course, change: Change, now: datetime) -> None:
    """Raises BadInput for a change that cannot be, by the name of its field."""
    weeks = {week.id for week in course.weeks}
    if change.week is not None and change.week not in weeks:
        raise BadInput({"week": _("Choose one of the weeks.")})
    if change.week is None and change.deed in (Deed.OPEN, Deed.STAY, Deed.WAIVE, Deed.PAPER):
        raise BadInput({"week": _("Choose one of the weeks.")})
    if change.end is not None and change.end <= max(now, change.start):
        raise BadInput({"until": _("The last day lies before the first. Choose a later one.")})
    if change.deed is Deed.PAPER and not change.steps:
        raise BadInput({"steps": _("Tick at least one step.")})


def _touched(cohort: Cohort, batch: str, person: str | None) -> list[Listed]:
    """Those in the cohort for whom something of this batch stands, or this person if they are among them."""
    made = changes.of_batch(cohort.id, batch)
    inside = boards.runs_of(cohort.id, None if person is None else [person]) if made else []
    return [one for one in inside if one.run.id in made]


def _standings(engine: Engine, cohort: Cohort, listed: Sequence[Listed]) -> dict[str, Standing]:
    sessions = cohorts.sessions(cohort.id)
    return standings.of(engine, cohort, sessions, [one.run for one in listed], engine.config.locale)


def _effect(listed: Listed, found: Outcome) -> Effect:
    return Effect(listed.run.person, listed.name, found)
