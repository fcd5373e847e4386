"""The platform in one thread: its functions, queues, providers and people, moved by a seed. A run of the same scenario
with the same seed is the same run.
"""

import heapq
from collections import deque
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from itertools import count
from random import Random

from chalicelib.domain.commands import Queue
from chalicelib.domain.errors import Rejected, Unavailable
from chalicelib.domain.mail import Mail
from chalicelib.domain.mail_fates import MailFate
from chalicelib.domain.registration import AccountState
from chalicelib.use_cases.mail.watch_mail import watch_mail
from chalicelib.use_cases.registration.account_of import account_id_of
from chalicelib.use_cases.registration.verify_email import Answer, verify_email
from tests.fakes import Killed, World
from tests.simulation.clock import SteppingClock
from tests.simulation.functions import Function, body_of, functions
from tests.simulation.people import Registration
from tests.simulation.providers import SimulatedProvider
from tests.simulation.queues import SimulatedQueues
from tests.simulation.workers import Gathered, Outcomes, Worker

MOST_WORKERS = 6
A_MINUTE = timedelta(minutes=1)
PASSWORD = "kata sandi yang panjang"
NOTED_EVENTS = 50


class Site:
    """``plant`` puts a bug into the world before anybody uses it."""

    def __init__(
        self,
        seed: int,
        *,
        duplicates: float = 0.0,
        keeps_order: bool = True,
        plant: Callable[[World], None] = lambda _world: None,
    ) -> None:
        self.chance = Random(seed)
        self.world, self.clock = World(seed), SteppingClock()
        self.world.clock = self.clock
        plant(self.world)
        self.queues = SimulatedQueues(self.clock, self.chance, duplicates=duplicates, keeps_order=keeps_order)
        self.ses, self.sendgrid = (self._provider(name) for name in ("ses", "sendgrid"))
        self.world.ses, self.world.sendgrid = self.ses, self.sendgrid
        self.providers = self.world.providers = (self.ses, self.sendgrid)
        self.outcomes = Outcomes()
        self.acknowledged: list[Registration] = []
        self.acknowledged_at: list[datetime] = []
        self.acknowledges_first = self.is_overtaken = False
        self.events: deque[str] = deque(maxlen=NOTED_EVENTS)
        self._functions = functions(self.world)
        self._workers: list[Iterator[None]] = []
        self._timed: list[tuple[datetime, int, Callable[[], None]]] = []
        self._ticks_at = self.clock.at
        self._numbers = count()

    # --- What happens --------------------------------------------------------------------------------------------

    def after(self, delay: timedelta, happen: Callable[[], None]) -> None:
        heapq.heappush(self._timed, (self.clock.at + delay, next(self._numbers), happen))

    def register(self, registration: Registration) -> None:
        """From here on it is acknowledged: it lies on the queue."""
        self.acknowledged.append(registration)
        self.acknowledged_at.append(self.clock.at)
        self.queues.put(Queue.REGISTRATIONS_TO_OPEN, registration.body)
        self.tell(f"registers: {registration.id} as {registration.email}")

    def verify(self, address: str, code: str) -> bool:
        """Somebody types the code of a mail."""
        world = self.world
        try:
            verify_email(
                Answer(email=address, code=code),
                PASSWORD,
                accounts=world.accounts,
                indexer=world.indexer,
                passwords=world.passwords,
                outbox=world.outbox,
                chance=world.chance,
                clock=world.clock,
            )
        except (Rejected, Unavailable, Killed) as error:
            self.tell(f"verifies: {address} in vain, {error}")
            return False
        self.tell(f"verifies: {address}")
        return True

    def tell(self, event: str) -> None:
        self.events.append(f"{self.clock.at:%d %H:%M:%S.%f} {event}")

    # --- What moves ----------------------------------------------------------------------------------------------

    def move(self) -> bool:
        """One event; False when nothing is left to do."""
        if not self._has_work():
            return False
        if self._timed and self._timed[0][0] <= self.clock.at:
            heapq.heappop(self._timed)[2]()
            self._carry()
        elif self._ticks_at <= self.clock.at:
            self._tick()
        elif not self.work():
            self.clock.at = max(self.clock.at, self._next_moment())
        return True

    def work(self) -> bool:
        """One step of one worker, an old one or a new. False when nobody has anything in hand."""
        room = len(self._workers) < MOST_WORKERS
        due = [each for each in self._functions if room and self.queues.has_visible(each.queue)]
        if not self._workers and not due:
            return False
        choices: list[Iterator[None] | Function] = [*self._workers, *due]
        chosen = self.chance.choice(choices)
        self._step(self._hired(chosen) if isinstance(chosen, Function) else chosen)
        return True

    def overtake(self) -> None:
        """Something else happens while a worker is in the midst of a message."""
        self.is_overtaken = True
        try:
            if self._timed and self.chance.random() < 0.5:
                heapq.heappop(self._timed)[2]()
            else:
                self.work()
        finally:
            self.is_overtaken = False

    def tick_on(self, span: timedelta) -> None:
        """Nothing but the clock's own work for so long."""
        until = self.clock.at + span
        while self._ticks_at <= until:
            self.clock.at = max(self.clock.at, self._ticks_at)
            self._tick()

    def _step(self, worker: Iterator[None]) -> None:
        if worker in self._workers:
            self._workers.remove(worker)  # nobody else may move it while it works
        try:
            next(worker)
            self._workers.append(worker)
        except StopIteration:
            pass
        finally:
            self._carry()

    def _hired(self, function: Function) -> Iterator[None]:
        return Worker(
            function,
            self.queues,
            self.outcomes,
            self._pass_on,
            self.mails_left,
            self.tell,
            acknowledges_first=self.acknowledges_first,
        ).batch()

    def _pass_on(self, gathered: Gathered) -> None:
        for queue, body in gathered.bodies:
            self.world.messages.send(queue, body)

    def _carry(self) -> None:
        """What was sent lies on its queue, whatever became of the sender."""
        for queue, body in self.world.messages.sent:
            self.queues.put(queue, body)
        self.world.messages.sent.clear()

    def _tick(self) -> None:
        self._ticks_at = self.clock.at + A_MINUTE
        try:
            watch_mail(traffic=self.world.mail_traffic, providers=self.providers, clock=self.clock)
        except (Unavailable, Killed) as error:
            self.tell(f"watches: in vain, {error!r}")

    def _has_work(self) -> bool:
        return bool(self._timed or self._workers or self.queues.next_visible_at())

    def _next_moment(self) -> datetime:
        moments = [self._ticks_at, self.queues.next_visible_at(), self._timed[0][0] if self._timed else None]
        return min(moment for moment in moments if moment is not None)

    # --- Neighbours ----------------------------------------------------------------------------------------------

    def mails_left(self, send_key: str) -> int:
        return sum(provider.left[send_key] for provider in self.providers)

    def _provider(self, name: str) -> SimulatedProvider:
        provider = SimulatedProvider(name, self.world.trouble, self.clock, self.chance)
        provider.tell = self._tell_fate
        provider.is_strangers = self._is_strangers
        return provider

    def _tell_fate(self, delay: timedelta, fate: MailFate) -> None:
        self.after(delay, lambda: self.queues.put(Queue.MAIL_FATES_TO_NOTE, body_of(fate)))

    def _is_strangers(self, mail: Mail) -> bool:
        id = account_id_of(mail.to, self.world.indexer)
        return not any(each.id == id and each.state is AccountState.ACTIVE for each in self.world.accounts.all())
