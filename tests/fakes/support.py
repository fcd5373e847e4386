"""The audit log with its roots, and documents that were handed in."""

from collections.abc import Iterator, Sequence

from chalicelib.domain.audit import Deed, Entry, Root, chain_of, entry_after
from chalicelib.domain.cases import DocumentKind, DocumentType
from chalicelib.domain.documents import DocumentReading, is_readable
from chalicelib.domain.errors import AlreadyDone, Rejected, StoreUnavailable
from chalicelib.domain.identifiers import ApplicantId
from chalicelib.domain.photos import UploadForm
from chalicelib.observability import correlation_id
from tests.fakes.shelves import FakeStore, Shelf
from tests.fakes.trouble import Fake, Trouble, outside

Place = tuple[int, int]
"""Chain and number."""


class FakeAuditLog(FakeStore):
    name = "audit_log"

    def __init__(self, trouble: Trouble | None = None) -> None:
        super().__init__(trouble)
        self.entries_of_table: Shelf[Place, Entry] = Shelf()

    @outside
    def append(self, deed: Deed) -> Entry:
        while True:
            entry = entry_after(self._last(chain_of(deed.staff)), deed, correlation_id=correlation_id())
            try:
                self._add(self.entries_of_table.put((entry.chain, entry.number), entry))
            except AlreadyDone:
                continue
            return entry

    @outside
    def head(self, chain: int) -> Entry | None:
        return self._last(chain)

    @outside
    def entries(self, chain: int, *, after: int = 0) -> Iterator[Entry]:
        return iter([each for each in self._of(chain) if each.number > after])

    @outside
    def of_subject(self, subject: str, *, after: str | None, limit: int) -> tuple[Sequence[Entry], str | None]:
        found = sorted((each for each in self.all() if each.deed.subject == subject), key=lambda e: _key(e))[::-1]
        later = [each for each in found if after is None or _key(each) < after]
        return later[:limit], _key(later[limit - 1]) if len(later) > limit else None

    def _last(self, chain: int) -> Entry | None:
        entries = self._of(chain)
        return entries[-1] if entries else None

    def _of(self, chain: int) -> list[Entry]:
        return sorted((each for each in self.all() if each.chain == chain), key=lambda each: each.number)

    def all(self) -> list[Entry]:
        """For whoever checks: looking is no call outside."""
        return self.entries_of_table.values()


def _key(entry: Entry) -> str:
    return f"{entry.deed.at.isoformat()}|{entry.chain:02d}|{entry.number:012d}"


class FakeAuditRoots(Fake):
    name = "audit_roots"

    def __init__(self, trouble: Trouble | None = None) -> None:
        super().__init__(trouble)
        self._roots: dict[str, Root] = {}

    @outside
    def keep(self, root: Root) -> None:
        self._roots.setdefault(root.day.isoformat(), root)

    def forge(self, root: Root) -> None:
        """Somebody got at it."""
        self._roots[root.day.isoformat()] = root

    @outside
    def all(self) -> Sequence[Root]:
        return [self._roots[day] for day in sorted(self._roots)]


class FakeDocuments(Fake):
    name = "documents"

    def __init__(self, trouble: Trouble | None = None) -> None:
        super().__init__(trouble)
        self._uploads: dict[str, bytes] = {}

    def receives(self, object_key: str, content: bytes) -> None:
        self._uploads[object_key] = content

    @outside
    def upload_form(self, applicant_id: ApplicantId, kind: DocumentKind, type: DocumentType, upload: str) -> UploadForm:
        key = f"documents/{applicant_id}/{kind}/{upload}"
        return UploadForm("https://uploads.example", {"key": key, "Content-Type": type.value})

    @outside
    def examine(self, object_key: str) -> DocumentReading:
        applicant_id, kind = _owner(object_key)
        if object_key not in self._uploads:
            raise StoreUnavailable("bucket_unavailable")
        content = self._uploads[object_key]
        return DocumentReading(applicant_id, kind, is_readable(content[:16], len(content)))

    @outside
    def view_url(self, object_key: str) -> str:
        return f"https://views.example/{object_key}"


def _owner(object_key: str) -> tuple[ApplicantId, DocumentKind]:
    try:
        folder, applicant_id, kind, _ = object_key.split("/")
        if folder != "documents":
            raise ValueError
        return ApplicantId(applicant_id), DocumentKind(kind)
    except ValueError:
        raise Rejected("document_key_unknown") from None
