"""Where tests write: in memory where there is room, because a database waits for the disk at each change."""

import os
import shutil
import tempfile
from pathlib import Path

_MEMORY = Path("/dev/shm")  # noqa: S108
_ROOM = 3 * 1024**3


def folder() -> Path:
    """A folder in which programs can be run; in memory, or else the usual one."""
    return _MEMORY if _is_fit() else Path(tempfile.gettempdir())


def pytest_configure() -> None:
    # Read by pytest; workers are given a folder inside the one of the process that began the run.
    os.environ.setdefault("PYTEST_DEBUG_TEMPROOT", str(folder()))


def _is_fit() -> bool:
    try:
        may_run = not os.statvfs(_MEMORY).f_flag & os.ST_NOEXEC
        return may_run and os.access(_MEMORY, os.W_OK) and shutil.disk_usage(_MEMORY).free > _ROOM
    except OSError:
        return False
