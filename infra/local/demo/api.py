"""HTTP as the demo's people, staff and partners speak it: kept connections, JSON, partners' signatures."""

import hashlib
import hmac
import http.client
import json
import threading
import time
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

TIMEOUT_SECONDS = 60.0
_BUSY = 503
_BUSY_ATTEMPTS = 5


@dataclass(frozen=True, slots=True)
class Answer:
    status: int
    body: dict[str, Any]


class RequestFailed(Exception):
    """An answer that the demo did not expect; says which request and with what code."""


class Api:
    """One kept connection per thread to one address."""

    def __init__(self, url: str) -> None:
        self.url = url
        self._host = urlsplit(url).netloc
        self._own = threading.local()
        self._opened: list[http.client.HTTPConnection] = []

    def close(self) -> None:
        """Every thread's connection; whoever asks again gets a new one."""
        self._own = threading.local()
        while self._opened:
            self._opened.pop().close()

    def ask(
        self, method: str, path: str, body: Any = None, *, token: str = "", headers: Mapping[str, str] | None = None
    ) -> Answer:
        """The answer, whatever its status. A busy server is asked again, as a browser's retry would."""
        sent = {"Content-Type": "application/json", "Accept-Language": "en", **(headers or {})}
        if token:
            sent["Authorization"] = f"Bearer {token}"
        content = body if isinstance(body, bytes) else json.dumps(body).encode() if body is not None else b""
        for attempt in range(_BUSY_ATTEMPTS):
            answer = self._exchange(method, path, content, sent)
            if answer.status != _BUSY:
                break
            time.sleep(0.2 * 2**attempt)
        return answer

    def get(self, path: str, token: str = "") -> dict[str, Any]:
        return self._expected("GET", path, self.ask("GET", path, token=token))

    def put(self, path: str, body: Any, token: str) -> dict[str, Any]:
        return self._expected("PUT", path, self.ask("PUT", path, body, token=token))

    def post(self, path: str, body: Any, token: str = "") -> dict[str, Any]:
        return self._expected("POST", path, self.ask("POST", path, body, token=token))

    def _expected(self, method: str, path: str, answer: Answer) -> dict[str, Any]:
        if answer.status >= 300:
            raise RequestFailed(f"{method} {path}: {answer.status} {answer.body.get('code')} {answer.body}")
        return answer.body

    def _exchange(self, method: str, path: str, content: bytes, headers: Mapping[str, str]) -> Answer:
        kept = getattr(self._own, "connection", None)
        try:
            return self._on(kept or self._new_connection(), method, path, content, headers)
        except (OSError, http.client.HTTPException):
            self._own.connection = None
            if kept is None:
                raise
        # The server gave up a connection that we had kept too long: every client asks once more on a new one.
        return self._on(self._new_connection(), method, path, content, headers)

    def _new_connection(self) -> http.client.HTTPConnection:
        connection = self._own.connection = http.client.HTTPConnection(self._host, timeout=TIMEOUT_SECONDS)
        self._opened.append(connection)
        return connection

    @staticmethod
    def _on(
        connection: http.client.HTTPConnection, method: str, path: str, content: bytes, headers: Mapping[str, str]
    ) -> Answer:
        connection.request(method, path, body=content, headers=dict(headers))
        reply = connection.getresponse()
        return Answer(reply.status, _object(reply.read()))


def _object(text: bytes) -> dict[str, Any]:
    try:
        found = json.loads(text)
    except ValueError:
        return {}
    return found if isinstance(found, dict) else {"rows": found}


class PartnerApi:
    """A platform's or provider's client of version 1 of the partner API."""

    _BASE = "/api/v1/integration"

    def __init__(self, api: Api, client_code: str, sign_key: str, clock: "ApiClock") -> None:
        self._api = api
        self._client_code = client_code
        self._sign_key = sign_key
        self._clock = clock

    def call(self, verb: str, body: Mapping[str, Any], *, payment_token: str = "") -> dict[str, Any]:
        path, content = f"{self._BASE}/{verb}", json.dumps(body, separators=(",", ":")).encode()
        timestamp = str(self._clock.epoch())
        text = f"{self._client_code}{timestamp}POST{path}".encode() + content
        signature = hmac.new(self._sign_key.encode(), text, hashlib.sha1).hexdigest()
        headers = {"client_code": self._client_code, "timestamp": timestamp, "signature": signature}
        if payment_token:
            headers["Authorization"] = f"Payment {payment_token}"
        answer = self._api.ask("POST", path, content, headers=headers)
        if answer.status != 200 or not answer.body.get("success"):
            raise RequestFailed(f"{verb}: {answer.status} {answer.body}")
        return dict(answer.body["data"])


class ApiClock:
    """The platform's clock as a partner knows it: read once per move, ticking with ours in between."""

    def __init__(self, api: Api) -> None:
        self._api = api
        self._ahead_seconds = 0.0

    def follow(self) -> None:
        from datetime import datetime

        told = datetime.fromisoformat(self._api.get("/local/clock")["now"])
        self._ahead_seconds = told.timestamp() - time.time()

    def epoch(self) -> int:
        return int(time.time() + self._ahead_seconds)
