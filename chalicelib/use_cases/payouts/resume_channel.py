"""A bank's channel is open again: what waited for it goes with the next sweep."""

from collections.abc import Sequence

from chalicelib.domain.commands import Queue
from chalicelib.domain.identifiers import PayoutId
from chalicelib.domain.payout_channels import ChannelState
from chalicelib.domain.payout_checks import waits_for_channel
from chalicelib.domain.payout_turns import wake
from chalicelib.domain.payouts import PayoutState
from chalicelib.ports import Messages, PayoutAccounts, PayoutChannels, Payouts

_PAGE = 100
MOST_PAGES = 10
"""In one message: then the next goes on from there."""


def resume_channel(
    bank: str,
    *,
    after: str | None,
    payouts: Payouts,
    payout_accounts: PayoutAccounts,
    channels: PayoutChannels,
    messages: Messages,
    most_pages: int = MOST_PAGES,
) -> None:
    """Should this be lost, each goes when its wait is over: two hours at most."""
    if channels.get(bank).state is not ChannelState.OPEN:
        return
    for _ in range(most_pages):
        ids, after = payouts.page(PayoutState.READY, after=after, limit=_PAGE)
        _wake(ids, bank, payouts, payout_accounts)
        if after is None:
            return
    messages.send(Queue.PAYOUTS_TO_RESUME, {"bank": bank, "after": after})


def _wake(ids: Sequence[PayoutId], bank: str, payouts: Payouts, payout_accounts: PayoutAccounts) -> None:
    waiting = [each for each in payouts.get_each(ids).values() if waits_for_channel(each)]
    accounts = payout_accounts.get_each(sorted({each.applicant_id for each in waiting}))
    theirs = {id for id, account in accounts.items() if account.account.bank == bank}
    woken = [(wake(each), ()) for each in waiting if each.applicant_id in theirs]
    if woken:
        payouts.save_each(woken)
