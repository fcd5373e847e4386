"""Many workers at once in virtual time: each in a thread of its own, of which one runs at a time, in the order of their
moments. Whoever waits hands over to whose moment is next; so the same run is the same each time.
"""

import heapq
import threading
from collections.abc import Callable
from datetime import datetime
from itertools import count

from tests.fakes import NOON, FakeClock


class VirtualTime(FakeClock):
    """``wait_until`` is where others go on."""

    def __init__(self, at: datetime = NOON) -> None:
        super().__init__(at)
        self._waiting: list[tuple[datetime, int, threading.Lock]] = []
        self._numbers = count()
        self._failures: list[BaseException] = []

    def wait_until(self, moment: datetime) -> None:
        own = threading.Lock()
        own.acquire()
        heapq.heappush(self._waiting, (max(moment, self.at), next(self._numbers), own))
        self._hand_over()
        own.acquire()

    def begin(self, work: Callable[[], None]) -> None:
        """``work`` begins at the present moment, when somebody waits."""
        own = threading.Lock()
        own.acquire()
        heapq.heappush(self._waiting, (self.at, next(self._numbers), own))

        def run() -> None:
            own.acquire()
            try:
                work()
            except BaseException as failure:
                self._failures.append(failure)
            self._hand_over()

        threading.Thread(target=run, daemon=True).start()

    def run_until(self, moment: datetime) -> None:
        """For whoever looks on. What failed in a worker is raised here."""
        self.wait_until(moment)
        if self._failures:
            raise self._failures[0]

    def _hand_over(self) -> None:
        self.at, _, theirs = heapq.heappop(self._waiting)
        theirs.release()
