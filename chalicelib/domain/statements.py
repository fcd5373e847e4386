"""A bank's statement of one day of one channel: a file that came, and what became of it.

Another file for the same day replaces the one before. One that cannot be read is refused, and the one before stands.
So is one that removes or changes what the bank had said, until somebody else sends the same file: nobody alone takes
back a bank's word.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from enum import StrEnum

from chalicelib.domain.errors import InvalidInput
from chalicelib.domain.lifecycle import LifeCycle
from chalicelib.domain.payout_accounts import BANKS
from chalicelib.domain.reconciliation.theirs import Totals
from chalicelib.domain.reconciliation.verdicts import Tally
from chalicelib.domain.time import wib_date

UPLOAD_FORM_LIVES_SECONDS = 900
NEEDS_SECOND = "statement_needs_second"
EARLIEST_DAY = date(2020, 1, 1)
_COMES_WITHIN_BANK_DAYS = 2
_SATURDAY, _A_WEEK = 5, 7


class StatementState(StrEnum):
    RECEIVED = "received"
    IN_FORCE = "in_force"
    REPLACED = "replaced"
    REFUSED = "refused"


class StatementEvent(StrEnum):
    PUT_IN_FORCE = "put_in_force"
    REPLACE = "replace"
    REFUSE = "refuse"


STATEMENT = LifeCycle(
    "statement",
    {
        (StatementState.RECEIVED, StatementEvent.PUT_IN_FORCE): StatementState.IN_FORCE,
        (StatementState.RECEIVED, StatementEvent.REFUSE): StatementState.REFUSED,
        (StatementState.RECEIVED, StatementEvent.REPLACE): StatementState.REPLACED,
        (StatementState.IN_FORCE, StatementEvent.REPLACE): StatementState.REPLACED,
    },
)


@dataclass(frozen=True, slots=True)
class StatementUpload:
    """As the bucket has it; ``tag`` changes with the content."""

    object_key: str
    tag: str
    size_bytes: int
    uploader: str


@dataclass(frozen=True, slots=True)
class Statement:
    bank: str
    day: date
    number: int
    upload: StatementUpload
    received_at: datetime
    state: StatementState = StatementState.RECEIVED
    reason: str | None = None
    """Why it was refused; its message's blanks beside it, the line among them."""
    reason_details: Mapping[str, str | int] = field(default_factory=dict)
    lines: int = 0
    failed: int = 0
    fees: int = 0
    counts: Mapping[str, int] = field(default_factory=dict)
    """How it differs from the one that it replaced: ``added``, ``removed``, ``changed``."""
    changes: tuple[str, ...] = ()
    version: int = 0


def check_day(bank: str, day: date, *, now: datetime) -> None:
    """A statement is of a day that has ended."""
    if bank not in BANKS:
        raise InvalidInput("bank_unknown", field="bank", known=", ".join(BANKS))
    if not EARLIEST_DAY <= day < wib_date(now):
        raise InvalidInput("statement_day_wrong", field="day", before=wib_date(now).isoformat())


def is_statement_late(day: date, today: date) -> bool:
    """Two bank days have passed since: Mondays to Fridays. Holidays are not known here, and warn too early."""
    soon = min((today - day).days, _A_WEEK)
    bank_days = sum((day + timedelta(days=after)).weekday() < _SATURDAY for after in range(1, soon))
    return bank_days >= _COMES_WITHIN_BANK_DAYS


def refuse_statement(statement: Statement, reason: str, **details: str | int) -> Statement:
    state = STATEMENT.after(statement.state, StatementEvent.REFUSE)
    return replace(statement, state=state, reason=reason, reason_details=details)


def takes_back(tally: Tally) -> bool:
    """Whether it lacks, or says otherwise, what the one before said."""
    return bool(tally.counts["removed"] or tally.counts["changed"])


def is_seconded(upload: StatementUpload, last: Statement | None) -> bool:
    """The same file as ``last``, which waits for a second pair of eyes, from somebody else."""
    if last is None or last.reason != NEEDS_SECOND:
        return False
    return last.upload.tag == upload.tag and last.upload.uploader != upload.uploader


def leave_to_second(statement: Statement, totals: Totals, tally: Tally) -> Statement:
    """With what it would change, for whoever decides whether to send it as well."""
    counts = {name: tally.counts[name] for name in ("removed", "changed")}
    return refuse_statement(_counted(statement, totals, tally), NEEDS_SECOND, **counts)


def put_in_force(statement: Statement, totals: Totals, tally: Tally) -> Statement:
    state = STATEMENT.after(statement.state, StatementEvent.PUT_IN_FORCE)
    return replace(_counted(statement, totals, tally), state=state)


def _counted(statement: Statement, totals: Totals, tally: Tally) -> Statement:
    return replace(
        statement,
        lines=totals.lines,
        failed=totals.failed,
        fees=totals.fees,
        counts={name: tally.counts[name] for name in ("added", "removed", "changed")},
        changes=tuple(tally.changes),
    )


def replaced(statement: Statement) -> Statement:
    return replace(statement, state=STATEMENT.after(statement.state, StatementEvent.REPLACE))


def object_key_of(bank: str, day: date, upload: str) -> str:
    return f"statements/{bank}/{day.isoformat()}/{upload}.csv"


def named_by(object_key: str) -> tuple[str, date]:
    """Channel and day."""
    parts = object_key.split("/")
    if len(parts) != 4 or parts[0] != "statements":
        raise InvalidInput("statement_name_wrong", field="object_key")
    try:
        return parts[1], date.fromisoformat(parts[2])
    except ValueError:
        raise InvalidInput("statement_name_wrong", field="object_key") from None
