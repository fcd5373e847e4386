"""Where somebody's incentives go: one account a person, one person an account, and only what the bank calls theirs."""

from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum

from chalicelib.domain.banking import BankAccount
from chalicelib.domain.errors import InvalidInput
from chalicelib.domain.identifiers import ApplicantId
from chalicelib.domain.lifecycle import LifeCycle

BANKS = ("bni", "ovo", "gopay", "linkaja", "dana")


class AccountState(StrEnum):
    LINKED = "linked"
    VERIFIED = "verified"
    REFUSED = "refused"


class AccountEvent(StrEnum):
    VERIFY = "verify"
    REFUSE = "refuse"
    LINK_AGAIN = "link_again"


PAYOUT_ACCOUNT = LifeCycle(
    "payout_account",
    {
        (AccountState.LINKED, AccountEvent.VERIFY): AccountState.VERIFIED,
        (AccountState.LINKED, AccountEvent.REFUSE): AccountState.REFUSED,
        (AccountState.REFUSED, AccountEvent.LINK_AGAIN): AccountState.LINKED,
    },
)


@dataclass(frozen=True, slots=True)
class PayoutAccount:
    applicant_id: ApplicantId
    account: BankAccount
    state: AccountState
    linked_at: datetime
    reason: str | None = None
    version: int = 0


def link_account(
    current: PayoutAccount | None, applicant_id: ApplicantId, account: BankAccount, *, now: datetime
) -> PayoutAccount:
    """A first account, or another one after a refused one."""
    if account.bank not in BANKS:
        raise InvalidInput("bank_unknown", field="bank", known=", ".join(BANKS))
    if not (account.account_no.isascii() and account.account_no.isdigit() and 8 <= len(account.account_no) <= 20):
        raise InvalidInput("account_no_invalid", field="account_no")
    if current is None:
        return PayoutAccount(applicant_id, account, AccountState.LINKED, now)
    state = PAYOUT_ACCOUNT.after(current.state, AccountEvent.LINK_AGAIN)
    return replace(current, account=account, state=state, linked_at=now, reason=None)


def judge_holder(linked: PayoutAccount, *, holder: str | None, person: str) -> PayoutAccount:
    """Verified when the bank's name for the account is the person's; refused with a reason when not."""
    if holder is None:
        return refuse_account(linked, "account_invalid")
    if _letters(holder) != _letters(person):
        return refuse_account(linked, "account_name_differs")
    state = PAYOUT_ACCOUNT.after(linked.state, AccountEvent.VERIFY)
    return replace(linked, state=state, account=replace(linked.account, holder_name=holder))


def refuse_account(linked: PayoutAccount, reason: str) -> PayoutAccount:
    return replace(linked, state=PAYOUT_ACCOUNT.after(linked.state, AccountEvent.REFUSE), reason=reason)


def _letters(name: str) -> str:
    return "".join(letter for letter in name.upper() if letter.isalpha())
