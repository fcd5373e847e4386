"""When a registry may be asked, by the one budget that all workers share, and what its answers do to that budget."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Protocol

from chalicelib.domain import registry_budget as rules
from chalicelib.domain.errors import StaleWrite, Unavailable
from chalicelib.domain.limits import Allowance
from chalicelib.domain.registry_budget import Budget, Quota
from chalicelib.domain.time import wib_date
from chalicelib.domain.verification import Registry
from chalicelib.ports import Buckets, Clock, RegistryBudgets

BOOKED_AHEAD = timedelta(seconds=0.3)
"""More would make the pace swing: what is booked cannot be slowed down any more."""
POLLED_EVERY = timedelta(seconds=0.25)
POLLS = 20
_NEVER_AGAIN = timedelta(minutes=20)
"""72 of a day's tokens come back within it: of thousands, nothing."""
_ATTEMPTS = 4


class Paced(Protocol):
    """Whoever asks: one question's all, or the mere pace (:class:`Pace`)."""

    @property
    def registry(self) -> Registry: ...
    @property
    def quota(self) -> Quota: ...
    @property
    def budgets(self) -> RegistryBudgets: ...
    @property
    def buckets(self) -> Buckets: ...
    @property
    def clock(self) -> Clock: ...


@dataclass(frozen=True, slots=True)
class Pace:
    registry: Registry
    quota: Quota
    budgets: RegistryBudgets
    buckets: Buckets
    clock: Clock


def take_turn(paced: Paced) -> bool:
    """True when it is time to ask: now. False when nobody may: it is down or its quota is used up. ``Unavailable``
    when there was no turn within seconds."""
    for _ in range(POLLS):
        budget = budget_of(paced)
        if budget.is_closed(paced.clock.now()):
            return _is_probe(paced)
        if not _is_left_of_the_day(budget, paced):
            return False
        turn = _turn(budget, paced)
        if turn is not None:
            paced.clock.wait_until(turn)
            return True
        paced.clock.wait_until(paced.clock.now() + POLLED_EVERY)
    raise Unavailable("registry_paced", retry_after_seconds=10)


def budget_of(paced: Paced) -> Budget:
    """As it was a second ago at most."""
    known = paced.budgets.look(paced.registry)
    if known is None:
        return rules.first_budget(paced.registry, paced.quota)
    return rules.agreed_anew(known, paced.quota)


def note_answer(paced: Paced, began_at: datetime, quota_left: int | None) -> None:
    """Others see the same answers: what cannot be noted at once need not be."""
    now, before = paced.clock.now(), budget_of(paced)
    after = rules.after_answer(before, began_at, now=now, quota_left=quota_left)
    if _is_worth_noting(before, after):
        try:
            paced.budgets.save(after)
        except StaleWrite:
            return


def note_trouble(paced: Paced) -> None:
    _change(paced, lambda budget: rules.after_trouble(budget, now=paced.clock.now()))


def note_nonsense(paced: Paced, about: str) -> None:
    _change(paced, lambda budget: rules.after_nonsense(budget, about, now=paced.clock.now()))


def note_last_of_the_day(paced: Paced) -> None:
    _change(paced, lambda budget: rules.after_last_of_the_day(budget, now=paced.clock.now()))


def _is_left_of_the_day(budget: Budget, paced: Paced) -> bool:
    """Where the registry does not tell what it allows us yet, we count what was agreed for a day."""
    if budget.quota_left is not None:
        return True
    now = paced.clock.now()
    key, day = f"registry-day/{paced.registry}/{wib_date(now)}", Allowance(paced.quota.per_day, _NEVER_AGAIN)
    if paced.buckets.take(key, day, now=now) is None:
        note_last_of_the_day(paced)
        return False
    return True


def _turn(budget: Budget, paced: Paced) -> datetime | None:
    key, now = f"registry-pace/{paced.registry}", paced.clock.now()
    return paced.buckets.take(key, budget.pace, now=now, ahead=BOOKED_AHEAD)


def _is_probe(paced: Paced) -> bool:
    """One of all workers tries, once in half a minute: whoever writes it down first."""
    now, budget = paced.clock.now(), paced.budgets.get(paced.registry)
    if budget is None or not budget.may_probe(now):
        return False
    try:
        paced.budgets.save(rules.begin_probe(budget, now=now))
    except StaleWrite:
        return False
    return True


def _change(paced: Paced, change: Callable[[Budget], Budget]) -> None:
    """Each of these counts: five failures in a row open the breaker."""
    for _ in range(_ATTEMPTS):
        known = paced.budgets.get(paced.registry) or rules.first_budget(paced.registry, paced.quota)
        changed = change(rules.agreed_anew(known, paced.quota))
        if changed == known:
            return
        try:
            return paced.budgets.save(changed)
        except StaleWrite:
            continue


def _is_worth_noting(before: Budget, after: Budget) -> bool:
    """Not for the quota's sake alone, which changes with each answer and is told again by the next."""
    return replace(after, quota_left=before.quota_left) != before
