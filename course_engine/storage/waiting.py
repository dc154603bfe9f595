"""Waiting lists of full cohorts: first come, first served."""

from datetime import datetime

from course_engine.domain.invitations import Wait
from course_engine.storage import tables as t
from course_engine.storage.database import all_rows


def add(cohort: str, person: str, at: datetime) -> None:
    """Let someone wait; whoever waits already keeps their place."""
    query = t.Waiting.insert(cohort=cohort, person=person, at=at)
    query.on_conflict(action="IGNORE", conflict_target=[t.Waiting.cohort, t.Waiting.person]).execute()


def drop(cohort: str, person: str) -> bool:
    """Let someone wait no longer; whether they did."""
    mine = (t.Waiting.cohort == cohort) & (t.Waiting.person == person)
    return bool(t.Waiting.delete().where(mine).execute())


def of_cohort(cohort: str) -> list[Wait]:
    """Who waits for a place in a cohort, in order."""
    query = t.Waiting.select(t.Waiting.person, t.Waiting.at).where(t.Waiting.cohort == cohort)
    rows = all_rows(query.order_by(t.Waiting.at, t.Waiting.person))
    return [Wait(cohort, person, at, place) for place, (person, at) in enumerate(rows, 1)]


def of_person(person: str) -> list[Wait]:
    """The cohorts that someone waits for, with their place in each."""
    mine = all_rows(t.Waiting.select(t.Waiting.cohort).where(t.Waiting.person == person))
    return [one for (cohort,) in mine for one in of_cohort(cohort) if one.person == person]


def wanted() -> list[str]:
    """The cohorts that somebody waits for."""
    return [cohort for (cohort,) in all_rows(t.Waiting.select(t.Waiting.cohort).distinct())]
