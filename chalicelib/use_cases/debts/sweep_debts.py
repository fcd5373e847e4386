"""Debts whose sixty days are over fall due; of what came back without the person, nothing is owed any more."""

from collections.abc import Iterator
from contextlib import suppress
from datetime import datetime

from chalicelib.domain.debts import Debt, DebtState, fall_due, take_off
from chalicelib.domain.errors import Conflict, IllegalTransition, StaleWrite
from chalicelib.ports import Clock, Debts, Ledger

_PAGE = 100
_MOST_PAGES = 20


def sweep_debts(*, debts: Debts, ledger: Ledger, clock: Clock) -> None:
    """What is moved meanwhile is left for the next sweep; the letter is driven by the table's stream. Nobody is told
    that they are late with what the bank has sent back."""
    now = clock.now()
    for state in (DebtState.DEMANDED, DebtState.OVERDUE):
        for debt in _in_state(state, debts):
            with suppress(StaleWrite, IllegalTransition, Conflict):
                _step(debt, now, debts, ledger)


def _step(debt: Debt, now: datetime, debts: Debts, ledger: Ledger) -> None:
    taken = take_off(debt, ledger.postings_of(debt.applicant_id), now=now)
    if taken is not None:
        debts.save_with(*taken)
    elif debt.state is DebtState.DEMANDED and debt.due_at is not None and debt.due_at <= now:
        debts.save(fall_due(debt))


def _in_state(state: DebtState, debts: Debts) -> Iterator[Debt]:
    after: str | None = None
    for _ in range(_MOST_PAGES):
        ids, after = debts.page(state, after=after, limit=_PAGE)
        yield from filter(None, map(debts.get, ids))
        if after is None:
            return
