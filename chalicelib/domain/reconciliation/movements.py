"""What three books say of one day, packed so that a million lines of each fit: text in a bucket by the reference's
checksum, so that one bucket after the other is opened and compared.

A movement is named ``payment/<reference>`` or ``reversal/<reference>``: one of each at most under a reference.
"""

from collections.abc import Iterator
from enum import StrEnum
from mmap import mmap
from zlib import crc32

BUCKETS = 64
_MARKS = (1 << 25) - 1
"""A byte each, by which a reference is known: with a million of them, one in thirty others passes for known."""


class Kind(StrEnum):
    PAYMENT = "payment"
    REVERSAL = "reversal"


class Source(StrEnum):
    """Whose word it is, and the columns of its rows."""

    THEIRS = "theirs"
    """movement, amount, line in the statement"""
    EARLIER = "earlier"
    """the same of the statement that this one replaces"""
    OURS = "ours"
    """movement, amount, state, day on which it was first sent, payout id, version: the highest one holds"""
    LEDGER = "ledger"
    """movement, amount (negative where a correction takes it back), day, key of the posting"""


def movement(kind: Kind, reference: str) -> str:
    return f"{kind}/{reference}"


class Piles:
    """All that the sources say. What goes in a million times goes in as bytes: no object is made of it yet.

    Neighbouring days are many times this one: of them, only what this day's books name goes in. That a few others pass
    does no harm, as the comparison looks at days itself.
    """

    def __init__(self) -> None:
        self._buckets: dict[Source, list[bytearray]] = {
            source: [bytearray() for _ in range(BUCKETS)] for source in Source
        }
        self._known = mmap(-1, _MARKS + 1)  # what is never touched is never there

    def put(self, source: Source, kind: Kind, reference: bytes, rest: bytes) -> None:
        """``rest``: the other columns, tabs between them."""
        checksum = crc32(reference)
        self._known[checksum & _MARKS] = 1
        self._buckets[source][checksum % BUCKETS] += b"%b/%b\t%b\n" % (_NAMES[kind], reference, rest)

    def knows(self, reference: bytes) -> bool:
        """Whether anything was put in under this reference, of whatever kind."""
        return self._known[crc32(reference) & _MARKS] == 1

    def rows(self, source: Source, bucket: int) -> Iterator[tuple[str, str]]:
        """Movements, each with its other columns. Taken out: a bucket is opened once, and then makes room."""
        content, self._buckets[source][bucket] = self._buckets[source][bucket], bytearray()
        for row in content.decode().splitlines():
            key, _, rest = row.partition("\t")
            yield key, rest


_NAMES = {kind: kind.value.encode() for kind in Kind}
