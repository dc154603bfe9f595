"""Boards: who of a cohort is in a view, and in which order, by stored facts alone."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from course_engine.domain.boards import Numbers, Word
from course_engine.domain.cohorts import RequestState
from course_engine.domain.people import listed_as
from course_engine.domain.progress import Run
from course_engine.storage import tables as t
from course_engine.storage.database import all_rows, fetch, fetch_named, parts
from course_engine.storage.fields import anywhere, instant, micros, moment
from course_engine.storage.runs import CALLED, ON_PAPER

_OPEN = ", ".join(f"'{state}'" for state in (RequestState.NEW, RequestState.SEEN))
_HELD = """(
    EXISTS (SELECT 1 FROM hold h WHERE h.run = r.id AND h.starts_at <= :now
            AND (h.ends_at IS NULL OR h.ends_at > :now))
    OR EXISTS (SELECT 1 FROM override o WHERE o.run = r.id AND o.kind = 'hold' AND o.week IS NULL
               AND o.undone_at IS NULL AND o.starts_at <= :now AND (o.ends_at IS NULL OR o.ends_at > :now))
    OR EXISTS (SELECT 1 FROM override o WHERE o.cohort = r.cohort AND o.kind = 'hold' AND o.week IS NULL
               AND o.undone_at IS NULL AND o.starts_at <= :now AND (o.ends_at IS NULL OR o.ends_at > :now))
)"""
_BEGUN = "r.started_at IS NOT NULL AND r.started_at <= :now"
_UNDER_WAY = f"{_BEGUN} AND r.reached < :weeks AND NOT {_HELD}"
_ASKED = f"""EXISTS (
    SELECT 1 FROM contact_request c WHERE c.person = r.person AND c.cohort = r.cohort AND c.state IN ({_OPEN})
)"""  # noqa: S608 — the words come from an enum
_QUIET = f"""{_BEGUN} AND r.reached < :weeks AND COALESCE(r.seen_at, r.started_at) < :quiet AND NOT {_HELD}"""

FILTERS: Mapping[str, str] = {
    "contact": _ASKED,
    "quiet": _QUIET,
    "waiting": f"r.waits_until > :now AND {_UNDER_WAY}",
    "not-started": f"NOT ({_BEGUN})",
    "on-hold": f"{_BEGUN} AND r.reached < :weeks AND {_HELD}",
    "finished": f"{_BEGUN} AND r.reached >= :weeks",
}
_WAITS = "CASE WHEN r.waits_until > :now THEN 0 ELSE 1 END"
_SEEN = "COALESCE(r.seen_at, :never)"
_BACK = " DESC"
_KEYS: Mapping[str, tuple[str, ...]] = {
    "name": ("r.listed_as", "r.id"),
    "-name": ("r.listed_as DESC", "r.id DESC"),
    "week": ("r.reached", _WAITS, "r.listed_as", "r.id"),
    "-week": ("r.reached DESC", f"{_WAITS} DESC", "r.listed_as", "r.id"),
    "seen": (f"{_SEEN} DESC", "r.listed_as", "r.id"),
    "-seen": (_SEEN, "r.listed_as", "r.id"),
}
SORTS: Mapping[str, str] = {name: ", ".join(keys) for name, keys in _KEYS.items()}
Place = Sequence[str | int]
_RUN = "r.id, r.person, r.course, r.edition, r.pace, r.cohort, r.started_at, r.finished_at, r.seen_at"
_ROWS = f"""
    SELECT {_RUN}, {CALLED}, {ON_PAPER},
        (SELECT MIN(c.created_at) FROM contact_request c
         WHERE c.person = r.person AND c.cohort = r.cohort AND c.state IN ({_OPEN}))
    FROM ({{inside}}) x JOIN run r ON r.id = x.id JOIN person p ON p.id = r.person ORDER BY {{sort}}
