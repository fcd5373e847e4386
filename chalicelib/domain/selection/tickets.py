"""Seed, tickets and order: section 6 of ``docs/draw.md``.

Hashing is nearly all that a draw costs. So the messages of many tickets are laid side by side first, 52 bytes each
(one block of SHA-256), and nothing else is done per ticket in Python.
"""

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from hashlib import sha256
from typing import Any

import numpy as np

from chalicelib.domain.selection.rows import Rows

Lots = np.ndarray[tuple[int], np.dtype[np.uint64]]
"""The first 8 bytes of tickets: nearly always enough to tell who is ahead."""
Places = np.ndarray[tuple[int], np.dtype[np.intp]]
_AT_ONCE = 1 << 12


@dataclass(frozen=True, slots=True)
class Lottery:
    """Of one draw: what a ticket is made of besides the pseudonym."""

    seed: bytes
    wave: int

    @property
    def head(self) -> bytes:
        return self.seed + self.wave.to_bytes(4, "big")

    def ticket(self, pseudonym: bytes) -> bytes:
        return sha256(self.head + pseudonym).digest()


def seed_of(secret: str, value: str, root: str, attempt: int) -> bytes:
    return sha256(f"{secret}\n{value}\n{root}\n{attempt}".encode()).digest()


def lots_of(pseudonyms: Rows, lottery: Lottery) -> Lots:
    """``pseudonyms``: a column of ``V16``."""
    lots = np.empty(len(pseudonyms), np.uint64)
    for start, messages in _messages(pseudonyms, lottery.head):
        digests = b"".join([sha256(each).digest() for each in messages])
        lots[start : start + len(messages)] = np.frombuffer(digests, ">u8")[::4]
    return lots


def in_order(places: Places, lots: Lots, pseudonyms: Rows, lottery: Lottery) -> Places:
    """``places`` (in lots and pseudonyms), lowest ticket first. Where 8 bytes are the same, whole tickets decide."""
    here = lots[places]
    order = np.argsort(here)
    ordered, found = places[order], here[order]
    for start, end in _runs(found[1:] == found[:-1]):
        run = ordered[start:end]
        ordered[start:end] = sorted(run, key=lambda place: lottery.ticket(pseudonyms[place].tobytes()))
    return ordered


def _messages(pseudonyms: Rows, head: bytes) -> Iterator[tuple[int, list[bytes]]]:
    """As many at once as stay in the processor's cache."""
    count, width = len(pseudonyms), len(head) + 16
    names = np.ascontiguousarray(pseudonyms).view(np.uint8).reshape(count, 16)
    laid = np.empty((min(_AT_ONCE, count), width), np.uint8)
    laid[:, : len(head)] = np.frombuffer(head, np.uint8)
    for start in range(0, count, _AT_ONCE):
        size = min(_AT_ONCE, count - start)
        laid[:size, len(head) :] = names[start : start + size]
        yield start, laid[:size].view(f"V{width}").ravel().tolist()


def _runs(same_as_next: np.ndarray[Any, np.dtype[np.bool_]]) -> Iterator[tuple[int, int]]:
    """Spans of two or more that are the same."""
    if not same_as_next.any():
        return
    edges = np.flatnonzero(np.diff(np.concatenate(([0], same_as_next.view(np.int8), [0]))))
    for start, end in zip(edges[::2].tolist(), edges[1::2].tolist(), strict=True):
        yield start, end + 1


def digest_of(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()
