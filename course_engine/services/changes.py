"""Changes for one, some or all of a cohort: told in advance, made in one go, and taken back in one."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from course_engine.crypto import digest, new_id
from course_engine.domain.changes import (
    Change,
    Deed,
    Life,
    Outcome,
    changed,
    left_to_do,
    outcome,
    override_of,
)
from course_engine.domain.cohorts import Cohort
from course_engine.domain.course import Course
from course_engine.domain.errors import BadInput, NotFound, Refused
from course_engine.domain.openings import missing
from course_engine.domain.pace import OverrideKind
from course_engine.domain.people import Person
from course_engine.domain.standing import Status
from course_engine.engine import Engine
from course_engine.i18n import gettext as _
from course_engine.services import runs, standings
from course_engine.services.standings import Standing
from course_engine.storage import audit, boards, certificates, changes, cohorts, progress
from course_engine.storage import runs as stored_runs
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
    return [_effect(one, outcome(_life(known[one.run.id]), change, now)) for one in listed]


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
    batch = digest(f"{cohort.id}|{actor.id}|{press}").hex()[:16] if press else new_id()
    with engine.database.transaction():
        listed = boards.runs_of(cohort.id, people)
        for one in sorted(listed, key=lambda one: one.run.id):
            engine.database.one_at_a_time(f"run {one.run.id}")
        before = {run for run, *_rest in changes.of_batch(cohort.id, batch)} if press else set()
        if before:
            return Kept(batch, [_effect(one, Outcome.CHANGES) for one in listed if one.run.id in before])
        known = _standings(engine, cohort, listed)
        effects: list[Effect] = []
        for one in listed:
            standing = known[one.run.id]
            found = outcome(_life(standing), change, now)
            effects.append(_effect(one, found))
            if found is Outcome.CHANGES:
                _make(standing, change, batch, actor, reason, now)
                _tell(actor, f"change.{change.deed.value}", standing, batch, change, reason, now)
    return Kept(batch, effects)


def undo(
    engine: Engine, cohort: Cohort, batch: str, actor: Person, now: datetime, person: str | None = None
) -> int:
    """Take a batch back, for all its people or one; for how many. What was open stays open, but for weeks
    opened early that nobody has looked at. Raises NotFound.
    """
    standing_now = changes.of_batch(cohort.id, batch)
    made = {run: at for run, _kind, _week, at in standing_now}
    what = {run: (kind, week) for run, kind, week, _at in standing_now}
    with engine.database.transaction():
        listed = [one for one in boards.runs_of(cohort.id) if one.run.id in made] if made else []
        listed = [one for one in listed if person in (None, one.run.person)]
        if not listed:
            raise NotFound(_("There is no such change to take back."))
        for one in sorted(listed, key=lambda one: one.run.id):
            engine.database.one_at_a_time(f"run {one.run.id}")
        known = _standings(engine, cohort, listed)
        for one in listed:
            _take_back(known[one.run.id], batch, made[one.run.id], actor, now)
            _tell_undone(actor, known[one.run.id], batch, *what[one.run.id], now)
        for standing in _standings(engine, cohort, listed).values():
            _count(standing, now)
            _unfinish(standing, now)
    return len(listed)


def standing_batch(cohort: Cohort, batch: str, now: datetime) -> Batch | None:
    """A batch that was made just now and can still be taken back from the board. One query."""
    found = changes.of_batch(cohort.id, batch)
    if not found or now - max(at for *_rest, at in found) > UNDO_SHOWN:
        return None
    _run, kind, week, at = found[0]
    return Batch(batch, kind, week, len({run for run, *_rest in found}), at)


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


def _make(standing: Standing, change: Change, batch: str, actor: Person, reason: str, now: datetime) -> None:
    run, life = standing.run, _life(standing)
    stands = standing.at(now)
    runs.keep_outline(run.id, standing.history, standing.overrides, stands)
    explained = False
    if change.deed is Deed.PAPER:
        changes.mark_steps(run.id, left_to_do(life, change), now, run.edition, batch)
    elif change.deed is Deed.RETURN:
        progress.end_hold(run.id, now, batch=batch)
    else:
        made = replace(override_of(life, change, now), id=new_id(), batch=batch)
        if made.kind is OverrideKind.HOLD and made.week is None:
            progress.hold(made.id, run.id, made.start, made.end, made.by, actor.id, made.note, batch)
        else:
            progress.add_override(made, run=run.id, actor=actor.id, reason=reason, now=now)
            explained = True
    if reason and not explained:
        changes.explain(run.id, batch, reason)
    then = changed(life, change, now).at(now)
    stored_runs.count(run.id, then.reached, then.waits_until)
    if then.status is Status.FINISHED:
        stored_runs.finish(run.id, now)


def _take_back(standing: Standing, batch: str, made: datetime, actor: Person, now: datetime) -> None:
    run = standing.run
    steps = changes.take_back(run.id, batch, now)
    if steps and certificates.of_run(run.id) is not None:
        raise Refused(_("There is a certificate of these steps already. Withdraw it first."))
    weeks = {standing.course.week_of[step] for step in steps if step in standing.course.week_of}
    stands = standing.at(now)
    if steps:
        # Marks made on paper are taken back whole: weeks they finished are not finished any more.
        left = {id: at for id, at in standing.history.done.items() if id not in steps}
        history = replace(standing.history, done=left)
        unfinished = [week.id for week in weeks if missing(history, week)]
        changes.unfinish_weeks(run.id, unfinished, made)
        stands = replace(
            stands,
            weeks={
                id: at._replace(done_at=None) if id in unfinished else at for id, at in stands.weeks.items()
            },
        )
    runs.keep_outline(run.id, standing.history, standing.overrides, stands)


def _count(standing: Standing, now: datetime) -> None:
    stands = standing.at(now)
    stored_runs.count(standing.run.id, stands.reached, stands.waits_until)


def _unfinish(standing: Standing, now: datetime) -> None:
    if standing.run.finished_at is not None and standing.at(now).status is not Status.FINISHED:
        stored_runs.unfinish(standing.run.id)


def _tell(
    actor: Person, act: str, standing: Standing, batch: str, change: Change, reason: str, now: datetime
) -> None:
    detail: Mapping[str, object] = {
        "run": standing.run.id, "batch": batch, "week": change.week,
        "number": standing.course.number_of(change.week), "reasoned": bool(reason),
    }  # fmt: skip
    audit.add(now, actor.id, act, standing.run.person, detail)


def _tell_undone(
    actor: Person, standing: Standing, batch: str, kind: str, week: str | None, now: datetime
) -> None:
    detail = {
        "run": standing.run.id, "batch": batch, "kind": kind, "week": week,
        "number": standing.course.number_of(week),
    }  # fmt: skip
    audit.add(now, actor.id, "change.undo", standing.run.person, detail)


def _standings(engine: Engine, cohort: Cohort, listed: Sequence[Listed]) -> dict[str, Standing]:
    sessions = cohorts.sessions(cohort.id)
    return standings.of(engine, cohort, sessions, [one.run for one in listed], engine.config.locale)


def _life(standing: Standing) -> Life:
    return Life(standing.course, standing.history, standing.pace, standing.overrides)


def _effect(listed: Listed, found: Outcome) -> Effect:
    return Effect(listed.run.person, listed.name, found)
