"""When a registry may be asked, by the one budget that all workers share, and what its answers do to that budget."""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta

from chalicelib.domain import registry_budget as rules
from chalicelib.domain.errors import StaleWrite, Unavailable
from chalicelib.domain.registry_budget import Budget
from chalicelib.use_cases.verification.asking import Asking

BOOKED_AHEAD = timedelta(seconds=0.3)
"""More would make the pace swing: what is booked cannot be slowed down any more."""
POLLED_EVERY = timedelta(seconds=0.25)
POLLS = 20
_ATTEMPTS = 4


def take_turn(asking: Asking) -> bool:
    """True when it is time to ask: now. False when nobody may: it is down or its quota is used up. ``Unavailable``
    when there was no turn within seconds."""
    for _ in range(POLLS):
        budget = budget_of(asking)
        if budget.is_used_up(asking.clock.now()):
            return False
        if budget.is_down:
            return _is_probe(asking)
        turn = _turn(budget, asking)
        if turn is not None:
            asking.clock.wait_until(turn)
            return True
        asking.clock.wait_until(asking.clock.now() + POLLED_EVERY)
    raise Unavailable("registry_paced", retry_after_seconds=10)


def budget_of(asking: Asking) -> Budget:
    """As it was a second ago at most."""
    known = asking.budgets.look(asking.registry)
    if known is None:
        return rules.first_budget(asking.registry, asking.quota)
    return rules.agreed_anew(known, asking.quota)


def note_answer(asking: Asking, began_at: datetime, quota_left: int | None) -> None:
    """Others see the same answers: what cannot be noted at once need not be."""
    now, before = asking.clock.now(), budget_of(asking)
    after = rules.after_answer(before, began_at, now=now, quota_left=quota_left)
    if _is_worth_noting(before, after):
        try:
            asking.budgets.save(after)
        except StaleWrite:
            return


def note_trouble(asking: Asking) -> None:
    _change(asking, lambda budget: rules.after_trouble(budget, now=asking.clock.now()))


def note_last_of_the_day(asking: Asking) -> None:
    _change(asking, lambda budget: rules.after_last_of_the_day(budget, now=asking.clock.now()))


def _turn(budget: Budget, asking: Asking) -> datetime | None:
    key, now = f"registry-pace/{asking.registry}", asking.clock.now()
    return asking.buckets.take(key, budget.pace, now=now, ahead=BOOKED_AHEAD)


def _is_probe(asking: Asking) -> bool:
    """One of all workers tries, once in half a minute: whoever writes it down first."""
    now, budget = asking.clock.now(), asking.budgets.get(asking.registry)
    if budget is None or not budget.may_probe(now):
        return False
    try:
        asking.budgets.save(rules.begin_probe(budget, now=now))
    except StaleWrite:
        return False
    return True


def _change(asking: Asking, change: Callable[[Budget], Budget]) -> None:
    """Each of these counts: five failures in a row open the breaker."""
    for _ in range(_ATTEMPTS):
        known = asking.budgets.get(asking.registry) or rules.first_budget(asking.registry, asking.quota)
        changed = change(rules.agreed_anew(known, asking.quota))
        if changed == known:
            return
        try:
            return asking.budgets.save(changed)
        except StaleWrite:
            continue


def _is_worth_noting(before: Budget, after: Budget) -> bool:
    """Not for the quota's sake alone, which changes with each answer and is told again by the next."""
    return replace(after, quota_left=before.quota_left) != before
