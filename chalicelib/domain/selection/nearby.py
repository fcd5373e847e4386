"""Finding one row in a long file that is in order, without reading the file.

Rows begin with a key that is uniformly random (a pseudonym, a ticket), so that a row lies about where its key lies
among all keys: of three million rows, within a few thousand of that place. Each look that misses tells on which side
to look next, and the next one is twice as wide.
"""

from bisect import bisect_left
from collections.abc import Callable
from dataclasses import dataclass

ReadRows = Callable[[int, int], bytes]
"""Rows from the first number on, up to so many."""

_NARROWEST_ROWS = 512
_SPREADS = 4
"""Standard deviations to each side: one look in 15,000 misses."""
MOST_LOOKS = 32
"""Twice as wide each time: more than any file needs."""


@dataclass(frozen=True, slots=True)
class Stretch:
    """Rows ``[start, end)`` of a file, each of ``row_bytes``, in order of their first bytes."""

    start: int
    end: int
    row_bytes: int


@dataclass(frozen=True, slots=True)
class Found:
    """``number``: which row of the file it is."""

    number: int
    row: bytes


def find_row(key: bytes, stretch: Stretch, read: ReadRows) -> Found | None:
    start, end = stretch.start, stretch.end
    width = _first_width(end - start)
    for _ in range(MOST_LOOKS):
        if start >= end:
            return None
        first = max(start, min(_about(key, stretch) - width // 2, end - width))
        rows = _split(read(first, min(width, end - first)), stretch.row_bytes)
        place = bisect_left(rows, key)
        if place < len(rows) and rows[place].startswith(key):
            return Found(first + place, rows[place])
        if 0 < place < len(rows) or not rows:
            return None
        # It lies before all that was read, or after.
        start, end = (start, first) if place == 0 else (first + len(rows), end)
        width *= 2
    return None


def _about(key: bytes, stretch: Stretch) -> int:
    count = stretch.end - stretch.start
    return stretch.start + (int.from_bytes(key, "big") * count >> 8 * len(key))


def _first_width(count: int) -> int:
    return max(_NARROWEST_ROWS, int(_SPREADS * count**0.5))


def _split(content: bytes, row_bytes: int) -> list[bytes]:
    return [content[start : start + row_bytes] for start in range(0, len(content), row_bytes)]
