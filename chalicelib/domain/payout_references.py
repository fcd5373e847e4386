"""Under which reference an attempt to pay is known at the bank: one rule, for whoever asks and for whoever compares."""

import hashlib

REFERENCE_LENGTH = 43


def reference_of(payout_id: str, attempt: int) -> str:
    """``partnerReferenceNo``: follows from what is paid for and from the attempt, so that no retry can ever make
    another."""
    asked = payout_id if attempt == 1 else f"{payout_id}/{attempt}"
    return "PRK" + hashlib.sha256(asked.encode()).hexdigest()[: REFERENCE_LENGTH - 3]
