"""The lean caller reads an answer as the standard library does, only faster where it is plain."""

import http.client
import socket
import threading
from collections.abc import Sequence
from typing import Any

import pytest

from chalicelib.adapters.lean_answers import Answer, read_answer

OK = b"HTTP/1.1 200 OK\r\n"
BODY = b'{"done":true}'
LENGTH = b"Content-Length: 13\r\n"
TAKEN = (200, BODY, None)
WHOLE: dict[str, tuple[Sequence[bytes], tuple[Any, ...], bool]] = {
    "plain": ([OK + LENGTH + b"\r\n" + BODY], TAKEN, False),
    "head and body apart": ([OK + LENGTH + b"\r\n", BODY], TAKEN, False),
    "a body in pieces": ([OK + LENGTH + b"\r\n" + BODY[:3], BODY[3:7], BODY[7:]], TAKEN, False),
    "a head in pieces": ([OK + LENGTH[:5], LENGTH[5:] + b"\r\n" + BODY], TAKEN, False),
    "a line twice": ([OK + b"date: x\r\n" + LENGTH + b"date: y\r\n\r\n" + BODY], TAKEN, False),
    "chunks": (
        [OK + b"Transfer-Encoding: chunked\r\n\r\n5\r\n" + BODY[:5] + b"\r\n8\r\n" + BODY[5:] + b"\r\n0\r\n\r\n"],
        TAKEN, False),
    "something before it": ([b"HTTP/1.1 100 Continue\r\n\r\n" + OK + LENGTH + b"\r\n" + BODY], TAKEN, False),
    "no length": ([OK + b"\r\n" + BODY, b""], TAKEN, True),
    "the last one": ([OK + LENGTH + b"Connection: Close\r\n\r\n" + BODY], TAKEN, True),
    "more than there should be": ([OK + LENGTH + b"\r\n" + BODY + b"HTTP/1.1 500 "], TAKEN, True),
    "no body": ([b"HTTP/1.1 204 No Content\r\n\r\n"], (204, b"", None), False),
    "an empty body": ([OK + b"content-length: 0\r\n\r\n"], (200, b"", None), False),
    "a checksum": ([OK + b"X-Amz-Crc32: 7\r\n" + LENGTH + b"\r\n" + BODY], (200, BODY, "7"), False),
    "a checksum in chunks": (
        [OK + b"X-Amz-Crc32: 7\r\nTransfer-Encoding: chunked\r\n\r\nd\r\n" + BODY + b"\r\n0\r\n\r\n"],
        (200, BODY, "7"), False),
    "letters beyond ASCII": ([OK + b"X-A: \xe9\r\n" + LENGTH + b"\r\n" + BODY], TAKEN, False),
}  # fmt: skip
CUT_OFF = {
    "nothing": [b""],
    "half a body": [OK + LENGTH + b"\r\n" + BODY[:5], b""],
    "half a chunk": [OK + b"Transfer-Encoding: chunked\r\n\r\n5\r\n" + BODY[:2], b""],
    "no HTTP": [b"hello\r\n\r\n", b""],
}


def read(pieces: Sequence[bytes]) -> Answer:
    """An empty piece hangs up."""
    near, far = socket.socketpair()

    def say() -> None:
        for piece in pieces:
            threading.Event().wait(0.02)
            far.sendall(piece) if piece else far.shutdown(socket.SHUT_WR)

    near.settimeout(2)
    with near, far:
        speaker = threading.Thread(target=say)
        speaker.start()
        try:
            return read_answer(near)
        finally:
            speaker.join()


@pytest.mark.parametrize("name", WHOLE)
def test_an_answer_is_read_to_its_end(name: str) -> None:
    pieces, expected, is_last = WHOLE[name]
    answer = read(pieces)
    assert (answer.status, answer.content, answer.crc32) == expected
    assert answer.is_last is is_last


@pytest.mark.parametrize("name", CUT_OFF)
def test_what_is_cut_off_is_no_answer(name: str) -> None:
    with pytest.raises((OSError, http.client.HTTPException)):
        read(CUT_OFF[name])


def test_two_lengths_are_not_a_plain_matter() -> None:
    """Read as the standard library reads it: by the first."""
    answer = read([OK + LENGTH + b"Content-Length: 2\r\n\r\n" + BODY])
    assert answer.content == BODY
