"""Send an approved payout to the bank. The one place where money leaves."""

from dataclasses import replace

from chalicelib.domain import ledger
from chalicelib.domain.banking import TransferAnswer
from chalicelib.domain.identifiers import PayoutId
from chalicelib.domain.payouts import (
    SUBMITTING_LEASE,
    Payout,
    PayoutState,
    after_transfer,
    lose_sight,
    order_of,
    submit,
)
from chalicelib.ports import Bank, Clock, PayoutAccounts, Payouts


def settle_payout(id: PayoutId, *, payouts: Payouts, payout_accounts: PayoutAccounts, bank: Bank, clock: Clock) -> None:
    """READY is noted as SUBMITTING before the bank hears of it, so that whoever comes after a crash knows that money
    may have moved, and inquires instead of sending. What the bank surely did not take is READY again, for the sweep."""
    payout = payouts.get(id)
    if payout is None:
        return
    if payout.state is PayoutState.SUBMITTING:
        return _after_a_crash(payout, payouts, clock)
    account = payout_accounts.get(payout.applicant_id)
    if payout.state is not PayoutState.READY or account is None:
        return
    order = order_of(payout, account)
    submitted = submit(payout, now=clock.now())
    payouts.save(submitted)
    sent = replace(submitted, version=submitted.version + 1)
    record_answer(sent, bank.transfer(order), bank=order.to.bank, payouts=payouts, clock=clock)


def record_answer(payout: Payout, answer: TransferAnswer, *, bank: str, payouts: Payouts, clock: Clock) -> None:
    """Note what the bank said; settled money is posted in the same transaction."""
    now = clock.now()
    moved = after_transfer(payout, answer, now=now)
    save_outcome(moved, bank=bank, payouts=payouts, clock=clock)


def save_outcome(moved: Payout, *, bank: str, payouts: Payouts, clock: Clock) -> None:
    if moved.state is not PayoutState.SETTLED:
        return payouts.save(moved)
    posting = ledger.incentive_paid(
        moved.applicant_id, moved.id, bank=bank, attempt=1, amount=moved.amount, now=clock.now()
    )
    payouts.save_with(moved, posting)


def _after_a_crash(payout: Payout, payouts: Payouts, clock: Clock) -> None:
    if payout.submitted_at and clock.now() < payout.submitted_at + SUBMITTING_LEASE:
        return  # in other hands; should they have been cut off, the sweep comes by again
    payouts.save(lose_sight(payout))