"""  # noqa: S608 — fixed columns and the words of an enum
_WORDS = (
    f"""SELECT 1 AS rank, r.id AS run, r.person, r.listed_as, MIN(c.created_at) AS at FROM contact_request c
        JOIN run r ON r.person = c.person AND r.cohort = c.cohort
        WHERE c.cohort = :cohort AND c.state IN ({_OPEN}) GROUP BY r.id, r.person, r.listed_as ORDER BY 5""",  # noqa: S608
    """SELECT 2 AS rank, r.id AS run, r.person, r.listed_as, h.ends_at AS at
        FROM run r JOIN hold h ON h.run = r.id
        WHERE r.cohort = :cohort AND r.started_at IS NOT NULL AND r.reached < :weeks
        AND h.starts_at <= :now AND h.ends_at > :now AND h.ends_at <= :soon ORDER BY 5""",
    f"""SELECT 3 AS rank, r.id AS run, r.person, r.listed_as, r.begun_at AS at FROM run r
        WHERE r.cohort = :cohort AND NOT ({_BEGUN}) AND r.begun_at <= :asked ORDER BY r.listed_as""",  # noqa: S608
    f"""SELECT 4 AS rank, r.id AS run, r.person, r.listed_as, COALESCE(r.seen_at, r.started_at) AS at
        FROM run r WHERE r.cohort = :cohort AND {_QUIET} ORDER BY r.listed_as""",  # noqa: S608
)
_WORD = f"""
    SELECT x.rank, x.person, {CALLED}, x.at, {ON_PAPER} FROM ({{union}}) x JOIN person p ON p.id = x.person
    JOIN run r ON r.id = x.run ORDER BY x.rank, x.at, x.listed_as
