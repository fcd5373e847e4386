"""A small JSON-over-HTTP caller for neighbours that may be slow, wrong or away.

It never tries twice: whether a question may be asked again is known only to the adapter that asks it (a transfer
moves money). It follows no redirect, because credentials travel in bodies and headers, and it asks for no compression,
so that the limit on an answer's size is a limit on memory.
"""

import json
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from urllib3 import BaseHTTPResponse, PoolManager, Timeout
from urllib3.exceptions import HTTPError

MOST_BYTES = 1024 * 1024
_PIECE_BYTES = 64 * 1024


class NoAnswer(Exception):
    """Nothing readable came in time. Names the kind of failure, never what was sent or received."""


@dataclass(frozen=True, slots=True)
class HttpAnswer:
    """``body`` stays out of the representation: it is personal more often than not."""

    status: int
    headers: Mapping[str, str]
    body: bytes = field(repr=False)

    def json_object(self) -> dict[str, Any] | None:
        """The body where it is a JSON object, whatever the content type claims; else None."""
        try:
            value = json.loads(self.body)
        except (ValueError, RecursionError):  # not JSON, not text, absurd numbers; or nested beyond reading
            return None
        return value if isinstance(value, dict) else None


class JsonCaller:
    """One pool of kept connections. A call ends within ``deadline_seconds`` plus one ``read_seconds``: the read
    time-out holds for each piece that arrives, the deadline is looked at between the pieces."""

    def __init__(
        self,
        *,
        connect_seconds: float = 2.0,
        read_seconds: float = 3.0,
        deadline_seconds: float = 5.0,
        most_bytes: int = MOST_BYTES,
        connections: int = 10,
    ) -> None:
        self._timeout = Timeout(connect=connect_seconds, read=read_seconds, total=deadline_seconds)
        self._deadline_seconds = deadline_seconds
        self._most_bytes = most_bytes
        self._pool = PoolManager(num_pools=10, maxsize=connections, retries=False)

    def close(self) -> None:
        """Give up the kept connections."""
        self._pool.clear()

    def post_json(self, url: str, content: Mapping[str, object], headers: Mapping[str, str]) -> HttpAnswer:
        return self.post(url, json.dumps(content, separators=(",", ":")).encode(), headers)

    def post(self, url: str, body: bytes, headers: Mapping[str, str]) -> HttpAnswer:
        """Send exactly these bytes (they may be signed). ``NoAnswer`` when no whole answer came in time."""
        return self._asked("POST", url, body, headers)

    def get(self, url: str) -> HttpAnswer:
        return self._asked("GET", url, None, {})

    def _asked(self, method: str, url: str, body: bytes | None, headers: Mapping[str, str]) -> HttpAnswer:
        deadline = time.monotonic() + self._deadline_seconds
        try:
            response = self._send(method, url, body, headers)
            return HttpAnswer(response.status, response.headers, self._read(response, deadline))
        except HTTPError as error:
            # The library's text may name the address asked; the kind is enough.
            raise NoAnswer(type(error).__name__) from None

    def _send(self, method: str, url: str, body: bytes | None, headers: Mapping[str, str]) -> BaseHTTPResponse:
        fixed = {"Content-Type": "application/json", "Accept": "application/json", "User-Agent": "prakerja/1"}
        return self._pool.request(
            method,
            url,
            body=body,
            headers={**fixed, **headers},
            timeout=self._timeout,
            retries=False,
            redirect=False,
            preload_content=False,
            decode_content=False,
        )

    def _read(self, response: BaseHTTPResponse, deadline: float) -> bytes:
        pieces: list[bytes] = []
        size = 0
        try:
            while piece := response.read1(_PIECE_BYTES):
                pieces.append(piece)
                size += len(piece)
                if size > self._most_bytes:
                    raise NoAnswer("AnswerTooBig")
                if time.monotonic() > deadline:
                    raise NoAnswer("DeadlinePassed")
        except BaseException:
            response.close()  # half-read: the connection must not carry the next question
            raise
        response.release_conn()
        return b"".join(pieces)
