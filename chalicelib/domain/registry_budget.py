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
QUICKEST_FADES, QUICKER_COUNTS = 0.0005, 0.1
"""At each step, of the distance to the present answer: a registry that is slower from today on is known as such in
hours, and neither a queue that we have caused nor a single answer that was kept in store is taken for its nature."""
SPREAD_WEIGHT, SLOW_SPREADS, QUICK_SPREADS = 0.05, 2.9, 1.8
"""Answers that differ much from one to the next do so by nature: a queue of ours lengthens them all alike."""
LEAST_PER_SECOND = 0.5
FIRST_SHARE = 0.25
"""Of what was agreed, for a start."""
AT_ONCE_SECONDS = 0.1
MOST_FAILURES = 5
"""In a row, of all workers together: then it is not a bad answer but a registry that is down."""
PROBE_EVERY = timedelta(seconds=30)
USED_UP_PROBE_EVERY = timedelta(minutes=10)
"""Their clock is not ours, quotas are raised at noon, and one wrong answer must not stop a whole day."""


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
    last_seconds: float = 0.0
    spread_seconds: float = 0.0
    failures: int = 0
    failed_about: str | None = None
    """Of whom the last unreadable answer was: one person's data is no trouble of a registry."""
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
        every = USED_UP_PROBE_EVERY if self.is_used_up(now) else PROBE_EVERY
        return self.is_closed(now) and (self.probed_at is None or now >= self.probed_at + every)

    def is_closed(self, now: datetime) -> bool:
        """Nobody asks but who probes."""
        return self.is_down or self.is_used_up(now)


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
    if budget.is_closed(now) and budget.probed_at and began_at < budget.probed_at:
        return budget  # from before it closed: it says nothing of now
    took = (now - began_at).total_seconds()
    well = _well(budget, quota_left)
    if took < 0 or _is_too_early(budget, began_at, now):
        return well
    known, waited = _measured(well, took)
    if waited > max(SLOW.total_seconds(), SLOW_SPREADS * known.spread_seconds):
        return _moved(replace(known, is_first_raise=False), LOWER, now)
    if waited < max(QUICK.total_seconds(), QUICK_SPREADS * known.spread_seconds):
        return _moved(known, FIRST_RAISE if known.is_first_raise else RAISE, now)
    return well


def _measured(budget: Budget, took: float) -> tuple[Budget, float]:
    """With what is known of its answers, and by how much this one was later than the quickest."""
    if budget.quickest_seconds is None:
        return replace(budget, quickest_seconds=took, last_seconds=took), 0.0
    weight = QUICKER_COUNTS if took < budget.quickest_seconds else QUICKEST_FADES
    quickest = budget.quickest_seconds + (took - budget.quickest_seconds) * weight
    spread = budget.spread_seconds + (abs(took - budget.last_seconds) - budget.spread_seconds) * SPREAD_WEIGHT
    known = replace(budget, quickest_seconds=quickest, last_seconds=took, spread_seconds=spread)
    return known, took - quickest


def after_trouble(budget: Budget, *, now: datetime) -> Budget:
    """No answer in time, or none that makes sense: of the registry, not of the person."""
    failures = min(budget.failures + 1, MOST_FAILURES)
    ill = replace(budget, failures=failures, is_first_raise=False)
    if failures >= MOST_FAILURES and not ill.is_down:
        ill = replace(ill, down_since=now, probed_at=now)
    is_due = budget.moved_at is None or now >= budget.moved_at + STEP_EVERY
    return _moved(ill, HALVE, now) if is_due and not budget.is_down else ill


def after_nonsense(budget: Budget, about: str, *, now: datetime) -> Budget:
    """An answer in time, of which nothing can be read. It may be something in one person's data: only when it is so of
    one person after the other, and nobody is answered in between, is it the registry's."""
    if budget.failed_about == about:
        return budget
    failures = min(budget.failures + 1, MOST_FAILURES)
    ill = replace(budget, failures=failures, failed_about=about)
    return replace(ill, down_since=now, probed_at=now) if failures >= MOST_FAILURES and not ill.is_down else ill


def begin_probe(budget: Budget, *, now: datetime) -> Budget:
    return replace(budget, probed_at=now)


def after_last_of_the_day(budget: Budget, *, now: datetime) -> Budget:
    until, left = next_midnight(now), 0
    return replace(
        budget, used_up_until=until, quota_left=left, failures=0, failed_about=None, down_since=None, probed_at=now
    )


def _well(budget: Budget, quota_left: int | None) -> Budget:
    left = budget.quota_left if quota_left is None else quota_left
    return replace(
        budget, failures=0, failed_about=None, down_since=None, probed_at=None, used_up_until=None, quota_left=left
    )


def _is_too_early(budget: Budget, began_at: datetime, now: datetime) -> bool:
    """Who was asked before the last step says nothing of it, and a clock that was put back must not stop the steps."""
    if budget.moved_at is None or budget.moved_at > now:
        return False
    return began_at < budget.moved_at or now < budget.moved_at + STEP_EVERY


def _moved(budget: Budget, factor: float, now: datetime) -> Budget:
    pace = min(max(budget.per_second * factor, LEAST_PER_SECOND), budget.most_per_second)
    return replace(budget, per_second=pace, moved_at=now)
