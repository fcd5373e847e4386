"""Table ``list-entries``: what lists say of people, by the NIK's index. Rows are added and never changed."""

from collections.abc import Iterable, Iterator, Sequence
from itertools import islice

from pynamodb.attributes import BinaryAttribute, NumberAttribute, UnicodeAttribute
from pynamodb.exceptions import PynamoDBException

from chalicelib.adapters.sealing import KmsSealer
from chalicelib.adapters.storage.fields import from_fields, to_fields
from chalicelib.adapters.storage.items import MOST_AT_ONCE, TIME_OUTS, Item, add_each
from chalicelib.domain.errors import StoreUnavailable
from chalicelib.domain.identifiers import Index
from chalicelib.domain.list_entries import ListEntry
from chalicelib.settings import region, resource_name

_ATTEMPTS = 3


class ListEntryItem(Item):
    """pk = ``nik#`` and the NIK's index, sk = the list and the version in six digits. ``email`` is sealed."""

    class Meta:
        table_name = resource_name("list-entries")
        region = region()
        connect_timeout_seconds = TIME_OUTS["connect_timeout_seconds"]

    nik = UnicodeAttribute()
    list = UnicodeAttribute()
    since = NumberAttribute()
    category = UnicodeAttribute()
    valid_from = UnicodeAttribute()
    valid_until = UnicodeAttribute()
    birth = UnicodeAttribute()
    email = BinaryAttribute(legacy_encoding=False, null=True)


class ListEntryTable:
    def __init__(self, sealer: KmsSealer) -> None:
        self._sealer = sealer

    def add_each(self, entries: Iterable[ListEntry]) -> None:
        rest = iter(entries)
        while batch := list(islice(rest, MOST_AT_ONCE)):
            self._add(batch)

    def of(self, nik: Index) -> Sequence[ListEntry]:
        try:
            items = list(ListEntryItem.query(_partition(nik), consistent_read=True))
        except PynamoDBException as error:
            raise StoreUnavailable from error
        return [self._entry(item) for item in items]

    def _add(self, entries: Sequence[ListEntry]) -> None:
        """What was not written was there, from a load that was cut off, or was not taken: a look tells which."""
        left = [self._item(entry) for entry in entries]
        for _ in range(_ATTEMPTS):
            written = add_each(left)
            left = [item for item, is_ours in zip(left, written, strict=True) if not is_ours]
            if left:
                there = _those_there(left)
                left = [item for item in left if (item.pk, item.sk) not in there]
            if not left:
                return
        raise StoreUnavailable("list_entries_not_taken")

    def _item(self, entry: ListEntry) -> ListEntryItem:
        written = to_fields(entry, without=("email",))
        pk, sk = _partition(entry.nik), f"{entry.list}#{entry.since:06d}"
        state = "stands" if entry.category else "gone"
        item = ListEntryItem(pk, sk, kind="list_entry", id=f"{entry.list}/{entry.since}", state=state, **written)
        if entry.email:
            item.email = self._sealer.seal(entry.email.encode(), place=_place(item))
        return item

    def _entry(self, item: ListEntryItem) -> ListEntry:
        email = self._sealer.open(item.email, place=_place(item)).decode() if item.email else ""
        return from_fields(ListEntry, item, email=email)


def _those_there(items: Iterable[ListEntryItem]) -> set[tuple[str, str]]:
    keys: Iterator[tuple[str, str]] = ((item.pk, item.sk) for item in items)
    try:
        return {(item.pk, item.sk) for item in ListEntryItem.batch_get(list(keys), consistent_read=True)}
    except PynamoDBException as error:
        raise StoreUnavailable from error


def _partition(nik: Index) -> str:
    return f"nik#{nik}"


def _place(item: ListEntryItem) -> str:
    return f"list-entries/{item.pk}/{item.sk}/email"
