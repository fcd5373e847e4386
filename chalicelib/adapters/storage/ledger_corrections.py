"""Table ``ledger``: requests to correct postings. All in one partition: there are few, and staff want to see all."""

from collections.abc import Sequence

from pynamodb.attributes import UnicodeAttribute
from pynamodb.exceptions import PynamoDBException

from chalicelib.adapters.storage.fields import from_fields, to_fields
from chalicelib.adapters.storage.items import Item, Refused, Write, found, save, save_together
from chalicelib.adapters.storage.ledger import LedgerMeta, posting_writes
from chalicelib.domain.errors import InvalidInput, StaleWrite, StoreUnavailable
from chalicelib.domain.ledger import Posting
from chalicelib.domain.ledger_corrections import Correction

_PARTITION = "corrections"


class CorrectionItem(Item):
    """pk = ``corrections``, sk = the id that follows from the wrong posting."""

    class Meta(LedgerMeta):
        pass

    owner = UnicodeAttribute()
    subject = UnicodeAttribute()
    key = UnicodeAttribute()
    reason = UnicodeAttribute()
    asked_by = UnicodeAttribute()
    asked_at = UnicodeAttribute()
    decided_by = UnicodeAttribute(null=True)
    decided_at = UnicodeAttribute(null=True)


class CorrectionTable:
    def get(self, id: str) -> Correction | None:
        item = found(CorrectionItem, _PARTITION, id)
        return from_fields(Correction, item) if item else None

    def save(self, correction: Correction) -> None:
        save(_item(correction), read_version=correction.version)

    def post(self, correction: Correction, posting: Posting) -> None:
        try:
            save_together([Write(_item(correction), correction.version), *posting_writes(posting)])
        except Refused as refused:
            raise StaleWrite("correction_contended", places=sorted(refused.places)) from None

    def page(self, *, after: str | None, limit: int) -> tuple[Sequence[Correction], str | None]:
        start = {"pk": {"S": _PARTITION}, "sk": {"S": _id_at(after)}} if after else None
        try:
            rows = CorrectionItem.query(_PARTITION, limit=limit, last_evaluated_key=start, consistent_read=True)
            corrections = [from_fields(Correction, item) for item in rows]
        except PynamoDBException as error:
            raise StoreUnavailable from error
        last = rows.last_evaluated_key
        return corrections, last["sk"]["S"] if last else None


def _id_at(after: str) -> str:
    if not (after.isascii() and after.isalnum() and len(after) <= 64):
        raise InvalidInput("cursor_invalid", field="after")
    return after


def _item(correction: Correction) -> CorrectionItem:
    return CorrectionItem(_PARTITION, correction.id, kind="correction", id=correction.id, **to_fields(correction))
