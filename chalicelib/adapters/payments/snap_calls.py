"""Signed calls to a BI-SNAP bank: the token and its age, the headers, and reading the answer's envelope."""

import json
import re
import secrets
import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import urlsplit

from chalicelib.adapters.http import HttpAnswer, JsonCaller, NoAnswer
from chalicelib.adapters.payments.snap_codes import EXTERNAL_ID_USED, STALE_TOKEN
from chalicelib.adapters.payments.snap_requests import Request
from chalicelib.adapters.payments.snap_signing import Signer
from chalicelib.domain.time import WIB

_SIGN_ON_PATH = "/v1.0/access-token/b2b"
_TOKEN_LIFE_SECONDS = 900
_RENEWED_EARLY = timedelta(seconds=60)
_TOKEN = re.compile(r"[\x21-\x7e]{1,2048}")  # it goes into a header: nothing else may come along
_RESPONSE_CODE = re.compile(r"[0-9]{7}")


class NoToken(Exception):
    """The bank gave no token: nothing was asked of it under our name."""


@dataclass(frozen=True, slots=True)
class SnapAnswer:
    """A readable answer to the service that was asked; ``case`` is the HTTP status and the last two digits."""

    response_code: str
    fields: Mapping[str, Any] = field(repr=False)

    @property
    def case(self) -> str:
        return self.response_code[:3] + self.response_code[5:]


@dataclass(frozen=True, slots=True)
class _Token:
    text: str = field(repr=False)
    good_until: datetime


class SnapCalls:
    def __init__(
        self,
        base_url: str,
        client_key: str,
        partner_id: str,
        channel_id: str,
        signer: Signer,
        http: JsonCaller,
        now: Callable[[], datetime],
    ) -> None:
        self._base_url = base_url.rstrip("/")
        self._path_prefix = urlsplit(self._base_url).path
        self._client_key = client_key
        self._partner_headers = {"X-PARTNER-ID": partner_id, "CHANNEL-ID": channel_id}
        self._signer = signer
        self._http = http
        self._now = now
        self._token: _Token | None = None
        self._token_lock = threading.Lock()

    def call(self, request: Request) -> SnapAnswer:
        """The answer, after a stale token has been renewed once and a used external id replaced once.

        Both refusals come before anything is carried out, so asking again is safe. ``NoToken``; ``NoAnswer``.
        """
        answer = self._call_once(request)
        if answer.case in STALE_TOKEN:
            self._token = None
            answer = self._call_once(request)
        if answer.case == EXTERNAL_ID_USED:
            answer = self._call_once(request)
        return answer

    def _call_once(self, request: Request) -> SnapAnswer:
        token = self._good_token()
        timestamp = self._timestamp()
        path = self._path_prefix + request.path
        headers = {
            "Authorization": f"Bearer {token}",
            "X-TIMESTAMP": timestamp,
            "X-EXTERNAL-ID": _new_external_id(),
            "X-SIGNATURE": self._signer.call_signature("POST", path, token, request.body, timestamp),
            **self._partner_headers,
        }
        return _read(self._http.post(self._base_url + request.path, request.body, headers), request.service)

    def _good_token(self) -> str:
        with self._token_lock:
            if self._token is None or self._token.good_until <= self._now():
                self._token = self._new_token()
            return self._token.text

    def _new_token(self) -> _Token:
        asked_at, timestamp = self._now(), self._timestamp()
        signature = self._signer.token_signature(self._client_key, timestamp)
        headers = {"X-CLIENT-KEY": self._client_key, "X-TIMESTAMP": timestamp, "X-SIGNATURE": signature}
        body = json.dumps({"grantType": "client_credentials"}, separators=(",", ":")).encode()
        try:
            answer = self._http.post(self._base_url + _SIGN_ON_PATH, body, headers)
        except NoAnswer:
            raise NoToken from None
        return _read_token(answer, asked_at)

    def _timestamp(self) -> str:
        return self._now().astimezone(WIB).isoformat(timespec="seconds")


def _new_external_id() -> str:
    """36 digits by chance: unique for the day without anyone keeping count."""
    return str(10**35 + secrets.randbelow(9 * 10**35))


def _read(answer: HttpAnswer, service: str) -> SnapAnswer:
    """A code which is not of this HTTP status and this service is somebody else's: no answer."""
    fields = answer.json_object() or {}
    code = fields.get("responseCode")
    if not isinstance(code, str) or not _RESPONSE_CODE.fullmatch(code):
        raise NoAnswer("NotSnap")
    if code[:3] != str(answer.status) or code[3:5] != service:
        raise NoAnswer("NotSnap")
    return SnapAnswer(code, fields)


def _read_token(answer: HttpAnswer, asked_at: datetime) -> _Token:
    fields = answer.json_object() or {}
    text = fields.get("accessToken")
    if answer.status != 200 or not isinstance(text, str) or not _TOKEN.fullmatch(text):
        raise NoToken
    life = timedelta(seconds=_life_seconds(fields.get("expiresIn")))
    return _Token(text, asked_at + life - _RENEWED_EARLY)


def _life_seconds(value: object) -> int:
    """Banks send it as text or as a number. What cannot be read is the standard's quarter of an hour."""
    text = str(value)
    return int(text) if text.isascii() and text.isdigit() and len(text) < 6 else _TOKEN_LIFE_SECONDS
