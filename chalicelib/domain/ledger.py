"""Double entry. A posting never changes and sums to zero; what was wrong is put right by a posting of its own.

A posting's key is the business event, unique for ever, so that posting it twice is posting it once. Each posting
touches exactly one owner's account, whose balance is kept; the programme's own accounts (grant fund, partners, banks,
treasury) are sums over postings, never an item that everyone would write to.

Signs are a creditor's: what we owe is above zero; what is owed to us, what a bank holds for us, and what was spent are
below. The functions here are the only makers of postings, so that a key means one thing.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from types import MappingProxyType

from chalicelib.domain.errors import InvalidInput, Misconfigured
from chalicelib.domain.identifiers import ApplicantId, PayoutId, PurchaseId
from chalicelib.domain.money import Rupiah

MOST = Rupiah(10**12)
"""No one event is worth more: a larger amount is a slip of somebody's hand."""

_CHANNEL = "channel/"


class OwnedAccount(StrEnum):
    """Accounts of one owner. ``SUSPENSE`` is of a bank's day, the others are of a person."""

    TRAINING_BALANCE = "training_balance"
    INCENTIVE_DUE = "incentive_due"
    REPAYMENT = "repayment"
    """What a person owes us: never above zero."""
    OVERPAID = "overpaid"
    """What a person repaid beyond what they owed: never below zero."""
    SUSPENSE = "suspense"
    """What a bank's statement says and nobody can explain yet: to either side."""


GRANT_FUND = "grant_fund"
INCENTIVE_FUND = "incentive_fund"
TREASURY = "treasury"
RECOVERIES = "recoveries"


def partner_account(client_code: str) -> str:
    return f"partner:{client_code}"


def bank_account(bank: str) -> str:
    return f"bank:{bank}"


def channel_owner(bank: str, day: date) -> str:
    """Who owns what is nobody's: a bank's day."""
    return f"{_CHANNEL}{bank}/{day.isoformat()}"


def is_channel(owner: str) -> bool:
    return owner.startswith(_CHANNEL)


class GrantReturn(StrEnum):
    """Why what is left of a grant goes back to the treasury."""

    FIRST_PURCHASE_MISSED = "first_purchase_missed"
    YEAR_END = "year_end"
    INELIGIBLE = "ineligible"


class CorrectionReason(StrEnum):
    """Words of our own: what staff would type might name a person, and a posting is for ever."""

    WRONG_AMOUNT = "wrong_amount"
    WRONG_PERSON = "wrong_person"
    WRONG_ACCOUNT = "wrong_account"
    POSTED_TWICE = "posted_twice"
    NEVER_HAPPENED = "never_happened"


@dataclass(frozen=True, slots=True)
class Posting:
    """``amount`` into the owner's account out of ``against`` when ``adds``, the other way round when not. The owner is
    a person (``ApplicantId``) or a bank's day (:func:`channel_owner`)."""

    key: str
    owner: str
    account: OwnedAccount
    against: str
    adds: bool
    amount: Rupiah
    posted_at: datetime
    reason: str = ""

    @property
    def signed(self) -> int:
        """What the owner's account changes by."""
        return int(self.amount) if self.adds else -int(self.amount)

    def lines(self) -> tuple[tuple[str, int], tuple[str, int]]:
        """(account, signed amount) of both sides; the sum is zero."""
        return ((f"{self.account}:{self.owner}", self.signed), (self.against, -self.signed))


Balances = Mapping[OwnedAccount, int]
NO_BALANCES: Balances = MappingProxyType({})


def grant(applicant_id: ApplicantId, *, wave: int, amount: Rupiah, now: datetime) -> Posting:
    return _posting(f"grant/{wave}", applicant_id, OwnedAccount.TRAINING_BALANCE, GRANT_FUND, True, amount, now)


def purchase(applicant_id: ApplicantId, id: PurchaseId, *, partner: str, amount: Rupiah, now: datetime) -> Posting:
    against = partner_account(partner)
    return _posting(f"purchase/{id}", applicant_id, OwnedAccount.TRAINING_BALANCE, against, False, amount, now)


def purchase_voided(
    applicant_id: ApplicantId, id: PurchaseId, *, partner: str, amount: Rupiah, now: datetime
) -> Posting:
    against = partner_account(partner)
    return _posting(f"purchase-voided/{id}", applicant_id, OwnedAccount.TRAINING_BALANCE, against, True, amount, now)


def grant_returned(
    applicant_id: ApplicantId, *, wave: int, reason: GrantReturn, amount: Rupiah, now: datetime, number: int = 1
) -> Posting:
    """``number`` above 1: what came back later, of a sale that was voided, and went the same way."""
    key = f"grant-returned/{wave}/{reason}" + (f"/{number}" if number > 1 else "")
    return _posting(key, applicant_id, OwnedAccount.TRAINING_BALANCE, TREASURY, False, amount, now)


