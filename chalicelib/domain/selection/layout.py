"""Figures of ``docs/draw.md``, for whoever does not need numpy."""

from enum import IntFlag


class Flag(IntFlag):
    WOMAN = 1
    DISABLED = 2
    IN_FAMILIES = 4


CLASSES = 4
"""Of flags 1 and 2: neither, woman, disabled, both."""
PAGE_ROWS = 256
LIST_ROW_BYTES = 18
"""Pseudonym, group, flags."""
