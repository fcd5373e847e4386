"""SendGrid's event webhook: gathers events, signs each batch, and posts it until it is taken."""

import base64
import json
import threading
import time
import urllib.request
from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hashes import SHA256

_GATHER_SECONDS = 0.2
_MOST_AT_ONCE = 500
_DIRECT = urllib.request.build_opener(urllib.request.ProxyHandler({}))
_PREFIX = "X-Twilio-Email-Event-Webhook-"


def new_webhook_keys() -> tuple[str, str]:
    """(private, public) in base64 of DER, as SendGrid shows the public one."""
    key = ec.generate_private_key(ec.SECP256R1())
    private = key.private_bytes(
        serialization.Encoding.DER, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    public = key.public_key().public_bytes(serialization.Encoding.DER, serialization.PublicFormat.SubjectPublicKeyInfo)
    return base64.b64encode(private).decode(), base64.b64encode(public).decode()


def signed(private_key: str, body: bytes, *, at: datetime) -> dict[str, str]:
    """The headers that prove a body."""
    key = serialization.load_der_private_key(base64.b64decode(private_key), None)
    if not isinstance(key, ec.EllipticCurvePrivateKey):
        raise TypeError("SendGrid signs with an elliptic curve")
    timestamp = str(int(at.timestamp()))
    signature = base64.b64encode(key.sign(timestamp.encode() + body, ec.ECDSA(SHA256()))).decode()
    return {f"{_PREFIX}Signature": signature, f"{_PREFIX}Timestamp": timestamp}


class EventWebhook:
    """Keeps quiet until it is told where to post."""

    def __init__(self, private_key: str, now: Callable[[], datetime]) -> None:
        self._private_key = private_key
        self._now = now
        self._url = ""
        self._events: list[dict[str, Any]] = []
        self._lock = threading.Lock()
        self._begun = False

    def post_to(self, url: str) -> None:
        self._url = url
        if not self._begun:
            self._begun = True
            threading.Thread(target=self._run, name="event webhook", daemon=True).start()

    def tell(self, event: Mapping[str, Any]) -> None:
        with self._lock:
            self._events.append(dict(event))

    def waiting(self) -> int:
        with self._lock:
            return len(self._events)

    def _run(self) -> None:
        while True:
            time.sleep(_GATHER_SECONDS)
            with self._lock:
                events = self._events[:_MOST_AT_ONCE]
            if events and self._is_taken(events):
                with self._lock:
                    del self._events[: len(events)]

    def _is_taken(self, events: list[dict[str, Any]]) -> bool:
        body = json.dumps(events).encode()
        headers = {"Content-Type": "application/json", **signed(self._private_key, body, at=self._now())}
        try:
            with _DIRECT.open(urllib.request.Request(self._url, body, headers), timeout=10) as answer:
                return bool(200 <= answer.status < 300)
        except OSError:
            return False