def incentive_due(applicant_id: ApplicantId, id: PayoutId, *, amount: Rupiah, now: datetime) -> Posting:
    account = OwnedAccount.INCENTIVE_DUE
    return _posting(f"incentive-due/{id}", applicant_id, account, INCENTIVE_FUND, True, amount, now)


def incentive_cancelled(applicant_id: ApplicantId, id: PayoutId, *, amount: Rupiah, now: datetime) -> Posting:
    account = OwnedAccount.INCENTIVE_DUE
    return _posting(f"incentive-cancelled/{id}", applicant_id, account, INCENTIVE_FUND, False, amount, now)


def incentive_paid(
    applicant_id: ApplicantId, id: PayoutId, *, bank: str, attempt: int, amount: Rupiah, now: datetime
) -> Posting:
    key = f"incentive-paid/{id}/{attempt}"
    return _posting(key, applicant_id, OwnedAccount.INCENTIVE_DUE, bank_account(bank), False, amount, now)


def incentive_reversed(
    applicant_id: ApplicantId, id: PayoutId, *, bank: str, attempt: int, amount: Rupiah, now: datetime
) -> Posting:
    """The bank took back what it had paid: we owe it again."""
    key = f"incentive-reversed/{id}/{attempt}"
    return _posting(key, applicant_id, OwnedAccount.INCENTIVE_DUE, bank_account(bank), True, amount, now)


def repayment_demanded(applicant_id: ApplicantId, debt_id: str, *, amount: Rupiah, now: datetime) -> Posting:
    account = OwnedAccount.REPAYMENT
    return _posting(f"repayment-demanded/{debt_id}", applicant_id, account, RECOVERIES, False, amount, now)


def repaid(applicant_id: ApplicantId, debt_id: str, *, number: int, amount: Rupiah, now: datetime) -> Posting:
    """The treasury has it: one posting for each of its receipts."""
    key = f"repaid/{debt_id}/{number}"
    return _posting(key, applicant_id, OwnedAccount.REPAYMENT, TREASURY, True, amount, now)


def came_back(applicant_id: ApplicantId, debt_id: str, entitlement: str, *, amount: Rupiah, now: datetime) -> Posting:
    """What was asked back came back without them: the bank sent it back, or the purchase was voided."""
    key = f"came-back/{debt_id}/{entitlement}"
    return _posting(key, applicant_id, OwnedAccount.REPAYMENT, RECOVERIES, True, amount, now)


def owed_back(applicant_id: ApplicantId, debt_id: str, *, number: int, amount: Rupiah, now: datetime) -> Posting:
    """They had repaid it before it came back."""
    return _posting(f"owed-back/{debt_id}/{number}", applicant_id, OwnedAccount.OVERPAID, RECOVERIES, True, amount, now)


def given_back(applicant_id: ApplicantId, debt_id: str, *, number: int, amount: Rupiah, now: datetime) -> Posting:
    """The treasury paid them: one posting for each of its orders."""
    key = f"given-back/{debt_id}/{number}"
    return _posting(key, applicant_id, OwnedAccount.OVERPAID, TREASURY, False, amount, now)


def written_off(applicant_id: ApplicantId, debt_id: str, *, amount: Rupiah, now: datetime) -> Posting:
    return _posting(f"written-off/{debt_id}", applicant_id, OwnedAccount.REPAYMENT, RECOVERIES, True, amount, now)


def suspended(day: date, line_key: str, *, bank: str, adds: bool, amount: Rupiah, now: datetime) -> Posting:
    """What a statement of ``day`` says beyond our books. A payment that is not ours does not ``adds``."""
    owner = channel_owner(bank, day)
    return _posting(f"suspended/{line_key}", owner, OwnedAccount.SUSPENSE, bank_account(bank), adds, amount, now)


def cleared(
    day: date, line_key: str, *, bank: str, adds: bool, amount: Rupiah, now: datetime, against: str = ""
) -> Posting:
    """The other way round, once it is explained: against the bank, or whose it turned out to be."""
    owner, other = channel_owner(bank, day), against or bank_account(bank)
    return _posting(f"cleared/{line_key}", owner, OwnedAccount.SUSPENSE, other, adds, amount, now)


def correction(wrong: Posting, *, reason: CorrectionReason, now: datetime) -> Posting:
    """The same the other way round. What should have been posted instead is a posting of its own."""
    key, adds = f"correction/{wrong.key}", not wrong.adds
    return _posting(key, wrong.owner, wrong.account, wrong.against, adds, wrong.amount, now, reason)


def _posting(
    key: str,
    owner: str,
    account: OwnedAccount,
    against: str,
    adds: bool,
    amount: Rupiah,
    now: datetime,
    reason: str = "",
) -> Posting:
    whole = Rupiah(amount)
    if whole == 0:
        raise Misconfigured("posting_of_nothing", key=key)
    if whole > MOST:
        raise InvalidInput("amount_too_large", field="amount", most=int(MOST))
    if is_channel(owner) != (account is OwnedAccount.SUSPENSE):
        raise Misconfigured("account_not_of_owner", account=account)
    return Posting(key, owner, account, against, adds, whole, now, reason)
