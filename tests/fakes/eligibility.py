"""Decisions about people, and the key that signs them."""

from collections.abc import Sequence

from chalicelib.adapters.signing import Ed25519Signer
from chalicelib.domain.identifiers import ApplicantId
from chalicelib.domain.receipts import SignedReceipt
from tests.fakes.shelves import FakeStore, Shelf
from tests.fakes.trouble import Trouble, outside


class FakeReceipts(FakeStore):
    name = "receipts"

    def __init__(self, trouble: Trouble | None = None) -> None:
        super().__init__(trouble)
        self._receipts: Shelf[tuple[ApplicantId, int], SignedReceipt] = Shelf()
        self._numbers: dict[ApplicantId, int] = {}

    @outside
    def add(self, applicant_id: ApplicantId, receipt: SignedReceipt) -> None:
        self._add(self._receipts.put((applicant_id, receipt.number), receipt))
        self._numbers[applicant_id] = max(receipt.number, self._numbers.get(applicant_id, 0))

    @outside
    def newest_first(
        self, applicant_id: ApplicantId, *, limit: int, before: int | None = None
    ) -> Sequence[SignedReceipt]:
        numbers = range(self._numbers.get(applicant_id, 0), 0, -1)
        found = (self._receipts.get((applicant_id, each)) for each in numbers if before is None or each < before)
        return [each for each in found if each][:limit]

    def of(self, applicant_id: ApplicantId) -> list[SignedReceipt]:
        """Oldest first, for whoever checks: looking is no call outside."""
        numbers = range(1, self._numbers.get(applicant_id, 0) + 1)
        return [each for number in numbers if (each := self._receipts.get((applicant_id, number)))]


class FakeSigner(Ed25519Signer):
    """The real algorithm under keys that everybody knows."""

    def __init__(self) -> None:
        super().__init__({"0": b"an earlier key".ljust(32), "1": b"a key that is no secret".ljust(32)}, "1")
