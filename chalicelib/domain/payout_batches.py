"""Payouts that are approved together: what two people approve is a list, named by its checksum.

The list is a file of canonical JSON, one payout a line. It is read again, whole, when its payouts are released: a file
that is not the approved one any more releases nothing.
"""

import hashlib
import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from enum import StrEnum

from chalicelib.domain.errors import Conflict, InvalidInput, NotAllowed
from chalicelib.domain.identifiers import ApplicantId, BatchId, PayoutId, StaffId
from chalicelib.domain.lifecycle import LifeCycle
from chalicelib.domain.money import Rupiah
from chalicelib.domain.payouts import Payout

MOST_IN_BATCH = 5_000
GROUP = 20
"""Payouts that are sent together: what one function has time for."""
TAKEN = "batch_payout_taken"


class BatchState(StrEnum):
    FILLING = "filling"
    WAITING = "waiting"
    APPROVED_ONCE = "approved_once"
    APPROVED = "approved"
    RELEASING = "releasing"
    RELEASED = "released"
    REFUSED = "refused"
    DISSOLVED = "dissolved"


class BatchEvent(StrEnum):
    FILL = "fill"
    APPROVE_FIRST = "approve_first"
    APPROVE_SECOND = "approve_second"
    BEGIN_RELEASE = "begin_release"
    RELEASE = "release"
    REFUSE = "refuse"
    DISSOLVE = "dissolve"


_S, _E = BatchState, BatchEvent
PAYOUT_BATCH = LifeCycle(
    "payout_batch",
    {
        (_S.FILLING, _E.FILL): _S.WAITING,
        (_S.FILLING, _E.REFUSE): _S.REFUSED,
        (_S.WAITING, _E.APPROVE_FIRST): _S.APPROVED_ONCE,
        (_S.WAITING, _E.REFUSE): _S.REFUSED,
        (_S.APPROVED_ONCE, _E.APPROVE_SECOND): _S.APPROVED,
        (_S.APPROVED_ONCE, _E.REFUSE): _S.REFUSED,
        (_S.APPROVED, _E.BEGIN_RELEASE): _S.RELEASING,
        (_S.APPROVED, _E.REFUSE): _S.REFUSED,
        (_S.RELEASING, _E.RELEASE): _S.RELEASED,
        (_S.REFUSED, _E.DISSOLVE): _S.DISSOLVED,
    },
)
"""A refused batch is dissolved when its payouts are free for another. Once the first may go, nobody refuses."""


_UNDER_RELEASE = (BatchState.RELEASING, BatchState.RELEASED)


@dataclass(frozen=True, slots=True)
class Batch:
    id: BatchId
    bank: str
    day: date
    size: int
    total: Rupiah
    checksum: str
    built_at: datetime
    state: BatchState = BatchState.FILLING
    built_by: StaffId | None = None
    """None: the clock."""
    first_approver: StaffId | None = None
    second_approver: StaffId | None = None
    refused_by: StaffId | None = None
    reason: str | None = None
    version: int = 0

    @property
    def is_approved(self) -> bool:
        two = {self.first_approver, self.second_approver} - {None}
        return self.state in (BatchState.APPROVED, *_UNDER_RELEASE) and len(two) == 2


@dataclass(frozen=True, slots=True)
class Line:
    """One payout as it was approved."""

    payout_id: PayoutId
    applicant_id: ApplicantId
    purpose: str
    period: int
    attempt: int
    amount: Rupiah


def line_of(payout: Payout) -> Line:
    return Line(payout.id, payout.applicant_id, payout.purpose, payout.period, payout.attempt, payout.amount)


def is_as_stated(payout: Payout, line: Line) -> bool:
    """Whether who is to be paid, what for and how much is what two people saw."""
    what = (payout.id, payout.applicant_id, payout.purpose, payout.period, payout.amount)
    return what == (line.payout_id, line.applicant_id, line.purpose, line.period, line.amount)


def content_of(lines: Iterable[Line]) -> bytes:
    return b"".join(json.dumps(_plain(line), sort_keys=True, separators=(",", ":")).encode() + b"\n" for line in lines)


