"""Attendance: how people took part in sessions, written down by who leads or by themselves."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from course_engine.crypto import pressed_code, read_code
from course_engine.domain.cohorts import COUNTS, Cohort, Present, Session
from course_engine.domain.errors import BadInput, NotFound
from course_engine.domain.people import Person
from course_engine.domain.progress import History, Run
from course_engine.engine import Engine
from course_engine.i18n import gettext as _
from course_engine.services import runs, tries
from course_engine.storage import audit, cohorts
from course_engine.storage import runs as stored_runs

CODE_SIGNS = 4
BEFORE = timedelta(minutes=30)
AFTER = timedelta(minutes=30)


@dataclass(frozen=True, slots=True)
class Row:
    """Someone on the attendance sheet of a session; `present` is None while nothing is written down."""

    person: str
    name: str
    present: Present | None


@dataclass(frozen=True, slots=True)
class Kept:
    """A sheet that was kept: of whom it says something new, and who has left meanwhile, by name.

    For whoever has left nothing is written down. Names are empty where somebody has not begun.
    """

    changed: tuple[str, ...]
    left: tuple[str, ...] = ()


def sheet(cohort: Cohort, number: int) -> list[Row]:
    """Everybody in a cohort by name, with how they took part in this session. Two queries."""
    noted = cohorts.attendance_of(cohort.id, number=number)
    return [
        Row(person, name, noted.get((person, number))) for person, name, _run in cohorts.roster(cohort.id)
    ]


def counts(cohort: Cohort) -> dict[int, int]:
    """How many took part in each session."""
    found: dict[int, int] = {}
    for (_person, number), present in cohorts.attendance_of(cohort.id).items():
        if present in COUNTS:
            found[number] = found.get(number, 0) + 1
    return found


def begins(session: Session) -> datetime:
    """From when on people can be noted as here."""
    return session.starts_at - BEFORE


def held(history: History, sessions: Iterable[Session], now: datetime) -> dict[int, datetime]:
    """The sessions somebody was at, without those of their own group that are still to come.

    They were moved after it had been noted. What was noted in another group counts by the number of its week.
    """
    ahead = {one.number for one in sessions if begins(one) > now} - history.elsewhere
    return {number: noted for number, noted in history.attended.items() if number not in ahead}


def attend(
    engine: Engine, cohort: Cohort, number: int, person: str, present: Present, by: Person, now: datetime
) -> None:
    """Write down how someone took part in a session, which may finish a week or the course.

    What was open stays open. Raises NotFound for a session that there is not, and for people outside, and
    BadInput for a session that is still to come.
    """
    if attend_all(engine, cohort, number, {person: present}, by, now).left:
        raise NotFound(_("There is no such page."))


def attend_all(
    engine: Engine, cohort: Cohort, number: int, noted: Mapping[str, Present], by: Person, now: datetime
) -> Kept:
    """The same for several people at once: those who have left since the sheet was shown keep nobody back."""
    session = next((one for one in cohorts.sessions(cohort.id) if one.number == number), None)
    if session is None or session.cancelled:
        raise NotFound(_("There is no such page."))
    if begins(session) > now:
        raise BadInput({"session": _("This session has not begun yet.")})
    inside = {person: run for person, run, _joined in cohorts.members(cohort.id)}
    known = cohorts.attendance_of(cohort.id, number=number)
    new = [one for one in inside.keys() & noted.keys() if known.get((one, number)) is not noted[one]]
    with engine.database.transaction():
        # By run, as whoever changes several at once does: so that nobody waits for the other in a circle.
        for person in sorted(new, key=inside.__getitem__):
            run = stored_runs.get(inside[person])
            if run is not None:
                _attend(engine, cohort, number, run, noted[person], by, now)
                if noted[person] in (Present.PRESENT, Present.ONLINE):
                    stored_runs.seen(run.id, session.starts_at)
    return Kept(_names(cohort, new), _names(cohort, noted.keys() - inside.keys()))


def show_code(engine: Engine, cohort: Cohort, number: int, press: str = "") -> str:
    """A new code for this session, with which people note for themselves that they are here.

    Sent again with the same `press`, a random word of the form, it is the same code.
    """
    code = pressed_code(press, CODE_SIGNS, cohort.id, str(number))
    with engine.database.transaction():
        cohorts.set_code(cohort.id, number, code)
    return code


def now_on(at: runs.Position, now: datetime) -> Session | None:
    """The session of a learner's cohort at which they can note that they are here."""
    return next((one for one in at.sessions if one.code and not one.cancelled and _is_on(one, now)), None)


def check_in(
    engine: Engine, person: Person, at: runs.Position, code: str, present: Present, now: datetime
) -> Session:
    """Note that one is here oneself, with the code of the session. Raises BadInput, TooManyTries."""
    account = f"session|{person.id}"
    tries.refuse_too_many(account, now)
    session = now_on(at, now)
    if session is None or at.cohort is None:
        raise BadInput({"code": _("There is no session of your group at this hour.")})
    if read_code(code) != session.code:
        with engine.database.transaction():
            tries.note(account, now)
        raise BadInput({"code": _("This is not the code of this session. Look at it once more.")})
    attend(engine, at.cohort, session.number, person.id, present, person, now)
    return session


def _names(cohort: Cohort, of: Collection[str]) -> tuple[str, ...]:
    called = cohorts.called(cohort.id) if of else {}
    return tuple(sorted(called.get(person, "") for person in of))


def _is_on(session: Session, now: datetime) -> bool:
    return session.starts_at - BEFORE <= now <= session.ends_at + AFTER


def _attend(
    engine: Engine, cohort: Cohort, number: int, run: Run, present: Present, by: Person, now: datetime
) -> None:
    with runs.changing(engine, run, now) as before:
        cohorts.attend(cohort.id, number, run.person, present, now, by.id)
        audit.add(
            now, by.id, "cohort.attend", run.person,
            {"cohort": cohort.id, "session": number, "present": present.value},
        )  # fmt: skip
        whose = runs.person_of(run)
        after = runs.position(engine, whose, run, now)
        weeks = after.access.weeks.items()
        if any(week.done_at and not before.access.weeks[id].done_at for id, week in weeks):
            runs.settle(engine, whose, after, now)
