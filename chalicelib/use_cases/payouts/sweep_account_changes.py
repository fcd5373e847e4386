"""Find changes of account whose next step is due, and send each on."""

from chalicelib.domain.commands import Queue
from chalicelib.ports import Clock, Messages, PayoutAccounts

_MOST = 500


def sweep_account_changes(*, payout_accounts: PayoutAccounts, messages: Messages, clock: Clock) -> None:
    """Those that are left come with the next sweep. Whoever takes the step looks first whether it is due."""
    due = payout_accounts.to_look_at(now=clock.now(), limit=_MOST)
    messages.send(Queue.PAYOUT_ACCOUNTS_TO_VERIFY, *({"applicant_id": id} for id in due))
