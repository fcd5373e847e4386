"""What the doors of the ledger take and tell."""

from datetime import date, datetime

from pydantic import Field

from chalicelib.domain.ledger import CorrectionReason, Posting
from chalicelib.domain.ledger_chain import LedgerEntry
from chalicelib.domain.ledger_corrections import Correction
from chalicelib.domain.ledger_journal import Closing
from chalicelib.domain.mail import Language
from chalicelib.handlers.arguments import cursor
from chalicelib.handlers.case_bodies import Reason
from chalicelib.handlers.doors import Body, Line
from chalicelib.handlers.wording import step_words
from chalicelib.use_cases.ledger.read_statement import Statement


class StatementAsked(Body):
    reason: Reason


class CorrectionAsked(Body):
    owner: Line = Field(max_length=64, description="A case's reference, or `channel/<bank>/<day>`.")
    key: Line = Field(max_length=200, description="Of the wrong posting, as a statement shows it.")
    reason: CorrectionReason


class DayAsked(Body):
    day: date | None = Field(None, description="In Jakarta. The newest closed day when left out.")


class AccountDayAsked(Body):
    day: date = Field(description="In Jakarta.")


class StatementLine(Body):
    """``amount_rupiah`` is what the account changed by."""

    number: int
    key: str
    what: str
    text: str
    account: str
    amount_rupiah: int
    posted_at: datetime
    reason: str | None


class StatementReply(Body):
    """Newest first. ``balances``: what the programme owes is above zero, what is owed to it below."""

    balances: dict[str, int]
    is_whole: bool
    postings: list[StatementLine]
    next: str | None


class PostingReply(Body):
    """Two lines that sum to zero."""

    key: str
    posted_at: str
    lines: list[tuple[str, int]]


class Postings(Body):
    postings: list[PostingReply]
    next: str | None


class ClosingReply(Body):
    """Of all owners together. ``digest`` is over the day's postings and the day before."""

    day: date
    is_settled: bool
    postings: int
    moved: dict[str, int]
    balances: dict[str, int]
    sum_rupiah: int
    previous: str
    digest: str


class CorrectionReply(Body):
    id: str
    owner: str
    key: str
    reason: str
    state: str
    asked_by: str
    asked_at: datetime
    decided_by: str | None
    decided_at: datetime | None


class CorrectionList(Body):
    corrections: list[CorrectionReply]
    next: str | None


def statement_told(statement: Statement, language: Language) -> StatementReply:
    return StatementReply(
        balances={account.value: amount for account, amount in statement.balances.items()},
        is_whole=statement.is_whole,
        postings=[_line(entry, language) for entry in statement.entries],
        next=cursor(statement.next),
    )


def _line(entry: LedgerEntry, language: Language) -> StatementLine:
    posting = entry.posting
    what = posting.key.partition("/")[0].replace("-", "_")
    return StatementLine(
        number=entry.number,
        key=posting.key,
        what=what,
        text=step_words("postings", what, language) or what,
        account=posting.account.value,
        amount_rupiah=posting.signed,
        posted_at=posting.posted_at,
        reason=posting.reason or None,
    )


def posting_told(posting: Posting) -> PostingReply:
    return PostingReply(key=posting.key, posted_at=posting.posted_at.isoformat(), lines=list(posting.lines()))


def closing_told(closing: Closing, *, is_settled: bool) -> ClosingReply:
    return ClosingReply(
        day=closing.day,
        is_settled=is_settled,
        postings=closing.count,
        moved=dict(closing.moved),
        balances=dict(closing.balances),
        sum_rupiah=sum(closing.balances.values()),
        previous=closing.previous,
        digest=closing.digest,
    )


def correction_told(correction: Correction) -> CorrectionReply:
    return CorrectionReply(
        id=correction.id,
        owner=correction.subject,
        key=correction.key,
        reason=correction.reason.value,
        state=correction.state.value,
        asked_by=correction.asked_by,
        asked_at=correction.asked_at,
        decided_by=correction.decided_by,
        decided_at=correction.decided_at,
    )
