"""A lean caller of Amazon's JSON services, where botocore's price shows (docs/decisions/0007).

One call is one signed POST on a kept connection: about a sixth of botocore's CPU, and nothing of its import. It has
what it must have to stand in for botocore: Signature Version 4 with session tokens, TLS with the system's roots,
time-outs, retries with jittered back-off within a deadline, and checks of what came back. What it does not know
(profiles, instance roles, single sign-on) is botocore's: without plain credentials ``bootstrap`` takes that instead.
"""

import base64
import hashlib
import hmac
import http.client
import json
import random
import time
import zlib
from collections import deque
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any
from urllib.parse import urlsplit

from chalicelib.adapters.lean_answers import Answer, read_answer

_CONNECT_SECONDS, _READ_SECONDS, _DEADLINE_SECONDS = 1.5, 3.0, 8.0
_ATTEMPTS = 3
_FIRST_PAUSE_SECONDS = 0.05
_KEPT_CONNECTIONS = 50
_THROTTLES = ("Throttl", "TooManyRequests", "RequestLimitExceeded", "ProvisionedThroughputExceeded", "SlowDown")
_SIGNED = "content-type;host;x-amz-date"
_SERVICES = {
    "sqs": ("AmazonSQS", "sqs", "sqs", "1.0"),
    "dynamodb": ("DynamoDB_20120810", "dynamodb", "dynamodb", "1.0"),
    "dynamodbstreams": ("DynamoDBStreams_20120810", "dynamodb", "streams.dynamodb", "1.0"),
    "kms": ("TrentService", "kms", "kms", "1.1"),
    "secretsmanager": ("secretsmanager", "secretsmanager", "secretsmanager", "1.1"),
}
"""What each calls itself in targets, in signatures and in its address, and its version of Amazon's JSON."""


@dataclass(frozen=True, slots=True)
class Credentials:
    access_key_id: str
    secret_access_key: str = field(repr=False)
    session_token: str | None = field(default=None, repr=False)


class CallRefused(Exception):
    """The service answered that it will not; ``code`` is its word for it. ``answer`` may quote the request."""

    def __init__(self, code: str, status: int, answer: Mapping[str, Any]) -> None:
        self.code = code
        self.status = status
        self.answer = answer
        super().__init__(f"{code} ({status})")


class NoAnswer(Exception):
    """No whole, sound answer came in time. The call may have taken effect all the same."""


class LeanAws:
    """Calls of one service at one address. Safe for threads: each call takes a connection of its own."""

    def __init__(
        self,
        service: str,
        region: str,
        credentials: Credentials,
        *,
        endpoint_url: str | None = None,
        connect_seconds: float = _CONNECT_SECONDS,
        read_seconds: float = _READ_SECONDS,
        attempts: int = _ATTEMPTS,
        now: Callable[[], float] = time.time,
    ) -> None:
        self._target, signing_name, host, version = _SERVICES[service]
        self._content_type = f"application/x-amz-json-{version}"
        address = urlsplit(endpoint_url or f"https://{host}.{region}.amazonaws.com")
        self._secure = address.scheme == "https"
        self._host = address.netloc
        self._signer = Signer(signing_name, region, credentials)
        self._connect_seconds, self._read_seconds = connect_seconds, read_seconds
        self._attempts = attempts
        self._now = now
        self._kept: deque[http.client.HTTPConnection] = deque(maxlen=_KEPT_CONNECTIONS)

    def close(self) -> None:
        """Give up the kept connections."""
        while self._kept:
            self._kept.pop().close()

    def call(self, operation: str, arguments: Mapping[str, Any]) -> dict[str, Any]:
        """The answer as JSON. ``CallRefused`` and ``NoAnswer`` when attempts and time are used up."""
        body = _JSON.encode(arguments).encode()
        deadline = time.monotonic() + _DEADLINE_SECONDS
        for attempt in range(1, self._attempts + 1):
            try:
                return self._attempt(operation, body)
            except (CallRefused, NoAnswer) as fault:
                if attempt == self._attempts or not _may_pass(fault) or time.monotonic() > deadline:
                    raise
            time.sleep(random.uniform(0, _FIRST_PAUSE_SECONDS * 2**attempt))
        raise AssertionError("unreachable")

    def _attempt(self, operation: str, body: bytes) -> dict[str, Any]:
        headers = self._signer.headers(self._host, self._content_type, body, self._now())
        headers["X-Amz-Target"] = f"{self._target}.{operation}"
        came = self._exchange(body, headers)
        _check_sum(came)
        answer = _object(came.content)
        if came.status != 200:
            raise CallRefused(str(answer.get("__type", "Unknown")).rpartition("#")[2], came.status, answer)
        return answer

    def _exchange(self, body: bytes, headers: Mapping[str, str]) -> Answer:
        """A kept connection that the other side gave up meanwhile costs one more try on a new one, not an attempt."""
        try:
            kept = self._kept.pop()
        except IndexError:
            kept = None
        if kept is not None:
            try:
                return self._on(kept, body, headers)
            except (http.client.RemoteDisconnected, ConnectionResetError, BrokenPipeError):
                pass
            except (OSError, http.client.HTTPException) as error:
                raise NoAnswer(type(error).__name__) from None
        try:
            return self._on(self._new_connection(), body, headers)
        except (OSError, http.client.HTTPException) as error:
            raise NoAnswer(type(error).__name__) from None

    def _new_connection(self) -> http.client.HTTPConnection:
        kind = http.client.HTTPSConnection if self._secure else http.client.HTTPConnection
        connection = kind(self._host, timeout=self._connect_seconds)
        connection.connect()
        connection.sock.settimeout(self._read_seconds)
        return connection

    def _on(self, connection: http.client.HTTPConnection, body: bytes, headers: Mapping[str, str]) -> Answer:
        try:
            # One piece, so that neither end waits for the other's acknowledgement; http.client would send two.
            connection.sock.sendall(_request(self._host, body, headers))
            answer = read_answer(connection.sock)
        except BaseException:
            connection.close()
            raise
        if answer.is_last:
            connection.close()
        else:
            self._kept.append(connection)
        return answer


