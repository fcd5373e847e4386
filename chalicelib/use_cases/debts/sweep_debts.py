"""Debts whose sixty days are over fall due."""

from contextlib import suppress

from chalicelib.domain.debts import DebtState, fall_due
from chalicelib.domain.errors import IllegalTransition, StaleWrite
from chalicelib.ports import Clock, Debts

_PAGE = 100
_MOST_PAGES = 20


def sweep_debts(*, debts: Debts, clock: Clock) -> None:
    """What is moved meanwhile is left for the next sweep; the letter is driven by the table's stream."""
    after: str | None = None
    for _ in range(_MOST_PAGES):
        ids, after = debts.page(DebtState.DEMANDED, after=after, limit=_PAGE, until=clock.now())
        for id in ids:
            debt = debts.get(id)
            with suppress(StaleWrite, IllegalTransition):
                if debt is not None:
                    debts.save(fall_due(debt))
        if after is None:
            return
