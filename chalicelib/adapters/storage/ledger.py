"""Table ``ledger``: one partition per person holds their postings and their balances.

Other stores make a posting part of their own transaction with :func:`posting_writes`: the sale and its money are
written together or not at all.
"""

from collections.abc import Sequence

from pynamodb.attributes import BooleanAttribute, NumberAttribute, UnicodeAttribute
from pynamodb.exceptions import PynamoDBException

from chalicelib.adapters.storage.fields import from_fields, to_fields
from chalicelib.adapters.storage.items import TIME_OUTS, Item, Write, found
from chalicelib.domain.errors import Conflict, InvalidInput, StoreUnavailable
from chalicelib.domain.identifiers import ApplicantId
from chalicelib.domain.ledger import PersonAccount, Posting
from chalicelib.domain.money import Rupiah
from chalicelib.settings import region, resource_name


class _Meta:
    table_name = resource_name("ledger")
    region = region()
    connect_timeout_seconds = TIME_OUTS["connect_timeout_seconds"]


class PostingItem(Item):
    """pk = applicant id, sk = ``posting#`` and the business key. Written once, never changed."""

    class Meta(_Meta):
        pass

    key = UnicodeAttribute()
    applicant_id = UnicodeAttribute()
    account = UnicodeAttribute()
    against = UnicodeAttribute()
    adds = BooleanAttribute()
    amount = NumberAttribute()
    posted_at = UnicodeAttribute()


class BalanceItem(Item):
    """pk = applicant id, sk = ``balance#`` and the account. Moves only together with a posting."""

    class Meta(_Meta):
        pass

    amount = NumberAttribute(default=0)


def posting_writes(posting: Posting) -> list[Write]:
    """The posting and the balance after it; ``Conflict("balance_too_small")`` when it would fall below zero."""
    balance = found(BalanceItem, posting.applicant_id, f"balance#{posting.account}")
    before = int(balance.amount) if balance else 0
    after = before + int(posting.amount) * (1 if posting.adds else -1)
    if after < 0:
        raise Conflict("balance_too_small", field="amount")
    moved = BalanceItem(
        posting.applicant_id,
        f"balance#{posting.account}",
        kind="balance",
        id=posting.account,
        state="kept",
        amount=after,
    )
    return [Write(_item(posting), 0), Write(moved, int(balance.version) if balance else 0)]


class LedgerTable:
    def balance(self, applicant_id: ApplicantId, account: PersonAccount) -> Rupiah:
        item = found(BalanceItem, applicant_id, f"balance#{account}")
        return Rupiah(int(item.amount)) if item else Rupiah(0)

    def postings_of(self, applicant_id: ApplicantId) -> Sequence[Posting]:
        mine = PostingItem.sk.startswith("posting#")
        try:
            items = list(PostingItem.query(applicant_id, mine, consistent_read=True))
        except PynamoDBException as error:
            raise StoreUnavailable from error
        return sorted((from_fields(Posting, item) for item in items), key=lambda posting: posting.posted_at)

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


def _row_at(place: str) -> dict[str, dict[str, str]]:
    pk, separator, sk = place.partition("|")
    if not (pk and separator and sk):
        raise InvalidInput("cursor_invalid", field="after")
    return {"pk": {"S": pk}, "sk": {"S": sk}}


def _item(posting: Posting) -> PostingItem:
    written = to_fields(posting)
    sk = f"posting#{posting.key}"
    return PostingItem(posting.applicant_id, sk, kind="posting", id=posting.key, state="posted", **written)
