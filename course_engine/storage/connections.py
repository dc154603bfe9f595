"""The two databases as Peewee sees them, taught to keep a connection per thread and to speak plainly.

A thread keeps its connection from one page to the next; a thread that has ended gives it back. A broken
connection is thrown away and the next use opens a new one. What a database says when it is busy, full or
gone becomes `Unavailable`, raised by every statement alike. On SQLite one lock per process stands before
writes, because waiting inside SQLite sleeps in growing steps.
"""

import sqlite3
import threading
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager, nullcontext
from datetime import datetime
from functools import lru_cache, partial
from typing import Any, NoReturn

import peewee
from playhouse.pool import MaxConnectionsExceeded, PooledPostgresqlDatabase

from course_engine import turns
from course_engine.domain.errors import Misconfigured, Unavailable
from course_engine.i18n import gettext as _
from course_engine.storage.fields import in_utc, micros

PATIENCE = 5
MOST = 24
_TROUBLES = (peewee.OperationalError, peewee.InterfaceError, MaxConnectionsExceeded)
_READS = ("SELECT", "WITH", "PRAGMA", "EXPLAIN")


class Kept(peewee.Database):
    """What both databases have in common."""

    _UNUSABLE: str
    _held: dict[int, tuple[threading.Thread, Any]]
    _state: Any

    def fetch(self, sql: str, values: Sequence[object] = ()) -> list[tuple[Any, ...]]:
        """All rows of a statement, as plain tuples."""
        return self.all_of(self.run(sql, values))

    def run(self, sql: str, values: Sequence[object] = ()) -> Any:
        """Run a statement in this database's own dialect; gives the driver's cursor."""
        return self.execute_sql(sql, values)  # type: ignore[no-untyped-call]

    def all_of(self, cursor: Iterable[tuple[Any, ...]]) -> list[tuple[Any, ...]]:
        """All rows of a query or a cursor."""
        try:
            return list(cursor)
        except _TROUBLES as error:
            self.tell(error)

    def stream(self, sql: str) -> Iterator[tuple[Any, ...]]:
        """The rows of a query inside a transaction, a few at a time, as the driver gives them."""
        cursor = self._streaming(self._state.conn)
        try:
            yield from cursor.execute(sql)
        except _TROUBLES as error:
            self.tell(error)
        finally:
            cursor.close()

    def bound(self, value: object) -> object:
        """A value as the driver takes it."""
        return in_utc(value) if isinstance(value, datetime) else value

    def alone(self) -> Any:
        """A context in which no other thread of this process writes, where that matters."""
        return nullcontext()

    def be_patient(self) -> None:
        """Let this thread's connection wait as long as it takes, for a migration or a backup."""

    def connect(self, reuse_if_open: bool = False) -> bool:
        try:
            return bool(super().connect(reuse_if_open))
        except _TROUBLES as error:
            self.tell(error)
        except peewee.DatabaseError as error:
            raise Misconfigured(self._UNUSABLE) from error

    def begin(self, *args: Any, **options: Any) -> None:
        try:
            super().begin(*args, **options)
        except _TROUBLES as error:
            self.tell(error)

    def commit(self) -> None:
        try:
            super().commit()
        except _TROUBLES as error:
            self.tell(error)

    def rollback(self) -> None:
        # A database that cannot roll back has done so, or does when the connection goes; the fault
        # that led here is the one to tell.
        try:
            super().rollback()
        except _TROUBLES:
            self.let_go()

    def let_go(self) -> None:
        """Throw away this thread's connection; the next use opens another."""
        connection = self._state.conn
        self._state.reset()
        if connection is not None:
            self._discard(connection)

    def close_everything(self) -> None:
        """Close the connections of all threads."""
        for _thread, connection in list(self._held.values()):
            self._discard(connection)
        self._state.reset()

    def _execute_cursor(self, sql: str, params: Sequence[object] | None, **options: Any) -> Any:
        values = [self.bound(value) for value in params] if params else ()
        try:
            return super()._execute_cursor(sql, values, **options)  # type: ignore[misc]
        except _TROUBLES as error:
            self.tell(error)

    def _connect(self) -> Any:
        self._take_back()
        connection = super()._connect()  # type: ignore[misc]
        self._held[id(connection)] = (threading.current_thread(), connection)
        return connection

    def _take_back(self) -> None:
        for thread, connection in list(self._held.values()):
            if not thread.is_alive():
                self._discard(connection)

    def _discard(self, connection: Any) -> None:
        self._held.pop(id(connection), None)
        self._shut(connection)

    def _shut(self, connection: Any) -> None:
        raise NotImplementedError

    def _streaming(self, connection: Any) -> Any:
        return connection.cursor()

    def _broken(self) -> bool:
        raise NotImplementedError

    def _sentence(self, fault: BaseException) -> str | None:
        raise NotImplementedError

    def tell(self, error: Exception) -> NoReturn:
        """Raise a fault of the database again, as Unavailable where trying again helps."""
        fault: BaseException = error
        while isinstance(below := getattr(fault, "orig", None), BaseException):
            fault = below
        sentence = self._sentence(fault)
        if not self.in_transaction() and self._broken():
            self.let_go()
        if sentence is None:
            raise error
        raise Unavailable(sentence) from error


