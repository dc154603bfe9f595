"""What a change writes for all the runs it changes, with as many statements, and how that is taken back."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from datetime import datetime

from course_engine.crypto import new_id
from course_engine.domain.access import Outline
from course_engine.domain.changes import Change, Deed, Life, changed, left_to_do, override_of
from course_engine.domain.errors import Refused
from course_engine.domain.openings import missing
from course_engine.domain.pace import Override, OverrideKind
from course_engine.domain.people import Person
from course_engine.domain.standing import Status
from course_engine.i18n import gettext as _
from course_engine.services import standings
from course_engine.services.runs import Stands, keep_each
from course_engine.services.standings import Standing
from course_engine.storage import audit, certificates, changes, progress, runs
from course_engine.storage.changes import Part


def life_of(standing: Standing) -> Life:
    """A run as the rules of changes read it."""
    return Life(standing.course, standing.history, standing.pace, standing.overrides)


def make(
    found: Sequence[Standing], change: Change, batch: str, actor: Person, reason: str, now: datetime
) -> None:
    """Write a change down for these runs, each of which it changes. What is open stays open."""
    keep_each([one.stands(now) for one in found])
    lives = {one.run.id: life_of(one) for one in found}
    if change.deed is Deed.PAPER:
        left = {one.run: left_to_do(lives[one.run.id], change) for one in found}
        marked = [(run.id, step, run.edition) for run, steps in left.items() for step in steps]
        changes.mark_steps(marked, now, batch)
    elif change.deed is Deed.RETURN:
        progress.end_holds(list(lives), now, batch=batch)
    else:
        asked = {run: override_of(life, change, now) for run, life in lives.items()}
        made = [(run, replace(one, id=new_id(), batch=batch)) for run, one in asked.items()]
        progress.change(made, actor.id, now, reason)
    if reason and change.deed in (Deed.PAPER, Deed.RETURN):
        changes.explain(lives, batch, reason)
    then = {run: changed(life, change, now).at(now) for run, life in lives.items()}
    standings.count(then)
    for run, stands in then.items():
        if stands.status is Status.FINISHED:
            runs.finish(run, now)
    told: dict[str, object] = {"batch": batch, "reasoned": bool(reason)}
    lines = [(one.run.person, _detail(one, change.week, told)) for one in found]
    audit.add_all(now, actor.id, f"change.{change.deed.value}", lines)


def take_back(
    found: Sequence[Standing], batch: str, made: Mapping[str, Part], actor: Person, now: datetime
) -> None:
    """Take back what a batch did to these runs. Raises Refused where something stands on it."""
    _refuse_what_stands(found, made)
    stands = {one.run.id: one.stands(now) for one in found}
    steps = changes.take_back(list(stands), batch, now)
    unfinished: dict[str, list[str]] = {}
    for one in found:
        # Marks made on paper are taken back whole: weeks they finished are not finished any more.
        for week in _unfinished(one, steps.get(one.run.id, ())):
            unfinished.setdefault(week, []).append(one.run.id)
            stands[one.run.id] = _without(stands[one.run.id], week)
    for week, ids in unfinished.items():
        changes.unfinish_weeks(ids, week, min(made[run].at for run in ids))
    keep_each(list(stands.values()))
    lines = []
    for one in found:
        part = made[one.run.id]
        lines.append((one.run.person, _detail(one, part.week, {"batch": batch, "kind": part.kind})))
    audit.add_all(now, actor.id, "change.undo", lines)


def settle(before: Sequence[Standing], then: Mapping[str, Outline]) -> None:
    """Keep how these runs stand after something was taken back; who had come to the end may not have now."""
    standings.count(then)
    for one in before:
        if one.run.finished_at is not None and then[one.run.id].status is not Status.FINISHED:
            runs.unfinish(one.run.id)


def _refuse_what_stands(found: Sequence[Standing], made: Mapping[str, Part]) -> None:
    on_paper = [one.run.id for one in found if made[one.run.id].kind == Deed.PAPER.value]
    if certificates.valid_of(on_paper):
        raise Refused(_("There is a certificate of these steps already. Withdraw it first."))
    for one in found:
        was = made[one.run.id]
        if was.kind == Deed.RETURN.value and any(_began_since(hold, was.at) for hold in one.overrides):
            raise Refused(_("Another hold has begun since then. Take that one back first."))


def _began_since(hold: Override, at: datetime) -> bool:
    whole = hold.kind is OverrideKind.HOLD and hold.week is None
    return whole and hold.start >= at and hold.end != hold.start


def _unfinished(standing: Standing, steps: Collection[str]) -> list[str]:
    """The weeks that are not done any more without these steps."""
    course, history = standing.course, standing.history
    left = replace(history, done={id: at for id, at in history.done.items() if id not in steps})
    weeks = {course.week_of[step] for step in steps if step in course.week_of}
    return sorted(week.id for week in weeks if missing(left, week))


def _without(stands: Stands, week: str) -> Stands:
    weeks = {**stands.outline.weeks, week: stands.outline.weeks[week]._replace(done_at=None)}
    return stands._replace(outline=replace(stands.outline, weeks=weeks))


def _detail(standing: Standing, week: str | None, told: Mapping[str, object]) -> Mapping[str, object]:
    return {"run": standing.run.id, "week": week, "number": standing.course.number_of(week), **told}
