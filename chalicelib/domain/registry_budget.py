"""How much a ministry's registry is asked, by all workers together: as much as it can bear, and not one request more.

Nobody tells us what a registry can bear, and it changes by the hour. What it tells, without meaning to, is how long it
takes: one that is asked less than it can answers at once, one that is asked more lets us wait, and one that is asked
far more turns us away. So the pace rises while answers come at once, falls while they wait, and is halved by trouble.
After trouble upon trouble the breaker opens: then nobody asks, but one probe in half a minute. A quota that is used up
ends at midnight in Jakarta.
"""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from chalicelib.domain.limits import Allowance, per_second
from chalicelib.domain.time import next_midnight

QUICK, SLOW = timedelta(seconds=0.45), timedelta(seconds=0.85)
"""Longer than its quickest. Between the two the pace is right: a short queue over there keeps them busy. The best of
those tried over a simulated day whose capacity changes (docs/benchmarks.md, ``registry_use``)."""
RAISE, LOWER, HALVE = 1.03, 0.93, 0.5
FIRST_RAISE = 1.25
"""Until the first slow answer: from the first pace to the right one in seconds."""
STEP_EVERY = timedelta(seconds=0.5)
QUICKEST_FADES = 0.0005
"""At each step, of the distance to the present answer: a registry that is slower from today on is known as such in
hours, and a queue that we have caused is not taken for its nature."""
LEAST_PER_SECOND = 0.5
FIRST_SHARE = 0.25
"""Of what was agreed, for a start."""
AT_ONCE_SECONDS = 0.1
MOST_FAILURES = 5
"""In a row, of all workers together: then it is not a bad answer but a registry that is down."""
PROBE_EVERY = timedelta(seconds=30)


@dataclass(frozen=True, slots=True)
class Quota:
    """As agreed with the ministry. ``per_second`` is never passed, however quick the answers."""

    per_second: float
    per_day: int


@dataclass(frozen=True, slots=True)
class Budget:
    """One registry's. ``quickest_seconds``: its answer when nobody else asks. ``down_since``: when the breaker opened;
    ``probed_at``: when somebody last tried since. ``quota_left`` is as the registry itself told last."""

    registry: str
    most_per_second: float
    per_second: float
    moved_at: datetime | None = None
    is_first_raise: bool = True
    quickest_seconds: float | None = None
    failures: int = 0
    down_since: datetime | None = None
    probed_at: datetime | None = None
    quota_left: int | None = None
    used_up_until: datetime | None = None
    version: int = 0

    @property
    def pace(self) -> Allowance:
        return per_second(self.per_second, at_once=AT_ONCE_SECONDS)

    @property
    def is_down(self) -> bool:
        return self.down_since is not None

    def is_used_up(self, now: datetime) -> bool:
        return self.used_up_until is not None and now < self.used_up_until

    def may_probe(self, now: datetime) -> bool:
        return self.is_down and (self.probed_at is None or now >= self.probed_at + PROBE_EVERY)


def first_budget(registry: str, quota: Quota) -> Budget:
    return Budget(registry, quota.per_second, max(LEAST_PER_SECOND, quota.per_second * FIRST_SHARE))


def agreed_anew(budget: Budget, quota: Quota) -> Budget:
    """The same budget under the agreement of today."""
    if budget.most_per_second == quota.per_second:
        return budget
    pace = min(budget.per_second, quota.per_second)
    return replace(budget, most_per_second=quota.per_second, per_second=pace)


def after_answer(budget: Budget, began_at: datetime, *, now: datetime, quota_left: int | None = None) -> Budget:
    """A well-formed answer, whatever it says of the person. It closes the breaker."""
    took = (now - began_at).total_seconds()
    well = _well(budget, quota_left)
    if took < 0 or _is_too_early(budget, began_at, now):
        return well
    quickest = min(took, well.quickest_seconds if well.quickest_seconds is not None else took)
    quickest += (took - quickest) * QUICKEST_FADES
    waited, known = took - quickest, replace(well, quickest_seconds=quickest)
    if waited > SLOW.total_seconds():
        return _moved(replace(known, is_first_raise=False), LOWER, now)
    if waited < QUICK.total_seconds():
        return _moved(known, FIRST_RAISE if known.is_first_raise else RAISE, now)
    return well


def after_trouble(budget: Budget, *, now: datetime) -> Budget:
    """No answer in time, or none that makes sense: of the registry, not of the person."""
    failures = min(budget.failures + 1, MOST_FAILURES)
    ill = replace(budget, failures=failures, is_first_raise=False)
    if failures >= MOST_FAILURES and not ill.is_down:
        ill = replace(ill, down_since=now, probed_at=now)
    is_due = budget.moved_at is None or now >= budget.moved_at + STEP_EVERY
    return _moved(ill, HALVE, now) if is_due and not budget.is_down else ill


def begin_probe(budget: Budget, *, now: datetime) -> Budget:
    return replace(budget, probed_at=now)


def after_last_of_the_day(budget: Budget, *, now: datetime) -> Budget:
    return replace(budget, used_up_until=next_midnight(now), quota_left=0, failures=0, down_since=None)


def _well(budget: Budget, quota_left: int | None) -> Budget:
    left = budget.quota_left if quota_left is None else quota_left
    return replace(budget, failures=0, down_since=None, probed_at=None, used_up_until=None, quota_left=left)


def _is_too_early(budget: Budget, began_at: datetime, now: datetime) -> bool:
    """Who was asked before the last step says nothing of it, and a clock that was put back must not stop the steps."""
    if budget.moved_at is None or budget.moved_at > now:
        return False
    return began_at < budget.moved_at or now < budget.moved_at + STEP_EVERY


def _moved(budget: Budget, factor: float, now: datetime) -> Budget:
    pace = min(max(budget.per_second * factor, LEAST_PER_SECOND), budget.most_per_second)
    return replace(budget, per_second=pace, moved_at=now)
