"""The journal."""

from collections.abc import Iterator

from tests.fakes.trouble import Fake, Trouble, outside


class FakeJournal(Fake):
    name = "journal"

    def __init__(self, trouble: Trouble | None = None) -> None:
        super().__init__(trouble)
        self.files: dict[str, bytes] = {}
        self.sketches: dict[str, bytes] = {}

    @outside
    def keep(self, name: str, content: bytes) -> bytes:
        return self.files.setdefault(name, content)

    @outside
    def read(self, name: str) -> bytes | None:
        return self.files.get(name)

    @outside
    def names(self, prefix: str, *, after: str = "") -> Iterator[str]:
        return iter(sorted(name for name in self.files if name.startswith(prefix) and name > after))

    @outside
    def sketch(self, name: str, content: bytes) -> None:
        self.sketches[name] = content

    @outside
    def sketched(self, name: str) -> bytes | None:
        return self.sketches.get(name)
