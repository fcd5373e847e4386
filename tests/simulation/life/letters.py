"""Queues and messages between the functions: at least once, in any order, up to twelve hours late."""

import json
from collections.abc import Callable, Collection, Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime, timedelta
from random import Random
from typing import Any

from chalicelib.domain.commands import Queue
from tests.fakes.surroundings import FakeMessages
from tests.fakes.trouble import outside
from tests.simulation.clock import SteppingClock
from tests.simulation.life.storm import Storm
from tests.simulation.queues import Message, SimulatedQueues

Gathered = list[tuple[Queue, dict[str, Any]]] | None
POISON = "poison"
_SOON = timedelta(seconds=2)
_NOT_KNOWN_BEFORE = ("since", "closes_at", "tries", "said")
"""What older versions of the platform did not put into a check's message."""


class LifeQueues(SimulatedQueues):
    def __init__(self, clock: SteppingClock, chance: Random, storm: Storm) -> None:
        super().__init__(clock, chance, duplicates=storm.weather.duplicates, keeps_order=False)
        self.copies_until = clock.at + storm.weather.ends
        self._storm = storm

    def put(self, queue: Queue, body: Mapping[str, Any]) -> None:
        if self._storm.has_passed:
            return self._keep(Message(queue, body, self._clock.at + _SOON * self._chance.random()))
        weather, delay = self._storm.weather, _SOON * self._chance.random()
        if self._chance.random() < weather.delayed:
            delay = weather.longest_delay * self._chance.random()
        if self._chance.random() < weather.of_another_version:
            body = self._of_another_version(body)
        if self._chance.random() < weather.poison:
            self._keep(Message(queue, {POISON: True}, self._clock.at + delay))
        self._keep(Message(queue, body, self._clock.at + delay))

    def _of_another_version(self, body: Mapping[str, Any]) -> Mapping[str, Any]:
        if "since" in body:
            return {name: each for name, each in body.items() if name not in _NOT_KNOWN_BEFORE}
        return {**body, "of_a_newer_version": 1}

    def redrive(self) -> int:
        """What lies with the dead comes again, twice; poison stays where it is."""
        letters = [each for each in self.dead if POISON not in each.body]
        self.dead = [each for each in self.dead if POISON in each.body]
        for each in letters:
            for _ in range(2):
                self._keep(Message(each.queue, each.body, self._clock.at))
        return len(letters)

    def arrive(self) -> None:
        """What was delayed on its way is there; what somebody has in hand, or put back, is not touched."""
        soon = self._clock.at + timedelta(minutes=15)
        for each in self.all():
            each.visible_at = min(each.visible_at, soon)

    def waiting(self, queue: Queue) -> int:
        return len(self._held.get(queue, ()))

    def soonest(self, queues: Collection[Queue]) -> list[datetime]:
        """When the next message of each of these queues is to be seen."""
        held = [each for queue, each in self._held.items() if each and queue in queues]
        return [min([letter.visible_at for letter in letters]) for letters in held]

    def visible(self) -> list[Queue]:
        now = self._clock.at
        found = []
        for queue, held in self._held.items():
            for each in held:
                if each.visible_at <= now:
                    found.append(queue)
                    break
        return found


class Depths(dict[Queue, int]):
    """How much lies on each queue, counted when it is asked."""

    def __init__(self, queues: LifeQueues) -> None:
        super().__init__()
        self._queues = queues

    def get(self, queue: Queue, _default: Any = None, /) -> int:
        return self._queues.waiting(queue)


class LifeMessages(FakeMessages):
    """What is sent inside ``gathered`` leaves at its end, queue by queue, and nothing when the inside fails."""

    def __init__(self, queues: LifeQueues, storm: Storm, seen: Callable[[Queue, Any], None]) -> None:
        super().__init__(storm)
        self._queues, self._seen = queues, seen
        self._gathered: Gathered = None

    def send(self, queue: Queue, *bodies: Mapping[str, object]) -> None:
        told = [(queue, json.loads(json.dumps(body))) for body in bodies]
        if self._gathered is None:
            self._send_all(queue, told)
        else:
            self._gathered.extend(told)

    @contextmanager
    def gathered(self) -> Iterator[None]:
        outer, self._gathered = self._gathered, []
        try:
            yield
            leaving = self._gathered
        finally:
            self._gathered = outer
        for queue in dict.fromkeys(queue for queue, _ in leaving):
            self._send_all(queue, [each for each in leaving if each[0] is queue])

    def set_aside(self) -> Gathered:
        """Somebody else's turn, in the midst of this one's; ``take_up`` ends it, with what this answers."""
        outer, self._gathered = self._gathered, None
        return outer

    def take_up(self, outer: Gathered) -> None:
        self._gathered = outer

    def _send_all(self, queue: Queue, told: list[tuple[Queue, dict[str, Any]]]) -> None:
        if told:
            self.leave(queue, told)

    @outside
    def leave(self, queue: Queue, told: list[tuple[Queue, dict[str, Any]]]) -> None:
        for _, body in told:
            self._seen(queue, body)
            self._queues.put(queue, body)

    @outside
    def postpone(self, message: Message) -> None:
        self._queues.put_back(message)


def notice_of_upload(object_key: str) -> tuple[Queue, dict[str, Any]]:
    """As S3 writes it."""
    return Queue.PHOTOS_TO_CHECK, {"Records": [{"s3": {"object": {"key": object_key}}}]}
