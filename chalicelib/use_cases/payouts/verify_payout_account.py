"""Ask the bank whose account it is; and take the next step of a change whose time has come."""

from chalicelib.domain.account_changes import move_change
from chalicelib.domain.account_namings import AccountNaming, named_by
from chalicelib.domain.errors import AlreadyDone
from chalicelib.domain.identifiers import ApplicantId
from chalicelib.domain.payout_accounts import AccountState, PayoutAccount, judge_holder, refuse_account
from chalicelib.ports import Applicants, Bank, Clock, Indexer, Memberships, PayoutAccounts, Payouts
from chalicelib.use_cases.payouts.payouts_under_way import is_payout_under_way


def verify_payout_account(
    applicant_id: ApplicantId,
    *,
    payout_accounts: PayoutAccounts,
    applicants: Applicants,
    memberships: Memberships,
    payouts: Payouts,
    bank: Bank,
    indexer: Indexer,
    clock: Clock,
) -> bool:
    """Verified and claimed in one transaction, or refused with a reason. ``BankUnavailable`` leaves it linked. True
    when the account has just become suspicious."""
    linked, now = payout_accounts.get(applicant_id), clock.now()
    if linked is None:
        return False
    if linked.state is AccountState.CHANGING:
        # The bank is asked about an order by the account to which it went: while one is in the air, that one stays.
        if not is_payout_under_way(applicant_id, memberships=memberships, payouts=payouts, indexer=indexer):
            _move(linked, move_change(linked, now=now), payout_accounts)
        return False
    identity = applicants.get(applicant_id).identity
    if linked.state is not AccountState.LINKED or identity is None:
        return False
    before = payout_accounts.naming(linked.account)
    naming = named_by(before, applicant_id, now=now)
    judged = judge_holder(linked, holder=bank.holder_name(linked.account), person=identity.full_name)
    _save(linked, judged, naming, payout_accounts)
    return naming.suspicious_at is not None and before.suspicious_at is None


def _move(changing: PayoutAccount, moved: PayoutAccount, payout_accounts: PayoutAccounts) -> None:
    if moved is not changing:
        payout_accounts.save(moved)


def _save(linked: PayoutAccount, judged: PayoutAccount, naming: AccountNaming, payout_accounts: PayoutAccounts) -> None:
    if judged.state is AccountState.REFUSED:
        return payout_accounts.save_refused(judged, naming)
    try:
        payout_accounts.save_verified(judged, naming=naming, released=linked.claimed)
    except AlreadyDone:
        payout_accounts.save_refused(refuse_account(linked, "account_not_usable"), naming)
