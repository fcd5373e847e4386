"""A registry, the people who wait for it and the workers who ask it, in virtual time: the real use cases on fakes.

The registry serves so many a second, one after the other; who would wait longer than two seconds is turned away. It
keeps books of its own, and the checkers go by these.
"""

from collections import deque
from collections.abc import Callable, Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from random import Random
from typing import Any

from chalicelib.domain.commands import Change, Queue
from chalicelib.domain.errors import QuotaUsedUp, RegistryUnavailable, Unavailable
from chalicelib.domain.identifiers import ApplicantId
from chalicelib.domain.registry_budget import Quota
from chalicelib.domain.verification import Identity, IdentityState, PopulationAnswer, Registry
from chalicelib.domain.waiting_checks import WaitingCheck
from chalicelib.use_cases.journey.promise_to import promise_to
from chalicelib.use_cases.verification.check_identity import Ending, check_identity
from chalicelib.use_cases.verification.follow_applicant import follow_applicant
from chalicelib.use_cases.verification.release_checks import Releasing, draw_backlog, release_checks
from tests.builders import an_applicant, an_identity, passed
from tests.fakes import NOON, FakePopulationRegistry, Killed, World
from tests.fakes.asking import asking_of
from tests.simulation.virtual_time import VirtualTime

PATIENCE_SECONDS = 2.0
_QUEUE = Queue.POPULATION_CHECKS_TO_MAKE
_PER_MINUTE = timedelta(minutes=1)
Capacity = Callable[[datetime], float]
"""What it can bear a second; 0: it takes the call and hangs up."""


@dataclass
class RegistryBooks:
    asked: int = 0
    answered: int = 0
    turned_away: int = 0
    while_out: list[datetime] = field(default_factory=list)


class SimulatedRegistry(FakePopulationRegistry):
    def __init__(self, clock: VirtualTime, capacity: Capacity, *, quickest_seconds: float, per_day: int) -> None:
        super().__init__()
        self.books = RegistryBooks()
        self._clock, self._capacity, self._quickest = clock, capacity, quickest_seconds
        self._per_day, self._day, self._used = per_day, clock.at.date(), 0
        self._free_at = clock.at

    def match(self, identity: Identity) -> PopulationAnswer:
        now, books = self._clock.now(), self.books
        capacity = self._capacity(now)
        books.asked += 1
        if capacity <= 0:
            books.while_out.append(now)
            self._clock.wait_until(now + timedelta(seconds=self._quickest))
            raise RegistryUnavailable
        wait = max(self._free_at - now, timedelta())
        if wait.total_seconds() > PATIENCE_SECONDS:
            books.turned_away += 1
            raise RegistryUnavailable(status=503)
        self._take_from_quota(now)
        self._free_at = now + wait + timedelta(seconds=1 / capacity)
        self._clock.wait_until(now + wait + timedelta(seconds=self._quickest))
        books.answered += 1
        return replace(super().match(identity), quota_left=self._per_day - self._used)

    def _take_from_quota(self, now: datetime) -> None:
        day = (now + timedelta(hours=7)).date()
        if day != self._day:
            self._day, self._used = day, 0
        if self._used >= self._per_day:
            raise QuotaUsedUp
        self._used += 1


@dataclass
class Person:
    asked_at: datetime
    promised_at: datetime | None
    done_at: datetime | None = None


