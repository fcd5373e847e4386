"""The bank and its books, which are the witness: what they call paid is paid, whatever the platform believes."""

from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from random import Random

from chalicelib.domain.banking import BankAccount, BankNotice, TransferAnswer, TransferOrder, TransferOutcome
from chalicelib.domain.time import WIB, wib_date
from tests.fakes.neighbours import FakeBank
from tests.fakes.trouble import outside
from tests.simulation.clock import SteppingClock
from tests.simulation.life.storm import Storm

_UNKNOWN = TransferAnswer(TransferOutcome.UNKNOWN)
_NOT_FOUND = TransferAnswer(TransferOutcome.NOT_FOUND, "4043601")
_SETTLED = TransferAnswer(TransferOutcome.SETTLED, "2001800", None, "R-1")
_BUSY = TransferAnswer(TransferOutcome.NOT_TAKEN, "4291800", "rate_limit")
_REFUSED = (
    TransferAnswer(TransferOutcome.REFUSED, "4031809", "account_closed"),
    TransferAnswer(TransferOutcome.REFUSED, "4041811", "account_invalid"),
)
_NO_FUNDS = TransferAnswer(TransferOutcome.NOT_TAKEN, "4031814", "insufficient_funds")
_REFUNDED = TransferAnswer(TransferOutcome.REFUSED, "2003600", "refunded")
_LATEST_BACK = timedelta(days=2)
_LONGEST_LATE = timedelta(hours=20)
"""Below a day: only then may an order be put back."""


@dataclass
class Booked:
    """``pays`` from ``seen_from`` on; before, nobody at the bank finds the order."""

    order: TransferOrder
    pays: bool
    seen_from: datetime
    answer: TransferAnswer = _SETTLED
    sent_back_at: datetime | None = None

    def is_sent_back(self, now: datetime) -> bool:
        return self.sent_back_at is not None and self.sent_back_at <= now

    def keeps(self, now: datetime) -> bool:
        """Whether the money is with the person, or will be."""
        return self.pays and not self.is_sent_back(now)


@dataclass(frozen=True)
class Movement:
    """What a day's statement says of an order: that it was paid, or taken back."""

    day: date
    moment: datetime
    order: TransferOrder
    is_back: bool

    def line(self, channel: str) -> str:
        reference = self.order.reference
        number, status = f"N{reference[3:20]}", "reversal" if self.is_back else "success"
        mine, back = (f"B{number}", number) if self.is_back else (number, "")
        moment = self.moment.astimezone(WIB).isoformat(timespec="seconds")
        return f"{self.day},{channel},{reference},{mine},{int(self.order.amount)}.00,0.00,{status},{moment},{back}"


class LifeBank(FakeBank):
    """Its mood is the weather's: ``bank`` is the share of transfers that are not simply paid."""

    def __init__(self, clock: SteppingClock, storm: Storm, chance: Random) -> None:
        super().__init__(clock, storm)
        self.books: dict[str, Booked] = {}
        self.asked: Counter[str] = Counter()
        self.tells = 0.3
        self.tell: Callable[[timedelta, BankNotice], None] = lambda _delay, _notice: None
        self._life, self._storm, self._chance = clock, storm, chance

    @outside
    def holder_name(self, account: BankAccount) -> str | None:
        return self._holders.get((account.bank, account.account_no))

    @outside
    def transfer(self, order: TransferOrder) -> TransferAnswer:
        self.orders.append(order)
        self.asked[order.reference] += 1
        if order.reference in self.books:
            return _UNKNOWN  # "duplicate reference" does not say what became of the first
        if self._storm.has_passed or self._chance.random() >= self._storm.weather.bank:
            return self._book(order, pays=True)
        return self._in_a_mood(order)

    def _in_a_mood(self, order: TransferOrder) -> TransferAnswer:
        mood = self._chance.randrange(7)
        if mood == 0:
            return self._chance.choice([_BUSY, _BUSY, _NO_FUNDS])
        if mood == 6:
            return self._book(order, pays=True, sent_back_after=_LATEST_BACK * self._chance.random())
        if mood == 1:
            return _UNKNOWN  # it never arrived
        if mood == 2:
            return self._book(order, pays=False, answer=self._chance.choice(_REFUSED))
        pays = mood < 5
        late = _LONGEST_LATE * self._chance.random() if self._chance.random() < 0.7 else timedelta()
        self._book(order, pays=pays, late=late, answer=_SETTLED if pays else self._chance.choice(_REFUSED))
        return _UNKNOWN

    def _book(
        self,
        order: TransferOrder,
        *,
        pays: bool,
        late: timedelta = timedelta(),
        answer: TransferAnswer = _SETTLED,
        sent_back_after: timedelta | None = None,
    ) -> TransferAnswer:
        seen_from = self._life.at + late
        back_at = seen_from + sent_back_after if sent_back_after is not None else None
        self.books[order.reference] = Booked(order, pays, seen_from, answer, back_at)
        self._tell_unasked(order, answer, late, sent_back_after)
        return answer

    def _tell_unasked(
        self, order: TransferOrder, answer: TransferAnswer, late: timedelta, back: timedelta | None
    ) -> None:
        """Before the answer, long after it, twice, or in the wrong order; of what was sent back always, in the end."""
        chance, number = self._chance, f"N{len(self.books)}"
        if back is not None:
            self.tell(late + back, self._notice(order, _REFUNDED, f"{number}b"))
            if chance.random() < 0.5:
                self.tell(late + back + _LATEST_BACK * chance.random(), self._notice(order, answer, f"{number}a"))
        if chance.random() < self.tells:
            for _ in range(chance.randint(1, 2)):
                at_once = chance.random() < 0.3 and not late
                delay = timedelta() if at_once else late + _LATEST_BACK * chance.random()
                self.tell(delay, self._notice(order, answer, number))

    def _notice(self, order: TransferOrder, answer: TransferAnswer, number: str) -> BankNotice:
        return BankNotice(number, order.reference, int(order.amount), answer, self._life.at)

    @outside
    def transfer_status(self, order: TransferOrder) -> TransferAnswer:
        booked = self.books.get(order.reference)
        if booked is None or booked.seen_from > self._life.at:
            return _NOT_FOUND
        return _REFUNDED if booked.is_sent_back(self._life.at) else booked.answer

    def movements(self) -> Iterator[Movement]:
        """All that moved money or will, in the order of the books."""
        for booked in self.books.values():
            if booked.pays:
                yield Movement(wib_date(booked.seen_from), booked.seen_from, booked.order, is_back=False)
                if booked.sent_back_at is not None:
                    back = booked.sent_back_at
                    yield Movement(wib_date(back), back, booked.order, is_back=True)

    def holder_of(self, account: BankAccount) -> str | None:
        """For whoever checks: looking is no call outside."""
        return self._holders.get((account.bank, account.account_no))
