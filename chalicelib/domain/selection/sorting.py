"""Rows in the order of their bytes. Pseudonyms are 16 bytes, which numpy sorts slowly; two numbers of 8 it does not."""

from typing import Any

import numpy as np

from chalicelib.domain.selection.rows import Rows


def halves(column: Rows) -> tuple[Any, Any]:
    """The first and the last 8 bytes of each ``V16``, as numbers."""
    both = np.ascontiguousarray(column).view(">u8").reshape(len(column), 2).astype(np.uint64)
    return both[:, 0], both[:, 1]


def in_byte_order(rows: Rows, *columns: str) -> Any:
    """Places of ``rows`` in ascending order of these columns (``V16``), the first first."""
    keys = [half for column in columns for half in halves(rows[column])]
    if len(keys) == 2:
        order = np.argsort(keys[0], kind="stable")
        first = keys[0][order]
        if not (first[1:] == first[:-1]).any():
            return order
    return np.lexsort(tuple(reversed(keys)))


def same_as_before(column: Rows) -> Any:
    """Of each row whether its ``V16`` is that of the row before."""
    high, low = halves(column)
    same = np.zeros(len(column), np.bool_)
    same[1:] = (high[1:] == high[:-1]) & (low[1:] == low[:-1])
    return same


def among(column: Rows, known: Rows) -> Any:
    """Of each row whether its ``V16`` is one of ``known``, which are in order."""
    if not len(known):
        return np.zeros(len(column), np.bool_)
    return np.isin(_text(column), _text(known))


def _text(column: Rows) -> Any:
    """As fixed texts numpy compares them byte by byte; zeros at the end are no matter where all are 16 bytes wide."""
    return np.ascontiguousarray(column).view("S16")


def prefix_offsets(ordered: Rows) -> list[int]:
    """257 numbers: where each first byte begins in a column of ``V16`` in order, and where the last one ends."""
    firsts = np.ascontiguousarray(ordered).view(np.uint8).reshape(len(ordered), 16)[:, 0]
    offsets: list[int] = np.searchsorted(firsts, np.arange(257)).tolist()
    return offsets