class Signer:
    """Signature Version 4. The key of a day is derived once."""

    def __init__(self, service: str, region: str, credentials: Credentials) -> None:
        self._service, self._region = service, region
        self._credentials = credentials
        self._day_key: tuple[str, bytes] = ("", b"")

    def headers(self, host: str, content_type: str, body: bytes, now: float) -> dict[str, str]:
        """Those to send with ``body`` to ``/`` at ``host``: `Authorization` and what it vouches for."""
        moment = _moment(int(now))
        token = self._credentials.session_token
        signed = f"{_SIGNED};x-amz-security-token" if token else _SIGNED
        vouched = f"content-type:{content_type}\nhost:{host}\nx-amz-date:{moment}\n"
        if token:
            vouched += f"x-amz-security-token:{token}\n"
        request = f"POST\n/\n\n{vouched}\n{signed}\n{hashlib.sha256(body).hexdigest()}"
        scope = f"{moment[:8]}/{self._region}/{self._service}/aws4_request"
        text = f"AWS4-HMAC-SHA256\n{moment}\n{scope}\n{hashlib.sha256(request.encode()).hexdigest()}"
        signature = hmac.digest(self._key_of(moment[:8]), text.encode(), "sha256").hex()
        credential = f"{self._credentials.access_key_id}/{scope}"
        authorization = f"AWS4-HMAC-SHA256 Credential={credential}, SignedHeaders={signed}, Signature={signature}"
        headers = {"Content-Type": content_type, "X-Amz-Date": moment, "Authorization": authorization}
        return {**headers, "X-Amz-Security-Token": token} if token else headers

    def _key_of(self, day: str) -> bytes:
        known, key = self._day_key
        if known != day:
            key = f"AWS4{self._credentials.secret_access_key}".encode()
            for part in (day, self._region, self._service, "aws4_request"):
                key = hmac.digest(key, part.encode(), "sha256")
            self._day_key = (day, key)
        return key


@lru_cache(maxsize=4)
def _moment(second: int) -> str:
    return time.strftime("%Y%m%dT%H%M%SZ", time.gmtime(second))


def _base64(value: Any) -> str:
    if not isinstance(value, bytes):
        raise TypeError(f"{type(value).__name__} has no place in a request")
    return base64.b64encode(value).decode()


_JSON = json.JSONEncoder(separators=(",", ":"), default=_base64)


def _request(host: str, body: bytes, headers: Mapping[str, str]) -> bytes:
    """All values are our own: none of them can hold a line break."""
    lines = [f"{name}: {value}\r\n" for name, value in headers.items()]
    head = f"POST / HTTP/1.1\r\nHost: {host}\r\nContent-Length: {len(body)}\r\n{''.join(lines)}\r\n"
    return head.encode() + body


def _may_pass(fault: CallRefused | NoAnswer) -> bool:
    return isinstance(fault, NoAnswer) or fault.status >= 500 or any(word in fault.code for word in _THROTTLES)


def _check_sum(came: Answer) -> None:
    """DynamoDB sends one; SQS's digest of a message is the sender's to compare."""
    if came.crc32 is not None and int(came.crc32) != zlib.crc32(came.content):
        raise NoAnswer("ChecksumDiffers")


def _object(content: bytes) -> dict[str, Any]:
    if not content:
        return {}
    try:
        answer = json.loads(content)
    except ValueError:
        raise NoAnswer("NotJson") from None
    if not isinstance(answer, dict):
        raise NoAnswer("NotAnObject")
    return answer
