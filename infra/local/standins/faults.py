"""Faults that any neighbour on the wire can have, before it has understood the question or after it has the answer."""

import random
import threading
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from infra.local.standins.behaviour import Behaviour, option
from infra.local.standins.messages import Reply, silence

NOT_NEGATIVE = r"\d+(\.\d+)?(e-\d+)?"
_PATIENCE = timedelta(seconds=2)
_PAGE = b"<!DOCTYPE html><html><head><title>Portal</title></head><body>Silakan masuk kembali</body></html>"


@dataclass(frozen=True, kw_only=True)
class WireFaults(Behaviour):
    outage: bool = option(False, "take the call and hang up")
    http_500: bool = option(False, "HTTP 500 with a page instead of an answer")
    hang_seconds: float = option(0.0, "wait this long before looking at the question", shape=NOT_NEGATIVE)
    slow_share: float = option(0.0, "share of calls (0-1) that are slow", shape=r"0(\.\d+)?|1(\.0)?")
    slow_seconds: float = option(0.0, "how long a slow call waits", shape=NOT_NEGATIVE)
    html: bool = option(False, "do it, then answer HTTP 200 with a page")
    truncated: bool = option(False, "do it, then send half of the answer")
    capacity_per_second: float = option(
        0.0, "above this it slows, then fails with HTTP 503; 0: no limit", lasting=True, shape=NOT_NEGATIVE
    )


class Wire:
    """Carries questions and answers, with faults. ``pause`` is true where the stand-in was stopped meanwhile."""

    def __init__(self, now: Callable[[], datetime], chance: random.Random, pause: Callable[[float], bool]) -> None:
        self._queue = _Queue(now)
        self._chance = chance
        self._pause = pause

    def carry(self, faults: WireFaults, answer: Callable[[], Reply]) -> Reply:
        spoilt = self._before(faults)
        return spoilt if spoilt else _after(faults, answer())

    def _before(self, faults: WireFaults) -> Reply | None:
        if faults.outage:
            return silence("outage")
        wait_seconds = self._queue.enter(faults.capacity_per_second)
        if wait_seconds is None:
            return Reply(503, _PAGE, "text/html", did="overloaded")
        if self._chance.random() < faults.slow_share:
            wait_seconds += faults.slow_seconds
        if self._pause(wait_seconds + faults.hang_seconds):
            return silence("stopped")
        return Reply(500, _PAGE, "text/html", did="http_500") if faults.http_500 else None


def _after(faults: WireFaults, reply: Reply) -> Reply:
    if reply.status == 0:
        return reply
    if faults.html:
        return replace(reply, status=200, body=_PAGE, content_type="text/html", did=f"{reply.did}, then html")
    if faults.truncated:
        return replace(reply, body=reply.body[: len(reply.body) // 2], did=f"{reply.did}, then truncated")
    return reply


class _Queue:
    """One counter that serves so many a second. Who would wait longer than patience lasts is turned away."""

    def __init__(self, now: Callable[[], datetime]) -> None:
        self._now = now
        self._free_at: datetime | None = None
        self._lock = threading.Lock()

    def enter(self, per_second: float) -> float | None:
        """Seconds to wait, or None."""
        if per_second <= 0:
            return 0.0
        with self._lock:
            return self._join(self._now(), timedelta(seconds=1 / per_second))

    def _join(self, now: datetime, turn: timedelta) -> float | None:
        wait = max((self._free_at or now) - now, timedelta())
        if wait > _PATIENCE + turn:  # longer than anyone was ever queued: the clock was set back
            wait = timedelta()
        if wait > _PATIENCE:
            return None
        self._free_at = now + wait + turn
        return wait.total_seconds()
