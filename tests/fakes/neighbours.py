"""Ministries, the bank, mail."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import Enum, auto
from typing import ClassVar

from chalicelib.domain.banking import STOPS, BankAccount, TransferAnswer, TransferOrder, TransferOutcome
from chalicelib.domain.errors import BankUnavailable, Fault, MailUnavailable, RegistryUnavailable, Rejected
from chalicelib.domain.mail import Language, Mail, Template
from chalicelib.domain.mail_routes import Quota
from chalicelib.domain.money import Rupiah
from chalicelib.domain.nik import Nik
from chalicelib.domain.verification import Identity, ListMatch, PersonStatus, PopulationAnswer
from chalicelib.ports import Clock
from tests.fakes.surroundings import NOON
from tests.fakes.trouble import Fake, Trouble, outside

_COMPARED = ("full_name", "birth_date", "sex", "family_card_no", "mother_name", "province_code")


class FakePopulationRegistry(Fake):
    """Knows whom it was told of, and compares field by field. ``is_out`` until it is not."""

    name = "population_registry"
    outage: ClassVar[type[Fault]] = RegistryUnavailable

    def __init__(self, trouble: Trouble | None = None, as_of: datetime = NOON) -> None:
        super().__init__(trouble)
        self.is_out = False
        self.quota_left: int | None = 1_000_000
        self._as_of = as_of
        self._records: dict[Nik, tuple[Identity, PersonStatus, int]] = {}

    def knows(self, record: Identity, status: PersonStatus = PersonStatus.FOUND, *, name_score: int = 0) -> None:
        """``name_score`` is what a name that differs is given."""
        self._records[record.nik] = (record, status, name_score)

    @outside
    def match(self, identity: Identity) -> PopulationAnswer:
        if self.is_out:
            raise RegistryUnavailable
        if identity.nik not in self._records:
            return PopulationAnswer(PersonStatus.UNKNOWN, frozenset(), 0, self._as_of)
        record, status, name_score = self._records[identity.nik]
        if status is not PersonStatus.FOUND:
            return PopulationAnswer(status, frozenset(), 0, self._as_of)
        differs = frozenset(name for name in _COMPARED if getattr(record, name) != getattr(identity, name))
        score = name_score if "full_name" in differs else 100
        return PopulationAnswer(status, differs, score, self._as_of, quota_left=self.quota_left)


class FakeListRegistry(Fake):
    name = "list_registry"
    outage: ClassVar[type[Fault]] = RegistryUnavailable

    def __init__(self, trouble: Trouble | None = None) -> None:
        super().__init__(trouble)
        self.is_out = False
        self._lists: dict[Nik, tuple[ListMatch, ...]] = {}

    def lists(self, nik: Nik, *matches: ListMatch) -> None:
        self._lists[nik] = matches

    @outside
    def look_up(self, nik: Nik, birth_date: date) -> tuple[ListMatch, ...]:
        if self.is_out:
            raise RegistryUnavailable
        return self._lists.get(nik, ())


class Fate(Enum):
    """What becomes of a transfer, and what its answer says."""

    PAID = auto()
    REFUSED = auto()
    NOT_TAKEN = auto()
    """Surely not executed: a rate limit."""
    PAID_UNSAID = auto()
    """Paid, and nobody heard the answer."""
    LATE = auto()
    """No answer, and not to be found until it is paid after all."""
    REFUSED_LATER = auto()
    """No answer; an inquiry says that it failed."""
    LOST = auto()
    """No answer, and it never arrived."""


@dataclass(frozen=True, slots=True)
class _Booked:
    amount: Rupiah
    pays: bool
    seen_from: datetime


_UNKNOWN = TransferAnswer(TransferOutcome.UNKNOWN)
_NOT_FOUND = TransferAnswer(TransferOutcome.NOT_FOUND, "4043601")
_SETTLED = TransferAnswer(TransferOutcome.SETTLED, "2001800", None, "R-1")
_CLOSED = TransferAnswer(TransferOutcome.REFUSED, "4031809", "account_closed")
_REFUNDED = TransferAnswer(TransferOutcome.REFUSED, "2003600", "refunded")
_BUSY = TransferAnswer(TransferOutcome.NOT_TAKEN, "4291800", "rate_limit")
_IS_SAID = {Fate.PAID: _SETTLED, Fate.REFUSED: _CLOSED, Fate.NOT_TAKEN: _BUSY}
_PAYS = {Fate.PAID, Fate.PAID_UNSAID, Fate.LATE}
_IS_BOOKED = _PAYS | {Fate.REFUSED, Fate.REFUSED_LATER}


class FakeBank(Fake):
    """Keeps its own books. A reference it has taken is never carried out again, whatever is asked."""

    name = "bank"
    outage: ClassVar[type[Fault]] = BankUnavailable

    def __init__(self, clock: Clock, trouble: Trouble | None = None) -> None:
        super().__init__(trouble)
        self.is_out = False
        self.late_by = timedelta(hours=1)
        self.orders: list[TransferOrder] = []
        self._clock = clock
        self._fates: list[Fate] = []
        self._not_taken: list[str] = []
        self._sent_back: set[str] = set()
        self._holders: dict[tuple[str, str], str] = {}
        self._books: dict[str, _Booked] = {}

    def opens(self, account: BankAccount) -> None:
        self._holders[account.bank, account.account_no] = account.holder_name

    def will(self, *fates: Fate) -> None:
        """The fates of the next transfers, in turn. After them, all are paid."""
        self._fates.extend(fates)

    def paid(self) -> dict[str, Rupiah]:
        """What has left the bank by now, by reference."""
        now = self._clock.now()
        return {key: each.amount for key, each in self._books.items() if each.pays and each.seen_from <= now}

    @outside
    def holder_name(self, account: BankAccount) -> str | None:
        if self.is_out:
            raise BankUnavailable
        return self._holders.get((account.bank, account.account_no))

    def takes_none(self, *reasons: str) -> None:
        """The next transfers are not taken, each for its reason; fates come after them."""
        self._not_taken.extend(reasons)

    def sends_back(self, reference: str) -> None:
        """What was paid is with us again."""
        self._sent_back.add(reference)

    def transfer_each(self, orders: Sequence[TransferOrder]) -> Sequence[TransferAnswer]:
        answers: list[TransferAnswer] = []
        for order in orders:
            stopped = next((each for each in answers if each.reason in STOPS), None)
            answers.append(stopped or self.transfer(order))
        return answers

    @outside
    def transfer(self, order: TransferOrder) -> TransferAnswer:
        if self._not_taken:
            return TransferAnswer(TransferOutcome.NOT_TAKEN, "4031800", self._not_taken.pop(0))
        self.orders.append(order)
        if order.reference in self._books:
            return _UNKNOWN  # "duplicate reference" does not say what became of the first
        fate = self._fates.pop(0) if self._fates else Fate.PAID
        if fate in _IS_BOOKED:
            seen_from = self._clock.now() + (self.late_by if fate is Fate.LATE else timedelta())
            self._books[order.reference] = _Booked(order.amount, fate in _PAYS, seen_from)
        return _IS_SAID.get(fate, _UNKNOWN)

    @outside
    def transfer_status(self, order: TransferOrder) -> TransferAnswer:
        if self.is_out:
            raise BankUnavailable
        booked = self._books.get(order.reference)
        if booked is None or booked.seen_from > self._clock.now():
            return _NOT_FOUND
        if order.reference in self._sent_back:
            return _REFUNDED
        return _SETTLED if booked.pays else _CLOSED


class FakeMailWriter:
    """Every blank on a line of its own, so that a test can read what was filled in."""

    def write(self, template: Template, language: Language, blanks: Mapping[str, str | int]) -> tuple[str, str, str]:
        text = "\n".join(f"{name}={value}" for name, value in sorted(blanks.items()))
        return f"{template}.{language}", text, f"<pre>{text}</pre>"


class FakeMailProvider(Fake):
    """``mails`` are those it took. It is out until it is not, and takes no mail for ``refused_addresses``."""

    outage: ClassVar[type[Fault]] = MailUnavailable

    def __init__(self, name: str = "ses", trouble: Trouble | None = None) -> None:
        super().__init__(trouble)
        self.name = name
        self.is_out = False
        self.refused_addresses: set[str] = set()
        self.mails: list[Mail] = []
        self.allows: Quota | None = Quota(500, 1_000_000)

    @outside
    def quota(self) -> Quota | None:
        return self.allows

    @outside
    def send(self, mail: Mail) -> str:
        if self.is_out:
            raise MailUnavailable
        if mail.to in self.refused_addresses:
            raise Rejected("mail_address_refused")
        self.mails.append(mail)
        return f"{self.name}-{len(self.mails)}"
