"""Reading an answer from a connection: what is plainly one, in a tenth of the time that the standard library takes for
it; all else (chunks, a head in pieces, a length stated twice) by the standard library, which knows all of HTTP.
"""

import http.client
import io
import re
import socket
from typing import Any, NamedTuple

_PIECE = 65_536
# A whole head, of lines that nobody can read in two ways; and what matters in it.
_PLAIN_HEAD = re.compile(rb"HTTP/1\.1 ([2-5]\d\d) [ -~]*(?:\r\n[A-Za-z0-9-]+: [ -~]*)*\r\n\r\n")
_NOTABLE = re.compile(rb"\r\n(content-length|transfer-encoding|connection|x-amz-crc32): ([ -~]*)")
_BODILESS = (204, 304)


class Answer(NamedTuple):
    status: int
    content: bytes
    crc32: str | None
    """Where the service states it."""
    is_last: bool
    """Nothing more can be asked on this connection."""


def read_answer(connection: socket.socket) -> Answer:
    """``OSError`` or ``http.client.HTTPException`` when there is none, or not all of one."""
    seen = connection.recv(_PIECE)
    return _plainly(connection, seen) or _by_the_book(connection, seen)


def _plainly(connection: socket.socket, seen: bytes) -> Answer | None:
    head = _PLAIN_HEAD.match(seen)
    if head is None or int(head[1]) in _BODILESS:
        return None
    found = _NOTABLE.findall(head[0].lower())
    notable = dict(found)
    stated = notable.get(b"content-length", b"")
    if len(found) > len(notable) or b"transfer-encoding" in notable or not stated.isdigit():
        return None
    length, crc32 = int(stated), notable.get(b"x-amz-crc32")
    content = _whole(connection, seen[head.end() :], length)
    # What comes after an answer that was asked for answers nothing, and must not be taken for the next one.
    is_last = len(content) > length or b"close" in notable.get(b"connection", b"")
    return Answer(int(head[1]), content[:length], crc32.decode() if crc32 else None, is_last)


def _whole(connection: socket.socket, seen: bytes, length: int) -> bytes:
    while len(seen) < length:
        piece = connection.recv(_PIECE)
        if not piece:
            raise http.client.IncompleteRead(seen, length - len(seen))
        seen += piece
    return seen


def _by_the_book(connection: socket.socket, seen: bytes) -> Answer:
    resumed: Any = _Resumed(connection, seen)
    with http.client.HTTPResponse(resumed, method="POST") as response:
        response.begin()
        content = response.read()
    return Answer(response.status, content, response.headers.get("x-amz-crc32"), response.will_close)


class _Resumed(io.RawIOBase):
    """A connection whose first bytes were read already."""

    def __init__(self, connection: socket.socket, seen: bytes) -> None:
        self._connection, self._seen = connection, seen

    def makefile(self, mode: str) -> io.BufferedReader:  # noqa: ARG002  it is "rb", and called as a socket's is
        return io.BufferedReader(self, _PIECE)

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        if not self._seen:
            return self._connection.recv_into(buffer)
        count = min(len(buffer), len(self._seen))
        buffer[:count], self._seen = self._seen[:count], self._seen[count:]
        return count
