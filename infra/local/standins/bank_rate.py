"""How many calls a bank takes."""

import threading
from collections.abc import Callable
from datetime import datetime


class Rate:
    """So many calls in each second of the bank's clock."""

    def __init__(self, now: Callable[[], datetime]) -> None:
        self._now = now
        self._second = 0
        self._calls = 0
        self._lock = threading.Lock()

    def allows(self, per_second: float) -> bool:
        second = int(self._now().timestamp())
        with self._lock:
            self._second, self._calls = second, (self._calls + 1 if second == self._second else 1)
            return per_second <= 0 or self._calls <= per_second
