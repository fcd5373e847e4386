"""A mail provider with its moods, which keeps books of its own and tells later what became of mails."""

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from random import Random

from chalicelib.domain.errors import MailUnavailable
from chalicelib.domain.mail import Mail
from chalicelib.domain.mail_fates import Fate, MailFate
from chalicelib.domain.mail_routes import Quota
from tests.fakes import FakeMailProvider, Trouble
from tests.simulation.clock import SteppingClock

USUAL_DELAY, SLOW_DELAY = timedelta(seconds=20), timedelta(minutes=12)
QUOTA = Quota(14, 200_000)


@dataclass(frozen=True, slots=True)
class Handed:
    """A mail that left: ``at`` by the provider's clock, whatever ours showed."""

    mail: Mail
    at: datetime
    bounces: bool


class SimulatedProvider(FakeMailProvider):
    """``refuses``: the share of calls it turns away. ``bounces``: the share of strangers' mails that come back."""

    def __init__(self, name: str, trouble: Trouble, clock: SteppingClock, chance: Random) -> None:
        super().__init__(name, trouble)
        self.allows = QUOTA
        self.refuses = self.bounces = 0.0
        self.is_silent = self.is_slow = False
        self.handed: list[Handed] = []
        self.left: Counter[str] = Counter()
        self.replies_lost: list[str] = []
        self.tell: Callable[[timedelta, MailFate], None] = lambda _delay, _fate: None
        self.arrives: Callable[[Mail], None] = lambda _mail: None
        self.is_strangers: Callable[[Mail], bool] = lambda _mail: True
        self._clock, self._chance = clock, chance

    def send(self, mail: Mail) -> str:
        if self._chance.random() < self.refuses:
            raise MailUnavailable
        before = len(self.mails)
        try:
            return super().send(mail)
        except MailUnavailable:
            if len(self.mails) > before:
                self.replies_lost.append(mail.send_key)
            raise
        finally:
            if len(self.mails) > before:
                self._hand_over(mail)

    def _hand_over(self, mail: Mail) -> None:
        bounces = self._chance.random() < self.bounces and self.is_strangers(mail)
        self.left[mail.send_key] += 1
        self.handed.append(Handed(mail, self._clock.at, bounces))
        if not bounces:
            self.arrives(mail)
        if not self.is_silent:
            delay = (SLOW_DELAY if self.is_slow else USUAL_DELAY) * (0.5 + self._chance.random())
            fate = Fate.BOUNCED if bounces else Fate.DELIVERED
            self.tell(delay, MailFate(self.name, mail.send_key, fate, mail.left_at, self._clock.at + delay))
