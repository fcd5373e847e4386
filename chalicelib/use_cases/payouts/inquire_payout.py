"""Ask the bank what became of a payout of which we lost sight."""

from chalicelib.domain.errors import BankUnavailable
from chalicelib.domain.identifiers import PayoutId
from chalicelib.domain.payouts import PayoutState, after_inquiry, order_of
from chalicelib.ports import Bank, Clock, Payouts
from chalicelib.use_cases.payouts.settle_payout import save_outcome


def inquire_payout(id: PayoutId, *, payouts: Payouts, bank: Bank, clock: Clock) -> None:
    """``BankUnavailable`` while nobody knows: the inquiry is made again, later."""
    payout = payouts.get(id)
    if payout is None or payout.state is not PayoutState.UNKNOWN:
        return
    account = payouts.account(payout.applicant_id)
    if account is None:
        return
    moved = after_inquiry(payout, bank.transfer_status(order_of(payout, account)), now=clock.now())
    if moved is payout:
        raise BankUnavailable("payout_still_unknown")
    save_outcome(moved, payouts=payouts, clock=clock)