"""  # noqa: S608 — fixed columns


@dataclass(frozen=True, slots=True)
class View:
    """Which rows of a cohort: `show` is one of FILTERS or empty, `find` words of a name.

    `weeks` is how many weeks the course has; who was last seen before `quiet` is quiet.
    """

    cohort: str
    now: datetime
    quiet: datetime
    weeks: int
    show: str = ""
    sort: str = "name"
    find: str = ""


@dataclass(frozen=True, slots=True)
class Listed:
    """Someone in a view: since when they wait for a word, if they do, and whether they are on paper only."""

    run: Run
    name: str
    on_paper: bool
    asked_at: datetime | None


def count(view: View) -> int:
    """How many people are in a view."""
    return int(_ask(f"SELECT COUNT(*) FROM run r WHERE {_inside(view)}", view)[0][0])  # noqa: S608


def numbers(view: View) -> Numbers:
    """The numbers of a whole cohort, whatever is shown of it. One query."""
    held = FILTERS["on-hold"]
    text = f"""
        SELECT COUNT(*), COALESCE(SUM(CASE WHEN {held} THEN 1 ELSE 0 END), 0),
            COALESCE(SUM(CASE WHEN {_BEGUN} THEN 0 ELSE 1 END), 0)
        FROM run r WHERE r.cohort = :cohort
    """  # noqa: S608
    return Numbers(*(int(number) for number in _ask(text, view)[0]))


def rows(view: View, limit: int, offset: int = 0, after: Place = ()) -> list[Listed]:
    """The people of a view in their order, so many from there on, or from after a place. One query."""
    where = f"{_inside(view)} AND {_beyond(view.sort)}" if after else _inside(view)
    chosen = f"SELECT r.id FROM run r WHERE {where} ORDER BY {SORTS[view.sort]}"  # noqa: S608
    inside = f"{chosen} LIMIT {limit:d} OFFSET {offset:d}"
    found = _ask(_ROWS.format(inside=inside, sort=SORTS[view.sort]), view, **_named(view.sort, after))
    return [_listed(row) for row in found]


def place(view: View, run: str) -> Place:
    """Where a run stands in the order of a view: a place that stays, even when the run goes.

    Empty for one that has gone.
    """
    keys = ", ".join(_columns(view.sort))
    found = _ask(f"SELECT {keys} FROM run r WHERE r.id = :run", view, run=run)  # noqa: S608
    return [micros(key) if isinstance(key, datetime) else key for row in found for key in row]


def people(view: View) -> list[str]:
    """Everybody in a view, by id."""
    return [str(id) for (id,) in _ask(f"SELECT r.person FROM run r WHERE {_inside(view)}", view)]  # noqa: S608


def runs_of(cohort: str, people: Sequence[str] | None = None) -> list[Listed]:
    """The runs of a cohort with the names of their people, or of some people only."""
    view = View(cohort, _LONG_AGO, _LONG_AGO, 0)
    if people is None:
        return rows(view, 1_000_000)
    found: list[Listed] = []
    for some in parts(people):
        ids = ", ".join("?" * len(some))
        inside = f"SELECT r.id FROM run r WHERE r.cohort = ? AND r.person IN ({ids})"  # noqa: S608
        text = _ROWS.format(inside=inside, sort=SORTS["name"])
        found += [_listed(row) for row in fetch(text, cohort, *some)]
    return sorted(found, key=lambda one: (listed_as(one.name), one.run.id))


def might_welcome(view: View, soon: datetime, asked: datetime, most: int) -> list[Word]:
    """Those who asked for contact, whose hold ends before `soon`, who have not begun, who are quiet.

    In this order, at most so many of each; only stored facts. Of those who have not begun, only whoever was
    asked in until `asked`. One query.
    """
    limited = (f"SELECT * FROM ({part} LIMIT {most:d}) s{place}" for place, part in enumerate(_WORDS))  # noqa: S608
    text = _WORD.format(union=" UNION ALL ".join(limited))
    facts = ("contact", "returning", "not-started", "quiet")
    return [
        Word(facts[rank - 1], person, str(name), instant(at), bool(on_paper))
        for rank, person, name, at, on_paper in _ask(text, view, soon=soon, asked=asked)
    ]


def of_all_cohorts() -> list[str]:
    """Every cohort, by id."""
    return [id for (id,) in all_rows(t.Cohort.select(t.Cohort.id))]


_LONG_AGO = moment(0)
_LETTERS = "abcd"


def _inside(view: View) -> str:
    where = "r.cohort = :cohort"
    if view.show:
        where += f" AND {FILTERS[view.show]}"
    return where + (" AND r.listed_as LIKE :find ESCAPE '!'" if view.find else "")


def _beyond(sort: str) -> str:
    """What is true of those who come after a place: the first key in which they differ is a later one."""
    columns = _columns(sort)
    later = [
        " AND ".join(
            [f"{columns[same]} = :after_{_LETTERS[same]}" for same in range(place)]
            + [f"{columns[place]} {'<' if key.endswith(_BACK) else '>'} :after_{_LETTERS[place]}"]
        )
        for place, key in enumerate(_KEYS[sort])
    ]
    return f"({' OR '.join(later)})"


def _columns(sort: str) -> list[str]:
    return [key.removesuffix(_BACK) for key in _KEYS[sort]]


def _named(sort: str, place: Place) -> dict[str, object]:
    """The keys of a place as `_beyond` names them."""
    return {
        f"after_{letter}": moment(key) if column == _SEEN and isinstance(key, int) else key
        for letter, column, key in zip(_LETTERS, _columns(sort), place, strict=False)
    }


def _ask(text: str, view: View, **more: object) -> list[tuple[Any, ...]]:
    values = {
        "cohort": view.cohort, "now": view.now, "quiet": view.quiet, "weeks": view.weeks,
        "find": anywhere(listed_as(view.find)), "never": _LONG_AGO, **more,
    }  # fmt: skip
    return fetch_named(text, values)


def _listed(row: Sequence[Any]) -> Listed:
    id, person, course, edition, pace, cohort, started_at, finished_at, seen_at, name, on_paper, asked_at = (
        row
    )
    run = Run(
        id, person, course, edition, pace, cohort, instant(started_at), instant(finished_at), instant(seen_at)
    )
    return Listed(run, str(name), bool(on_paper), instant(asked_at))
