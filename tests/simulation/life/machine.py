"""The platform of one seed, moved event by event. The same seed is the same run, byte for byte."""

import hashlib
import heapq
from collections import deque
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import count
from random import Random
from typing import Any

from chalicelib.domain.commands import Queue
from chalicelib.domain.errors import Misconfigured, Rejected, Unavailable
from tests.fakes import Killed
from tests.simulation.clock import SteppingClock
from tests.simulation.life.changes import change_of, watch
from tests.simulation.life.functions import Schedule, functions
from tests.simulation.life.letters import Depths
from tests.simulation.life.storm import Storm, Weather, weather_of
from tests.simulation.life.ticks import Ticks
from tests.simulation.life.workers import Bug, Streams, Workers, _unless_stale
from tests.simulation.life.world import LifeWorld

NOTED_EVENTS = 50
_A_MINUTE = timedelta(minutes=1)
_STEP_BACK = timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class Answer:
    """What a door said: a value, or the code of a refusal (``unavailable`` for all that is no fault of the caller)."""

    value: Any = None
    code: str | None = None

    @property
    def is_fine(self) -> bool:
        return self.code is None


class Machine:
    """``heard`` are told of every row written, ``sent`` of every message."""

    def __init__(self, seed: int, *, chance: Random | None = None, weather: Weather | None = None) -> None:
        self.chance, self.clock = chance or Random(seed), SteppingClock()
        self.began = self.clock.at
        self.storm = Storm(weather or weather_of(self.chance), self.chance, lambda: self.clock.at)
        self.turn = ""
        self.world = LifeWorld(seed, self.clock, self.storm, self.chance, self._see_message)
        self.functions = functions()
        self.streams = Streams(self.functions.streams)
        self.workers = Workers(self.world, self.chance, self.tell)
        self.heard: list[Callable[[Any, Any], None]] = []
        self.sent: list[Callable[[Queue, Any], None]] = []
        self.events: deque[str] = deque(maxlen=NOTED_EVENTS)
        self.count = self._depth = 0
        self.listener: Callable[[str], None] | None = None
        self._shown_at = self.began, _day_and_time(self.began)
        self._hash = hashlib.sha256()
        self._timed: list[tuple[datetime, int, Callable[[], None]]] = []
        self._numbers = count()
        self.ticks = Ticks(self.functions.by_name, self.clock, self.storm, self.chance)
        self._effects = 0
        self.world.depths.by_queue = Depths(self.world.queues)
        self.storm.overtake = self._overtake
        watch(self.world, self._see_row)

    # --- The log --------------------------------------------------------------------------------------------------

    def tell(self, event: str) -> None:
        line = f"{self._shown()} {event}"
        self.count += 1
        self._hash.update(line.encode())
        self.events.append(line)
        if self.listener is not None:
            self.listener(line)

    def _shown(self) -> str:
        """The day and the time. Dates are slow to write, and most events share theirs with the one before."""
        if self.clock.at != self._shown_at[0]:
            self._shown_at = self.clock.at, _day_and_time(self.clock.at)
        return self._shown_at[1]

    @property
    def log_hash(self) -> str:
        return self._hash.hexdigest()

    def _see_row(self, before: Any, after: Any) -> None:
        self._effects += 1
        told = change_of(before, after)
        if told:
            self.streams.tell(*told)
        for hear in self.heard:
            hear(before, after)

    def _see_message(self, queue: Queue, body: Any) -> None:
        self._effects += 1
        for see in self.sent:
            see(queue, body)

    # --- What people do -------------------------------------------------------------------------------------------

    def after(self, delay: timedelta, happen: Callable[[], None]) -> None:
        heapq.heappush(self._timed, (self.clock.at + delay, next(self._numbers), happen))

    def ask(self, who: str, door: Callable[..., Any], **arguments: Any) -> Answer:
        """Somebody at a door of the application."""
        name = f"{who} {door.__name__}"
        with self._turn(door.__name__):
            try:
                answer = Answer(_unless_stale(lambda: door(**arguments)))
            except Rejected as fault:
                answer = Answer(code=fault.code)
            except (Unavailable, Killed):
                answer = Answer(code="unavailable")
            except Misconfigured as fault:
                raise Bug(f"{name}: we are wrong: {fault} {fault.details}") from fault
            except Exception as error:
                raise Bug(f"{name}: {error!r}") from error
        self.tell(f"{name}: {answer.code or 'done'}")
        return answer

    # --- What moves -----------------------------------------------------------------------------------------------

    def move(self) -> None:
        """One event, after a while in which nothing happens."""
        while not self._moves():
            self.wait()

    def _moves(self) -> bool:
        if self._timed and self._timed[0][0] <= self.clock.at:
            heapq.heappop(self._timed)[2]()
            return True
        if due := self.ticks.due():
            self._tick(due)
            return True
        return self.work()

    def wait(self) -> None:
        """Until something may happen."""
        self.clock.at = max(self.clock.at, min(self._moments()))

    def work(self) -> bool:
        """One batch of one function."""
        due: list[Any] = [queue for queue in self.world.queues.visible() if queue in self.functions.queues]
        due += self.streams.ready(self.clock.at)
        if not due:
            return False
        chosen = self.chance.choice(due)
        if isinstance(chosen, Queue):
            function = self.functions.queues[chosen]
            with self._turn(function.name):
                self.workers.take(function)
        else:
            with self._turn(chosen[0].name):
                self.workers.follow(*chosen)
        return True

    def _overtake(self) -> None:
        if self._timed and self.chance.random() < 0.3:
            moment, number, happen = heapq.heappop(self._timed)
            if moment <= self.clock.at + _A_MINUTE:
                return happen()
            heapq.heappush(self._timed, (moment, number, happen))
        self.work()

    def _tick(self, schedule: Schedule) -> None:
        self.ticks.put_off(schedule)
        before = self._effects
        with self._turn(schedule.name):
            try:
                schedule.handle(None)
            except (Unavailable, Killed) as error:
                self.tell(f"{schedule.name}: in vain, {error!r}")
            except Exception as error:
                raise Bug(f"{schedule.name}: {error!r}") from error
            else:
                self.tell(schedule.name)
        self.ticks.note(schedule, did_something=self._effects > before)

    def _moments(self) -> Iterator[datetime]:
        yield self.ticks.next_at
        yield from self.world.queues.soonest(self.functions.queues)
        yield from (lane.not_before for _, lane in self.streams.unread() if lane.not_before)
        if self._timed:
            yield self._timed[0][0]

    @contextmanager
    def _turn(self, whose: str) -> Iterator[None]:
        """Of somebody whose clock may be wrong, and who stands out in the storm."""
        before, self.turn = self.turn, whose
        wrong_by, self.clock.wrong_by = self.clock.wrong_by, self._skew()
        self._depth += 1
        outer, shelter = self.world.messages.set_aside(), self.storm.step_out()
        try:
            yield
        finally:
            self.storm.step_in(shelter)
            self.world.messages.take_up(outer)
            self.turn = before
            self._depth -= 1
            self.clock.wrong_by = wrong_by

    @property
    def is_midway(self) -> bool:
        """Somebody is in the midst of something."""
        return self._depth > 0

    def _skew(self) -> timedelta:
        skewed = self.storm.weather.skewed
        if not skewed or self.storm.has_passed or self.chance.random() >= skewed:
            return timedelta()
        return -_STEP_BACK if self.chance.random() < 0.1 else timedelta(minutes=self.chance.uniform(-5, 5))

    # --- What is still to be done ---------------------------------------------------------------------------------

    @property
    def has_letters(self) -> bool:
        return next(self.world.queues.all(), None) is not None or bool(self.streams.unread())

    @property
    def has_plans(self) -> bool:
        return bool(self._timed)


def _day_and_time(moment: datetime) -> str:
    """strftime takes ten times as long."""
    return f"{moment.day:02} {moment.hour:02}:{moment.minute:02}:{moment.second:02}.{moment.microsecond:06}"
