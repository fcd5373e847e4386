"""The journal."""

from bisect import bisect_left, bisect_right, insort
from collections.abc import Iterator
from itertools import takewhile

from tests.fakes.trouble import Fake, Trouble, outside


class FakeJournal(Fake):
    name = "journal"

    def __init__(self, trouble: Trouble | None = None) -> None:
        super().__init__(trouble)
        self.files: dict[str, bytes] = {}
        self._names: list[str] = []
        """In order; made anew when a test has put a file there itself."""
        self.sketches: dict[str, bytes] = {}

    @outside
    def keep(self, name: str, content: bytes) -> bytes:
        if name not in self.files:
            insort(self._names, name)
        return self.files.setdefault(name, content)

    @outside
    def read(self, name: str) -> bytes | None:
        return self.files.get(name)

    @outside
    def names(self, prefix: str, *, after: str = "") -> Iterator[str]:
        if len(self._names) != len(self.files):
            self._names = sorted(self.files)
        first = max(bisect_left(self._names, prefix), bisect_right(self._names, after))
        return takewhile(lambda name: name.startswith(prefix), self._names[first:])

    @outside
    def sketch(self, name: str, content: bytes) -> None:
        self.sketches[name] = content

    @outside
    def sketched(self, name: str) -> bytes | None:
        return self.sketches.get(name)
