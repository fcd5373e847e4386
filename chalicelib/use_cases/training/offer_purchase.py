"""Offer a course to a card's holder: the code that accepts it goes to the holder by mail."""

from dataclasses import dataclass

from chalicelib.domain.errors import Conflict, NotFound
from chalicelib.domain.grant import shares_of
from chalicelib.domain.identifiers import ClientCode, CourseCode, PurchaseId, ScheduleCode
from chalicelib.domain.ledger import OwnedAccount
from chalicelib.domain.membership import Membership, check_card_number, check_may_buy
from chalicelib.domain.money import Rupiah
from chalicelib.domain.schemes import scheme_named
from chalicelib.domain.time import wib_date
from chalicelib.domain.training import Course, Purchase, Schedule, check_offer_fits
from chalicelib.ports import Chance, Clock, Courses, Indexer, Ledger, Memberships, Purchases


@dataclass(frozen=True, slots=True)
class Offer:
    platform: ClientCode
    card_number: str
    course_code: CourseCode
    schedule_code: ScheduleCode
    amount: Rupiah


def offer_purchase(
    offer: Offer,
    *,
    courses: Courses,
    purchases: Purchases,
    memberships: Memberships,
    ledger: Ledger,
    indexer: Indexer,
    chance: Chance,
    clock: Clock,
) -> str:
    """The payment token. The stream of the stored offer has the code mailed."""
    now = clock.now()
    course, schedule = find_schedule(offer.course_code, offer.schedule_code, courses)
    check_offer_fits(course, schedule, platform=offer.platform, amount=offer.amount, today=wib_date(now))
    buyer = _buyer(offer, memberships)
    check_may_buy(buyer, now=now)
    shares = shares_of(offer.amount, course.category, scheme_named(buyer.scheme).co_payments)
    if ledger.balance(buyer.applicant_id, OwnedAccount.TRAINING_BALANCE) < shares.by_grant:
        raise Conflict("balance_too_small", field="amount")
    token = chance.token()
    purchases.add_offer(
        Purchase(
            id=PurchaseId(indexer.index("payment_token", token)),
            applicant_id=buyer.applicant_id,
            card_number=buyer.card_number,
            course_code=course.code,
            schedule_code=schedule.code,
            platform=course.platform,
            provider=course.provider,
            amount=offer.amount,
            by_buyer=shares.by_buyer,
            offered_at=now,
            sequences=schedule.sequences,
        )
    )
    return token


def find_schedule(course_code: CourseCode, schedule_code: ScheduleCode, courses: Courses) -> tuple[Course, Schedule]:
    """The course and its schedule, or ``NotFound`` naming which of them is not there."""
    course = courses.get(course_code)
    if course is None:
        raise NotFound("course_unknown", field="course_code")
    schedule = courses.schedule(course_code, schedule_code)
    if schedule is None:
        raise NotFound("schedule_unknown", field="schedule_code")
    return course, schedule


def _buyer(offer: Offer, memberships: Memberships) -> Membership:
    holder = memberships.holder_of(check_card_number(offer.card_number))
    membership = memberships.get(holder) if holder else None
    if membership is None:
        raise NotFound("card_unknown", field="prakerja_id")
    return membership
