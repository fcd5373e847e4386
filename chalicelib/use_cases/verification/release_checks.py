"""Hand out as many waiting checks as a registry will bear for a while, and draw a picture of those that wait."""

from dataclasses import dataclass
from datetime import datetime

from chalicelib.domain.commands import Queue
from chalicelib.domain.registry_budget import Budget, Quota, agreed_anew, first_budget
from chalicelib.domain.verification import Registry
from chalicelib.domain.waiting_checks import OF_LATE, RELEASED_FOR, USUALLY, Backlog, most_to_release, smoothed
from chalicelib.ports import Clock, Messages, QueueDepths, RegistryBudgets, WaitingChecks

MOST_AT_A_LOOK = 5_000
_CLOSEST_LANDMARKS = 25


@dataclass(frozen=True, slots=True)
class Releasing:
    """How one registry's checks leave for its workers."""

    registry: Registry
    queue: Queue
    quota: Quota


def release_checks(
    releasing: Releasing,
    *,
    waiting: WaitingChecks,
    budgets: RegistryBudgets,
    depths: QueueDepths,
    messages: Messages,
    clock: Clock,
) -> None:
    """A look that fails in the midst leaves checks in hand that nobody has; they are free again ten minutes later."""
    now, registry = clock.now(), releasing.registry
    budget = _budget(releasing, budgets)
    most = min(MOST_AT_A_LOOK, most_to_release(budget, depths.waiting(releasing.queue), now=now))
    if most:
        due = waiting.first_due(registry, now=now, limit=most)
        taken = waiting.take_in_hand(due, until=now + RELEASED_FOR)
        messages.send(releasing.queue, *(check.body for check in taken))


def draw_backlog(releasing: Releasing, *, waiting: WaitingChecks, budgets: RegistryBudgets, clock: Clock) -> Backlog:
    """Once what was handed out is on its way: a picture that cannot be kept must hold up nobody."""
    backlog = _picture(_budget(releasing, budgets), releasing, waiting, clock.now())
    waiting.save_backlog(backlog)
    return backlog


def _budget(releasing: Releasing, budgets: RegistryBudgets) -> Budget:
    known = budgets.get(releasing.registry) or first_budget(releasing.registry, releasing.quota)
    return agreed_anew(known, releasing.quota)


def _picture(budget: Budget, releasing: Releasing, waiting: WaitingChecks, now: datetime) -> Backlog:
    pace, before = budget.per_second, waiting.backlog(releasing.registry)
    known = before or Backlog(releasing.registry, now, pace, pace, looks=0)
    is_paused = budget.is_down or budget.is_used_up(now)
    looks = known.looks + (not is_paused)
    usual = known.usual_per_second
    return Backlog(
        registry=releasing.registry,
        as_of=now,
        per_second=known.per_second if is_paused else smoothed(known.per_second, pace, OF_LATE, looks=looks),
        usual_per_second=usual if is_paused else smoothed(usual, pace, USUALLY, looks=looks),
        landmarks=tuple(waiting.landmarks(releasing.registry, every=_CLOSEST_LANDMARKS)),
        looks=looks,
        quota_left=budget.quota_left,
        quota_per_day=releasing.quota.per_day,
        used_up_until=budget.used_up_until if budget.is_used_up(now) else None,
        down_since=budget.down_since,
        version=known.version,
    )
