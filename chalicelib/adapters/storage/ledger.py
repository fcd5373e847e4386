"""Table ``ledger``: one partition per owner holds their postings and the head of their chain.

Other stores make a posting part of their own transaction with :func:`posting_writes`: the sale and its money are
written together or not at all.
"""

from collections.abc import Mapping, Sequence

from pynamodb.attributes import BooleanAttribute, JSONAttribute, NumberAttribute, UnicodeAttribute
from pynamodb.exceptions import PynamoDBException

from chalicelib.adapters.storage.fields import from_fields, plain, to_fields
from chalicelib.adapters.storage.items import TIME_OUTS, Item, Refused, Write, found, found_each, save_together
from chalicelib.domain.errors import AlreadyDone, InvalidInput, Misconfigured, StaleWrite, StoreUnavailable
from chalicelib.domain.identifiers import ApplicantId, PayoutId
from chalicelib.domain.ledger import OwnedAccount, Posting
from chalicelib.domain.ledger_chain import LedgerEntry, LedgerHead, entries_after
from chalicelib.domain.ledger_dues import Owed, due_key, undoing_keys
from chalicelib.settings import region, resource_name

_LOOKS = 3
"""So often a posting on its own is tried when another of the same owner is faster."""


class LedgerMeta:
    table_name = resource_name("ledger")
    region = region()
    connect_timeout_seconds = TIME_OUTS["connect_timeout_seconds"]


class PostingItem(Item):
    """pk = owner, sk = ``posting#`` and the business key. Written once, never changed."""

    class Meta(LedgerMeta):
        pass

    key = UnicodeAttribute()
    owner = UnicodeAttribute()
    account = UnicodeAttribute()
    against = UnicodeAttribute()
    adds = BooleanAttribute()
    amount = NumberAttribute()
    posted_at = UnicodeAttribute()
    reason = UnicodeAttribute(default="")
    number = NumberAttribute()
    previous = UnicodeAttribute()
    digest = UnicodeAttribute()


class HeadItem(Item):
    """pk = owner, sk = ``head``. Moves only together with a posting."""

    class Meta(LedgerMeta):
        pass

    number = NumberAttribute(default=0)
    digest = UnicodeAttribute(default="")
    balances = JSONAttribute()


def posting_writes(*postings: Posting) -> list[Write]:
    """Of one owner: the postings, and last the head after them. ``Conflict("balance_too_small")`` or
    ``("repaid_too_much")`` where an account may not stand after it."""
    (owner, *others) = {posting.owner for posting in postings}
    if others:
        raise Misconfigured("postings_of_several_owners")
    return _writes_after(_head(owner), postings)


def _writes_after(read: LedgerHead, postings: Sequence[Posting]) -> list[Write]:
    owner = read.owner
    entries, head = entries_after(read, postings)
    moved = HeadItem(
        owner,
        "head",
        kind="head",
        id=owner,
        state="kept",
        number=head.number,
        digest=head.digest,
        balances=plain(head.balances),
    )
    return [*(Write(_item(entry), 0) for entry in entries), Write(moved, read.version)]


def posting_writes_each(postings: Sequence[Posting]) -> list[Write]:
    """Of any number of owners, whose heads are read together."""
    if not postings:
        return []
    owners = {posting.owner: [each for each in postings if each.owner == posting.owner] for posting in postings}
    if len(owners) == 1:
        return posting_writes(*postings)
    heads = {item.pk: _head_of(item) for item in found_each(HeadItem, owners, "head")}
    writes = [_writes_after(heads.get(owner, LedgerHead(owner)), mine) for owner, mine in owners.items()]
    return [write for each in writes for write in each]


class LedgerRow(Item):
    """A posting or a head, when both are read in one call."""

    class Meta(LedgerMeta):
        pass

    amount = NumberAttribute(null=True)
    balances = JSONAttribute(null=True)


