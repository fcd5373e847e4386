"""Runs scheduled functions by the application's clock, which a demo can push forward."""

import threading
import uuid
from datetime import UTC, datetime
from typing import Any, Protocol

from infra.local.checkpoints import Checkpoint
from infra.local.cron import parsed
from infra.local.engine import ACCOUNT
from infra.local.lambda_call import CallFailed, LambdaFunction

LOOK_SECONDS = 0.25

# Amazon calls a failing scheduled function three times in all, minutes apart; nobody at a laptop waits that long.
_RETRY_PAUSES_SECONDS = (0.1, 0.5)


class Clock(Protocol):
    def now(self) -> datetime: ...


class SchedulePump:
    """When the clock jumps over several ticks, the function runs once, for the last of them."""

    def __init__(
        self, function: LambdaFunction, expression: str, clock: Clock, checkpoint: Checkpoint, region: str
    ) -> None:
        self.function = function
        self._schedule = parsed(expression)
        self._clock = clock
        self._checkpoint = checkpoint
        self._region = region
        self._turn = threading.Lock()
        self._stopping = threading.Event()
        self._thread = threading.Thread(target=self._work, name=f"schedule {function.name}", daemon=True)
        self._last = datetime.max.replace(tzinfo=UTC)

    def start(self) -> None:
        stored = self._checkpoint.load().get("last_tick")
        self._last = datetime.fromisoformat(stored) if stored else self._clock.now()
        self._checkpoint.save({"last_tick": self._last.isoformat()})
        self._thread.start()

    def begin_stop(self) -> None:
        self._stopping.set()

    def join(self, timeout_seconds: float) -> bool:
        self._thread.join(timeout_seconds)
        return not self._thread.is_alive()

    def is_alive(self) -> bool:
        return self._thread.is_alive()

    def nudge(self) -> None:
        """Nothing: it looks four times a second at no cost."""

    def is_idle(self) -> bool:
        return self._due() is None

    def _due(self) -> datetime | None:
        return self._schedule.last_tick(self._last, self._clock.now())

    def run_if_due(self) -> bool:
        """True when it ran, in this thread."""
        with self._turn:
            tick = self._due()
            if tick is None:
                return False
            self._run(tick)
            # Only now: a crash within the function means that its tick comes again.
            self._last = tick
            self._checkpoint.save({"last_tick": tick.isoformat()})
            return True

    def _run(self, tick: datetime) -> None:
        for pause in (*_RETRY_PAUSES_SECONDS, None):
            try:
                self.function.call(self._event(tick))
                return
            except CallFailed:
                if pause is None or self._stopping.wait(pause):
                    return

    def _event(self, tick: datetime) -> dict[str, Any]:
        return {
            "version": "0",
            "id": str(uuid.uuid4()),
            "detail-type": "Scheduled Event",
            "source": "aws.events",
            "account": ACCOUNT,
            "time": tick.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ"),
            "region": self._region,
            "resources": [f"arn:aws:events:{self._region}:{ACCOUNT}:rule/{self.function.name}-event"],
            "detail": {},
        }

    def _work(self) -> None:
        while not self._stopping.wait(LOOK_SECONDS):
            self.run_if_due()
