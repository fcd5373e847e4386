"""Payout accounts, payouts and batches as tests need them, each with what matters changed."""

from collections.abc import Iterable
from dataclasses import replace
from typing import Any

from chalicelib.domain import ledger
from chalicelib.domain.banking import BankAccount
from chalicelib.domain.identifiers import BatchId, PayoutId, PurchaseId
from chalicelib.domain.ledger import Posting
from chalicelib.domain.money import Rupiah
from chalicelib.domain.payout_accounts import AccountState, PayoutAccount
from chalicelib.domain.payout_batches import Batch, BatchState, line_of, make_batch
from chalicelib.domain.payouts import Payout, PayoutState
from chalicelib.domain.training import Purchase, PurchaseState
from tests.builders import CHECKER, MAKER, a_paid_purchase, an_applicant_id, an_identity
from tests.fakes.surroundings import NOON

BATCH = BatchId("2026-03-02-bni-000000000000-1")


def a_bank_account(number: int = 1, **changes: Any) -> BankAccount:
    return replace(BankAccount("bni", f"{8_000_000_000 + number}", an_identity(number).full_name), **changes)


def a_payout_account(number: int = 1, **changes: Any) -> PayoutAccount:
    linked = PayoutAccount(an_applicant_id(number), a_bank_account(number), AccountState.VERIFIED, NOON)
    return replace(linked, **changes)


def a_payout(number: int = 1, **changes: Any) -> Payout:
    """Prepared, and due today."""
    id = PayoutId(f"0.payout-{number:06d}")
    evidence = PurchaseId(f"0.purchase-{number:06d}")
    prepared = Payout(id, an_applicant_id(number), "completion", 1, Rupiah(600_000), NOON, evidence=evidence)
    return replace(prepared, **changes)


def a_ready_payout(number: int = 1, **changes: Any) -> Payout:
    """Of an approved batch, whose message is on its way."""
    return a_payout(number, **({"state": PayoutState.READY, "batch": BATCH} | changes))


def a_sent_payout(number: int = 1, **changes: Any) -> Payout:
    sent: dict[str, Any] = {"state": PayoutState.SUBMITTING, "bank": "bni", "submitted_at": NOON}
    return a_ready_payout(number, **(sent | changes))


def due_by(payout: Payout) -> Posting:
    return ledger.incentive_due(payout.applicant_id, payout.id, amount=payout.amount, now=NOON)


def a_batch(payouts: Iterable[Payout], **changes: Any) -> Batch:
    """Approved by two."""
    made = make_batch([line_of(each) for each in payouts], bank="bni", day=NOON.date(), number=1, by=None, now=NOON)
    approved = {"id": BATCH, "state": BatchState.APPROVED, "first_approver": MAKER, "second_approver": CHECKER}
    return replace(made, **(approved | changes))


def a_reviewed_purchase(number: int = 1, **changes: Any) -> Purchase:
    """With evidence of every session."""
    attended = dict.fromkeys((1, 2, 999), NOON)
    return a_paid_purchase(number, **({"state": PurchaseState.REVIEWED, "attended": attended} | changes))
