"""How statements, compared days and differences are told to staff."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime

from pydantic import Field

from chalicelib.domain.mail import Language
from chalicelib.domain.reconciliation.days import Day, Phase
from chalicelib.domain.reconciliation.differences import ClearingReason, Difference, DifferenceState
from chalicelib.domain.reconciliation.movements import Kind
from chalicelib.domain.reconciliation.verdicts import Verdict
from chalicelib.domain.statements import Statement, StatementState
from chalicelib.handlers.doors import Body
from chalicelib.handlers.wording import message


class BankStatementReply(Body):
    bank: str
    day: date
    number: int
    state: StatementState
    uploader: str
    received_at: datetime
    size_bytes: int
    lines: int
    failed: int = Field(description="Lines of transfers that failed: they moved nothing.")
    fees_rupiah: int
    added: int = Field(description="Movements that the statement before it did not have.")
    removed: int
    changed: int
    changes: Sequence[str] = Field(description="The first hundred of them: what each said before and says now.")
    reason: str | None = Field(description="Why it was refused.")
    reason_told: str | None = Field(description="The same in words, with the line.")


class BankStatementsReply(Body):
    statements: Sequence[BankStatementReply]
    next: str | None


class DayReply(Body):
    """One day of one channel: the bank's word against ours."""

    bank: str
    day: date
    statement: int | None = Field(description="The one in force.")
    runs: int = Field(description="How often it was compared.")
    phase: Phase
    compared_at: datetime | None
    verdicts: Mapping[str, int] = Field(description="Movements by what was found of them, when it was compared last.")
    bank_says_rupiah: int = Field(description="Paid less taken back, by the statement.")
    ledger_says_rupiah: int
    open: int = Field(description="Differences that stand.")
    suspense_rupiah: int | None = Field(description="The suspense account of the day; must reach zero.")


class DaysReply(Body):
    days: Sequence[DayReply]
    next: str | None


class DifferenceReply(Body):
    kind: Kind
    reference: str
    state: DifferenceState
    verdict: Verdict
    told: str
    amount_rupiah: int = Field(description="What the bank says more than the ledger; less, where negative.")
    suspended_rupiah: int = Field(description="What of it is in suspense now.")
    bank_says_rupiah: int
    ledger_says_rupiah: int
    payout_id: str | None
    line: int | None = Field(description="In the statement.")
    found_at: datetime | None
    against: str | None
    reason: ClearingReason | None
    asked_by: str | None
    approved_by: str | None
    cleared_at: datetime | None


class DifferencesReply(Body):
    differences: Sequence[DifferenceReply]
    next: str | None


def statement_told(statement: Statement, language: Language) -> BankStatementReply:
    told = statement.reason and message(statement.reason, language, statement.reason_details)
    return BankStatementReply(
        bank=statement.bank,
        day=statement.day,
        number=statement.number,
        state=statement.state,
        uploader=statement.upload.uploader,
        received_at=statement.received_at,
        size_bytes=statement.upload.size_bytes,
        lines=statement.lines,
        failed=statement.failed,
        fees_rupiah=statement.fees,
        **{name: statement.counts.get(name, 0) for name in ("added", "removed", "changed")},
        changes=statement.changes,
        reason=statement.reason,
        reason_told=told,
    )


def day_told(day: Day, suspense: int | None = None) -> DayReply:
    return DayReply(
        bank=day.bank,
        day=day.day,
        statement=day.in_force or None,
        runs=day.run,
        phase=day.state,
        compared_at=day.compared_at,
        verdicts=day.counts,
        bank_says_rupiah=day.theirs,
        ledger_says_rupiah=day.booked,
        open=day.open,
        suspense_rupiah=suspense,
    )


def difference_told(difference: Difference, language: Language) -> DifferenceReply:
    return DifferenceReply(
        kind=difference.movement_kind,
        reference=difference.reference,
        state=difference.state,
        verdict=difference.verdict,
        told=message(f"difference_{difference.verdict}", language),
        amount_rupiah=difference.amount,
        suspended_rupiah=difference.suspended,
        bank_says_rupiah=difference.theirs,
        ledger_says_rupiah=difference.booked,
        payout_id=difference.payout_id or None,
        line=difference.line or None,
        found_at=difference.found_at,
        against=difference.against,
        reason=difference.reason,
        asked_by=difference.asked_by,
        approved_by=difference.approved_by,
        cleared_at=difference.cleared_at,
    )
