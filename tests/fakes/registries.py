"""What waits for registries, their budgets, and what they answered."""

from bisect import bisect_left, insort
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import datetime
from heapq import merge
from itertools import islice

from chalicelib.domain.identifiers import Index
from chalicelib.domain.registry_answers import KeptAnswer
from chalicelib.domain.registry_budget import Budget
from chalicelib.domain.verification import Registry
from chalicelib.domain.waiting_checks import SHARDS, Backlog, Landmark, WaitingCheck, page_sizes
from tests.fakes.shelves import FakeStore, Shelf
from tests.fakes.trouble import Trouble, outside

_Partition = tuple[str, int]


class FakeWaitingChecks(FakeStore):
    name = "waiting"

    def __init__(self, trouble: Trouble | None = None) -> None:
        super().__init__(trouble)
        self._checks: dict[tuple[str, str], WaitingCheck] = {}
        self._places: defaultdict[_Partition, list[str]] = defaultdict(list)
        self._backlogs: Shelf[str, Backlog] = Shelf()

    @outside
    def add_each(self, checks: Sequence[WaitingCheck]) -> None:
        for check in checks:
            if (check.registry, check.place) not in self._checks:
                self._put(check)

    def as_it_waits(self, check: WaitingCheck) -> WaitingCheck | None:
        """For whoever checks: looking is no call outside."""
        return self._checks.get((check.registry, check.place))

    @outside
    def save(self, check: WaitingCheck) -> None:
        self._put(check)

    @outside
    def remove(self, check: WaitingCheck) -> None:
        if self._checks.pop((check.registry, check.place), None):
            places = self._places[check.registry, check.shard]
            del places[bisect_left(places, check.place)]

    @outside
    def first_due(self, registry: Registry, *, now: datetime, limit: int) -> Sequence[WaitingCheck]:
        shards = [self._due(registry, shard, now) for shard in range(SHARDS)]
        return list(islice(merge(*shards, key=lambda check: check.place), limit))

    @outside
    def take_in_hand(self, checks: Sequence[WaitingCheck], *, until: datetime) -> Sequence[WaitingCheck]:
        resting = [replace(check, not_before=until) for check in checks]
        for check in resting:
            self._put(check)
        return resting

    @outside
    def landmarks(self, registry: Registry, *, every: int) -> Sequence[Landmark]:
        return [mark for shard in range(SHARDS) for mark in self._landmarks_of(registry, shard, every)]

    @outside
    def backlog(self, registry: Registry) -> Backlog | None:
        return self._backlogs.get(registry)

    @outside
    def save_backlog(self, backlog: Backlog) -> None:
        moved = replace(backlog, version=backlog.version + 1)
        self._save(self._backlogs.put(backlog.registry, moved, backlog.version))

    def all(self) -> list[WaitingCheck]:
        """For whoever checks: looking is no call outside."""
        return list(self._checks.values())

    def _put(self, check: WaitingCheck) -> None:
        if (check.registry, check.place) not in self._checks:
            insort(self._places[check.registry, check.shard], check.place)
        self._checks[check.registry, check.place] = check

    def _due(self, registry: Registry, shard: int, now: datetime) -> Iterator[WaitingCheck]:
        checks = (self._checks[registry, place] for place in list(self._places[registry, shard]))
        return (check for check in checks if check.is_due(now))

    def _landmarks_of(self, registry: Registry, shard: int, every: int) -> Iterator[Landmark]:
        places, first = self._places[registry, shard], 0
        for size in page_sizes(every):
            stretch = places[first : first + size]
            first += size
            if stretch:
                yield Landmark(shard, "~" if first >= len(places) else stretch[-1], len(stretch))
            if first >= len(places):
                return


class FakeRegistryBudgets(FakeStore):
    """``look`` sees what is there now."""

    name = "budgets"

    def __init__(self, trouble: Trouble | None = None) -> None:
        super().__init__(trouble)
        self._budgets: Shelf[str, Budget] = Shelf()

    @outside
    def look(self, registry: Registry) -> Budget | None:
        return self._budgets.get(registry)

    @outside
    def get(self, registry: Registry) -> Budget | None:
        return self._budgets.get(registry)

    @outside
    def save(self, budget: Budget) -> None:
        moved = replace(budget, version=budget.version + 1)
        self._save(self._budgets.put(budget.registry, moved, budget.version))


class FakeRegistryAnswers(FakeStore):
    name = "answers"

    def __init__(self, trouble: Trouble | None = None) -> None:
        super().__init__(trouble)
        self.kept: dict[Index, KeptAnswer] = {}

    @outside
    def get(self, question: Index) -> KeptAnswer | None:
        return self.kept.get(question)

    @outside
    def keep(self, answer: KeptAnswer) -> None:
        self.kept[answer.question] = answer


class FakeWaveLook(FakeStore):
    """``closing``: of the wave that is to be joined next."""

    name = "wave_look"
    closing: datetime | None = None

    @outside
    def next_closing(self, *, now: datetime) -> datetime | None:
        return self.closing if self.closing and now < self.closing else None
