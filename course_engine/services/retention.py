"""Keeping things no longer than a site says: warned a month before, then deleted, a few rows at a time.

A run goes after the last visit, and so do the requests for contact of a group that has ended (where nobody
ended it, after its last session and the last request), people who were invited and never came, and old lines
of the audit. Whoever can be written to is told a month before, and
a visit is all it takes to keep a course. Whoever cannot (no address, no mail server here, or a letter that
never went out) is waited for a year longer. A certificate outlives its run: what was done and written goes,
the frame that the certificate hangs on stays, so that its code can be checked for ever.
"""

import json
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, fields, replace
from datetime import datetime, timedelta
from typing import Any

from course_engine.domain.errors import BadInput
from course_engine.domain.people import Person
from course_engine.domain.retention import (
    BOUNDS,
    LONGER,
    WARNING,
    Counts,
    Rules,
    months_before,
)
from course_engine.engine import Engine
from course_engine.i18n import gettext as _
from course_engine.services import letters, warnings
from course_engine.storage import audit, outbox, site
from course_engine.storage import retention as stored
from course_engine.storage.due import Due

KEY = "retention"
AT_ONCE = 20
LINES_AT_ONCE = 500
MONTH = timedelta(days=30)
NAMES = tuple(field.name for field in fields(Counts))

Find = Callable[[Due], Sequence[Any]]
Delete = Callable[[str, Due], Mapping[str, int]]


@dataclass(frozen=True, slots=True)
class Outlook:
    """What will go in the next 30 days, what went in the last, and how many runs wait for a year longer."""

    next: Counts
    last: Counts
    longer: int


@dataclass(frozen=True, slots=True)
class _Chore:
    """One kind of thing: what is due of it, how it is found, told of and deleted."""

    kind: str
    due: Due
    find: Find
    warn: warnings.Warn
    delete: Delete


def rules() -> Rules:
    """How long things are kept here, within the bounds that there are by now. One query."""
    kept = json.loads(site.get(KEY) or "{}")
    return Rules(**{name: _within(name, int(value)) for name, value in kept.items() if name in BOUNDS})


def change(engine: Engine, admin: Person, wanted: Mapping[str, int], now: datetime) -> Rules:
    """Keep things for longer or shorter from now on; nothing goes without its warning. Raises BadInput."""
    faults = {
        name: _("Choose a number from %(least)s to %(most)s.", least=least, most=most)
        for name, (least, most) in BOUNDS.items()
        if not least <= wanted[name] <= most
    }
    if faults:
        raise BadInput(faults)
    chosen = Rules(**{name: wanted[name] for name in BOUNDS})
    with engine.database.transaction():
        before = asdict(rules())
        changed = {name: value for name, value in asdict(chosen).items() if before[name] != value}
        if changed:
            site.put(KEY, json.dumps(asdict(chosen)))
            audit.add(now, admin.id, "retention.rules", None, changed)
    return chosen


def tend(engine: Engine, now: datetime) -> Counts:
    """Warn whoever is to be warned, then delete what is due. Repeating it does no harm."""
    found = rules()
    for chore in _chores(engine, found, now + WARNING, now):
        for some in _few(chore.find(chore.due)):
            with engine.database.transaction():
                for one in some:
                    chore.warn(engine, one, chore.due, found, now)
    gone: Counter[str] = Counter()
    for chore in _chores(engine, found, now, now):
        gone += _delete(engine, chore, now)
    while swept := _forget_lines(engine, found, now):
        gone["audit"] += swept
    return Counts(**gone)


def outlook(engine: Engine, now: datetime) -> Outlook:
    """What the rules will do soon and have done lately, in numbers only."""
    found = rules()
    # Whatever goes within a month has been warned by now, for a warning is made a month before.
    coming: Counter[str] = Counter(audit=audit.count(months_before(now + MONTH, found.audit_months)))
    for chore in _chores(engine, found, now + MONTH, now + MONTH):
        coming.update(_counted(replace(chore, due=replace(chore.due, warned=now))))
    told = audit.sums([f"retention.{name}" for name in NAMES], now - MONTH)
    silent = Due(months_before(now + WARNING, found.run_months), now, reached=_reached(engine, False))
    return Outlook(
        Counts(**coming),
        Counts(**{name: told[f"retention.{name}"] for name in NAMES}),
        sum(stored.count_runs(silent)),
    )


