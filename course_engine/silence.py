"""Connections on which nothing moves any more are closed.

The server gives the head of a request a time limit, but not its body. A phone that loses its net in the
middle of a form would keep the thread that reads the form for ever, and two of them a whole process. So a
thread looks after the connections of its process, which Linux lists in /proc; elsewhere nothing is closed.
"""

import os
import socket
import struct
import threading
import time
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

LONGEST = 60.0
"""Seconds in which neither side has sent anything: more than any page takes. An idle browser asks anew."""

_OPEN = Path("/proc/self/fd")
# struct tcp_info of linux/tcp.h: eight bytes, nine numbers, then how many ms ago something was sent, its
# receipt sent, something received, its receipt received.
_LAST = struct.Struct("=8x9I4I")


def watch(port: int) -> None:
    """Close what is silent on this port, from now on, in a thread of its own."""
    if _OPEN.is_dir() and hasattr(socket, "TCP_INFO"):
        threading.Thread(target=_watch, args=(port,), name="silence", daemon=True).start()


def close_silent(port: int, longest: float) -> int:
    """Close the connections to this port on which nothing was sent for so many seconds; how many it were.

    Whoever reads one is told that it has ended.
    """
    closed = 0
    for connection in _connections(port):
        with suppress(OSError):
            if _silent(connection) > longest:
                connection.shutdown(socket.SHUT_RD)
                closed += 1
    return closed


def _watch(port: int) -> None:
    while True:
        time.sleep(LONGEST / 6)
        close_silent(port, LONGEST)


def _connections(port: int) -> Iterator[socket.socket]:
    for name in os.listdir(_OPEN):
        with suppress(OSError), _copy(int(name)) as found:
            inet = found.family in (socket.AF_INET, socket.AF_INET6)
            if inet and found.getsockname()[1] == port and found.getpeername():
                yield found


def _copy(number: int) -> socket.socket:
    """The socket behind a number, which may stand for another while it is looked at. Raises OSError."""
    copy = os.dup(number)
    try:
        return socket.socket(fileno=copy)
    except OSError:
        os.close(copy)
        raise


def _silent(connection: socket.socket) -> float:
    """Seconds since either side has sent something."""
    told = connection.getsockopt(socket.IPPROTO_TCP, socket.TCP_INFO, _LAST.size)
    *_others, sent, _receipt_sent, received, _receipt_received = _LAST.unpack(told)
    return float(min(sent, received)) / 1000
