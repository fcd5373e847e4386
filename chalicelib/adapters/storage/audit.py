"""Table ``audit``: chains of entries, one item each, written once and never again."""

from collections.abc import Iterator, Sequence
from datetime import UTC, datetime

from pynamodb.attributes import JSONAttribute, NumberAttribute, UnicodeAttribute
from pynamodb.exceptions import PynamoDBException
from pynamodb.indexes import AllProjection, GlobalSecondaryIndex

from chalicelib.adapters.storage.fields import structured, to_fields
from chalicelib.adapters.storage.items import TIME_OUTS, Item, add
from chalicelib.domain.audit import Act, Deed, Entry, chain_of, entry_after
from chalicelib.domain.errors import AlreadyDone, InvalidInput, StaleWrite, StoreUnavailable
from chalicelib.domain.identifiers import StaffId
from chalicelib.domain.registration import Role
from chalicelib.observability import correlation_id
from chalicelib.settings import region, resource_name

_ATTEMPTS = 8
"""Officers of one chain at work in the same instant: as many, before somebody is asked to try again."""
_PAGE = 200
_UNREADABLE = Deed(StaffId("?"), Role.STAFF, Act.SEE_CASE, "?", (), "", datetime.min.replace(tzinfo=UTC))


class BySubjectIndex(GlobalSecondaryIndex["EntryItem"]):  # type: ignore[no-untyped-call]
    class Meta:
        index_name = "by_subject"
        projection = AllProjection()

    subject = UnicodeAttribute(hash_key=True)
    at = UnicodeAttribute(range_key=True)


class EntryItem(Item):
    """pk = ``chain#`` and its number, sk = the entry's number: what is there already cannot be written again."""

    class Meta:
        table_name = resource_name("audit")
        region = region()
        connect_timeout_seconds = TIME_OUTS["connect_timeout_seconds"]

    staff = UnicodeAttribute()
    role = UnicodeAttribute()
    act = UnicodeAttribute()
    subject = UnicodeAttribute()
    fields = JSONAttribute()
    reason = UnicodeAttribute()
    at = UnicodeAttribute()
    chain = NumberAttribute()
    number = NumberAttribute()
    previous = UnicodeAttribute()
    digest = UnicodeAttribute()
    by_subject = BySubjectIndex()


class AuditTable:
    def append(self, deed: Deed) -> Entry:
        for _ in range(_ATTEMPTS):
            entry = entry_after(self.head(chain_of(deed.staff)), deed, correlation_id=correlation_id())
            try:
                add(_item(entry))
            except AlreadyDone:
                continue  # another officer's came in between: follow that one
            return entry
        raise StaleWrite("audit_chain_contended")

    def head(self, chain: int) -> Entry | None:
        last = self._rows(chain, "", limit=1, forward=False)
        return _entry(last[0]) if last else None

    def entries(self, chain: int, *, after: int = 0) -> Iterator[Entry]:
        place = _place(after)
        while rows := self._rows(chain, place, limit=_PAGE, forward=True):
            yield from map(_entry, rows)
            place = rows[-1].sk

    def of_subject(self, subject: str, *, after: str | None, limit: int) -> tuple[Sequence[Entry], str | None]:
        """``after`` is ``<at>|<pk>|<sk>`` of the last entry seen."""
        try:
            rows = EntryItem.by_subject.query(
                subject, scan_index_forward=False, limit=limit, last_evaluated_key=_start(subject, after)
            )
            entries = [_entry(item) for item in rows]
        except PynamoDBException as error:
            raise StoreUnavailable from error
        last = rows.last_evaluated_key
        return entries, "|".join(last[name]["S"] for name in ("at", "pk", "sk")) if last else None

    def _rows(self, chain: int, after: str, *, limit: int, forward: bool) -> list[EntryItem]:
        later = EntryItem.sk > after if after else None
        try:
            found = EntryItem.query(
                f"chain#{chain}", later, limit=limit, consistent_read=True, scan_index_forward=forward
            )
            return list(found)
        except PynamoDBException as error:
            raise StoreUnavailable from error


def _item(entry: Entry) -> EntryItem:
    written = to_fields(entry.deed) | to_fields(entry, without=("deed", "correlation_id"))
    id = f"{entry.chain}/{entry.number}"
    item = EntryItem(f"chain#{entry.chain}", _place(entry.number), kind="audit_entry", id=id, state="kept", **written)
    return item


def _entry(item: EntryItem) -> Entry:
    stored = item.attribute_values
    try:
        return structured(Entry, {**stored, "deed": stored})
    except Exception:
        # Whatever cattrs says: we never wrote it so. Its digest will not be its own, so it is found and named.
        number = int(item.sk) if item.sk.isdecimal() else 0
        return Entry(_UNREADABLE, "", int(item.pk.rpartition("#")[2]), number, str(item.previous), str(item.digest))


def _place(number: int) -> str:
    return f"{number:012d}"


def _start(subject: str, after: str | None) -> dict[str, dict[str, str]] | None:
    if after is None:
        return None
    parts = after.split("|")
    if len(parts) != 3 or not (parts[0] and parts[1].startswith("chain#") and parts[2].isdecimal()):
        raise InvalidInput("cursor_invalid", field="after")
    names = dict(zip(("at", "pk", "sk"), parts, strict=True)) | {"subject": subject}
    return {name: {"S": value} for name, value in names.items()}
