"""Money that is asked back of somebody who was found not to be eligible: what they were paid, and nothing beyond.

Which of it is reclaimed, staff choose; how much each is, the ledger says. It takes two people to demand, and two to
write off. Whoever is asked has 60 days.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum

from chalicelib.domain.errors import Conflict, InvalidInput, NotAllowed
from chalicelib.domain.identifiers import ApplicantId, StaffId
from chalicelib.domain.ledger import Posting, came_back, repayment_demanded, written_off
from chalicelib.domain.lifecycle import LifeCycle
from chalicelib.domain.money import Rupiah

REPAY_WITHIN = timedelta(days=60)
MOST_ENTITLEMENTS = 20
MOST_REPAYMENTS = 60
_UNDONE_BY = {"incentive-paid": "incentive-reversed", "purchase": "purchase-voided"}
"""What may be reclaimed, and what in the ledger says that it was given back already."""


class DebtState(StrEnum):
    PROPOSED = "proposed"
    DECLINED = "declined"
    DEMANDED = "demanded"
    OVERDUE = "overdue"
    REPAID = "repaid"
    WRITTEN_OFF = "written_off"
    OVERPAID = "overpaid"
    """It was repaid, and the payment came back by itself as well: the treasury owes the person."""


class DebtEvent(StrEnum):
    APPROVE = "approve"
    DECLINE = "decline"
    FALL_DUE = "fall_due"
    REPAY_PART = "repay_part"
    REPAY_REST = "repay_rest"
    WRITE_OFF = "write_off"
    OWE_BACK = "owe_back"
    GIVE_BACK_PART = "give_back_part"
    GIVE_BACK_REST = "give_back_rest"


DEBT = LifeCycle(
    "debt",
    {
        (DebtState.PROPOSED, DebtEvent.APPROVE): DebtState.DEMANDED,
        (DebtState.PROPOSED, DebtEvent.DECLINE): DebtState.DECLINED,
        (DebtState.DEMANDED, DebtEvent.FALL_DUE): DebtState.OVERDUE,
        (DebtState.DEMANDED, DebtEvent.REPAY_PART): DebtState.DEMANDED,
        (DebtState.OVERDUE, DebtEvent.REPAY_PART): DebtState.OVERDUE,
        (DebtState.DEMANDED, DebtEvent.REPAY_REST): DebtState.REPAID,
        (DebtState.OVERDUE, DebtEvent.REPAY_REST): DebtState.REPAID,
        (DebtState.DEMANDED, DebtEvent.WRITE_OFF): DebtState.WRITTEN_OFF,
        (DebtState.OVERDUE, DebtEvent.WRITE_OFF): DebtState.WRITTEN_OFF,
        (DebtState.REPAID, DebtEvent.OWE_BACK): DebtState.OVERPAID,
        (DebtState.WRITTEN_OFF, DebtEvent.OWE_BACK): DebtState.OVERPAID,
        (DebtState.OVERPAID, DebtEvent.OWE_BACK): DebtState.OVERPAID,
        (DebtState.OVERPAID, DebtEvent.GIVE_BACK_PART): DebtState.OVERPAID,
        (DebtState.OVERPAID, DebtEvent.GIVE_BACK_REST): DebtState.REPAID,
    },
)
CLOSED = frozenset({DebtState.DECLINED, DebtState.REPAID, DebtState.WRITTEN_OFF})
"""Nothing is owed to either side."""
UNDEMANDED = frozenset({DebtState.PROPOSED, DebtState.DECLINED})


class DebtReason(StrEnum):
    """Why somebody was not eligible. Lists are not named."""

    NOT_ELIGIBLE = "not_eligible"
    OTHER_AID = "other_aid"
    IDENTITY_OF_ANOTHER = "identity_of_another"
    NOT_ATTENDED = "not_attended"


class WriteOffReason(StrEnum):
    DIED = "died"
    CANNOT_PAY = "cannot_pay"
    DEMANDED_WRONGLY = "demanded_wrongly"
    NOT_FOUND = "not_found"


@dataclass(frozen=True, slots=True)
class Repayment:
    """``receipt``: the treasury's number (NTPN; SP2D where it ``gives_back``), each once."""

    number: int
    receipt: str
    amount: Rupiah
    recorded_by: StaffId
    recorded_at: datetime
    approved_by: StaffId | None = None
    gives_back: bool = False