def checksum_of(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


def lines_of(content: bytes, batch: Batch) -> Sequence[Line]:
    """``Conflict`` when the file is not the one that the batch was made of."""
    if checksum_of(content) != batch.checksum:
        raise Conflict("batch_file_altered")
    return [_line(json.loads(each)) for each in content.splitlines()]


def make_batch(lines: Sequence[Line], *, bank: str, day: date, number: int, by: StaffId | None, now: datetime) -> Batch:
    """The same list on the same day is the same batch, unless one of that ``number`` was refused before."""
    checksum = checksum_of(content_of(lines))
    total = Rupiah(sum(int(line.amount) for line in lines))
    id = BatchId(f"{day.isoformat()}-{bank}-{checksum[:12]}-{number}")
    return Batch(id, bank, day, len(lines), total, checksum, now, built_by=by)


def fill(batch: Batch) -> Batch:
    return replace(batch, state=PAYOUT_BATCH.after(batch.state, BatchEvent.FILL))


def approve(batch: Batch, checksum: str, staff: StaffId) -> Batch:
    """By somebody who saw this very list. Two different people, and neither of them built it."""
    event = BatchEvent.APPROVE_FIRST if batch.state is BatchState.WAITING else BatchEvent.APPROVE_SECOND
    state = PAYOUT_BATCH.after(batch.state, event)
    if checksum != batch.checksum:
        raise InvalidInput("batch_checksum_differs", field="checksum")
    if staff in (batch.built_by, batch.first_approver):
        raise NotAllowed("approver_must_differ")
    if event is BatchEvent.APPROVE_FIRST:
        return replace(batch, state=state, first_approver=staff)
    return replace(batch, state=state, second_approver=staff)


def refuse(batch: Batch, reason: str, *, by: StaffId | None = None) -> Batch:
    state = PAYOUT_BATCH.after(batch.state, BatchEvent.REFUSE)
    return replace(batch, state=state, reason=reason, refused_by=by)


def begin_release(batch: Batch) -> Batch:
    """From here on payouts leave the batch one after the other."""
    return replace(batch, state=PAYOUT_BATCH.after(batch.state, BatchEvent.BEGIN_RELEASE))


def end_release(batch: Batch) -> Batch:
    return replace(batch, state=PAYOUT_BATCH.after(batch.state, BatchEvent.RELEASE), reason=None)


def object_to_list(batch: Batch, reason: str) -> Batch:
    """Its list is not the approved one any more. Of a batch that pays already nothing more goes out until the list is
    put back; any other is refused."""
    return replace(batch, reason=reason) if batch.state in _UNDER_RELEASE else refuse(batch, reason)


def dissolve(batch: Batch) -> Batch:
    return replace(batch, state=PAYOUT_BATCH.after(batch.state, BatchEvent.DISSOLVE))


def in_groups(lines: Sequence[Line], size: int) -> Iterator[Sequence[Line]]:
    return (lines[start : start + size] for start in range(0, len(lines), size))


def message_of(batch: BatchId, lines: Sequence[Line]) -> dict[str, object]:
    """What ``payouts-to-settle`` carries: a group of one batch, as approved."""
    return {"batch": batch, "lines": [_plain(line) for line in lines]}


def lines_in(message: Sequence[dict[str, object]]) -> Sequence[Line]:
    return [_line(each) for each in message]


def _plain(line: Line) -> dict[str, object]:
    return {
        "payout_id": line.payout_id,
        "applicant_id": line.applicant_id,
        "purpose": line.purpose,
        "period": line.period,
        "attempt": line.attempt,
        "amount": int(line.amount),
    }


def _line(plain: dict[str, object]) -> Line:
    amount, period, attempt = (plain[name] for name in ("amount", "period", "attempt"))
    if not (isinstance(amount, int) and isinstance(period, int) and isinstance(attempt, int)):
        raise InvalidInput("amount_invalid", field="amount")
    return Line(
        PayoutId(str(plain["payout_id"])),
        ApplicantId(str(plain["applicant_id"])),
        str(plain["purpose"]),
        period,
        attempt,
        Rupiah(amount),
    )
