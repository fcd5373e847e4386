"""Queues as SQS's standard ones are: at least once, in any order, and unseen for a while by all but who took it."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from random import Random
from typing import Any

from chalicelib.domain.commands import Queue
from tests.simulation.clock import SteppingClock

MOST_RECEIVES = 5
LONGEST_DELAY_SECONDS = 900
MOST_COPIES = 5
AT_ONCE, LATER = timedelta(seconds=1), timedelta(hours=1)
"""How soon a copy follows: while its twin is in hand, or when all is long done."""


@dataclass(eq=False)
class Lineage:
    """One thing that was put on a queue once. Its copies share what may yet be copied: with fifty in a hundred of every
    delivery, also of what is put back, an outage would else breed copies without end."""

    copies_left: int = MOST_COPIES


@dataclass(eq=False)
class Message:
    queue: Queue
    body: Mapping[str, Any]
    visible_at: datetime
    lineage: Lineage = field(default_factory=Lineage)
    attempt: int = 0
    receives: int = 0


class SimulatedQueues:
    """``duplicates``: how likely a delivery is followed by one more of the same, until ``copies_until``.
    ``keeps_order``: as if it were FIFO."""

    def __init__(self, clock: SteppingClock, chance: Random, *, duplicates: float = 0.0, keeps_order: bool = True):
        self._clock, self._chance = clock, chance
        self._duplicates, self._keeps_order = duplicates, keeps_order
        self._held: dict[Queue, list[Message]] = {}
        self.copies_until = clock.at
        self.dead: list[Message] = []

    def put(self, queue: Queue, body: Mapping[str, Any]) -> None:
        self._keep(Message(queue, body, self._clock.at))

    def put_back(self, message: Message) -> None:
        """A copy with a growing delay, as ``handlers/batches.py`` makes one; the receive is not held against it."""
        attempt = message.attempt + 1
        delay = timedelta(seconds=min(LONGEST_DELAY_SECONDS, 2**attempt))
        self._keep(Message(message.queue, message.body, self._clock.at + delay, message.lineage, attempt))

    def receive(self, queue: Queue, most: int, *, hidden_for: timedelta) -> list[Message]:
        taken = list(self._visible(queue))
        if not self._keeps_order:
            self._chance.shuffle(taken)
        batch = [message for message in taken[:most] if not self._is_dead(message)]
        for message in batch:
            self._maybe_copy(message, AT_ONCE)
            message.receives += 1
            message.visible_at = self._clock.at + hidden_for
        return batch

    def acknowledge(self, message: Message) -> None:
        self._maybe_copy(message, LATER)
        self._held[message.queue].remove(message)

    def has_visible(self, queue: Queue) -> bool:
        return next(self._visible(queue), None) is not None

    def next_visible_at(self) -> datetime | None:
        return min((message.visible_at for message in self.all()), default=None)

    def all(self) -> Iterator[Message]:
        """Everything that was not acknowledged, also what somebody has in hand."""
        for held in self._held.values():
            yield from held

    def _visible(self, queue: Queue) -> Iterator[Message]:
        return (message for message in self._held.get(queue, ()) if message.visible_at <= self._clock.at)

    def _keep(self, message: Message) -> None:
        self._held.setdefault(message.queue, []).append(message)

    def _is_dead(self, message: Message) -> bool:
        if message.receives < MOST_RECEIVES:
            return False
        self._held[message.queue].remove(message)
        self.dead.append(message)
        return True

    def _maybe_copy(self, message: Message, within: timedelta) -> None:
        lineage = message.lineage
        is_now = self._clock.at < self.copies_until
        if is_now and lineage.copies_left and self._chance.random() < self._duplicates:
            lineage.copies_left -= 1
            visible_at = self._clock.at + within * self._chance.random()
            self._keep(Message(message.queue, message.body, visible_at, lineage, message.attempt))
