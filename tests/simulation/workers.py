"""One function's worker with one batch, a message at a time, as ``handlers/batches.py`` does it."""

from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack
from dataclasses import dataclass, field
from typing import Any

from chalicelib.domain.commands import Queue
from chalicelib.domain.errors import Rejected, StaleWrite, Unavailable
from tests.fakes import Killed
from tests.simulation.functions import Function
from tests.simulation.queues import Message, SimulatedQueues

STALE_ATTEMPTS = 3


class Gathered:
    """What a batch asks of others: leaves together when the batch is done."""

    def __init__(self) -> None:
        self.bodies: list[tuple[Queue, Mapping[str, object]]] = []

    def send(self, queue: Queue, *bodies: Mapping[str, object]) -> None:
        self.bodies.extend((queue, body) for body in bodies)


@dataclass
class Outcomes:
    """What became of messages, for whoever checks. ``cut_off``: how often a mail had left when its worker did not come
    to note it, by send key."""

    dropped: list[tuple[str, Mapping[str, Any]]] = field(default_factory=list)
    bugs: list[str] = field(default_factory=list)
    kills: int = 0
    cut_off: Counter[str] = field(default_factory=Counter)


@dataclass(frozen=True)
class Worker:
    """``pass_on`` is the outside call by which gathered messages leave; ``mails_left`` counts what providers took
    under a send key.
    ``acknowledges_first`` is a planted bug."""

    function: Function
    queues: SimulatedQueues
    outcomes: Outcomes
    pass_on: Callable[[Gathered], None]
    mails_left: Callable[[str], int]
    tell: Callable[[str], None]
    acknowledges_first: bool = False

    def batch(self) -> Iterator[None]:
        function, gathered = self.function, Gathered()
        batch = self.queues.receive(function.queue, function.batch_size, hidden_for=function.hidden_for)
        if self.acknowledges_first:
            self._acknowledge(batch)
        done: list[Message] = []
        try:
            yield from self._worked_off(batch, gathered, done)
            self.pass_on(gathered)
        except Killed:
            self.outcomes.kills += 1
            self.tell(f"{function.queue}: killed with {len(batch)} in hand")
        except Unavailable:
            self.tell(f"{function.queue}: {len(batch)} could not be passed on")
        else:
            self._acknowledge([] if self.acknowledges_first else done)

    def _worked_off(self, batch: list[Message], gathered: Gathered, done: list[Message]) -> Iterator[None]:
        with ExitStack() as until_the_end:
            prepared = self._prepared(batch, until_the_end)
            yield
            for message in batch:
                if self._is_handled(message, prepared, gathered):
                    done.append(message)
                yield

    def _acknowledge(self, messages: list[Message]) -> None:
        for message in messages:
            self.queues.acknowledge(message)

    def _prepared(self, batch: list[Message], until_the_end: ExitStack) -> Any:
        try:
            return until_the_end.enter_context(self.function.opened([message.body for message in batch]))
        except Exception as error:
            self.tell(f"{self.function.queue}: not prepared, {error}")
            return None

    def _is_handled(self, message: Message, prepared: Any, gathered: Gathered) -> bool:
        self.tell(f"{message.queue}: {message.body.get('registration_id', message.body.get('send_key'))}")
        try:
            self._handle_unless_stale(message, prepared, gathered)
        except Rejected as fault:
            self.outcomes.dropped.append((fault.code, message.body))
            self.tell(f"{message.queue}: dropped, {fault.code}")
        except Unavailable as fault:
            self.tell(f"{message.queue}: put back, {fault.code}")
            self.queues.put_back(message)
        except Exception as error:
            self.outcomes.bugs.append(repr(error))
            return False
        return True

    def _handle_unless_stale(self, message: Message, prepared: Any, gathered: Gathered) -> None:
        for _ in range(STALE_ATTEMPTS - 1):
            try:
                return self._handle(message, prepared, gathered)
            except StaleWrite:
                continue
        self._handle(message, prepared, gathered)

    def _handle(self, message: Message, prepared: Any, gathered: Gathered) -> None:
        send_key = str(message.body.get("send_key"))
        before = self.mails_left(send_key)
        try:
            self.function.handle(message.body, prepared, gathered)
        except BaseException:
            if message.queue is Queue.MAILS_TO_SEND:
                self.outcomes.cut_off[send_key] += self.mails_left(send_key) - before
            raise
