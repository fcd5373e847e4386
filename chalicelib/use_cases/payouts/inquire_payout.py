"""Ask the bank what became of a payout of which we lost sight."""

from chalicelib.domain.errors import BankUnavailable
from chalicelib.domain.identifiers import PayoutId
from chalicelib.domain.payouts import PayoutState, after_inquiry, order_of
from chalicelib.ports import Bank, Clock, PayoutAccounts, Payouts
from chalicelib.use_cases.payouts.settle_payout import save_outcome


def inquire_payout(
    id: PayoutId, *, payouts: Payouts, payout_accounts: PayoutAccounts, bank: Bank, clock: Clock
) -> None:
    """While nobody knows, nothing changes, and the sweep has the inquiry made again. (A message put back would do so,
    too: with each sweep there would be one more of them.)"""
    payout = payouts.get(id)
    if payout is None or payout.state is not PayoutState.UNKNOWN:
        return
    account = payout_accounts.get(payout.applicant_id)
    if account is None:
        return
    try:
        answer = bank.transfer_status(order_of(payout, account))
    except BankUnavailable:
        return
    moved = after_inquiry(payout, answer, now=clock.now())
    if moved is not payout:
        save_outcome(moved, bank=account.account.bank, payouts=payouts, clock=clock)
