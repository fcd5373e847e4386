"""One HTTP/1.1 connection: reading a request within bounds and in time, and writing an answer in one piece."""

import io
import socket
import time
from collections.abc import Callable
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler
from typing import Any, cast

from infra.local.pages import LocalRequest, LocalResponse

MAX_BODY_BYTES = 10 * 1024 * 1024

_BODILESS = {204, 304}


class _InTime(io.RawIOBase):
    """A socket that waits long for the first byte of a request, and then a bounded time for all the rest of it."""

    def __init__(self, connection: socket.socket, idle_seconds: float, request_seconds: float) -> None:
        self._connection = connection
        self._idle_seconds = idle_seconds
        self._request_seconds = request_seconds
        self._deadline: float | None = None

    def expect_request(self) -> None:
        self._deadline = None

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        self._connection.settimeout(self._seconds_left())
        count = self._connection.recv_into(buffer)
        if self._deadline is None:
            self._deadline = time.monotonic() + self._request_seconds
        return count

    def _seconds_left(self) -> float:
        if self._deadline is None:
            return self._idle_seconds
        left = self._deadline - time.monotonic()
        if left <= 0:
            raise TimeoutError
        return left


class BadRequest(Exception):
    def __init__(self, status: HTTPStatus) -> None:
        super().__init__(status.phrase)
        self.status = status


class Connection(BaseHTTPRequestHandler):
    """``answer`` is given by the server. Nothing is logged here: addresses may hold personal data."""

    protocol_version = "HTTP/1.1"
    # With Nagle's algorithm a kept-alive connection waits 40 ms for the other side's delayed acknowledgement.
    disable_nagle_algorithm = True
    answer: Callable[[LocalRequest], LocalResponse]
    idle_seconds = 75.0
    request_seconds = 20.0

    def setup(self) -> None:
        super().setup()
        self.rfile.close()
        self._in_time = _InTime(self.connection, self.idle_seconds, self.request_seconds)
        self.rfile = io.BufferedReader(self._in_time, 65536)

    def handle_one_request(self) -> None:
        self._in_time.expect_request()
        super().handle_one_request()

    def _serve(self) -> None:
        try:
            request = self._request()
        except (BadRequest, TimeoutError) as error:
            self.close_connection = True
            status = error.status if isinstance(error, BadRequest) else HTTPStatus.REQUEST_TIMEOUT
            self._write(_failure(status))
            return
        # The handler may work as long as it likes: only what the client sends is timed.
        self.connection.settimeout(self.idle_seconds)
        self._write(type(self).answer(request))

    do_GET = do_HEAD = do_POST = do_PUT = do_PATCH = do_DELETE = do_OPTIONS = _serve

    def _request(self) -> LocalRequest:
        path, _, query = self.path.partition("?")
        if not path.startswith("/") or self.headers.defects:
            raise BadRequest(HTTPStatus.BAD_REQUEST)
        body = self._body()
        source = str(self.client_address[0])
        return LocalRequest(self.command, path, query.partition("#")[0], self.headers.items(), body, source)

    def _body(self) -> bytes:
        if "Transfer-Encoding" in self.headers:
            raise BadRequest(HTTPStatus.LENGTH_REQUIRED)
        lengths = set(self.headers.get_all("Content-Length", ["0"]))
        if len(lengths) != 1 or not (text := lengths.pop()).isascii() or not text.isdigit():
            raise BadRequest(HTTPStatus.BAD_REQUEST)
        length = int(text)
        if length > MAX_BODY_BYTES:
            self._discard(length)
            raise BadRequest(HTTPStatus.REQUEST_ENTITY_TOO_LARGE)
        body = self.rfile.read(length)
        if len(body) < length:
            raise BadRequest(HTTPStatus.BAD_REQUEST)
        return body

    def _discard(self, length: int) -> None:
        # A connection closed with bytes unread is reset, and the client would never see why.
        left = min(length, 4 * MAX_BODY_BYTES)
        while left > 0 and (chunk := self.rfile.read(min(left, 65536))):
            left -= len(chunk)

    def _write(self, response: LocalResponse) -> None:
        self.wfile.write(written(response, closes=self.close_connection, only_head=self.command == "HEAD"))

    def send_error(self, code: int, message: str | None = None, explain: str | None = None) -> None:  # noqa: ARG002
        """What the parser refuses, as JSON too, and without quoting it."""
        self.close_connection = True
        # Before the request line is understood there is no command.
        self.command = cast(str | None, getattr(self, "command", None)) or "GET"
        self._write(_failure(HTTPStatus(code)))

    def log_message(self, format: str, *args: Any) -> None:
        """Nothing; see above."""


def written(response: LocalResponse, *, closes: bool = False, only_head: bool = False) -> bytes:
    head = [f"HTTP/1.1 {response.status} {_phrase(response.status)}"]
    head += [f"{name}: {_one_line(value)}" for name, value in response.headers if name.lower() != "content-length"]
    if response.status not in _BODILESS:
        head.append(f"Content-Length: {len(response.body)}")
    if closes:
        head.append("Connection: close")
    body = b"" if only_head or response.status in _BODILESS else response.body
    return "\r\n".join([*head, "\r\n"]).encode("latin-1", "replace") + body


def _failure(status: HTTPStatus) -> LocalResponse:
    return LocalResponse.json({"Code": status.name.title().replace("_", ""), "Message": status.phrase}, status)


def _phrase(status: int) -> str:
    return HTTPStatus(status).phrase if status in HTTPStatus._value2member_map_ else "Unknown"


def _one_line(value: str) -> str:
    return value.replace("\r", " ").replace("\n", " ")