def _within(name: str, value: int) -> int:
    least, most = BOUNDS[name]
    return min(max(value, least), most)


def _chores(engine: Engine, found: Rules, at: datetime, now: datetime) -> Iterator[_Chore]:
    """What is due `at` a moment, for those a letter reaches and for those who are waited for longer.

    Nothing of a group that meets after `now` is.
    """
    for reached, longer in ((_reached(engine, True), 0), (_reached(engine, False), LONGER)):
        if reached is None and not longer:
            continue
        ended = months_before(at - timedelta(days=found.contact_days), longer)
        requests = Due(ended, now, reached=reached)
        run = Due(months_before(at, found.run_months + longer), now, reached=reached)
        invited = Due(months_before(at, found.invited_months + longer), now, reached=reached)
        yield _Chore("run", run, stored.runs, warnings.of_run, _run)
        yield _Chore("cohort", requests, stored.cohorts, warnings.of_requests, _requests)
        yield _Chore("person", invited, stored.invited, warnings.of_invited, _invited)


def _reached(engine: Engine, reached: bool) -> bool | None:
    """Where no letter can go, nobody is reached: all wait for as long as those without an address."""
    return reached if letters.can_go(engine) else None


def _delete(engine: Engine, chore: _Chore, now: datetime) -> Counter[str]:
    """Delete what was warned a month ago; a warning that waits in the outbox has warned nobody yet."""
    warned = replace(chore.due, warned=now - WARNING)
    found = chore.find(warned)
    if not found:
        return Counter()
    anyway = {one.id for one in chore.find(replace(warned, before=months_before(warned.before, LONGER)))}
    gone: Counter[str] = Counter()
    for some in _few(found):
        part: Counter[str] = Counter()
        with engine.database.transaction():
            for one in some:
                if one.id in anyway or not outbox.waits(stored.word(chore.kind, one.id)):
                    part.update(chore.delete(one.id, warned))
                    outbox.forget(stored.word(chore.kind, one.id))
            # The line of the audit is written with what it tells of, or not at all.
            _write_down(part, now)
        gone += part
    return gone


def _run(id: str, due: Due) -> Mapping[str, int]:
    found = stored.delete_run(id, due)
    return {"emptied" if found == "emptied" else "runs": 1} if found else {}


def _requests(id: str, due: Due) -> Mapping[str, int]:
    return {"requests": stored.delete_requests(id, due)}


def _invited(id: str, due: Due) -> Mapping[str, int]:
    return {"invited": int(stored.delete_invited(id, due))}


def _forget_lines(engine: Engine, found: Rules, now: datetime) -> int:
    with engine.database.transaction():
        swept = audit.sweep(months_before(now, found.audit_months), LINES_AT_ONCE)
        _write_down(Counter(audit=swept), now)
    return swept


def _write_down(gone: Counter[str], now: datetime) -> None:
    for name, number in gone.items():
        if number:
            audit.add(now, None, f"retention.{name}", None, {"n": number})


def _counted(chore: _Chore) -> Mapping[str, int]:
    if chore.kind == "run":
        return dict(zip(("runs", "emptied"), stored.count_runs(chore.due), strict=True))
    if chore.kind == "cohort":
        return {"requests": stored.count_requests(chore.due)}
    return {"invited": stored.count_invited(chore.due)}


def _few(found: Sequence[Any]) -> Iterator[Sequence[Any]]:
    """A few at a time, so that nobody who wants to write waits for all of them."""
    return (found[at : at + AT_ONCE] for at in range(0, len(found), AT_ONCE))
