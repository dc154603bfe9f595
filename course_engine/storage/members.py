"""The people of a cohort with what a roster needs, in one query; and many new ones at once."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

from course_engine.domain.members import Member
from course_engine.domain.people import Person
from course_engine.domain.progress import Run
from course_engine.domain.roles import Role
from course_engine.storage import tables as t
from course_engine.storage.database import all_rows, current, fetch
from course_engine.storage.fields import instant, moment
from course_engine.storage.runs import name_all

_SELECT = """
    SELECT p.id, p.name, p.email, p.sign_in_name, p.language, p.zone, p.password_hash <> '',
        EXISTS (SELECT 1 FROM run o WHERE o.person = p.id AND (o.cohort IS NULL OR o.cohort <> m.cohort)),
        EXISTS (SELECT 1 FROM role o WHERE o.person = p.id AND o.role <> 'learner'),
        r.id, r.invited_as, m.joined_at, r.started_at, r.finished_at
    FROM membership m JOIN person p ON p.id = m.person JOIN run r ON r.id = m.run
    WHERE m.removed_at IS NULL AND m.cohort = ?
"""
_OF = _SELECT + " ORDER BY r.listed_as, p.id"
_ONE = _SELECT + " AND m.person = ?"
_MANY = 400


def of_cohort(cohort: str) -> list[Member]:
    """Who is in a cohort now, by name. One query."""
    return [_made(row) for row in fetch(_OF, cohort)]


def one(cohort: str, person: str) -> Member | None:
    """Someone who is in a cohort now."""
    rows = fetch(_ONE, cohort, person)
    return _made(rows[0]) if rows else None


def count(cohort: str) -> int:
    """How many people are in a cohort, those who were invited only counted too."""
    inside = (t.Membership.cohort == cohort) & t.Membership.removed_at.is_null()
    return int(t.Membership.select().where(inside).count())


def with_account(people: Collection[str]) -> set[str]:
    """Which of these people have a way in of their own."""
    theirs = t.Person.id.in_(list(people)) & (t.Person.password_hash != "")
    return {id for (id,) in all_rows(t.Person.select(t.Person.id).where(theirs))}


def in_office(people: Collection[str]) -> set[str]:
    """Which of these people are more than learners here."""
    theirs = t.Role.person.in_(list(people)) & (t.Role.role != Role.LEARNER.value)
    return {id for (id,) in all_rows(t.Role.select(t.Role.person).where(theirs))}


def begun(people: Collection[str]) -> set[str]:
    """Which of these people have begun a course, on paper or by themselves."""
    theirs = t.Run.person.in_(list(people)) & t.Run.started_at.is_null(False)
    return {id for (id,) in all_rows(t.Run.select(t.Run.person).where(theirs))}


def led_by_others(people: Collection[str], actor: str) -> set[str]:
    """Which of these people are, or were, in a cohort that this facilitator does not lead, or go alone."""
    mine = t.Facilitator.select(t.Facilitator.cohort).where(t.Facilitator.person == actor)
    inside = t.Run.person.in_(list(people))
    others = t.Run.cohort.is_null() | t.Run.cohort.not_in(mine)
    return {id for (id,) in all_rows(t.Run.select(t.Run.person).where(inside & others))}


def by_addresses(addresses: Iterable[str]) -> dict[str, str]:
    """Whose addresses these are: the id of the person for each that is known."""
    wanted = sorted(set(addresses))
    found: dict[str, str] = {}
    for start in range(0, len(wanted), _MANY):
        some = t.Person.email.in_(wanted[start : start + _MANY])
        found.update(dict(all_rows(t.Person.select(t.Person.email, t.Person.id).where(some))))
    return found


def add_many(
    cohort: str,
    new: Sequence[tuple[Person, bytes]],
    runs: Sequence[Run],
    now: datetime,
    called: Mapping[str, str] | None = None,
) -> None:
    """Write down people without a way in (each with a wrapped key), and runs that put people in a cohort.

    `called` is what people are called, by id, until they come in. Whoever is or was in the cohort already
    keeps the run they have.
    """
    with current().transaction():
        if new:
            t.Person.insert_many([_row(person, key) for person, key in new]).execute()
            roles = [
                {"person": person.id, "role": role.value} for person, _key in new for role in person.roles
            ]
            t.Role.insert_many(roles).execute()
        inside = t.Membership.select(t.Membership.person).where(t.Membership.cohort == cohort)
        known = {person for (person,) in all_rows(inside)}
        runs = [run for run in runs if run.person not in known]
        if not runs:
            return
        t.Run.insert_many(
            [_run(run, cohort, (called or {}).get(run.person, ""), now) for run in runs]
        ).execute()
        rows = [{"cohort": cohort, "person": run.person, "run": run.id, "joined_at": now} for run in runs]
        t.Membership.insert_many(rows).execute()
        name_all(cohort)


def _run(run: Run, cohort: str, called: str, now: datetime) -> dict[str, object]:
    return {
        "id": run.id,
        "person": run.person,
        "course": run.course,
        "edition": run.edition,
        "pace": run.pace,
        "cohort": cohort,
        "started_at": run.started_at,
        "finished_at": None,
        "begun_at": now,
        "invited_as": called,
    }


def _row(person: Person, key: bytes) -> dict[str, object]:
    return {
        "id": person.id,
        "name": person.name,
        "email": person.email,
        "sign_in_name": person.sign_in_name,
        "password_hash": "",
        "zone": person.zone,
        "language": person.language,
        "theme": person.theme.value,
        "wrapped_key": key,
        "created_at": person.created_at,
    }


def _made(row: tuple[Any, ...]) -> Member:
    id, name, email, sign_in_name, language, zone, account, elsewhere, office, run, invited = row[:11]
    joined, started, finished = row[11:]
    return Member(
        id, name, email, sign_in_name, language, zone, bool(account), bool(elsewhere), bool(office), run,
        invited, moment(joined), instant(started), instant(finished),
    )  # fmt: skip
