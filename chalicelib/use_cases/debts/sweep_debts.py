"""Debts whose sixty days are over fall due; of what came back without the person, nothing is owed any more, and what
they had repaid of it is owed to them."""

from collections.abc import Iterator, Sequence
from contextlib import suppress
from datetime import datetime
from itertools import chain

from chalicelib.domain.debt_receipts import owe_back
from chalicelib.domain.debts import UNDEMANDED, Debt, DebtState, fall_due, take_off
from chalicelib.domain.errors import Conflict, IllegalTransition, StaleWrite
from chalicelib.ports import Clock, Debts, Ledger

_PAGE = 100
_MOST = 2_000
_SWEPT = tuple(state for state in DebtState if state not in UNDEMANDED)


def sweep_debts(*, debts: Debts, ledger: Ledger, clock: Clock, most: int = _MOST) -> None:
    """``most`` of each state: those that are due first of all, and of all of them, what comes after those of the sweep
    before. What is moved meanwhile is left for the next sweep; the letter is driven by the table's stream. Nobody is
    told that they are late with what the bank has sent back."""
    now = clock.now()
    for id in chain(_due(now, debts, most), *(_next_round(state, debts, most) for state in _SWEPT)):
        debt = debts.get(id)
        if debt is not None:
            with suppress(StaleWrite, IllegalTransition, Conflict):
                _step(debt, now, debts, ledger)


def _step(debt: Debt, now: datetime, debts: Debts, ledger: Ledger) -> None:
    postings = ledger.postings_of(debt.applicant_id)
    taken = take_off(debt, postings, now=now) or owe_back(debt, postings, now=now)
    if taken is not None:
        debts.save_with(*taken)
    elif debt.state is DebtState.DEMANDED and debt.due_at is not None and debt.due_at <= now:
        debts.save(fall_due(debt))


def _due(now: datetime, debts: Debts, most: int) -> Sequence[str]:
    ids, _ = debts.page(DebtState.DEMANDED, after=None, limit=most, until=now)
    return ids


def _next_round(state: DebtState, debts: Debts, most: int) -> Iterator[str]:
    """The place is kept page by page: a sweep that is cut off has not looked in vain."""
    begun = after = debts.swept_to(state)
    for limit in (min(_PAGE, most - first) for first in range(0, most, _PAGE)):
        ids, after = debts.page(state, after=after, limit=limit)
        yield from ids
        if after != begun:
            debts.keep_swept(state, after)
        if after is None:
            return
