"""What follows when a statement, a day or a difference has moved."""

from chalicelib.domain.commands import Change, Queue
from chalicelib.domain.reconciliation.days import Phase
from chalicelib.domain.reconciliation.differences import DifferenceState
from chalicelib.domain.reconciliation.verdicts import Verdict
from chalicelib.domain.statements import StatementState
from chalicelib.ports import Messages

_INQUIRED = {Verdict.OURS_ONLY, Verdict.LEDGER_MISSING, Verdict.REVERSED_AFTER_SUCCESS, Verdict.AMOUNT_DIFFERS}


def follow_reconciliation(change: Change, *, messages: Messages) -> None:
    """A statement that came is compared; what was found is entered step by step; and of what concerns a payout of ours,
    the bank is asked what became of it."""
    facts = change.facts
    if change.kind == "statement" and change.is_move and change.after == StatementState.RECEIVED:
        which = {"bank": str(facts["bank"]), "day": str(facts["day"]), "number": int(facts["number"])}
        messages.send(Queue.STATEMENTS_TO_RECONCILE, which)
    if change.kind == "day" and change.after in (Phase.ENTER, Phase.REVIEW) and _has_stepped(change):
        step = {"run": int(facts["run"]), "phase": change.after, "step": int(facts["step"])}
        messages.send(Queue.STATEMENTS_TO_RECONCILE, {"bank": str(facts["bank"]), "day": str(facts["day"]), **step})
    if change.kind == "difference" and _is_for_the_bank(change):
        messages.send(Queue.PAYOUTS_TO_INQUIRE, {"payout_id": str(facts["payout_id"])})


def _has_stepped(change: Change) -> bool:
    return change.is_move or any(change.has_new(name) for name in ("run", "step"))


def _is_for_the_bank(change: Change) -> bool:
    """A difference that stands newly: not that somebody's explanation was declined."""
    is_news = change.before != DifferenceState.ASKED and (change.is_move or change.has_new("suspended"))
    is_asked = bool(change.facts.get("payout_id")) and change.facts["verdict"] in _INQUIRED
    return change.after == DifferenceState.OPEN and is_news and is_asked
