"""Decide about somebody where it matters, and keep the receipt before anything rests on it."""

from collections.abc import Sequence

from chalicelib.domain.eligibility import Decision
from chalicelib.domain.errors import AlreadyDone, StaleWrite
from chalicelib.domain.identifiers import ApplicantId, WaveNumber
from chalicelib.domain.receipts import Occasion, SignedReceipt, repeats
from chalicelib.ports import Receipts
from chalicelib.use_cases.eligibility.sign_decision import Case, Notary, sign_decision

_ATTEMPTS = 4
"""Two deliveries, a request and one more may decide about the same person at once."""
_LOOKED_AT = 10


def keep_decision(case: Case, notary: Notary) -> Decision:
    """A decision that repeats the one kept last for the same wave is not kept again: whoever asks a hundred times, or
    a message that comes twice, leaves one receipt."""
    for _ in range(_ATTEMPTS):
        kept = notary.receipts.newest_first(case.applicant_id, limit=_LOOKED_AT)
        decision, receipt = sign_decision(case, notary, number=kept[0].number + 1 if kept else 1)
        if _is_kept(receipt, kept):
            return decision
        try:
            notary.receipts.add(case.applicant_id, receipt)
        except AlreadyDone:
            continue  # another decision about this person took the number: look again
        return decision
    raise StaleWrite("receipt_contended")


def newest_receipt(
    applicant_id: ApplicantId, occasion: Occasion, wave: WaveNumber, receipts: Receipts
) -> SignedReceipt | None:
    """The last word about this matter, if it is among the latest about this person."""
    return _newest(receipts.newest_first(applicant_id, limit=_LOOKED_AT), (occasion, int(wave)))


def _is_kept(receipt: SignedReceipt, kept: Sequence[SignedReceipt]) -> bool:
    last = _newest(kept, _matter(receipt))
    return last is not None and repeats(last, receipt.body)


def _newest(kept: Sequence[SignedReceipt], matter: tuple[object, object]) -> SignedReceipt | None:
    return next((each for each in kept if _matter(each) == matter), None)


def _matter(receipt: SignedReceipt) -> tuple[object, object]:
    return receipt.body["occasion"], receipt.body["wave"]
