"""Tables in memory. Rows have a version and the attempt that wrote them, and are written under a condition, alone or
several together, as ``adapters/storage/items.py`` writes them.
"""

from collections.abc import Hashable, Sequence
from dataclasses import dataclass
from itertools import count
from threading import RLock
from typing import Any, Generic, TypeVar

from chalicelib.domain.errors import AlreadyDone, StaleWrite
from tests.fakes.trouble import Fake

Key = TypeVar("Key", bound=Hashable)
Value = TypeVar("Value")

_lock = RLock()
_attempts = count(1)


class Refused(Exception):
    """Conditions did not hold; ``places`` are those of the puts that failed. Nothing was written."""

    def __init__(self, places: frozenset[int]) -> None:
        self.places = places
        super().__init__(f"conditions failed at {sorted(places)}")


@dataclass(frozen=True, slots=True)
class _Row(Generic[Value]):
    value: Value
    version: int
    attempt: int


class Shelf(Generic[Key, Value]):
    """One kind of item of a table."""

    def __init__(self) -> None:
        self.rows: dict[Key, _Row[Value]] = {}

    def get(self, key: Key) -> Value | None:
        with _lock:
            row = self.rows.get(key)
        return row.value if row else None

    def version(self, key: Key) -> int:
        """0 where nothing was written yet."""
        with _lock:
            row = self.rows.get(key)
        return row.version if row else 0

    def values(self) -> list[Value]:
        with _lock:
            return [row.value for row in self.rows.values()]

    def put(self, key: Key, value: Value, read_version: int = 0) -> "Put":
        return Put(self, key, value, read_version)

    def look(self, key: Key, read_version: int) -> "Look":
        return Look(self, key, None, read_version)


@dataclass(frozen=True, slots=True)
class Put:
    """A row to write, if it is still at the version that was read (0: if there is none)."""

    shelf: Shelf[Any, Any]
    key: Hashable
    value: object
    read_version: int

    def holds(self) -> bool:
        return self.shelf.version(self.key) == self.read_version

    def write(self, attempt: int) -> None:
        self.shelf.rows[self.key] = _Row(self.value, self.read_version + 1, attempt)

    def was_written_by(self, attempt: int) -> bool:
        row = self.shelf.rows.get(self.key)
        return row is not None and row.attempt == attempt


@dataclass(frozen=True, slots=True)
class Look(Put):
    """A row that is not written, but must be as it was read."""

    def write(self, attempt: int) -> None:
        pass


def commit(puts: Sequence[Put]) -> None:
    """All or nothing, once: for a store that has its own way with lost replies."""
    _commit(puts, next(_attempts))


def _commit(puts: Sequence[Put], attempt: int) -> None:
    with _lock:
        places = frozenset(place for place, put in enumerate(puts) if not put.holds())
        if places:
            raise Refused(places)
        for put in puts:
            put.write(attempt)


class FakeStore(Fake):
    """A table's fake. A transaction may reach into other fakes' shelves: all of it is written or nothing."""

    def _write(self, *puts: Put) -> None:
        attempt = next(_attempts)
        _commit(puts, attempt)
        if self.trouble.is_reply_lost():
            self._write_again(puts, attempt)

    def _write_again(self, puts: Sequence[Put], attempt: int) -> None:
        """The SDK's own retry meets our own row: the attempt tells it from another's."""
        try:
            _commit(puts, attempt)
        except Refused:
            if not puts[0].was_written_by(attempt):
                raise

    def _save(self, put: Put) -> None:
        try:
            self._write(put)
        except Refused:
            raise StaleWrite from None

    def _add(self, put: Put) -> None:
        try:
            self._write(put)
        except Refused:
            raise AlreadyDone from None