class LedgerTable:
    def post(self, posting: Posting) -> None:
        for _ in range(_LOOKS - 1):
            try:
                return _post(posting)
            except StaleWrite:
                continue
        _post(posting)

    def balance(self, owner: str, account: OwnedAccount) -> int:
        return _head(owner).balances.get(account, 0)

    def head(self, owner: str) -> LedgerHead:
        return _head(owner)

    def entry(self, owner: str, key: str) -> LedgerEntry | None:
        item = found(PostingItem, owner, f"posting#{key}")
        return _entry(item) if item else None

    def owed_each(self, asked: Sequence[tuple[ApplicantId, PayoutId]]) -> Mapping[PayoutId, Owed]:
        keys = {(owner, "head") for owner, _ in asked}
        for owner, id in asked:
            keys |= {(owner, f"posting#{key}") for key in (due_key(id), *undoing_keys(id))}
        try:
            rows = {(row.pk, row.sk): row for row in LedgerRow.batch_get(sorted(keys), consistent_read=True)}
        except PynamoDBException as error:
            raise StoreUnavailable from error
        return {id: _owed(owner, id, rows) for owner, id in asked}

    def entries_of(self, owner: str) -> Sequence[LedgerEntry]:
        mine = PostingItem.sk.startswith("posting#")
        try:
            items = list(PostingItem.query(owner, mine, consistent_read=True))
        except PynamoDBException as error:
            raise StoreUnavailable from error
        return sorted(map(_entry, items), key=lambda entry: entry.number)

    def postings_of(self, owner: str) -> Sequence[Posting]:
        return [entry.posting for entry in self.entries_of(owner)]

    def page(self, *, after: str | None, limit: int) -> tuple[Sequence[Posting], str | None]:
        start = _row_at(after) if after else None
        try:
            rows = PostingItem.scan(
                PostingItem.kind == "posting", last_evaluated_key=start, page_size=limit, limit=limit
            )
            postings = [from_fields(Posting, item) for item in rows]
        except PynamoDBException as error:
            raise StoreUnavailable from error
        last = rows.last_evaluated_key
        return postings, f"{last['pk']['S']}|{last['sk']['S']}" if last else None

    def owners(self, *, after: str | None, limit: int) -> tuple[Sequence[str], str | None]:
        start = _row_at(after) if after else None
        try:
            rows = HeadItem.scan(HeadItem.kind == "head", last_evaluated_key=start, page_size=limit, limit=limit)
            owners = [item.pk for item in rows]
        except PynamoDBException as error:
            raise StoreUnavailable from error
        last = rows.last_evaluated_key
        return owners, f"{last['pk']['S']}|{last['sk']['S']}" if last else None


def _post(posting: Posting) -> None:
    writes = posting_writes(posting)
    try:
        save_together(writes)
    except Refused as refused:
        if 0 in refused.places:
            raise AlreadyDone("posted_already") from None
        raise StaleWrite("owner_contended") from None


def _owed(owner: str, id: PayoutId, rows: Mapping[tuple[str, str], LedgerRow]) -> Owed:
    due, head = rows.get((owner, f"posting#{due_key(id)}")), rows.get((owner, "head"))
    balances = (head.balances if head else None) or {}
    return Owed(
        amount=int(due.amount or 0) if due else 0,
        is_undone=any((owner, f"posting#{key}") in rows for key in undoing_keys(id)),
        balance=int(balances.get(OwnedAccount.INCENTIVE_DUE, 0)),
    )


def _head(owner: str) -> LedgerHead:
    item = found(HeadItem, owner, "head")
    return _head_of(item) if item else LedgerHead(owner)


def _head_of(item: HeadItem) -> LedgerHead:
    balances = {OwnedAccount(account): int(amount) for account, amount in item.balances.items()}
    return LedgerHead(item.pk, int(item.number), item.digest, balances, int(item.version))


def _row_at(place: str) -> dict[str, dict[str, str]]:
    pk, separator, sk = place.partition("|")
    if not (pk and separator and sk):
        raise InvalidInput("cursor_invalid", field="after")
    return {"pk": {"S": pk}, "sk": {"S": sk}}


def _entry(item: PostingItem) -> LedgerEntry:
    return LedgerEntry(from_fields(Posting, item), int(item.number), item.previous, item.digest)


def _item(entry: LedgerEntry) -> PostingItem:
    posting, place = entry.posting, {"number": entry.number, "previous": entry.previous, "digest": entry.digest}
    written = to_fields(posting) | place
    return PostingItem(
        posting.owner, f"posting#{posting.key}", kind="posting", id=posting.key, state="posted", **written
    )
