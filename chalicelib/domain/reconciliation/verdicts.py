"""What is to be said of one movement, by what each of three books has of it."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import NamedTuple

from chalicelib.domain.reconciliation.movements import Kind, movement

MOST_CHANGES_SHOWN = 100
_HELD_FOR_PAID = {"settled", "reversed"}


class Verdict(StrEnum):
    MATCHED = "matched"
    OURS_ONLY = "ours_only"
    """We hold it for paid, and the statement does not have it."""
    THEIRS_ONLY = "theirs_only"
    """The bank paid what we never asked for."""
    AMOUNT_DIFFERS = "amount_differs"
    REVERSED_AFTER_SUCCESS = "reversed_after_success"
    """The bank took a payment back, and the ledger does not have it yet."""
    LEDGER_MISSING = "ledger_missing"
    """We asked and the bank paid; the ledger does not have it (yet)."""
    LEDGER_ONLY = "ledger_only"
    REQUEST_MISSING = "request_missing"
    """Bank and ledger agree; of the request nothing was noted."""


class Line(NamedTuple):
    """Of the bank's statement."""

    amount: int
    number: int


class Request(NamedTuple):
    """What we asked of the bank, as it stands now; ``day``: on which it was first sent."""

    amount: int
    day: int
    state: str
    payout_id: str


class Booked(NamedTuple):
    """A posting against the bank's account, after its corrections."""

    amount: int
    day: int
    payout_id: str


@dataclass(frozen=True, slots=True)
class Found:
    """``difference``: what the bank paid more than the ledger says (less, where negative)."""

    reference: str
    kind: Kind
    verdict: Verdict
    difference: int
    theirs: int
    booked: int
    payout_id: str
    line: int
    """In the statement; 0 where it is not there."""


@dataclass
class Tally:
    """What was counted on the way: verdicts, and how the statement differs from the one that it replaces (``added``,
    ``removed``, ``changed``). ``carried``: movements of this statement that belong to other days' requests or postings,
    where they would be missed."""

    counts: Counter[str] = field(default_factory=Counter)
    theirs: int = 0
    booked: int = 0
    carried: list[str] = field(default_factory=list)
    changes: list[str] = field(default_factory=list)
    """The first movements in which a statement differs from the one that it replaces."""

    def note_changes(self, earlier: Mapping[str, Line], theirs: Mapping[str, Line]) -> None:
        for key in sorted(earlier.keys() | theirs.keys()):
            before, after = (book[key].amount if key in book else None for book in (earlier, theirs))
            if before != after:
                self.counts["added" if before is None else "removed" if after is None else "changed"] += 1
                if len(self.changes) < MOST_CHANGES_SHOWN:
                    self.changes.append(f"{key}: {before or 0} -> {after or 0}")


def judged(
    kind: Kind,
    reference: str,
    line: Line | None,
    request: Request | None,
    booked: Booked | None,
    day: int,
    tally: Tally,
) -> Found | None:
    """None for what belongs to another day, or never moved money."""
    verdict = _verdict(kind, line.amount, request, booked) if line else _unsaid(kind, request, booked, day)
    if verdict is None:
        return None
    days = {each.day for each in (booked, request if kind is Kind.PAYMENT else None) if each}
    if line and days - {day}:
        tally.carried.append(movement(kind, reference))
    sign = 1 if kind is Kind.PAYMENT else -1
    said, posted = line.amount if line else 0, booked.amount if booked else 0
    tally.counts[verdict] += 1
    tally.theirs += sign * said
    tally.booked += sign * posted
    payout_id = next((each.payout_id for each in (request, booked) if each), "")
    return Found(reference, kind, verdict, sign * (said - posted), said, posted, payout_id, line.number if line else 0)


def _verdict(kind: Kind, amount: int, request: Request | None, booked: Booked | None) -> Verdict:
    if booked is None:
        return _unbooked(kind, amount, request)
    is_asked_so = request is None or kind is Kind.REVERSAL or request.amount == amount
    if amount != booked.amount or not is_asked_so:
        return Verdict.AMOUNT_DIFFERS
    return Verdict.REQUEST_MISSING if request is None and kind is Kind.PAYMENT else Verdict.MATCHED


def _unbooked(kind: Kind, amount: int, request: Request | None) -> Verdict:
    if kind is Kind.REVERSAL:
        return Verdict.REVERSED_AFTER_SUCCESS
    if request is None:
        return Verdict.THEIRS_ONLY
    return Verdict.LEDGER_MISSING if request.amount == amount else Verdict.AMOUNT_DIFFERS


def _unsaid(kind: Kind, request: Request | None, booked: Booked | None, day: int) -> Verdict | None:
    """Of what the statement does not have."""
    if kind is Kind.PAYMENT and request is not None:
        is_paid = booked is not None or request.state in _HELD_FOR_PAID
        return Verdict.OURS_ONLY if is_paid and request.day == day else None
    return Verdict.LEDGER_ONLY if booked is not None and booked.day == day else None
