"""Messages between a press and its child: a length, plain JSON, a length, bytes."""

import json
import socket
import struct
import time
from collections.abc import Mapping

LARGEST = 256 * 1024 * 1024

_LENGTH = struct.Struct("!I")


def send(line: socket.socket, head: Mapping[str, object], body: bytes = b"") -> None:
    """Send one message; a timeout set on the socket holds for the whole."""
    told = json.dumps(head, ensure_ascii=False, separators=(",", ":")).encode()
    line.sendall(b"".join((_LENGTH.pack(len(told)), told, _LENGTH.pack(len(body)), body)))


def receive(line: socket.socket, deadline: float | None = None) -> tuple[dict[str, object], bytes]:
    """The next message. Raises EOFError when the other side is gone, TimeoutError past the deadline.

    `deadline` is an instant of `time.monotonic()`.
    """
    head = json.loads(_part(line, deadline))
    return head, _part(line, deadline)


def _part(line: socket.socket, deadline: float | None) -> bytes:
    (length,) = _LENGTH.unpack(_exactly(line, _LENGTH.size, deadline))
    if length > LARGEST:
        raise EOFError("The other side sent something that is not a message.")
    return _exactly(line, length, deadline)


def _exactly(line: socket.socket, count: int, deadline: float | None) -> bytes:
    got = bytearray()
    while len(got) < count:
        line.settimeout(_left(deadline))
        piece = line.recv(min(count - len(got), 1 << 20))
        if not piece:
            raise EOFError("The other side is gone.")
        got += piece
    return bytes(got)


def _left(deadline: float | None) -> float | None:
    if deadline is None:
        return None
    left = deadline - time.monotonic()
    if left <= 0:
        raise TimeoutError
    return left
