"""Reading an answer from a connection: what is plainly one, in a tenth of the time that the standard library takes for
it; all else (parts, chunks, what came in pieces or twice) by the standard library, which knows all of HTTP.
"""

import http.client
import io
import re
import socket
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

_PIECE = 65_536
# A whole head, of lines that nobody can read in two ways.
_PLAIN_HEAD = re.compile(rb"HTTP/1\.1 ([2-5]\d\d) [ -~]*\r\n((?:[A-Za-z0-9-]+: [!-~](?:[ -~]*[!-~])?\r\n)*)\r\n")
_PLAIN_LENGTH = re.compile(r"\d{1,9}")
_BODILESS = (204, 304)


@dataclass(frozen=True, slots=True)
class Answer:
    status: int
    headers: Mapping[str, str]
    """By their names in lower case."""
    content: bytes
    is_last: bool
    """Nothing more can be asked on this connection."""


def read_answer(connection: socket.socket) -> Answer:
    """``OSError`` or ``http.client.HTTPException`` when there is none, or not all of one."""
    seen = connection.recv(_PIECE)
    return _plainly(connection, seen) or _by_the_book(connection, seen)


def _plainly(connection: socket.socket, seen: bytes) -> Answer | None:
    head = _PLAIN_HEAD.match(seen)
    if head is None:
        return None
    status, lines = int(head[1]), head[2].decode("ascii").split("\r\n")[:-1]
    headers = {name.lower(): value for name, _, value in (line.partition(": ") for line in lines)}
    length = headers.get("content-length", "")
    is_plain = len(headers) == len(lines) and _PLAIN_LENGTH.fullmatch(length) and status not in _BODILESS
    if not is_plain or "transfer-encoding" in headers:
        return None
    content = _whole(connection, seen[head.end() :], int(length))
    # What comes after an answer that was asked for answers nothing, and must not be taken for the next one.
    has_more = len(content) > int(length)
    return Answer(status, headers, content[: int(length)], has_more or "close" in headers.get("connection", "").lower())


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
    headers = {name.lower(): value for name, value in response.headers.items()}
    return Answer(response.status, headers, content, response.will_close)


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
