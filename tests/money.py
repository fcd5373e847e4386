"""Payout accounts and payouts as tests need them, each with what matters changed."""

from dataclasses import replace
from typing import Any

from chalicelib.domain.banking import BankAccount
from chalicelib.domain.identifiers import PayoutId
from chalicelib.domain.money import Rupiah
from chalicelib.domain.payout_accounts import AccountState, PayoutAccount
from chalicelib.domain.payouts import Payout, PayoutState
from chalicelib.domain.training import Purchase, PurchaseState, Review
from tests.builders import CHECKER, MAKER, a_paid_purchase, an_applicant_id, an_identity
from tests.fakes.surroundings import NOON


def a_bank_account(number: int = 1, **changes: Any) -> BankAccount:
    return replace(BankAccount("bni", f"{8_000_000_000 + number}", an_identity(number).full_name), **changes)


def a_payout_account(number: int = 1, **changes: Any) -> PayoutAccount:
    linked = PayoutAccount(an_applicant_id(number), a_bank_account(number), AccountState.VERIFIED, NOON)
    return replace(linked, **changes)


def a_payout(number: int = 1, **changes: Any) -> Payout:
    id = PayoutId(f"0.payout-{number:06d}")
    return replace(Payout(id, an_applicant_id(number), "completion", 1, Rupiah(600_000), NOON), **changes)


def a_ready_payout(number: int = 1, **changes: Any) -> Payout:
    approvals = {"state": PayoutState.READY, "first_approver": MAKER, "second_approver": CHECKER}
    return a_payout(number, **(approvals | changes))


def a_reviewed_purchase(number: int = 1, **changes: Any) -> Purchase:
    """With everything on which the completion incentive rests."""
    done = {
        "state": PurchaseState.REVIEWED,
        "attended": dict.fromkeys(a_paid_purchase().sequences, NOON),
        "completed_at": NOON,
        "certificate_no": f"P-{number}",
        "certified_at": NOON,
        "review": Review(5, "Baik", NOON),
    }
    return a_paid_purchase(number, **(done | changes))
