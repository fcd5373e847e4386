"""Ministries' lists: versions, entries, files."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace

from chalicelib.domain.errors import AlreadyDone, Conflict, StaleWrite, StoreUnavailable
from chalicelib.domain.identifiers import Index, ListName
from chalicelib.domain.list_entries import ListEntry
from chalicelib.domain.list_rows import Flaw, ListRow
from chalicelib.domain.lists import ListHead, ListUpload, ListVersion
from tests.fakes.shelves import FakeStore, Put, Refused, Shelf
from tests.fakes.trouble import Fake, Trouble, outside


class FakeLists(FakeStore):
    name = "lists"

    def __init__(self, trouble: Trouble | None = None) -> None:
        super().__init__(trouble)
        self._heads: Shelf[ListName, ListHead] = Shelf()
        self._versions: Shelf[tuple[ListName, int], ListVersion] = Shelf()
        self._uploads: Shelf[tuple[str, str], int] = Shelf()

    @outside
    def heads(self) -> Sequence[ListHead]:
        return sorted(self._heads.values(), key=lambda head: head.name)

    @outside
    def head(self, name: ListName) -> ListHead:
        return self._heads.get(name) or ListHead(name)

    @outside
    def receive(self, head: ListHead, version: ListVersion) -> None:
        upload = self._uploads.put((version.upload.object_key, version.upload.tag), version.number)
        try:
            self._write(self._put(version), upload, self._put_head(head))
        except Refused as refused:
            if 1 in refused.places:
                raise AlreadyDone("list_file_received") from None
            raise StaleWrite("list_contended") from None

    @outside
    def get(self, name: ListName, number: int) -> ListVersion | None:
        return self._versions.get((name, number))

    @outside
    def save(self, version: ListVersion) -> None:
        self._save(self._put(version))

    @outside
    def newest_first(self, name: ListName, *, limit: int, before: int | None = None) -> Sequence[ListVersion]:
        mine = [each for each in self._versions.values() if each.list == name]
        older = [each for each in mine if before is None or each.number < before]
        return sorted(older, key=lambda each: -each.number)[:limit]

    @outside
    def activate(self, head: ListHead, version: ListVersion, replaced: ListVersion | None) -> None:
        others = [self._put(replaced)] if replaced else []
        try:
            self._write(self._put(version), self._put_head(head), *others)
        except Refused:
            raise StaleWrite("list_contended") from None

    def all(self) -> list[ListVersion]:
        """For whoever checks: looking is no call outside."""
        return self._versions.values()

    def _put(self, version: ListVersion) -> Put:
        moved = replace(version, version=version.version + 1)
        return self._versions.put((version.list, version.number), moved, version.version)

    def _put_head(self, head: ListHead) -> Put:
        return self._heads.put(head.name, replace(head, version=head.version + 1), head.version)


class FakeListEntries(Fake):
    name = "list_entries"

    def __init__(self, trouble: Trouble | None = None) -> None:
        super().__init__(trouble)
        self._entries: dict[tuple[Index, ListName, int], ListEntry] = {}

    @outside
    def add_each(self, entries: Iterable[ListEntry]) -> None:
        for entry in entries:
            self._entries.setdefault((entry.nik, entry.list, entry.since), entry)

    @outside
    def of(self, nik: Index) -> Sequence[ListEntry]:
        return [entry for key, entry in sorted(self._entries.items()) if key[0] == nik]

    def all(self) -> list[ListEntry]:
        """For whoever checks: looking is no call outside."""
        return list(self._entries.values())


class FakeListFiles(Fake):
    name = "list_files"

    def __init__(self, trouble: Trouble | None = None) -> None:
        super().__init__(trouble)
        self._uploads: dict[str, tuple[ListUpload, bytes]] = {}
        self._rows: dict[str, list[ListRow]] = {}
        self._flaws: dict[str, list[Flaw]] = {}

    def receives(self, object_key: str, content: bytes, **notes: object) -> None:
        """A file is dropped. ``notes``: what its sender says (``loader``, ``body``, ``stated_lines``)."""
        upload = ListUpload(object_key, f'"{hash(content):x}"', len(content))
        self._uploads[object_key] = (replace(upload, **notes), content)  # type: ignore[arg-type]

    @outside
    def upload(self, object_key: str) -> ListUpload | None:
        held = self._uploads.get(object_key)
        return held[0] if held else None

    @outside
    def read(self, upload: ListUpload, *, start: int, length: int) -> bytes:
        held = self._uploads.get(upload.object_key)
        if held is None or held[0].tag != upload.tag:
            raise Conflict("list_file_replaced")
        return held[1][start : start + length]

    @outside
    def write_rows(self, name: str, rows: Iterable[ListRow]) -> None:
        self._rows[name] = list(rows)

    @outside
    def rows(self, name: str) -> Iterator[ListRow]:
        if name not in self._rows:
            raise StoreUnavailable("bucket_unavailable", name=name)
        return iter(self._rows[name])

    @outside
    def write_flaws(self, name: str, flaws: Sequence[Flaw]) -> None:
        self._flaws[name] = list(flaws)

    @outside
    def flaws(self, name: str) -> Sequence[Flaw]:
        if name not in self._flaws:
            raise StoreUnavailable("bucket_unavailable", name=name)
        return self._flaws[name]

    def all(self) -> dict[str, list[ListRow]]:
        """For whoever checks: looking is no call outside."""
        return self._rows
