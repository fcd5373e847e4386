"""A buyer with money, a course with seats, and a sale that can be made of them."""

from dataclasses import dataclass, replace

from chalicelib.domain import ledger as books
from chalicelib.domain.ledger import OwnedAccount, Posting
from chalicelib.domain.money import Rupiah
from chalicelib.domain.training import Purchase, Schedule, void
from tests.builders import a_course, a_membership, a_paid_purchase, a_purchase, a_schedule
from tests.contract.stores.conftest import Stores
from tests.contract.stores.fresh import fresh
from tests.fakes import NOON

PRICE = Rupiah(500_000)


@dataclass(frozen=True)
class Shop:
    """One course with a schedule, in one store."""

    stores: Stores
    schedule: Schedule

    def offer(self, *, money: int = 1_000_000) -> Purchase:
        """Stored and not yet paid, by a new recipient who has this much."""
        number = fresh()
        recipient = a_membership(number)
        grant = books.grant(recipient.applicant_id, wave=1, amount=Rupiah(money), now=NOON)
        self.stores.memberships.award(recipient, grant, most_per_family=2)
        offered = a_purchase(number, course_code=self.schedule.course_code, schedule_code=self.schedule.code)
        self.stores.purchases.add_offer(offered)
        return replace(offered, version=1)

    def pay(self, offered: Purchase, **changes: object) -> Purchase:
        """The paid purchase as it is stored."""
        paid = sold(offered, **changes)
        self.stores.purchases.pay(paid, price_of(paid))
        return replace(paid, version=paid.version + 1)

    def void(self, paid: Purchase) -> Purchase:
        voided = void(paid)
        self.stores.purchases.give_back(voided, money_back(voided))
        return replace(voided, version=voided.version + 1)

    def seats_left(self) -> int:
        schedule = self.stores.courses.schedule(self.schedule.course_code, self.schedule.code)
        assert schedule
        return schedule.seats_left

    def balance(self, purchase: Purchase) -> int:
        return int(self.stores.ledger.balance(purchase.applicant_id, OwnedAccount.TRAINING_BALANCE))


def a_shop(stores: Stores, *, seats: int = 10) -> Shop:
    course = a_course(f"course-{fresh():06d}")
    schedule = a_schedule(course=course.code, seats=seats)
    stores.courses.put(course)
    stores.courses.put_schedule(schedule)
    return Shop(stores, schedule)


def sold(offered: Purchase, **changes: object) -> Purchase:
    number = int(offered.id.rpartition("-")[2])
    sale = a_paid_purchase(number, course_code=offered.course_code, version=offered.version)
    return replace(sale, **changes)  # type: ignore[arg-type]


def price_of(paid: Purchase) -> Posting:
    return books.purchase(paid.applicant_id, paid.id, partner=paid.platform, amount=paid.amount, now=NOON)


def money_back(voided: Purchase) -> Posting:
    return books.purchase_voided(
        voided.applicant_id, voided.id, partner=voided.platform, amount=voided.amount, now=NOON
    )
