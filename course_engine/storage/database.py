"""The one open database of a process: opening, transactions, and what tests want to know about it."""

import logging
import re
import threading
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cache
from importlib.util import find_spec
from typing import Any, TypeVar

import peewee

from course_engine import turns
from course_engine.domain.errors import Misconfigured, Unavailable
from course_engine.storage.connections import Kept, Postgres, Sqlite

proxy = peewee.DatabaseProxy()
_open: "list[Database]" = []
_HOLD = "SELECT pg_advisory_xact_lock(hashtextextended(one, 0)) FROM unnest(%s::text[]) AS one"
_AT_ONCE = 500
_One = TypeVar("_One")
_NAME = re.compile(r":([a-z_]+)")
_log = logging.getLogger(__name__)


@dataclass(slots=True)
class Queries:
    """The statements that ran while someone counted."""

    statements: list[str] = field(default_factory=list)

    @property
    def count(self) -> int:
        return len(self.statements)


class Database:
    """An open database. Connections open by themselves, one for each thread, and stay."""

    def __init__(self, inner: Kept) -> None:
        self.peewee = inner
        self._pending = threading.local()

    @property
    def is_sqlite(self) -> bool:
        return isinstance(self.peewee, Sqlite)

    @contextmanager
    def transaction(self) -> Iterator[None]:
        """All or nothing; inside another transaction, a part of it that can be undone alone.

        On SQLite it takes the right to write at once, so what is read inside is still true when
        something is written. Raises Unavailable when the database is busy, full or gone.
        """
        if self.peewee.in_transaction():
            with self._part():
                yield
            return
        self._pending.calls = []
        # Others work while this one waits to begin and until the disk has it, and in between they would
        # only make it slower.
        with turns.aside(), self.peewee.alone(), self.peewee.atomic(), turns.back():
            yield
        self._run_pending()

    @contextmanager
    def reading(self) -> Iterator[None]:
        """Several reads that see the same moment, and no writes."""
        if self.peewee.in_transaction():
            yield
            return
        snapshot = {"lock_type": "DEFERRED"} if self.is_sqlite else {"isolation_level": "REPEATABLE READ"}
        self._pending.calls = []
        with self.peewee.atomic(**snapshot):
            yield
        self._run_pending()

    @contextmanager
    def patient(self) -> Iterator[None]:
        """Inside, what this thread asks for may take as long as it takes: for work on a whole site."""
        self.peewee.be_patient()
        try:
            yield
        finally:
            self.peewee.let_go()

    def one_at_a_time(self, *what: str) -> None:
        """Inside a transaction: wait until nobody else holds any of these, and hold them until its end.

        They are taken in the order of the alphabet, so that two who want several never wait for each other.
        On SQLite only one transaction writes at a time anyway.
        """
        if not self.is_sqlite:
            self.peewee.fetch(_HOLD, (sorted(what),))

    def after_commit(self, call: Callable[[], object]) -> None:
        """Call this once the transaction is safely written; at once if there is none.

        What was written stays written, so a fault in `call` is logged and not raised.
        """
        if self.peewee.in_transaction():
            self._pending.calls.append(call)
        else:
            _call(call)

    @contextmanager
    def count_queries(self) -> Iterator[Queries]:
        """Count the statements of this thread."""
        queries, thread = Queries(), threading.get_ident()

        def note(event: peewee.QueryEvent) -> None:
            if threading.get_ident() == thread:
                queries.statements.append(event.sql)

        self.peewee.query_hooks.append(note)
        try:
            yield queries
        finally:
            self.peewee.query_hooks.remove(note)

    def ping(self) -> None:
        """Ask for an answer. Raises Unavailable."""
        self.peewee.fetch("SELECT 1")

    def close(self) -> None:
        """Close the connections of all threads; one that was open before is in use again."""
        self.peewee.close_everything()
        if self in _open:
            _open.remove(self)
        if _open:
            proxy.initialize(_open[-1].peewee)

    @contextmanager
    def _part(self) -> Iterator[None]:
        calls = self._pending.calls
        before = len(calls)
        try:
            with self.peewee.atomic():
                yield
        except BaseException as fault:
            del calls[before:]
            # A full SQLite has undone everything by itself: then there is no part left to undo.
            if isinstance(fault, peewee.OperationalError) and (first := _unavailable(fault)):
                raise first from None
            raise

    def _run_pending(self) -> None:
        calls, self._pending.calls = self._pending.calls, []
        for call in calls:
            _call(call)