class RegistryDay:
    """``quota``: as agreed. ``arrivals(second)``: how many state their identity in that second."""

    def __init__(
        self,
        capacity: Capacity,
        *,
        quota: Quota,
        quickest_seconds: float = 0.15,
        workers: int = 40,
        idle_seconds: float = 0.5,
        duplicates: float = 0.0,
        seed: int = 1,
    ) -> None:
        self.clock = VirtualTime()
        self.world = World(seed)
        self.world.clock = self.clock
        self.registry = SimulatedRegistry(
            self.clock, capacity, quickest_seconds=quickest_seconds, per_day=quota.per_day
        )
        self.world.population = self.registry
        self.queue: deque[tuple[datetime, Mapping[str, Any]]] = deque()
        self.people: dict[ApplicantId, Person] = {}
        self.endings: list[Ending] = []
        self._asking = asking_of(self.world, Registry.POPULATION, quota)
        self._chance = Random(seed)
        self._quota, self._idle, self._duplicates = quota, timedelta(seconds=idle_seconds), duplicates
        self.is_over = False
        self.clock.begin(self._look_each_minute)
        for _ in range(workers):
            self.clock.begin(self._work)

    # --- People --------------------------------------------------------------------------------------------------

    def arrive(self, number: int) -> None:
        """Stated, claimed, and all registries but one have answered already."""
        now, identity = self.clock.now(), an_identity(number)
        others = {each: passed() for each in Registry if each is not Registry.POPULATION}
        state = IdentityState.CHECKING
        applicant = an_applicant(number, state=state, identity=identity, submission=1, checks=others)
        applicant = replace(applicant, checking_since=now)
        self.registry.knows(identity)
        self.world.applicants.save(applicant)
        facts: dict[str, str | int] = {"submission": 1, "checking_since": now.isoformat()}
        change = Change("applicant", applicant.id, "submitted", state.value, facts)
        follow_applicant(change, messages=self.world.messages, waiting=self.world.waiting_checks, clock=self.clock)
        self._carry()
        promise = promise_to(applicant, waiting_checks=self.world.waiting_checks, now=now)
        self.people[applicant.id] = Person(now, promise.expected_at if promise else None)

    def run(self, arrivals: Callable[[int], int], seconds: int) -> None:
        number = len(self.people)
        for second in range(seconds):
            for _ in range(arrivals(second)):
                number += 1
                self.arrive(number)
            self.clock.run_until(self.clock.at + timedelta(seconds=1))

    def drain(self, within: timedelta) -> timedelta:
        """How long it takes until nobody waits; ``within`` at most."""
        began = self.clock.at
        while self.waiting() and self.clock.at < began + within:
            self.clock.run_until(self.clock.at + _PER_MINUTE)
        return self.clock.at - began

    def waiting(self) -> int:
        return sum(person.done_at is None for person in self.people.values())

    # --- Machines ------------------------------------------------------------------------------------------------

    def _look_each_minute(self) -> None:
        while not self.is_over:
            self.world.depths.by_queue[_QUEUE] = len(self.queue)
            with suppress(Unavailable, Killed):
                self._look()
            self._carry()
            self.clock.wait_until(self.clock.at + _PER_MINUTE)

    def _look(self) -> None:
        world, releasing = self.world, Releasing(Registry.POPULATION, _QUEUE, self._quota)
        waiting, budgets = world.waiting_checks, world.registry_budgets
        release_checks(
            releasing,
            waiting=waiting,
            budgets=budgets,
            depths=world.depths,
            messages=world.messages,
            clock=self.clock,
        )
        draw_backlog(releasing, waiting=waiting, budgets=budgets, clock=self.clock)

    def _work(self) -> None:
        while not self.is_over:
            body = self._received()
            if body is None:
                self.clock.wait_until(self.clock.at + self._idle * self._chance.uniform(0.5, 1.5))
                continue
            self._handle(body)

    def _handle(self, body: Mapping[str, Any]) -> None:
        id = ApplicantId(body["applicant_id"])
        since, tries = datetime.fromisoformat(body["since"]), body.get("tries", 0)
        check = WaitingCheck(Registry.POPULATION, id, 1, since, tries=tries, said=body.get("said"))
        try:
            ending = check_identity(check, self._asking)
        except (Unavailable, Killed):
            delay = timedelta(seconds=2 + 8 * self._chance.random())
            self.queue.append((self.clock.at + delay, body))
            return
        self.endings.append(ending)
        if ending is Ending.RECORDED:
            self.people[id].done_at = self.clock.at

    def _received(self) -> Mapping[str, Any] | None:
        for _ in range(min(len(self.queue), 3)):
            visible_at, body = self.queue.popleft()
            if visible_at <= self.clock.at:
                return body
            self.queue.append((visible_at, body))
        return None

    def _carry(self) -> None:
        for queue, body in self.world.messages.sent:
            if queue is _QUEUE:
                self.queue.append((self.clock.at, body))
                if self._chance.random() < self._duplicates:
                    self.queue.append((self.clock.at + timedelta(seconds=60 * self._chance.random()), body))
        self.world.messages.sent.clear()
        self.world.trouble.calls.clear()


def half_hours(per_second: tuple[float, ...]) -> Capacity:
    """Another capacity each half hour, over and over."""
    return lambda now: per_second[int((now - NOON).total_seconds() // 1800) % len(per_second)]


def relative_errors(people: Iterable[Person]) -> list[float]:
    """Of what was promised to each when they came, by how long they then waited."""
    told = ((each.asked_at, each.promised_at, each.done_at) for each in people)
    return [abs((promised - done) / (done - asked)) for asked, promised, done in told if promised and done]


def could_bear(capacity: Capacity, since: datetime, until: datetime) -> float:
    seconds = int((until - since).total_seconds())
    return sum(capacity(since + timedelta(seconds=second)) for second in range(seconds))
