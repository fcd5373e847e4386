"""The pump in a process of its own, beside the one that answers requests: one interpreter uses one core only.

For an engine that is a process itself; moto lives in the application's process, and the pump with it.
"""

import ctypes
import multiprocessing
import os
import signal
import sys
from dataclasses import dataclass
from multiprocessing.managers import BaseManager
from pathlib import Path
from typing import Any

SWITCH_SECONDS = 0.0005
"""Dozens of threads that mostly wait for answers: with Python's 5 ms, each answer would wait that long for its turn."""
_PR_SET_PDEATHSIG = 1


@dataclass(frozen=True)
class Place:
    """Where the application keeps what its two processes share."""

    clock: Path
    streams: Path
    log: Path


class Workers:
    """What the platform asks of a pump, each answer plain enough to cross a pipe."""

    def __init__(self, place: Place) -> None:
        from app import app
        from chalicelib import bootstrap
        from chalicelib.adapters.storage.items import use_connections
        from infra.local.clock import MovableClock
        from infra.local.lean_tables import LeanConnection
        from infra.local.logs import log_to
        from infra.local.mail_feedback import MailFeedback
        from infra.local.pump import Pump

        log_to(place.log)
        clock = MovableClock(place.clock)
        bootstrap.use_clock(clock)
        use_connections(LeanConnection.at(os.environ["AWS_ENDPOINT_URL"]))
        self._pump = Pump(app, clock=clock, state_dir=place.streams)
        self._mail_feedback = MailFeedback()

    def start(self) -> None:
        from chalicelib.adapters.aws_clients import aws_client

        self._mail_feedback.start(aws_client("sesv2"))
        self._pump.start()

    def stop(self) -> bool:
        self._mail_feedback.stop()
        return self._pump.stop()

    def mail_feedback(self, settings: dict[str, Any]) -> dict[str, Any]:
        return self._mail_feedback.behave(**settings)

    def no_mail_untold(self) -> bool:
        return self._mail_feedback.nothing_untold()

    def is_alive(self) -> bool:
        return self._pump.is_alive()

    def idle(self) -> bool:
        return self._pump.idle()

    def nothing_delayed(self) -> bool:
        return self._pump.nothing_delayed()

    def run_schedules(self) -> list[str]:
        return self._pump.run_schedules()

    def queue_depths(self) -> dict[str, dict[str, int]]:
        return self._pump.queue_depths()

    def dead_letters(self) -> dict[str, int]:
        return self._pump.dead_letters()

    def failures(self) -> dict[str, int]:
        return self._pump.failures()


class _Carrier(BaseManager):
    """Starts the process, and carries calls to it."""


_Carrier.register("Workers", Workers)


class WorkersProcess:
    """Ends with the process that made it, however that ends."""

    def __init__(self, place: Place) -> None:
        self._carrier = _Carrier(ctx=multiprocessing.get_context("spawn"))
        self._carrier.start(_begin)
        self._workers: Any = self._carrier.Workers(place)  # type: ignore[attr-defined]

    def __getattr__(self, name: str) -> Any:
        return getattr(self._workers, name)

    def nudge(self) -> None:
        """Nothing: whoever waits at an engine's queue is told by the engine."""

    def is_alive(self) -> bool:
        """False when the process has gone, too: then nobody answers."""
        try:
            return bool(self._workers.is_alive())
        except (EOFError, OSError):
            return False

    def stop(self) -> None:
        self._workers.stop()
        self._carrier.shutdown()


def _begin() -> None:
    sys.setswitchinterval(SWITCH_SECONDS)
    # Ctrl-C is for the process above, which stops this one when its requests are answered.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    end_with_parent(os.getppid())


def end_with_parent(parent: int) -> None:
    """However it ends: then this process does too."""
    ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)
    if os.getppid() != parent:
        sys.exit("ended before this process was ready")
