"""Double entry. A posting never changes and sums to zero; what was wrong is put right by a posting of its own.

A posting's key is the business event, unique for ever, so that posting it twice is posting it once. Each posting
touches exactly one person's account, whose balance is kept; the programme's own accounts (grant fund, partners,
treasury) are sums over postings, never an item that everyone would write to.
"""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from chalicelib.domain.errors import Misconfigured
from chalicelib.domain.identifiers import ApplicantId, PayoutId, PurchaseId
from chalicelib.domain.money import Rupiah


class PersonAccount(StrEnum):
    """Accounts that each person has; both may never fall below zero."""

    TRAINING_BALANCE = "training_balance"
    INCENTIVE_DUE = "incentive_due"


GRANT_FUND = "grant_fund"
INCENTIVE_FUND = "incentive_fund"
TREASURY = "treasury"


def partner_account(client_code: str) -> str:
    return f"partner:{client_code}"


@dataclass(frozen=True, slots=True)
class Posting:
    """``amount`` into the person's account out of ``against`` when ``adds``, the other way round when not."""

    key: str
    applicant_id: ApplicantId
    account: PersonAccount
    against: str
    adds: bool
    amount: Rupiah
    posted_at: datetime

    def lines(self) -> tuple[tuple[str, int], tuple[str, int]]:
        """(account, signed amount) of both sides; the sum is zero."""
        signed = int(self.amount) if self.adds else -int(self.amount)
        return ((f"{self.account}:{self.applicant_id}", signed), (self.against, -signed))


def grant(applicant_id: ApplicantId, *, wave: int, amount: Rupiah, now: datetime) -> Posting:
    key = f"grant/{wave}"
    return _posting(key, applicant_id, PersonAccount.TRAINING_BALANCE, GRANT_FUND, True, amount, now)


def purchase(applicant_id: ApplicantId, id: PurchaseId, *, partner: str, amount: Rupiah, now: datetime) -> Posting:
    against = partner_account(partner)
    return _posting(f"purchase/{id}", applicant_id, PersonAccount.TRAINING_BALANCE, against, False, amount, now)


def purchase_voided(
    applicant_id: ApplicantId, id: PurchaseId, *, partner: str, amount: Rupiah, now: datetime
) -> Posting:
    against = partner_account(partner)
    return _posting(f"purchase-voided/{id}", applicant_id, PersonAccount.TRAINING_BALANCE, against, True, amount, now)


def grant_returned(applicant_id: ApplicantId, *, wave: int, reason: str, amount: Rupiah, now: datetime) -> Posting:
    key = f"grant-returned/{wave}/{reason}"
    return _posting(key, applicant_id, PersonAccount.TRAINING_BALANCE, TREASURY, False, amount, now)


def incentive_due(applicant_id: ApplicantId, id: PayoutId, *, amount: Rupiah, now: datetime) -> Posting:
    account = PersonAccount.INCENTIVE_DUE
    return _posting(f"incentive-due/{id}", applicant_id, account, INCENTIVE_FUND, True, amount, now)


def incentive_paid(applicant_id: ApplicantId, id: PayoutId, *, amount: Rupiah, now: datetime) -> Posting:
    account = PersonAccount.INCENTIVE_DUE
    return _posting(f"incentive-paid/{id}", applicant_id, account, TREASURY, False, amount, now)


def _posting(
    key: str, applicant_id: ApplicantId, account: PersonAccount, against: str, adds: bool, amount: Rupiah, now: datetime
) -> Posting:
    if amount == 0:
        raise Misconfigured("posting_of_nothing", key=key)
    return Posting(key, applicant_id, account, against, adds, amount, now)
