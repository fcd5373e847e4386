"""A stand-in's own books: what it was asked and what it did. Checks compare ours against these."""

import threading
from collections import Counter, deque
from collections.abc import Callable, Mapping
from datetime import datetime
from itertools import islice

Row = Mapping[str, object]
MOST_ROWS = 100_000
MOST_ROWS_AT_ONCE = 1_000


class Rows:
    """Numbered rows, of which the last are kept; the numbers go on, so that what was dropped can be told."""

    def __init__(self, most: int = MOST_ROWS) -> None:
        self._rows: deque[Row] = deque(maxlen=most)
        self._written = 0
        self._lock = threading.Lock()

    def write(self, row: Row) -> None:
        with self._lock:
            self._written += 1
            self._rows.append({"no": self._written, **row})

    def page(self, after: int, limit: int) -> dict[str, object]:
        """The rows numbered above ``after``; ask on with ``next``. ``dropped`` rows are no longer kept."""
        with self._lock:
            dropped = self._written - len(self._rows)
            start = max(0, after - dropped)
            rows = list(islice(self._rows, start, start + limit))
        return {"rows": rows, "next": dropped + start + len(rows), "dropped": dropped}

    def latest(self, limit: int) -> list[Row]:
        with self._lock:
            return list(islice(reversed(self._rows), limit))

    def all(self) -> list[Row]:
        with self._lock:
            return list(self._rows)


class Books:
    """Rows and exact totals over everything that ever was, dropped or not."""

    def __init__(self, now: Callable[[], datetime]) -> None:
        self.rows = Rows()
        self._now = now
        self._calls = 0
        self._did: Counter[str] = Counter()
        self._lock = threading.Lock()

    def write(self, did: str, row: Row) -> None:
        with self._lock:
            self._calls += 1
            self._did[did] += 1
        self.rows.write({"at": self._now().isoformat(), **row, "did": did})

    def totals(self) -> dict[str, object]:
        with self._lock:
            return {"calls": self._calls, "did": dict(self._did)}
