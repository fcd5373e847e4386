"""A difference that stands: how much of it is in suspense, and how it is explained.

It is explained by the books, when a later comparison does not find it any more; or by two people, who say whose money
it is. What people explained and the books explain as well stands again, the other way round.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from enum import StrEnum

from chalicelib.domain.errors import Conflict, InvalidInput, NotAllowed
from chalicelib.domain.identifiers import StaffId
from chalicelib.domain.ledger import INCENTIVE_FUND, RECOVERIES, TREASURY, Posting, cleared, suspended
from chalicelib.domain.lifecycle import LifeCycle
from chalicelib.domain.money import Rupiah
from chalicelib.domain.reconciliation.movements import Kind, movement
from chalicelib.domain.reconciliation.verdicts import Found, Verdict

ACCOUNTS = (INCENTIVE_FUND, RECOVERIES, TREASURY)
"""Whose money a difference may turn out to be."""


class DifferenceState(StrEnum):
    OPEN = "open"
    ASKED = "asked"
    """Somebody has said whose money it is; another person must agree."""
    CLEARED = "cleared"


class DifferenceEvent(StrEnum):
    FIND = "find"
    EXPLAIN = "explain"
    ASK = "ask"
    DECLINE = "decline"
    APPROVE = "approve"


DIFFERENCE = LifeCycle(
    "difference",
    {
        (DifferenceState.OPEN, DifferenceEvent.FIND): DifferenceState.OPEN,
        (DifferenceState.ASKED, DifferenceEvent.FIND): DifferenceState.OPEN,
        (DifferenceState.CLEARED, DifferenceEvent.FIND): DifferenceState.OPEN,
        (DifferenceState.OPEN, DifferenceEvent.EXPLAIN): DifferenceState.CLEARED,
        (DifferenceState.ASKED, DifferenceEvent.EXPLAIN): DifferenceState.CLEARED,
        (DifferenceState.OPEN, DifferenceEvent.ASK): DifferenceState.ASKED,
        (DifferenceState.ASKED, DifferenceEvent.DECLINE): DifferenceState.OPEN,
        (DifferenceState.ASKED, DifferenceEvent.APPROVE): DifferenceState.CLEARED,
    },
)


class ClearingReason(StrEnum):
    """Words of our own: what staff would type might name a person, and the books are for ever."""

    PAID_BY_HAND = "paid_by_hand"
    BANK_MISTAKE = "bank_mistake"
    TEST_TRANSFER = "test_transfer"
    NEVER_EXPLAINED = "never_explained"


@dataclass(frozen=True, slots=True)
class Difference:
    """``suspended``: what of it is in suspense now. ``settled``: what people have explained. ``moves`` counts its
    postings, so that each has a key of its own."""

    bank: str
    day: date
    reference: str
    movement_kind: Kind
    verdict: Verdict
    amount: int
    theirs: int
    booked: int
    payout_id: str
    line: int
    state: DifferenceState = DifferenceState.OPEN
    suspended: int = 0
    settled: int = 0
    moves: int = 0
    found_at: datetime | None = None
    against: str | None = None
    reason: ClearingReason | None = None
    asked_by: StaffId | None = None
    approved_by: StaffId | None = None
    cleared_at: datetime | None = None
    version: int = 0

    @property
    def key(self) -> str:
        return movement(self.movement_kind, self.reference)

    @property
    def stands(self) -> bool:
        return self.state is not DifferenceState.CLEARED


Moved = tuple[Difference, Sequence[Posting]]


def enter(known: Difference | None, found: Found, bank: str, day: date, *, now: datetime) -> Moved | None:
    """A difference as a comparison found it; None where it stands so already, or people have explained it."""
    if known is None:
        new = Difference(bank, day, found.reference, found.kind, *_said(found), found_at=now)
        return _in_suspense(new, found.difference, now)
    rest = found.difference - known.settled
    if rest == known.suspended and (known.stands or not rest):
        return None
    state = DIFFERENCE.after(known.state, DifferenceEvent.FIND)
    verdict, amount, theirs, booked, payout_id, line = _said(found)
    renewed = replace(known, verdict=verdict, amount=amount, theirs=theirs, booked=booked, payout_id=payout_id)
    return _in_suspense(replace(renewed, line=line, state=state, cleared_at=None), rest, now)


def explain(known: Difference, *, now: datetime) -> Moved | None:
    """A comparison did not find it any more."""
    if known.settled:
        return _explained_twice(known, now)
    if not known.stands:
        return None
    state = DIFFERENCE.after(known.state, DifferenceEvent.EXPLAIN)
    moved, postings = _in_suspense(replace(known, state=state, cleared_at=now), 0, now)
    return moved, postings


def _explained_twice(known: Difference, now: datetime) -> Moved | None:
    if known.suspended == -known.settled:
        return None
    state = DIFFERENCE.after(known.state, DifferenceEvent.FIND)
    return _in_suspense(replace(known, state=state, amount=0, cleared_at=None), -known.settled, now)


def ask_to_clear(difference: Difference, staff: StaffId, against: str, reason: ClearingReason) -> Difference:
    if against not in ACCOUNTS:
        raise InvalidInput("account_unknown", field="against", known=", ".join(ACCOUNTS))
    state = DIFFERENCE.after(difference.state, DifferenceEvent.ASK)
    return replace(difference, state=state, against=against, reason=reason, asked_by=staff)


def decline_to_clear(difference: Difference) -> Difference:
    state = DIFFERENCE.after(difference.state, DifferenceEvent.DECLINE)
    return replace(difference, state=state, against=None, reason=None, asked_by=None)


def approve_to_clear(difference: Difference, staff: StaffId, amount: int, *, now: datetime) -> Moved:
    """``amount`` as the approver saw it: between the two looks it may have changed."""
    state = DIFFERENCE.after(difference.state, DifferenceEvent.APPROVE)
    if staff == difference.asked_by:
        raise NotAllowed("approver_must_differ")
    if amount != difference.suspended:
        raise Conflict("difference_moved", field="amount_rupiah")
    moved = replace(
        difference,
        state=state,
        approved_by=staff,
        cleared_at=now,
        settled=difference.settled + difference.suspended,
    )
    return _in_suspense(moved, 0, now, against=difference.against or "")


def _said(found: Found) -> tuple[Verdict, int, int, int, str, int]:
    return found.verdict, found.difference, found.theirs, found.booked, found.payout_id, found.line


def _in_suspense(difference: Difference, wanted: int, now: datetime, *, against: str = "") -> Moved:
    """What stood there goes out whole before something else goes in, so that each posting says one thing."""
    postings: list[Posting] = []
    moves = difference.moves
    line = f"{difference.bank}/{difference.day.isoformat()}/{difference.key}"
    if difference.suspended and difference.suspended != wanted:
        adds, amount = difference.suspended > 0, Rupiah(abs(difference.suspended))
        posting = cleared(
            *(difference.day, f"{line}/{moves}"),
            bank=difference.bank,
            adds=adds,
            amount=amount,
            now=now,
            against=against,
        )
        postings.append(posting)
    if wanted and difference.suspended != wanted:
        moves += 1
        adds, amount = wanted < 0, Rupiah(abs(wanted))
        posting = suspended(difference.day, f"{line}/{moves}", bank=difference.bank, adds=adds, amount=amount, now=now)
        postings.append(posting)
    return replace(difference, suspended=wanted, moves=moves), postings
