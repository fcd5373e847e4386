"""Courses, schedules and partners; purchases, whose sale takes a seat and posts into the ledger."""

from collections.abc import Mapping, Sequence
from dataclasses import replace

from chalicelib.domain.errors import AlreadyDone, Conflict, StaleWrite
from chalicelib.domain.grant_dues import count_sale, uncount_sale
from chalicelib.domain.identifiers import (
    ApplicantId,
    ClientCode,
    CourseCode,
    InvoiceCode,
    PurchaseId,
    RedeemCode,
    ScheduleCode,
)
from chalicelib.domain.ledger import Posting
from chalicelib.domain.training import Course, Partner, Purchase, Schedule
from tests.fakes.ledger import FakeLedger
from tests.fakes.memberships import FakeMemberships
from tests.fakes.shelves import FakeStore, Put, Refused, Shelf
from tests.fakes.trouble import Trouble, outside


class FakeCourses(FakeStore):
    name = "courses"

    def __init__(self, trouble: Trouble | None = None) -> None:
        super().__init__(trouble)
        self._courses: Shelf[CourseCode, Course] = Shelf()
        self._schedules: Shelf[tuple[CourseCode, ScheduleCode], Schedule] = Shelf()
        self._partners: Shelf[ClientCode, Partner] = Shelf()

    @outside
    def put(self, course: Course) -> None:
        self._save(self._courses.put(course.code, replace(course, version=course.version + 1), course.version))

    @outside
    def get(self, code: CourseCode) -> Course | None:
        return self._courses.get(code)

    @outside
    def page(self, *, after: CourseCode | None, limit: int) -> Sequence[Course]:
        later = [course for course in self._courses.values() if after is None or course.code > after]
        return sorted(later, key=lambda course: course.code)[:limit]

    @outside
    def put_schedule(self, schedule: Schedule) -> None:
        self._save(self._put_of(schedule))

    @outside
    def schedule(self, course: CourseCode, code: ScheduleCode) -> Schedule | None:
        return self._schedules.get((course, code))

    @outside
    def schedules(self, course: CourseCode) -> Sequence[Schedule]:
        found = (schedule for schedule in self._schedules.values() if schedule.course_code == course)
        return sorted(found, key=lambda schedule: schedule.code)

    @outside
    def put_partner(self, partner: Partner) -> None:
        moved = replace(partner, version=partner.version + 1)
        self._save(self._partners.put(partner.client_code, moved, partner.version))

    @outside
    def partner(self, client_code: ClientCode) -> Partner | None:
        return self._partners.get(client_code)

    def seat_put(self, course: CourseCode, code: ScheduleCode, *, taken: int) -> Put:
        """The schedule with a seat more or less taken, for the transaction of another fake."""
        schedule = self._schedules.get((course, code))
        if schedule is None:
            raise Conflict("schedule_unknown", field="schedule_code")
        if schedule.seats_left < taken:
            raise Conflict("schedule_full", field="schedule_code")
        return self._put_of(replace(schedule, seats_taken=schedule.seats_taken + taken))

    def _put_of(self, schedule: Schedule) -> Put:
        moved = replace(schedule, version=schedule.version + 1)
        return self._schedules.put((schedule.course_code, schedule.code), moved, schedule.version)


class FakePurchases(FakeStore):
    name = "purchases"

    def __init__(
        self, courses: FakeCourses, ledger: FakeLedger, memberships: FakeMemberships, trouble: Trouble | None = None
    ) -> None:
        super().__init__(trouble)
        self._courses, self._ledger, self._memberships = courses, ledger, memberships
        self._purchases: Shelf[PurchaseId, Purchase] = Shelf()
        self._invoices: Shelf[tuple[ClientCode, InvoiceCode | None], PurchaseId] = Shelf()
        self._redeem_codes: Shelf[RedeemCode | None, PurchaseId] = Shelf()
        self._bought: Shelf[tuple[ApplicantId, str, PurchaseId], PurchaseId] = Shelf()

    @outside
    def add_offer(self, purchase: Purchase) -> None:
        self._add(self._purchases.put(purchase.id, replace(purchase, version=1)))

    @outside
    def get(self, id: PurchaseId) -> Purchase | None:
        return self._purchases.get(id)

    @outside
    def get_each(self, ids: Sequence[PurchaseId]) -> Mapping[PurchaseId, Purchase]:
        return {id: found for id in ids if (found := self._purchases.get(id))}

    @outside
    def by_invoice(self, platform: ClientCode, invoice: InvoiceCode) -> Purchase | None:
        return self._behind(self._invoices.get((platform, invoice)))

    @outside
    def by_redeem_code(self, code: RedeemCode) -> Purchase | None:
        return self._behind(self._redeem_codes.get(code))

    @outside
    def of_each(self, applicant_ids: Sequence[ApplicantId]) -> Mapping[ApplicantId, Sequence[Purchase]]:
        return {each: self._of(each) for each in applicant_ids}

    @outside
    def of_applicant(self, applicant_id: ApplicantId) -> Sequence[Purchase]:
        return self._of(applicant_id)

    def _of(self, applicant_id: ApplicantId) -> Sequence[Purchase]:
        bought = (self._behind(id) for id in self._bought.values())
        mine = [purchase for purchase in bought if purchase and purchase.applicant_id == applicant_id]
        return sorted(mine, key=lambda purchase: (purchase.offered_at, purchase.id))

    @outside
    def save(self, purchase: Purchase) -> None:
        self._save(self._put_of(purchase))

    @outside
    def pay(self, purchase: Purchase, posting: Posting) -> None:
        seat = self._courses.seat_put(purchase.course_code, purchase.schedule_code, taken=1)
        now, moment = posting.posted_at, purchase.offered_at.isoformat()
        buyer = self._memberships.sale_put(purchase.applicant_id, lambda membership: count_sale(membership, now=now))
        puts = [
            self._put_of(purchase),
            self._invoices.put((purchase.platform, purchase.invoice_code), purchase.id),
            self._redeem_codes.put(purchase.redeem_code, purchase.id),
            self._bought.put((purchase.applicant_id, moment, purchase.id), purchase.id),
        ]
        self._write_sale([*puts, seat, buyer, *self._ledger.puts_of(posting)])

    @outside
    def give_back(self, purchase: Purchase, posting: Posting) -> None:
        seat = self._courses.seat_put(purchase.course_code, purchase.schedule_code, taken=-1)
        now = posting.posted_at
        buyer = self._memberships.sale_put(purchase.applicant_id, lambda membership: uncount_sale(membership, now=now))
        self._write_sale([self._put_of(purchase), seat, buyer, *self._ledger.puts_of(posting)])

    def _write_sale(self, puts: list[Put]) -> None:
        try:
            self._write(*puts)
        except Refused as refused:
            shelves = [puts[place].shelf for place in refused.places]
            if self._invoices in shelves and self._purchases not in shelves:
                raise AlreadyDone("invoice_already_used", field="invoice_code") from None
            raise StaleWrite("sale_contended") from None

    def _put_of(self, purchase: Purchase) -> Put:
        return self._purchases.put(purchase.id, replace(purchase, version=purchase.version + 1), purchase.version)

    def _behind(self, id: PurchaseId | None) -> Purchase | None:
        return self._purchases.get(id) if id else None
