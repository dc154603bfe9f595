"""Who of a cohort has a certificate, who could have one, and who not yet: by stored facts alone.

They find the same people as the rule does (`domain.awards.earned`), in one statement for all of a cohort.
"""

import json
from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime, time
from typing import Any

from course_engine.domain.certificates import Certificate, CertificateState
from course_engine.domain.cohorts import COUNTS
from course_engine.domain.people import listed_as
from course_engine.domain.progress import Run
from course_engine.storage.database import fetch, fetch_named, parts
from course_engine.storage.fields import anywhere, instant, moment
from course_engine.storage.runs import CALLED

_COUNTING = ", ".join(f"'{present}'" for present in sorted(COUNTS))
_MADE = "EXISTS (SELECT 1 FROM certificate c WHERE c.run = r.id)"
# The attendance of a run that came from another cohort counts by the calendar of the one it is in now.
_WHOLE = f"""(r.reached >= :weeks AND (
    SELECT COUNT(DISTINCT a.number) FROM membership m
    JOIN attendance a ON a.cohort = m.cohort AND a.person = m.person
    JOIN session s ON s.cohort = r.cohort AND s.number = a.number
    WHERE m.run = r.id AND a.present IN ({_COUNTING}) AND NOT s.cancelled
        AND (a.cohort <> r.cohort OR s.starts_at <= :begun)
) >= (
    SELECT CASE WHEN COUNT(*) < :asked THEN COUNT(*) ELSE :asked END
    FROM session k WHERE k.cohort = r.cohort AND NOT k.cancelled
))"""  # noqa: S608 — the words come from an enum
FILTERS: Mapping[str, str] = {
    "": "",
    "ready": f"AND NOT {_MADE} AND {_WHOLE}",
    "made": f"AND {_MADE}",
    "not-yet": f"AND NOT {_MADE} AND NOT {_WHOLE}",
}
_FIND = "AND r.listed_as LIKE :find ESCAPE '!'"
_NUMBERS = f"""
    SELECT COUNT(*), COALESCE(SUM(CASE WHEN {_MADE} THEN 1 ELSE 0 END), 0),
        COALESCE(SUM(CASE WHEN NOT {_MADE} AND {_WHOLE} THEN 1 ELSE 0 END), 0)
    FROM run r WHERE r.cohort = :cohort
"""  # noqa: S608 — fixed words
_ROWS = f"""
    SELECT r.id, r.person, r.course, r.edition, r.pace, r.cohort, r.started_at, r.finished_at, r.seen_at,
        {CALLED}, p.password_hash <> '', p.email, p.language,
        m.joined_at, c.id, c.code, c.revision, c.frozen, c.awarded_at, c.state, c.withdrawn_at, c.reason
    FROM ({{chosen}}) x JOIN run r ON r.id = x.id JOIN person p ON p.id = r.person
    LEFT JOIN membership m ON m.run = r.id AND m.cohort = r.cohort
    LEFT JOIN certificate c ON c.run = r.id AND c.next_code IS NULL
    ORDER BY r.listed_as, r.id
"""  # noqa: S608 — fixed words


@dataclass(frozen=True, slots=True)
class View:
    """Which people of a cohort: `show` is one of FILTERS, `find` words of a name.

    The course has so many `weeks`, and the certificate asks for so many sessions, as far as they take place.
    Of this cohort only those count that start until `begun`.
    """

    cohort: str
    weeks: int
    asked: int
    begun: datetime
    show: str = ""
    find: str = ""


@dataclass(frozen=True, slots=True)
class Candidate:
    """Someone of a cohort: how they are called there, whether they can sign in, and their certificate.

    `language` is what they read letters in. Why somebody decided for it is told to those only who led them
    then, and not in their next cohort.
    """

    run: Run
    name: str
    account: bool
    email: str | None
    language: str
    made: Certificate | None


def numbers(view: View) -> tuple[int, int, int]:
    """How many people are in the whole cohort, how many have a certificate, how many could have one."""
    people, made, ready = _ask(_NUMBERS, view)[0]
    return int(people), int(made), int(ready)


def count(view: View) -> int:
    """How many people are in a view."""
    return int(_ask(f"SELECT COUNT(*) FROM run r WHERE {_where(view)}", view)[0][0])  # noqa: S608


def people(view: View) -> list[str]:
    """Everybody in a view, by name."""
    text = f"SELECT r.person FROM run r WHERE {_where(view)} ORDER BY r.listed_as, r.id"  # noqa: S608
    return [str(id) for (id,) in _ask(text, view)]


def rows(view: View, limit: int, offset: int) -> list[Candidate]:
    """So many people of a view by name, from there on. One query."""
    chosen = (
        f"SELECT r.id FROM run r WHERE {_where(view)} "  # noqa: S608 — fixed words
        f"ORDER BY r.listed_as, r.id LIMIT {limit:d} OFFSET {offset:d}"
    )
    return [_candidate(row) for row in _ask(_ROWS.format(chosen=chosen), view)]


def those(cohort: str, people: Collection[str]) -> list[Candidate]:
    """These people, as far as they are in the cohort, by name. One query for up to 500."""
    found: list[Candidate] = []
    for some in parts(list(people)):
        ids = ", ".join("?" * len(some))
        chosen = f"SELECT r.id FROM run r WHERE r.cohort = ? AND r.person IN ({ids})"  # noqa: S608
        found += [_candidate(row) for row in fetch(_ROWS.format(chosen=chosen), cohort, *some)]
    return sorted(found, key=lambda one: (listed_as(one.name), one.run.id))


def _where(view: View) -> str:
    return f"r.cohort = :cohort {FILTERS[view.show]} {_FIND if view.find else ''}"


def _ask(text: str, view: View) -> list[tuple[Any, ...]]:
    find = anywhere(listed_as(view.find))
    values = {"cohort": view.cohort, "weeks": view.weeks, "asked": view.asked, "begun": view.begun}
    return fetch_named(text, {**values, "find": find})


def _candidate(row: tuple[Any, ...]) -> Candidate:
    id, person, course, edition, pace, cohort, started_at, finished_at, seen_at = row[:9]
    run = Run(
        id, person, course, edition, pace, cohort, instant(started_at), instant(finished_at), instant(seen_at)
    )
    name, account, email, language, joined_at = row[9:14]
    made = _certificate(run, row[14:])
    if made is not None and (joined_at is None or _decided_at(made) < moment(joined_at)):
        made = replace(made, reason="")
    return Candidate(run, str(name), bool(account), email, str(language), made)


def _decided_at(made: Certificate) -> datetime:
    """When it was first made, at the latest; of a corrected one only the day is known."""
    if made.revision == 1:
        return made.awarded_at
    return datetime.combine(made.made_on, time(), UTC)


def _certificate(run: Run, row: tuple[Any, ...]) -> Certificate | None:
    id, code, revision, frozen, awarded_at, state, withdrawn_at, reason = row
    if id is None:
        return None
    return Certificate(
        id, code, run.id, run.person, revision, json.loads(frozen), moment(awarded_at),
        CertificateState(state), withdrawn_at=instant(withdrawn_at), reason=reason,
    )  # fmt: skip
