"""The queue that wakes workers: a SQLite file in the data folder, or Redis where it is configured.

Messages are JSON and carry nothing but the name of a task.
"""

import json
import sqlite3
from pathlib import Path

from huey import Huey, MemoryHuey, RedisHuey, SqliteHuey
from huey.exceptions import ConfigurationError
from huey.registry import Message
from huey.serializer import Serializer

from course_engine.config import Config
from course_engine.domain.errors import Misconfigured

NAME = "course-engine"
FILE = "queue.db"
# Seconds; a worker waits a second at a time for news, so an answer may take a little longer than that.
_PATIENCE = "socket_timeout=3&socket_connect_timeout=3"


class Plain(Serializer):  # type: ignore[misc]
    """Messages as JSON: whoever can write to the queue can name a task, and do no more."""

    def _serialize(self, data: Message) -> bytes:
        return json.dumps([data.id, data.name]).encode()

    def _deserialize(self, data: bytes) -> Message:
        id, name = json.loads(data)
        return Message(str(id), str(name), retries=0, args=(), kwargs={})


def open_queue(config: Config, *, immediate: bool = False) -> Huey:
    """The queue of this installation; an `immediate` one does every task at once. Raises Misconfigured."""
    if immediate:
        return MemoryHuey(NAME, immediate=True, serializer=Plain(), results=False)
    if config.redis_url is None:
        return _beside(config.data / FILE)
    return _redis(config.redis_url)


def _beside(file: Path) -> Huey:
    try:
        return SqliteHuey(NAME, filename=str(file), serializer=Plain(), results=False)
    except sqlite3.Error as error:
        raise Misconfigured(
            f"{file} cannot be used: {error}. It only carries the news that there is work: if it is damaged, "
            "delete it and start again."
        ) from error


def _redis(url: str) -> Huey:
    patient = f"{url}{'&' if '?' in url else '?'}{_PATIENCE}"
    try:
        return RedisHuey(NAME, url=patient, serializer=Plain(), results=False)
    except ConfigurationError as error:
        raise Misconfigured("COURSE_ENGINE_REDIS_URL needs redis: install course-engine[redis].") from error
    except ValueError as error:
        raise Misconfigured(
            "COURSE_ENGINE_REDIS_URL is not an address of Redis. Write one like redis://127.0.0.1:6379/0."
        ) from error