@dataclass(frozen=True, slots=True)
class Debt:
    """``entitlements``: the ledger's keys of what was paid. ``reference``: the person's case."""

    id: str
    applicant_id: ApplicantId
    reference: str
    reason: DebtReason
    entitlements: tuple[str, ...]
    amount: Rupiah
    proposed_by: StaffId
    proposed_at: datetime
    state: DebtState = DebtState.PROPOSED
    approved_by: StaffId | None = None
    due_at: datetime | None = None
    repayments: tuple[Repayment, ...] = ()
    stated: Repayment | None = None
    """By one person; it counts once another has agreed."""
    owed_back: tuple[Rupiah, ...] = ()
    """What was repaid and is not owed, as it was found."""
    came_back: tuple[str, ...] = ()
    """Of the entitlements, those that are owed no more: the ledger has them undone."""
    came_back_amount: int = 0
    write_off_reason: WriteOffReason | None = None
    write_off_asked_by: StaffId | None = None
    written_off_by: StaffId | None = None
    closed_at: datetime | None = None
    version: int = 0

    @property
    def rest(self) -> Rupiah:
        """What is still owed."""
        if self.state in CLOSED or self.state is DebtState.OVERPAID:
            return Rupiah(0)
        return self.amount.minus(self.repaid + self.came_back_amount)

    @property
    def repaid(self) -> int:
        return sum(int(each.amount) for each in self.repayments if not each.gives_back)

    @property
    def to_give_back(self) -> Rupiah:
        given = sum(int(each.amount) for each in self.repayments if each.gives_back)
        return Rupiah(sum(map(int, self.owed_back)) - given)


def reclaimable(postings: Iterable[Posting]) -> Mapping[str, Rupiah]:
    """What somebody was paid and has not given back, by the ledger's key of it."""
    known = {posting.key: posting for posting in postings}
    return {
        key: posting.amount
        for key, posting in known.items()
        if (undone := _UNDONE_BY.get(key.partition("/")[0]))
        and f"{undone}/{key.partition('/')[2]}" not in known
        and f"correction/{key}" not in known
    }


def amount_of(entitlements: Sequence[str], postings: Iterable[Posting]) -> Rupiah:
    if not 1 <= len(set(entitlements)) == len(entitlements) <= MOST_ENTITLEMENTS:
        raise InvalidInput("entitlements_wrong", field="entitlements", most=MOST_ENTITLEMENTS)
    paid = reclaimable(postings)
    if not paid.keys() >= set(entitlements):
        raise InvalidInput("entitlement_not_paid", field="entitlements")
    return Rupiah(sum(paid[key] for key in entitlements))


def demand(debt: Debt, staff: StaffId, postings: Iterable[Posting], *, now: datetime) -> tuple[Debt, Posting]:
    """By another person than who proposed it, if the ledger still says so."""
    state = DEBT.after(debt.state, DebtEvent.APPROVE)
    if staff == debt.proposed_by:
        raise NotAllowed("approver_must_differ")
    paid = reclaimable(postings)
    if sum(paid.get(key, Rupiah(0)) for key in debt.entitlements) != debt.amount:
        raise Conflict("debt_amount_changed")
    demanded = replace(debt, state=state, approved_by=staff, due_at=now + REPAY_WITHIN)
    return demanded, repayment_demanded(debt.applicant_id, debt.id, amount=debt.amount, now=now)


def decline(debt: Debt, *, now: datetime) -> Debt:
    return replace(debt, state=DEBT.after(debt.state, DebtEvent.DECLINE), closed_at=now)


def fall_due(debt: Debt) -> Debt:
    return replace(debt, state=DEBT.after(debt.state, DebtEvent.FALL_DUE))


def take_off(debt: Debt, postings: Sequence[Posting], *, now: datetime) -> tuple[Debt, Posting] | None:
    """The first entitlement that was undone since it was asked back is owed no more; None when there is none."""
    still = reclaimable(postings)
    undone = next((key for key in debt.entitlements if key not in still and key not in debt.came_back), None)
    if undone is None or not debt.rest:
        return None
    paid = sum(posting.amount for posting in postings if posting.key == undone)
    amount = Rupiah(min(paid, debt.rest))
    is_rest = amount == debt.rest
    moved = replace(
        debt,
        state=DEBT.after(debt.state, DebtEvent.REPAY_REST if is_rest else DebtEvent.REPAY_PART),
        came_back=(*debt.came_back, undone),
        came_back_amount=debt.came_back_amount + amount,
        closed_at=now if is_rest else None,
    )
    return moved, came_back(debt.applicant_id, debt.id, undone, amount=amount, now=now)


def ask_write_off(debt: Debt, staff: StaffId, reason: WriteOffReason) -> Debt:
    DEBT.after(debt.state, DebtEvent.WRITE_OFF)
    return replace(debt, write_off_reason=reason, write_off_asked_by=staff)


def write_off(debt: Debt, staff: StaffId, amount: int, *, now: datetime) -> tuple[Debt, Posting]:
    """By another person than who asked; ``amount`` as they saw it."""
    state = DEBT.after(debt.state, DebtEvent.WRITE_OFF)
    if debt.write_off_asked_by is None:
        raise Conflict("write_off_not_asked")
    if staff == debt.write_off_asked_by:
        raise NotAllowed("approver_must_differ")
    if amount != debt.rest:
        raise Conflict("debt_amount_changed", field="amount_rupiah")
    posting = written_off(debt.applicant_id, debt.id, amount=debt.rest, now=now)
    return replace(debt, state=state, written_off_by=staff, closed_at=now), posting
