"""Where somebody's incentives go: one account a person, one person an account, and only what the bank calls theirs.

How a verified account is changed for another stands in ``account_changes.py``.
"""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum

from chalicelib.domain.banking import BankAccount
from chalicelib.domain.errors import Conflict, InvalidInput
from chalicelib.domain.identifiers import ApplicantId
from chalicelib.domain.lifecycle import LifeCycle

BANKS = ("bni", "ovo", "gopay", "linkaja", "dana")
COOLING_OFF = timedelta(hours=72)
_SHOWN_DIGITS = 4


class AccountState(StrEnum):
    LINKED = "linked"
    VERIFIED = "verified"
    REFUSED = "refused"
    CHANGING = "changing"
    """Another account is to take its place after the cooling-off: nothing is paid meanwhile."""


class AccountEvent(StrEnum):
    VERIFY = "verify"
    REFUSE = "refuse"
    LINK_AGAIN = "link_again"
    BEGIN_CHANGE = "begin_change"
    STOP_CHANGE = "stop_change"
    TAKE_EFFECT = "take_effect"


PAYOUT_ACCOUNT = LifeCycle(
    "payout_account",
    {
        (AccountState.LINKED, AccountEvent.VERIFY): AccountState.VERIFIED,
        (AccountState.LINKED, AccountEvent.REFUSE): AccountState.REFUSED,
        (AccountState.REFUSED, AccountEvent.LINK_AGAIN): AccountState.LINKED,
        (AccountState.VERIFIED, AccountEvent.BEGIN_CHANGE): AccountState.CHANGING,
        (AccountState.CHANGING, AccountEvent.STOP_CHANGE): AccountState.VERIFIED,
        (AccountState.CHANGING, AccountEvent.TAKE_EFFECT): AccountState.LINKED,
    },
)


@dataclass(frozen=True, slots=True)
class AccountChange:
    """``number`` counts a person's changes: code and link of one open no other. ``confirmed_at``: None until the code
    of the mail was typed."""

    number: int
    account: BankAccount
    asked_at: datetime
    failures: int = 0
    confirmed_at: datetime | None = None
    reminded: bool = False

    @property
    def ends_at(self) -> datetime | None:
        """When the cooling-off does."""
        return self.confirmed_at + COOLING_OFF if self.confirmed_at else None


@dataclass(frozen=True, slots=True)
class PayoutAccount:
    """``claimed``: the number that was verified before and is still this person's, until another is verified.
    ``changes``: how many were asked for so far."""

    applicant_id: ApplicantId
    account: BankAccount
    state: AccountState
    linked_at: datetime
    reason: str | None = None
    changes: int = 0
    change: AccountChange | None = None
    claimed: BankAccount | None = None
    version: int = 0


def link_account(
    current: PayoutAccount | None, applicant_id: ApplicantId, account: BankAccount, *, now: datetime
) -> PayoutAccount:
    """A first account, or another one after a refused one; unchanged where this very one is linked already."""
    check_account(account)
    if current is None:
        return PayoutAccount(applicant_id, account, AccountState.LINKED, now)
    if current.state is AccountState.CHANGING:
        raise Conflict("account_change_under_way")
    if current.state is not AccountState.REFUSED:
        return _as_linked(current, account)
    state = PAYOUT_ACCOUNT.after(current.state, AccountEvent.LINK_AGAIN)
    return replace(current, account=account, state=state, linked_at=now, reason=None)


def _as_linked(current: PayoutAccount, account: BankAccount) -> PayoutAccount:
    if is_same_number(current.account, account):
        return current
    raise Conflict("payout_account_under_check" if current.state is AccountState.LINKED else "payout_account_verified")


def check_account(account: BankAccount) -> None:
    if account.bank not in BANKS:
        raise InvalidInput("bank_unknown", field="bank", known=", ".join(BANKS))
    if not (account.account_no.isascii() and account.account_no.isdigit() and 8 <= len(account.account_no) <= 20):
        raise InvalidInput("account_no_invalid", field="account_no")


def is_same_number(one: BankAccount, other: BankAccount) -> bool:
    return (one.bank, one.account_no) == (other.bank, other.account_no)


def masked_number(account: BankAccount) -> str:
    """``********3412``: enough for its holder to know it by."""
    shown = account.account_no[-_SHOWN_DIGITS:]
    return shown.rjust(len(account.account_no), "*")


def judge_holder(linked: PayoutAccount, *, holder: str | None, person: str) -> PayoutAccount:
    """Verified when the bank's name for the account is the person's; refused with a reason when not."""
    if holder is None:
        return refuse_account(linked, "account_invalid")
    if _letters(holder) != _letters(person):
        return refuse_account(linked, "account_name_differs")
    state = PAYOUT_ACCOUNT.after(linked.state, AccountEvent.VERIFY)
    return replace(linked, state=state, account=replace(linked.account, holder_name=holder), claimed=None)


def refuse_account(linked: PayoutAccount, reason: str) -> PayoutAccount:
    return replace(linked, state=PAYOUT_ACCOUNT.after(linked.state, AccountEvent.REFUSE), reason=reason)


def _letters(name: str) -> str:
    return "".join(letter for letter in name.upper() if letter.isalpha())
