"""Decide about somebody where it matters, and keep the receipt before anything rests on it."""

from collections.abc import Sequence

from chalicelib.domain.eligibility import Decision
from chalicelib.domain.errors import AlreadyDone, StaleWrite
from chalicelib.domain.receipts import SignedReceipt, repeats
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


def _is_kept(receipt: SignedReceipt, kept: Sequence[SignedReceipt]) -> bool:
    alike = [each for each in kept if _matter(each) == _matter(receipt)]
    return bool(alike) and repeats(alike[0], receipt.body)


def _matter(receipt: SignedReceipt) -> tuple[object, object]:
    return receipt.body["occasion"], receipt.body["wave"]
