"""People on paper: the codes on their sheets, and the quick page where a facilitator enters what came back.

A code of six signs means one person and one week; it is made when a sheet is printed for them.
"""

import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from datetime import datetime

from course_engine.crypto import new_code, read_code
from course_engine.domain.cohorts import Cohort, Present, Session
from course_engine.domain.course import Step, Week
from course_engine.domain.errors import BadInput, NotFound
from course_engine.domain.members import Member
from course_engine.domain.people import Person, listed_as
from course_engine.domain.progress import How, Run
from course_engine.domain.standing import State
from course_engine.engine import Engine
from course_engine.i18n import gettext as _
from course_engine.rendering.paper import Paper
from course_engine.services import attendance, cohorts, members, prints, progress, runs, wording
from course_engine.storage import audit
from course_engine.storage import cohorts as stored
from course_engine.storage import paper as codes
from course_engine.storage import runs as stored_runs

SIGNS = 6
MOST = 40


@dataclass(frozen=True, slots=True)
class Sheet:
    """What a code means: whose week, its steps with those that are done, and how its session went.

    `why` says what stands between this person and the week while it is locked.
    """

    code: str
    member: Member
    week: Week
    steps: tuple[tuple[Step, bool], ...]
    session: Session | None
    present: Present | None
    why: str


def code(engine: Engine, run: Run, week: str) -> str:
    """The code that stands on the sheets of this person and week; made when it is first asked for."""
    return codes_of(engine, [run.id], week)[run.id]


def codes_of(engine: Engine, runs: Collection[str], week: str) -> dict[str, str]:
    """The same for many runs at once, by run id; as few statements for two hundred as for one."""
    wanted = set(runs)
    found = codes.of_week(wanted, week)
    if found.keys() == wanted:
        return found
    with engine.database.transaction():
        engine.database.one_at_a_time("paper codes")
        while missing := wanted - (found := codes.of_week(wanted, week)).keys():
            codes.add_many({run: new_code(SIGNS) for run in sorted(missing)}, week)
    return found


def week_print(
    engine: Engine, cohort: Cohort, person: str, number: int, paper: Paper, now: datetime
) -> prints.Print:
    """A week printed for one person on paper, with their code on every page and their name on the first.

    Raises NotFound.
    """
    member = members.one(cohort, person)
    if not member.on_paper:
        raise NotFound(_("There is no such page."))
    run, who = _run(member), members.person_of(member)
    at = runs.position(engine, who, run, now)
    week = at.course.week(number)
    if week is None:
        raise NotFound(_("There is no such page."))
    made = prints.week(engine, at, week, paper)
    values = {**made.values, "paper_code": code(engine, run, week.id), "paper_name": member.called}
    return replace(made, values=values, own=True, cohort=cohort.id)


def sheets(engine: Engine, cohort: Cohort, typed: str, now: datetime) -> tuple[list[Sheet], list[str]]:
    """What the codes in a text mean, in the order of weeks, and those that mean nothing in this cohort.

    That is a code of another cohort, of somebody who has not begun, and of a week that the course has no
    more. Raises BadInput for too many at once.
    """
    wanted = list(dict.fromkeys(read_code(word) for word in re.split(r"[\s,;]+", typed) if read_code(word)))
    if len(wanted) > MOST:
        raise BadInput({"codes": _("Enter at most %(most)s codes at once.", most=MOST)})
    known = codes.find(wanted)
    begun = {one.run: one for one in members.of(cohort) if one.started_at} if known else {}
    here = {one: begun[known[one][0]] for one in wanted if one in known and known[one][0] in begun}
    positions = {
        run.id: runs.position(engine, runs.person_of(run), run, now)
        for run in (_run(member) for member in {member.run: member for member in here.values()}.values())
    }
    meetings = {one.number: one for one in cohorts.sessions(cohort) if not one.cancelled}
    attended = stored.attendance_of(cohort.id) if here else {}
    found = [
        _sheet(one, member, positions[member.run], week, meetings, attended)
        for one, member in here.items()
        for week in positions[member.run].course.weeks
        if week.id == known[one][1]
    ]
    found.sort(key=lambda sheet: (sheet.week.number, listed_as(sheet.member.called)))
    there = {sheet.code for sheet in found}
    return found, [one for one in wanted if one not in there]


def enter(
    engine: Engine,
    cohort: Cohort,
    code: str,
    steps: Collection[str],
    present: Present | None,
    actor: Person,
    now: datetime,
) -> int:
    """Keep what stands on a sheet: steps that are done, and how its person took part; how many are new.

    Nothing that was kept before is taken back. Raises NotFound, and BadInput for a week that is locked and
    for a session that is still to come.
    """
    (found, _unknown) = sheets(engine, cohort, code, now)
    if not found:
        raise NotFound(_("There is no such page."))
    sheet = found[0]
    new = [step for step, done in sheet.steps if step.id in steps and not done]
    attends = present is not None and present is not sheet.present and sheet.session is not None
    if not new and not attends:
        return 0
    run, who = _run(sheet.member), members.person_of(sheet.member)
    with engine.database.transaction():
        if attends and present is not None and sheet.session is not None:
            _attend(engine, cohort, sheet, sheet.session.number, present, actor, now)
        at = runs.position(engine, who, run, now)
        for step in new:
            if at.access.steps[step.id].state is State.LOCKED:
                raise BadInput({f"steps-{sheet.code}": _closed(at, sheet)})
            progress.complete(engine, who, run, step.id, How.DONE, now)
        audit.add(
            now, actor.id, "paper.enter", who.id,
            {
                "run": run.id, "week": sheet.week.id, "number": sheet.week.number,
                "steps": [step.id for step in new],
            },
        )  # fmt: skip
    return len(new) + attends


def _attend(
    engine: Engine, cohort: Cohort, sheet: Sheet, number: int, present: Present, actor: Person, now: datetime
) -> None:
    try:
        attendance.attend(engine, cohort, number, sheet.member.id, present, actor, now)
    except BadInput as error:
        raise BadInput({f"steps-{sheet.code}": " ".join(error.faults.values())}) from error


def _closed(at: runs.Position, sheet: Sheet) -> str:
    return _(
        "%(week)s is not open for %(name)s yet. %(why)s Enter the week before first, or open this one.",
        week=sheet.week.title,
        name=sheet.member.called,
        why=wording.why(at.course, at.access.weeks[sheet.week.id], at.zone),
    )


def _sheet(
    code: str,
    member: Member,
    at: runs.Position,
    week: Week,
    meetings: Mapping[int, Session],
    attended: Mapping[tuple[str, int], Present],
) -> Sheet:
    steps = tuple((step, at.access.steps[step.id].state is State.DONE) for step in week.steps)
    standing = at.access.weeks[week.id]
    why = "" if standing.readable else wording.why(at.course, standing, at.zone)
    return Sheet(
        code, member, week, steps, meetings.get(week.number), attended.get((member.id, week.number)), why
    )


def _run(member: Member) -> Run:
    found = stored_runs.get(member.run)
    if found is None:
        raise NotFound(_("There is no such page."))
    return found
