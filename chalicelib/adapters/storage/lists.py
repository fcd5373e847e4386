"""Table ``lists``: ministries' lists, and the versions of each. Who stands on them is in table ``list-entries``: of
millions of rows nobody follows the stream."""

import hashlib
from collections.abc import Sequence

from pynamodb.attributes import JSONAttribute, NumberAttribute, UnicodeAttribute
from pynamodb.exceptions import PynamoDBException

from chalicelib.adapters.storage.fields import from_fields, to_fields
from chalicelib.adapters.storage.items import TIME_OUTS, Item, Refused, Write, found, save, save_together
from chalicelib.domain.errors import AlreadyDone, StaleWrite, StoreUnavailable
from chalicelib.domain.identifiers import ListName
from chalicelib.domain.lists import ListHead, ListVersion
from chalicelib.settings import region, resource_name

_HEADS = "lists"


class _Meta:
    table_name = resource_name("lists")
    region = region()
    connect_timeout_seconds = TIME_OUTS["connect_timeout_seconds"]


class ListHeadItem(Item):
    """pk = ``lists``, sk = the list's name: a dozen items, read together for every look-up."""

    class Meta(_Meta):
        pass

    name = UnicodeAttribute()
    newest = NumberAttribute()
    activated = JSONAttribute()
    shards = NumberAttribute()
    people = NumberAttribute()
    as_of = UnicodeAttribute(null=True)


class ListVersionItem(Item):
    """pk = ``list#`` and the list's name, sk = ``version#`` and the number in six digits."""

    class Meta(_Meta):
        pass

    list = UnicodeAttribute()
    number = NumberAttribute()
    upload = JSONAttribute()
    received_at = UnicodeAttribute()
    shards = NumberAttribute()
    based_on = NumberAttribute()
    based_on_shards = NumberAttribute()
    phase = UnicodeAttribute()
    step = NumberAttribute()
    pieces = NumberAttribute()
    reading = JSONAttribute()
    counts = JSONAttribute()
    by_category = JSONAttribute()
    flaws_kept = NumberAttribute()
    flaws_name = UnicodeAttribute()
    warnings = JSONAttribute()
    reason = UnicodeAttribute(null=True)
    reason_details = JSONAttribute()
    activated_by = UnicodeAttribute(null=True)
    activated_at = UnicodeAttribute(null=True)
    discarded_by = UnicodeAttribute(null=True)


class ListUploadItem(Item):
    """pk = ``upload#`` and a digest of key and tag, sk = ``-``: this file was received, as this version."""

    class Meta(_Meta):
        pass


class ListTable:
    def heads(self) -> Sequence[ListHead]:
        try:
            return [from_fields(ListHead, item) for item in ListHeadItem.query(_HEADS, consistent_read=True)]
        except PynamoDBException as error:
            raise StoreUnavailable from error

    def head(self, name: ListName) -> ListHead:
        item = found(ListHeadItem, _HEADS, name)
        return from_fields(ListHead, item) if item else ListHead(name)

    def receive(self, head: ListHead, version: ListVersion) -> None:
        key = hashlib.sha256(f"{version.upload.object_key}\0{version.upload.tag}".encode()).hexdigest()
        upload = ListUploadItem(
            f"upload#{key}", "-", kind="list_upload", id=f"{version.list}/{version.number}", state="received"
        )
        try:
            save_together([_version_write(version), Write(upload, 0), _head_write(head)])
        except Refused as refused:
            if 1 in refused.places:
                raise AlreadyDone("list_file_received") from None
            raise StaleWrite("list_contended") from None

    def get(self, name: ListName, number: int) -> ListVersion | None:
        item = found(ListVersionItem, _partition(name), _number(number))
        return from_fields(ListVersion, item) if item else None

    def save(self, version: ListVersion) -> None:
        save(_version_item(version), read_version=version.version)

    def newest_first(self, name: ListName, *, limit: int, before: int | None = None) -> Sequence[ListVersion]:
        older = ListVersionItem.sk < _number(before) if before is not None else None
        try:
            rows = ListVersionItem.query(
                _partition(name), older, scan_index_forward=False, limit=limit, consistent_read=True
            )
            return [from_fields(ListVersion, item) for item in rows]
        except PynamoDBException as error:
            raise StoreUnavailable from error

    def activate(self, head: ListHead, version: ListVersion, replaced: ListVersion | None) -> None:
        others = [_version_write(replaced)] if replaced else []
        try:
            save_together([_version_write(version), _head_write(head), *others])
        except Refused:
            raise StaleWrite("list_contended") from None


def _head_write(head: ListHead) -> Write:
    item = ListHeadItem(_HEADS, head.name, kind="list", id=head.name, state="kept", **to_fields(head))
    return Write(item, head.version)


def _version_write(version: ListVersion) -> Write:
    return Write(_version_item(version), version.version)


def _version_item(version: ListVersion) -> ListVersionItem:
    id = f"{version.list}/{version.number}"
    written = to_fields(version)
    return ListVersionItem(_partition(version.list), _number(version.number), kind="list_version", id=id, **written)


def _partition(name: ListName) -> str:
    return f"list#{name}"


def _number(number: int) -> str:
    return f"version#{number:06d}"
