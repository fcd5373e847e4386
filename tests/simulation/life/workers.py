"""A function's worker with one batch, as ``handlers/batches.py`` and ``handlers/changes.py`` do it."""

from collections import Counter, defaultdict
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from random import Random
from typing import Any
from zlib import crc32

from chalicelib.domain.commands import Change
from chalicelib.domain.errors import Misconfigured, Rejected, StaleWrite, Unavailable
from tests.fakes import Killed
from tests.simulation.life.functions import QueueFunction, StreamFunction
from tests.simulation.life.letters import POISON
from tests.simulation.life.world import LifeWorld
from tests.simulation.queues import Message

STALE_ATTEMPTS = 3
HIDDEN_FOR = timedelta(minutes=6)
_LANES = 2
_LARGEST_BATCH = 10
_MOST_AGAIN = 5
Tell = Callable[[str], None]


class Bug(AssertionError):
    """The platform failed in a way for which it has no word."""


@dataclass
class Lane:
    """A shard of one table's stream, as one function reads it: in order, again from where it failed."""

    changes: list[Change] = field(default_factory=list)
    place: int = 0
    not_before: datetime | None = None
    again: int = 0


class Streams:
    """All functions' places in all streams."""

    def __init__(self, functions: tuple[StreamFunction, ...]) -> None:
        self._lanes = {(each, lane): Lane() for each in functions for lane in range(_LANES)}
        self._waiting: dict[tuple[StreamFunction, int], Lane] = {}
        self._followers: defaultdict[str, list[StreamFunction]] = defaultdict(list)
        for each in functions:
            self._followers[each.table].append(each)

    def tell(self, table: str, change: Change) -> None:
        lane = crc32(change.id.encode()) % _LANES
        for function in self._followers[table]:
            self._lanes[function, lane].changes.append(change)
            self._waiting[function, lane] = self._lanes[function, lane]

    def ready(self, now: datetime) -> list[tuple[StreamFunction, Lane]]:
        return [each for each in self.unread() if each[1].not_before is None or each[1].not_before <= now]

    def unread(self) -> list[tuple[StreamFunction, Lane]]:
        """Only those that were told of something since they had read all are looked at."""
        waiting = self._waiting
        if not waiting:
            return []
        for key in [key for key, lane in waiting.items() if lane.place >= len(lane.changes)]:
            del waiting[key]
        return [(key[0], lane) for key, lane in waiting.items()]


class Workers:
    """``dropped``: refusals of messages, by code."""

    def __init__(self, world: LifeWorld, chance: Random, tell: Tell) -> None:
        self._world, self._chance, self._tell = world, chance, tell
        self.dropped: Counter[str] = Counter()
        self.acknowledges_first = self.skips_what_failed = False

    # --- Queues ---------------------------------------------------------------------------------------------------

    def take(self, function: QueueFunction) -> None:
        queues = self._world.queues
        batch = queues.receive(function.queue, function.batch_size, hidden_for=HIDDEN_FOR)
        if self.acknowledges_first:
            self._acknowledge(batch)
        try:
            with self._world.messages.gathered():
                done = [message for message in batch if self._is_handled(function, message)]
        except Killed:
            self._tell(f"{function.name}: killed with {len(batch)} in hand")
        except Unavailable:
            self._tell(f"{function.name}: {len(batch)} could not be passed on")
        else:
            self._acknowledge([] if self.acknowledges_first else done)

    def _acknowledge(self, messages: list[Message]) -> None:
        for message in messages:
            self._world.queues.acknowledge(message)

    def _is_handled(self, function: QueueFunction, message: Message) -> bool:
        try:
            _unless_stale(lambda: function.handle(dict(message.body)))
        except Rejected as fault:
            self.dropped[fault.code] += 1
            self._tell(f"{function.name} {_said(message)}: dropped, {fault}")
        except Unavailable as fault:
            return self._is_put_back(function, message, fault)
        except Exception as error:
            if POISON in message.body:
                return False
            more = error.details if isinstance(error, Misconfigured) else message.body
            raise Bug(f"{function.name}: {error!r} {more}") from error
        else:
            self._tell(f"{function.name} {_said(message)}")
        return True

    def _is_put_back(self, function: QueueFunction, message: Message, fault: Unavailable) -> bool:
        self._tell(f"{function.name} {_said(message)}: put back, {fault}")
        try:
            self._world.messages.postpone(message)
        except Unavailable:
            return False
        return True

    # --- Streams --------------------------------------------------------------------------------------------------

    def follow(self, function: StreamFunction, lane: Lane) -> None:
        first = lane.place
        batch = lane.changes[first : first + self._chance.randint(1, _LARGEST_BATCH)]
        lane.not_before = self._world.clock.at + HIDDEN_FOR  # it is in hand
        try:
            with self._world.messages.gathered():
                followed = self._followed(function, batch, f"{first:06d}-{first + len(batch):06d}")
        except (Unavailable, Killed) as error:
            self._tell(f"{function.name} {first}: in vain, {error!r}")
            followed = 0
        is_again = lane.again < _MOST_AGAIN and self._chance.random() < self._duplicates
        lane.again = lane.again + 1 if is_again else 0
        if self.skips_what_failed:
            followed = len(batch)
        lane.place = first if is_again else first + followed
        rests = timedelta(seconds=60 * self._chance.random()) if followed < len(batch) or is_again else timedelta()
        lane.not_before = self._world.clock.at + rests

    @property
    def _duplicates(self) -> float:
        storm = self._world.trouble
        return 0.0 if storm.has_passed else storm.weather.duplicates

    def _followed(self, function: StreamFunction, batch: list[Change], name: str) -> int:
        """How many of them are done with."""
        if function.takes_all:
            function.handle(batch, name)
            self._tell(f"{function.name} {name}")
            return len(batch)
        for number, change in enumerate(batch):
            try:
                function.handle(change)
            except Rejected as fault:
                self._tell(f"{function.name} {change.kind} {change.id}: dropped, {fault}")
            except Unavailable as fault:
                self._tell(f"{function.name} {change.kind} {change.id}: in vain, {fault}")
                return number
            self._tell(f"{function.name} {change.kind} {change.id} {change.before} -> {change.after}")
        return len(batch)


def _unless_stale(handle: Callable[[], Any]) -> Any:
    for _ in range(STALE_ATTEMPTS - 1):
        try:
            return handle()
        except StaleWrite:
            continue
    return handle()


def _said(message: Message) -> str:
    """What a message is about: ids of ours."""
    return " ".join(f"{name}={value}" for name, value in message.body.items() if not isinstance(value, (dict, list)))
