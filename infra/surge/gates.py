"""What lets so many pass and no more: the gateway, Lambda, a table, a mail provider, and people's patience."""

import math
from collections import deque
from dataclasses import dataclass, field

from infra.surge.plan import ENVIRONMENTS_AT_ONCE, ENVIRONMENTS_PERIOD_SECONDS, REQUEST_SECONDS, Front, Plan

POLLERS_AT_FIRST = 5
POLLERS_MORE_PER_SECOND = 5
"""How Lambda starts to read a queue: five batches at a time, then 300 more a minute."""

TABLE_DOUBLES_SECONDS = 1_800
"""An on-demand table takes twice what it took half an hour ago."""

CALLS_PER_ENVIRONMENT = 10
"""A second, and no more, of the account's concurrency quota."""


@dataclass(slots=True)
class Gateway:
    """A token bucket: full when the doors open."""

    per_second: int
    burst: int
    tokens: int = field(init=False)

    def __post_init__(self) -> None:
        self.tokens = self.burst

    def passed(self, asked: int) -> int:
        passed = min(asked, self.tokens + self.per_second)
        self.tokens = min(self.burst, self.tokens + self.per_second - passed)
        return passed


class Environments:
    """Of the function behind the gateway. None is taken down while people still come."""

    def __init__(self, plan: Plan) -> None:
        self._start_seconds = plan.start_seconds + REQUEST_SECONDS
        self._quota = plan.function_quota
        self._may_start = float(ENVIRONMENTS_AT_ONCE)
        self._is_needed = plan.front is not Front.DIRECT_QUEUE
        self.warm = plan.warm_environments

    def passed(self, asked: int) -> int:
        """Whoever finds no free environment in the time that new ones need to start, and may have none, is refused."""
        if not self._is_needed:
            return asked
        spare = max(0.0, asked - self.warm / REQUEST_SECONDS)
        wanted = math.ceil(spare * self._start_seconds)
        started = max(0, min(wanted, int(self._may_start), self._quota - self.warm))
        growth = ENVIRONMENTS_AT_ONCE / ENVIRONMENTS_PERIOD_SECONDS
        self._may_start = min(ENVIRONMENTS_AT_ONCE, self._may_start - started + growth)
        early = min(asked * self._start_seconds, self.warm / REQUEST_SECONDS * self._start_seconds + started)
        later = 1 - self._start_seconds
        self.warm += started
        late = min(asked * later, self.warm / REQUEST_SECONDS * later)
        return min(asked, math.ceil(early + late), CALLS_PER_ENVIRONMENT * self._quota)


class Returning:
    """Those who were refused. They come back after what Retry-After says, spread over as long again."""

    def __init__(self, after_seconds: int) -> None:
        self._after = after_seconds
        self._slots: deque[int] = deque([0] * (2 * after_seconds))
        self.outside = 0

    def back(self) -> int:
        back = self._slots.popleft()
        self._slots.append(0)
        self.outside -= back
        return back

    def refuse(self, people: int) -> None:
        share, rest = divmod(people, self._after)
        for slot in range(self._after):
            self._slots[self._after - 1 + slot] += share + (slot < rest)
        self.outside += people


class Table:
    """Its capacity follows what it took: twice the most of half an hour ago, and never less than at first."""

    def __init__(self, writes_per_second: int) -> None:
        self.capacity = writes_per_second
        self._taken: deque[int] = deque()
        self._most = 0

    def took(self, writes: int) -> None:
        self._taken.append(writes)
        if len(self._taken) > TABLE_DOUBLES_SECONDS:
            self._most = max(self._most, self._taken.popleft())
            self.capacity = max(self.capacity, 2 * self._most)


@dataclass(slots=True)
class Flow:
    """So many a second, also when that is no whole number; what was not used is not saved up."""

    per_second: float
    left: float = 0.0

    def passed(self, waiting: int) -> int:
        self.left += self.per_second
        passed = min(waiting, int(self.left))
        self.left = min(self.left - passed, 1.0) if passed < waiting else 0.0
        return passed


class Line:
    """People in the order in which they came, to tell how long the foremost has waited."""

    def __init__(self) -> None:
        self._come: list[int] = []
        self._foremost = 0

    def come(self, total: int) -> None:
        self._come.append(total)

    def age(self, served: int) -> int:
        """Of the foremost who is not served, in seconds; 0 when nobody waits."""
        while self._foremost < len(self._come) and self._come[self._foremost] <= served:
            self._foremost += 1
        return len(self._come) - self._foremost
