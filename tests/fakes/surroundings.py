"""Time, chance, secrets and messages."""

import base64
import hashlib
import hmac
import json
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from random import Random
from typing import Any

from chalicelib.domain.commands import Queue
from chalicelib.domain.identifiers import Index
from tests.fakes.trouble import Fake, Trouble, outside

NOON = datetime(2026, 3, 2, 5, 0, tzinfo=UTC)
"""Twelve o'clock in Jakarta, on a Monday."""


class FakeClock:
    """Stands still until it is moved."""

    def __init__(self, at: datetime = NOON) -> None:
        self.at = at

    def now(self) -> datetime:
        return self.at

    def wait_until(self, moment: datetime) -> None:
        self.at = max(self.at, moment)

    def passes(self, **span: float) -> datetime:
        """``passes(minutes=5)``"""
        self.at += timedelta(**span)
        return self.at

    def moves_to(self, at: datetime) -> None:
        self.at = at


class FakeChance:
    """The same secrets in the same order for the same seed."""

    def __init__(self, seed: int = 7) -> None:
        self._random = Random(seed)

    def token(self) -> str:
        return base64.urlsafe_b64encode(self._random.randbytes(32)).rstrip(b"=").decode()


class FakeIndexer:
    """The real algorithm under a key that everybody knows."""

    def __init__(self, key: bytes = b"a key for tests that hides nothing") -> None:
        self._key = key

    def index(self, label: str, value: str) -> Index:
        digest = self._digest(f"index/{label}", value)
        return Index(f"0.{base64.urlsafe_b64encode(digest).rstrip(b'=').decode()}")

    def derived(self, label: str, value: str) -> bytes:
        return self._digest(f"derived/{label}", value)

    def _digest(self, label: str, value: str) -> bytes:
        return hmac.new(self._key, f"{label}\0{value}".encode(), hashlib.sha256).digest()


class FakePasswords:
    """Microseconds where the real one takes 30 ms. ``checks`` counts the work that was done."""

    def __init__(self) -> None:
        self.checks = 0

    def hashed(self, password: str) -> str:
        return "fast$" + hashlib.sha256(password.encode()).hexdigest()

    def matches(self, password: str, password_hash: str | None) -> bool:
        self.checks += 1
        return password_hash is not None and hmac.compare_digest(self.hashed(password), password_hash)


class FakeMessages(Fake):
    """All queues. Bodies have gone through JSON, as they do on the way to a real one."""

    name = "messages"

    def __init__(self, trouble: Trouble | None = None) -> None:
        super().__init__(trouble)
        self.sent: list[tuple[Queue, dict[str, Any]]] = []

    @outside
    def send(self, queue: Queue, *bodies: Mapping[str, object]) -> None:
        self.sent.extend((queue, json.loads(json.dumps(body))) for body in bodies)

    def on(self, queue: Queue) -> list[dict[str, Any]]:
        """The bodies on one queue, oldest first."""
        return [body for each, body in self.sent if each is queue]

    def take(self, queue: Queue) -> dict[str, Any]:
        """The oldest of one queue, which is then gone from it."""
        place = next(place for place, (each, _) in enumerate(self.sent) if each is queue)
        return self.sent.pop(place)[1]
