"""What was posted for one owner, newest first, and how their accounts stand."""

from collections.abc import Sequence
from dataclasses import dataclass

from chalicelib.domain.errors import InvalidInput
from chalicelib.domain.ledger import Balances
from chalicelib.domain.ledger_chain import LedgerEntry, flaws_of
from chalicelib.ports import Ledger


@dataclass(frozen=True, slots=True)
class Statement:
    """``is_whole``: the postings follow from one another and add up to the balances."""

    balances: Balances
    entries: Sequence[LedgerEntry]
    is_whole: bool
    next: str | None = None


def read_statement(owner: str, *, after: str | None, limit: int, ledger: Ledger) -> Statement:
    """``after`` is the number of the last posting seen."""
    before = _number_of(after)
    head = ledger.head(owner)
    # Whatever was posted since the head was read is not of this statement.
    known = [entry for entry in ledger.entries_of(owner) if entry.number <= head.number]
    older = [entry for entry in reversed(known) if before is None or entry.number < before]
    following = str(older[limit - 1].number) if len(older) > limit else None
    return Statement(head.balances, older[:limit], not any(flaws_of(head, known)), following)


def _number_of(after: str | None) -> int | None:
    if after is None:
        return None
    if not (after.isascii() and after.isdigit() and len(after) <= 9):
        raise InvalidInput("cursor_invalid", field="after")
    return int(after)
