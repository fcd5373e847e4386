"""Table ``receipts``: the decisions about each person, numbered, sealed and never changed."""

import json
from collections.abc import Sequence

from pynamodb.attributes import BinaryAttribute
from pynamodb.exceptions import PynamoDBException

from chalicelib.adapters.sealing import KmsSealer
from chalicelib.adapters.storage.items import TIME_OUTS, Item, add
from chalicelib.domain.errors import StoreUnavailable
from chalicelib.domain.identifiers import ApplicantId
from chalicelib.domain.receipts import SignedReceipt
from chalicelib.settings import region, resource_name


class ReceiptItem(Item):
    """pk = applicant id, sk = the number in eight digits. Sealed: birth date and aid are nobody else's to read."""

    class Meta:
        table_name = resource_name("receipts")
        region = region()
        connect_timeout_seconds = TIME_OUTS["connect_timeout_seconds"]

    document = BinaryAttribute(legacy_encoding=False)


class ReceiptTable:
    def __init__(self, sealer: KmsSealer) -> None:
        self._sealer = sealer

    def add(self, applicant_id: ApplicantId, receipt: SignedReceipt) -> None:
        key = _number(receipt.number)
        document = json.dumps(receipt.document).encode()
        sealed = self._sealer.seal(document, place=_place(applicant_id, key))
        add(ReceiptItem(applicant_id, key, kind="receipt", id=applicant_id, state="kept", document=sealed))

    def newest_first(
        self, applicant_id: ApplicantId, *, limit: int, before: int | None = None
    ) -> Sequence[SignedReceipt]:
        older = ReceiptItem.sk < _number(before) if before is not None else None
        try:
            found = ReceiptItem.query(applicant_id, older, scan_index_forward=False, limit=limit, consistent_read=True)
            items = list(found)
        except PynamoDBException as error:
            raise StoreUnavailable from error
        return [self._receipt(item) for item in items]

    def _receipt(self, item: ReceiptItem) -> SignedReceipt:
        document = json.loads(self._sealer.open(item.document, place=_place(item.pk, item.sk)))
        return SignedReceipt(document["receipt"], document["signature"])


def _number(number: int) -> str:
    return f"{number:08d}"


def _place(applicant_id: str, number: str) -> str:
    return f"receipts/{applicant_id}/{number}"
