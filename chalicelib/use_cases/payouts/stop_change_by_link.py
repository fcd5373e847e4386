"""Stop a change of account by the link that went to the mail address."""

from chalicelib.domain.account_changes import stop_change
from chalicelib.domain.errors import InvalidInput
from chalicelib.ports import Indexer, PayoutAccounts
from chalicelib.use_cases.payouts.account_change_proofs import stop_token_of
from chalicelib.use_cases.registration.proofs import account_in, is_same


def stop_change_by_link(token: str, *, payout_accounts: PayoutAccounts, indexer: Indexer) -> None:
    """Whoever has the mail need not sign in: somebody else may have changed the password."""
    applicant_id = account_in(token)
    current = payout_accounts.get(applicant_id)
    number = current.changes if current else 0
    if not is_same(token, stop_token_of(applicant_id, number, indexer)) or current is None:
        raise InvalidInput("stop_link_not_valid", field="token")
    payout_accounts.save(stop_change(current))