class Sqlite(Kept, peewee.SqliteDatabase):
    """A file beside the process."""

    _UNUSABLE = (
        "The database file is damaged, or it is none of SQLite. Name another in COURSE_ENGINE_DATABASE_URL, "
        "or fill a new one with: course-engine restore BACKUP"
    )

    def __init__(self, path: str) -> None:
        self._held = {}
        self._writing = threading.RLock()
        super().__init__(
            path,
            pragmas=[
                ("busy_timeout", PATIENCE * 1000),
                ("journal_mode", "wal"),
                ("synchronous", 2),
                ("foreign_keys", 1),
            ],
            lock_type="IMMEDIATE",
            field_types={"INSTANT": "INTEGER"},
            check_same_thread=False,
        )

    def bound(self, value: object) -> object:
        return micros(value) if isinstance(value, datetime) else value

    @contextmanager
    def alone(self) -> Iterator[None]:
        if not self._writing.acquire(timeout=PATIENCE):
            raise Unavailable(_("The database is busy. Please try again in a moment."))
        try:
            yield
        finally:
            self._writing.release()

    def _execute_cursor(self, sql: str, params: Sequence[object] | None, **options: Any) -> Any:
        if self._state.transactions or _only_reads(sql):
            return super()._execute_cursor(sql, params, **options)
        with turns.aside(), self.alone():
            return super()._execute_cursor(sql, params, **options)

    def _shut(self, connection: sqlite3.Connection) -> None:
        connection.close()

    def _broken(self) -> bool:
        return False

    def _sentence(self, fault: BaseException) -> str | None:
        code = getattr(fault, "sqlite_errorcode", 0) & 0xFF
        if code in {sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED}:
            return _("The database is busy. Please try again in a moment.")
        if code == sqlite3.SQLITE_FULL:
            return _("The disk of this site is full, so nothing can be saved right now.")
        if code in {sqlite3.SQLITE_IOERR, sqlite3.SQLITE_CANTOPEN, sqlite3.SQLITE_READONLY}:
            return _("The database file cannot be read or written right now. Please try again in a moment.")
        return None


@lru_cache(1024)
def _only_reads(sql: str) -> bool:
    return sql.lstrip().upper().startswith(_READS)


class _Patient(peewee.Psycopg3Adapter):
    """Connections that wait for an answer a while and not for ever, should the server hang."""

    def connect(self, db: Any, **params: Any) -> Any:
        connection = super().connect(db, **params)  # type: ignore[no-untyped-call]
        connection.wait = partial(connection.wait, timeout=PATIENCE + 1)
        return connection


class Postgres(Kept, PooledPostgresqlDatabase):  # type: ignore[misc]
    """A PostgreSQL server, by psycopg 3; at most MOST connections in this process."""

    psycopg3_adapter = _Patient
    _UNUSABLE = (
        "COURSE_ENGINE_DATABASE_URL cannot be used. Write postgresql://NAME:PASSWORD@HOST/DATABASE, and "
        "after a ? only what PostgreSQL knows."
    )

    def __init__(self, url: str) -> None:
        self._held = {}
        super().__init__(
            url,
            max_connections=MOST,
            timeout=2,
            stale_timeout=None,
            prefer_psycopg3=True,
            field_types={"INSTANT": "TIMESTAMPTZ"},
            connect_timeout=PATIENCE,
            options=(
                f"-c timezone=UTC -c statement_timeout={PATIENCE}s -c lock_timeout={PATIENCE}s"
                " -c idle_in_transaction_session_timeout=60s"
            ),
        )

    def connect(self, reuse_if_open: bool = False) -> bool:
        with turns.aside(calling=True):
            return super().connect(reuse_if_open)

    def _execute_cursor(self, sql: str, params: Sequence[object] | None, **options: Any) -> Any:
        with turns.aside(calling=True):
            return super()._execute_cursor(sql, params, **options)

    def be_patient(self) -> None:
        connection = self.connection()  # type: ignore[no-untyped-call]
        connection.wait = partial(type(connection).wait, connection)
        self.run("SET statement_timeout = 0")
        self.run("SET lock_timeout = 0")

    def close_everything(self) -> None:
        super().close_everything()
        self.close_all()

    def _take_back(self) -> None:
        for thread, connection in list(self._held.values()):
            if not thread.is_alive():
                self._held.pop(id(connection), None)
                self._close(connection)

    def _shut(self, connection: Any) -> None:
        self._close(connection, close_conn=True)

    def _streaming(self, connection: Any) -> Any:
        return connection.cursor(name="streaming")

    def _broken(self) -> bool:
        # Outside a transaction only an idle connection is sound: any other waits for an answer or is gone.
        connection = self._state.conn
        idle = self.psycopg3_adapter.txn_idle
        return connection is not None and self._adapter.txn_status(connection) != idle

    def _sentence(self, fault: BaseException) -> str | None:
        if isinstance(fault, MaxConnectionsExceeded):
            return _("The database is busy. Please try again in a moment.")
        return _("The database does not answer right now. Please try again in a moment.")