def open_database(url: str) -> Database:
    """Open `sqlite:///FILE` or `postgresql://…` as the database of this process.

    Nothing is asked of it yet, so one that is down is noticed at the first query. Raises Misconfigured.
    """
    database = Database(_inner(url))
    proxy.initialize(database.peewee)
    _open.append(database)
    return database


def current() -> Database:
    """The database that is open."""
    if not _open:
        raise RuntimeError("No database is open: call open_database first.")
    return _open[-1]


def fetch(text: str, *values: object) -> list[tuple[Any, ...]]:
    """The rows of a statement written with `?`, as plain tuples: for the reads of every page."""
    inner = current().peewee
    return inner.fetch(_prepared(text, inner.param), values)


def fetch_named(text: str, values: Mapping[str, object]) -> list[tuple[Any, ...]]:
    """The same for a statement written with `:name`, where a value may stand several times.

    Raises KeyError for a name without a value.
    """
    names = [found[1] for found in _NAME.finditer(text)]
    return fetch(_NAME.sub("?", text), *(values[name] for name in names))


def write_rows(text: str, rows: Iterable[Sequence[object]]) -> None:
    """Run a statement, `{rows}` in it standing for all of these rows, some hundred at once.

    They go in order of their first two values, so that two who write the same never wait for each other.
    """
    inner = current().peewee
    for some in parts(sorted(rows, key=lambda row: (str(row[0]), str(row[1])))):
        signs = ", ".join([f"({', '.join([inner.param] * len(some[0]))})"] * len(some))
        inner.run(text.format(rows=signs), [value for row in some for value in row])


def parts(values: Sequence[_One]) -> Iterator[Sequence[_One]]:
    """These values, as many at a time as one statement takes."""
    return (values[start : start + _AT_ONCE] for start in range(0, len(values), _AT_ONCE))


def all_rows(query: Any) -> list[tuple[Any, ...]]:
    """What a Peewee query finds, as plain tuples."""
    return current().peewee.all_of(query.tuples())


def first_row(query: Any) -> tuple[Any, ...] | None:
    """The first row that a Peewee query finds."""
    found = all_rows(query.limit(1))
    return found[0] if found else None


@cache
def _prepared(text: str, sign: str) -> str:
    return text if sign == "?" else text.replace("?", sign)


def _inner(url: str) -> Kept:
    scheme, _, rest = url.partition("://")
    if scheme == "sqlite" and rest.startswith("/") and rest[1:] and ":memory:" not in rest:
        return Sqlite(rest[1:])
    if scheme in {"postgresql", "postgres"}:
        if find_spec("psycopg") is None:
            raise Misconfigured("PostgreSQL needs psycopg: install course-engine[postgres].")
        return Postgres(f"postgresql://{rest}")
    raise Misconfigured(
        "The database address cannot be used: write sqlite:///FILE (with a fourth slash for a path from "
        "the root) or postgresql://NAME:PASSWORD@HOST/DATABASE."
    )


def _unavailable(fault: BaseException | None) -> Unavailable | None:
    while fault is not None and not isinstance(fault, Unavailable):
        fault = fault.__context__
    return fault


def _call(call: Callable[[], object]) -> None:
    try:
        call()
    except Exception:
        _log.exception("Something that follows a saved change did not work; it is tried again later.")
