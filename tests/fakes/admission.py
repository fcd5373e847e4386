"""The gate of a rush: its item, how much waits on a queue, and work that takes no time."""

from dataclasses import replace
from datetime import datetime

from chalicelib.domain.admission import Gate, Puzzle
from chalicelib.domain.commands import Queue
from chalicelib.domain.identifiers import Index
from tests.fakes.shelves import FakeStore, Shelf
from tests.fakes.trouble import Fake, Trouble, outside


class FakeGates(FakeStore):
    name = "gates"

    def __init__(self, trouble: Trouble | None = None) -> None:
        super().__init__(trouble)
        self._gates: Shelf[str, Gate] = Shelf()

    @outside
    def get(self) -> Gate:
        return self._gates.get("gate") or Gate()

    @outside
    def save(self, gate: Gate) -> None:
        self._save(self._gates.put("gate", replace(gate, version=gate.version + 1), gate.version))


class FakeDepths(Fake):
    name = "depths"

    def __init__(self, trouble: Trouble | None = None) -> None:
        super().__init__(trouble)
        self.by_queue: dict[Queue, int] = {}
        self.put_back: dict[Queue, int] = {}

    @outside
    def waiting(self, queue: Queue) -> int:
        return self.by_queue.get(queue, 0)

    @outside
    def unfinished(self, queue: Queue) -> int:
        return self.by_queue.get(queue, 0) + self.put_back.get(queue, 0)


class FakePuzzles:
    """The solution of a puzzle is its salt."""

    def pose(self, visitor: Index, *, expires_at: datetime) -> Puzzle:
        return Puzzle("none", "-", f"{int(expires_at.timestamp())}/{visitor}", 0, "-")

    def is_solved(self, solution: str, visitor: Index, *, now: datetime) -> bool:
        expires, _, whose = solution.partition("/")
        return whose == visitor and expires.isdigit() and now.timestamp() < int(expires)
