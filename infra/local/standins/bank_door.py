"""The bank's door: tokens, signatures, clocks and external ids, checked as a bank checks them.

Written apart from our client's code on purpose: two sides that share one mistake would agree with each other.
"""

import base64
import hashlib
import hmac
import secrets
import threading
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import padding, rsa

from chalicelib.domain.time import wib_date
from infra.local.standins.messages import Request

_CLOCKS_DIFFER = timedelta(minutes=5)
_TOKEN_LIFE = timedelta(seconds=900)


@dataclass(frozen=True, slots=True)
class Partner:
    """Whom the bank lets in: what it knows of us, and no more (the private key is ours alone)."""

    client_key: str
    client_secret: str
    public_key_pem: str
    partner_id: str


class Refused(Exception):
    """``case`` is the HTTP status and the case; ``what`` goes into the message."""

    def __init__(self, case: str, what: str = "") -> None:
        self.case = case
        self.what = what
        super().__init__(case, what)


class Door:
    def __init__(self, partner: Partner, now: Callable[[], datetime]) -> None:
        self._partner = partner
        self._now = now
        key = serialization.load_pem_public_key(partner.public_key_pem.encode())
        if not isinstance(key, rsa.RSAPublicKey):
            raise TypeError("the standard signs tokens with RSA")
        self._key = key
        self._tokens: dict[str, datetime] = {}
        self._external_ids: dict[date, set[str]] = {}
        self._lock = threading.Lock()

    def token_for(self, request: Request) -> str:
        """A new token for whoever signs with our partner's private key."""
        client_key, timestamp = _mandatory(request, "x-client-key"), _mandatory(request, "x-timestamp")
        self._check_clock(timestamp)
        if client_key != self._partner.client_key:
            raise Refused("40100", "unknown client")
        try:
            signature = base64.b64decode(_mandatory(request, "x-signature"), validate=True)
            self._key.verify(signature, f"{client_key}|{timestamp}".encode(), padding.PKCS1v15(), hashes.SHA256())
        except (InvalidSignature, ValueError):
            raise Refused("40100", "signature") from None
        if request.json_object().get("grantType") != "client_credentials":
            raise Refused("40002", "grantType")
        return self._issue()

    def revoke_tokens(self) -> None:
        with self._lock:
            self._tokens.clear()

    def admit(self, request: Request) -> str:
        """The external id of a call that may come in."""
        token = request.headers.get("authorization", "").removeprefix("Bearer ")
        timestamp, external_id = _mandatory(request, "x-timestamp"), _mandatory(request, "x-external-id")
        self._check_token(token)
        if not hmac.compare_digest(_mandatory(request, "x-signature"), self._signature(request, token, timestamp)):
            raise Refused("40100", "signature")
        self._check_clock(timestamp)
        if _mandatory(request, "x-partner-id") != self._partner.partner_id or not _mandatory(request, "channel-id"):
            raise Refused("40100", "X-PARTNER-ID")
        self._use_up(external_id)
        return external_id

    def _issue(self) -> str:
        token, now = secrets.token_urlsafe(32), self._now()
        with self._lock:
            self._tokens = {each: until for each, until in self._tokens.items() if until > now}
            self._tokens[token] = now + _TOKEN_LIFE
        return token

    def _check_token(self, token: str) -> None:
        if not token:
            raise Refused("40103")
        with self._lock:
            good_until = self._tokens.get(token)
        if good_until is None or good_until <= self._now():
            raise Refused("40101")

    def _signature(self, request: Request, token: str, timestamp: str) -> str:
        digest = hashlib.sha256(without_white_space(request.body)).hexdigest().lower()
        text = f"{request.method}:{request.path}:{token}:{digest}:{timestamp}"
        code = hmac.new(self._partner.client_secret.encode(), text.encode(), hashlib.sha512)
        return base64.b64encode(code.digest()).decode()

    def _check_clock(self, timestamp: str) -> None:
        try:
            difference = abs(datetime.fromisoformat(timestamp) - self._now())
        except (ValueError, TypeError):  # not a time, or one without a zone
            raise Refused("40001", "X-TIMESTAMP") from None
        if difference > _CLOCKS_DIFFER:
            raise Refused("40100", "X-TIMESTAMP")

    def _use_up(self, external_id: str) -> None:
        if not (external_id.isascii() and external_id.isdigit() and len(external_id) <= 36):
            raise Refused("40001", "X-EXTERNAL-ID")
        today = wib_date(self._now())
        with self._lock:
            used = self._external_ids.setdefault(today, set())
            self._external_ids = {today: used}
            if external_id in used:
                raise Refused("40900")
            used.add(external_id)


def without_white_space(body: bytes) -> bytes:
    """Letter by letter, knowing at each whether it stands inside a string."""
    kept = bytearray()
    inside = escaped = False
    for letter in body:
        if inside or letter not in b" \t\r\n":
            kept.append(letter)
        if letter == ord('"') and not escaped:
            inside = not inside
        escaped = inside and letter == ord("\\") and not escaped
    return bytes(kept)


def _mandatory(request: Request, name: str) -> str:
    value = request.headers.get(name, "")
    if not value:
        raise Refused("40002", name.upper())
    return value
