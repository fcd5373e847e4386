"""What a list says of people, without saying who they are: rows by the NIK's index, and how two versions differ.

A list of millions is worked on in shards by the index's first character, so that no step holds more than a shard.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from chalicelib.domain.identifiers import Index

MOST_SHARDS = 64
_ALPHABET = {
    character: place
    for place, character in enumerate("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_")
}


class ListRow(NamedTuple):
    """One person on one list. Days are ISO 8601; nothing is known where a text is empty. Without a category the line
    could not be believed (in a file), or the person stands there no more (in a difference)."""

    nik: Index
    line: int
    category: str
    valid_from: str = ""
    valid_until: str = ""
    birth: str = ""
    """Index of the NIK with the birth date: a second factor, and no birth date."""
    email: str = ""

    @property
    def facts(self) -> tuple[str, ...]:
        return self[2:]


@dataclass(frozen=True, slots=True)
class Flaw:
    """What is wrong with a line: never the line itself. ``shown`` is a masked number."""

    line: int
    where: str
    code: str
    details: Mapping[str, str | int] = field(default_factory=dict)
    shown: str = ""


@dataclass(frozen=True, slots=True)
class Difference:
    """``unchanged`` and the three others count people; flaws and duplicates count lines."""

    standing: Sequence[ListRow]
    changes: Sequence[ListRow]
    flaws: Sequence[Flaw]
    duplicates: int
    unchanged: int
    by_category: Mapping[str, Mapping[str, int]]


def shard_of(nik: Index, shards: int) -> int:
    """``shards`` is a power of two up to 64: a shard of 16 is four neighbouring ones of 64."""
    return _ALPHABET[nik.partition(".")[2][0]] * shards // MOST_SHARDS


def overlapping(shard: int, shards: int, others: int) -> range:
    """The shards among ``others`` that hold what ``shard`` of ``shards`` holds."""
    first, last = shard * others // shards, ((shard + 1) * others - 1) // shards
    return range(first, last + 1)


def difference(rows: Iterable[ListRow], before: Iterable[ListRow]) -> Difference:
    """``rows`` as they stand in the file, ``before`` as in the version in force. Of whom the file says two things, or
    something that cannot be, nothing is believed: what stood before stays."""
    read = _Reading()
    for row in rows:
        read.take(row)
    earlier = {row.nik: row for row in before}
    standing = {nik: row for nik, row in read.standing.items() if nik not in read.doubted}
    standing |= {nik: earlier[nik] for nik in sorted(read.doubted) if nik in earlier}
    return _compared(standing, earlier, read)


@dataclass
class _Reading:
    standing: dict[Index, ListRow] = field(default_factory=dict)
    doubted: set[Index] = field(default_factory=set)
    flaws: list[Flaw] = field(default_factory=list)
    duplicates: int = 0

    def take(self, row: ListRow) -> None:
        if not row.category:
            self.doubted.add(row.nik)
            return
        known = self.standing.setdefault(row.nik, row)
        if known is row:
            return
        if known.facts == row.facts:
            self.duplicates += 1
            return
        self.doubted.add(row.nik)
        self.flaws.append(Flaw(row.line, "nik", "list_line_contradicts", {"other": known.line}))


@dataclass
class _Changes:
    rows: list[ListRow] = field(default_factory=list)
    counts: dict[str, dict[str, int]] = field(default_factory=dict)
    touched: int = 0

    def note(self, kind: str, category: str, row: ListRow) -> None:
        self.rows.append(row)
        self.touched += kind != "removed"
        self.counts.setdefault(category, {"added": 0, "removed": 0, "changed": 0})[kind] += 1


def _compared(standing: Mapping[Index, ListRow], earlier: Mapping[Index, ListRow], read: _Reading) -> Difference:
    changes = _Changes()
    for nik, row in standing.items():
        known = earlier.get(nik)
        if known is None or known.facts != row.facts:
            changes.note("changed" if known else "added", row.category, row)
    for nik, row in earlier.items():
        if nik not in standing:
            changes.note("removed", row.category, ListRow(nik, row.line, ""))
    unchanged = len(standing) - changes.touched
    return Difference(list(standing.values()), changes.rows, read.flaws, read.duplicates, unchanged, changes.counts)
