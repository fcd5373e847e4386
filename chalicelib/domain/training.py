"""Courses, and one person's way through one: bought, redeemed, attended, completed, certified, reviewed."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from enum import StrEnum

from chalicelib.domain.errors import AlreadyDone, Conflict, InvalidInput, TooManyAttempts
from chalicelib.domain.grant import GENERAL
from chalicelib.domain.identifiers import (
    ApplicantId,
    CardNumber,
    ClientCode,
    CourseCode,
    InvoiceCode,
    PurchaseId,
    RedeemCode,
    ScheduleCode,
)
from chalicelib.domain.lifecycle import LifeCycle
from chalicelib.domain.money import NOTHING, Rupiah

OFFER_LIVES = timedelta(minutes=10)
MOST_CODE_ATTEMPTS = 5
POST_TEST = 999
"""The sequence number of the post-test in the partner API; sessions are 1-10."""
SANDBOX_PREFIX = "PRAT-"
V1_CLOCK_WINDOW = timedelta(minutes=5)


class LearningMethod(StrEnum):
    ONLINE = "online"
    OFFLINE = "offline"


@dataclass(frozen=True, slots=True)
class Course:
    code: CourseCode
    title: str
    platform: ClientCode
    provider: ClientCode
    price: Rupiah
    method: LearningMethod
    category: str = GENERAL
    """By which a scheme may have buyers pay a part."""
    version: int = 0


@dataclass(frozen=True, slots=True)
class Schedule:
    """One run of a course. ``sessions`` is 1-10; ``seats_taken`` never passes ``seats``."""

    code: ScheduleCode
    course_code: CourseCode
    starts_on: date
    ends_on: date
    sessions: int
    seats: int
    seats_taken: int = 0
    version: int = 0

    @property
    def seats_left(self) -> int:
        return self.seats - self.seats_taken

    @property
    def sequences(self) -> tuple[int, ...]:
        """What must be attended: every session and the post-test."""
        return (*range(1, self.sessions + 1), POST_TEST)


@dataclass(frozen=True, slots=True)
class Partner:
    """A platform or provider. ``sign_key`` signs its requests; ``clock_window`` bounds their age. What one of the
    sandbox sells are trials: redeeming them can be taken back."""

    client_code: ClientCode
    name: str
    sign_key: str
    clock_window: timedelta = V1_CLOCK_WINDOW
    is_sandbox: bool = False
    version: int = 0


class PurchaseState(StrEnum):
    OFFERED = "offered"
    PAID = "paid"
    VOIDED = "voided"
    REDEEMED = "redeemed"
    COMPLETED = "completed"
    CERTIFIED = "certified"
    REVIEWED = "reviewed"


class PurchaseEvent(StrEnum):
    AUTHORIZE = "authorize"
    VOID = "void"
    REDEEM = "redeem"
    RESET = "reset"
    COMPLETE = "complete"
    CERTIFY = "certify"
    REVIEW = "review"


PURCHASE = LifeCycle(
    "purchase",
    {
        (PurchaseState.OFFERED, PurchaseEvent.AUTHORIZE): PurchaseState.PAID,
        (PurchaseState.PAID, PurchaseEvent.VOID): PurchaseState.VOIDED,
        (PurchaseState.PAID, PurchaseEvent.REDEEM): PurchaseState.REDEEMED,
        (PurchaseState.REDEEMED, PurchaseEvent.RESET): PurchaseState.PAID,
        (PurchaseState.REDEEMED, PurchaseEvent.COMPLETE): PurchaseState.COMPLETED,
        (PurchaseState.COMPLETED, PurchaseEvent.CERTIFY): PurchaseState.CERTIFIED,
        (PurchaseState.CERTIFIED, PurchaseEvent.REVIEW): PurchaseState.REVIEWED,
    },
)


@dataclass(frozen=True, slots=True)
class Review:
    stars: int
    text: str
    written_at: datetime


@dataclass(frozen=True, slots=True)
class Purchase:
    """``id`` is the keyed index of the payment token, which only the platform and the buyer's mail hold. ``amount`` is
    the price; of an expensive course ``by_buyer`` is what the buyer pays of it, to the platform and not through us."""

    id: PurchaseId
    applicant_id: ApplicantId
    card_number: CardNumber
    course_code: CourseCode
    schedule_code: ScheduleCode
    platform: ClientCode
    provider: ClientCode
    amount: Rupiah
    offered_at: datetime
    sequences: tuple[int, ...]
    by_buyer: Rupiah = NOTHING
    state: PurchaseState = PurchaseState.OFFERED
    code_failures: int = 0
    invoice_code: InvoiceCode | None = None
    invoice_url: str | None = None
    transaction_code: str | None = None
    redeem_code: RedeemCode | None = None
    redeemed_at: datetime | None = None
    attended: Mapping[int, datetime] = field(default_factory=dict)
    completed_at: datetime | None = None
    certificate_no: str | None = None
    certified_at: datetime | None = None
    review: Review | None = None
    version: int = 0

    @property
    def by_grant(self) -> Rupiah:
        """What the training balance pays."""
        return self.amount.minus(self.by_buyer)


def check_offer_fits(course: Course, schedule: Schedule, *, platform: ClientCode, amount: Rupiah, today: date) -> None:
    """Refuse an offer that the course does not make: another's course, another price, no seat, too late."""
    if course.platform != platform:
        raise InvalidInput("course_not_of_partner", field="course_code")
    if amount != course.price:
        raise InvalidInput("amount_not_the_price", field="amount")
    if today > schedule.ends_on:
        raise Conflict("schedule_over", field="schedule_code")
    if schedule.seats_left < 1:
        raise Conflict("schedule_full", field="schedule_code")


def check_purchase_code(purchase: Purchase, *, matches: bool, now: datetime) -> None:
    if purchase.code_failures >= MOST_CODE_ATTEMPTS:
        raise TooManyAttempts("code_attempts_used_up", field="otp")
    if not matches or now > purchase.offered_at + OFFER_LIVES:
        raise InvalidInput("code_wrong_or_expired", field="otp")


def authorize(
    purchase: Purchase, *, invoice: InvoiceCode, invoice_url: str, transaction_code: str, redeem_code: RedeemCode
) -> Purchase:
    return replace(
        purchase,
        state=PURCHASE.after(purchase.state, PurchaseEvent.AUTHORIZE),
        invoice_code=invoice,
        invoice_url=invoice_url,
        transaction_code=transaction_code,
        redeem_code=redeem_code,
    )


def void(purchase: Purchase) -> Purchase:
    return replace(purchase, state=PURCHASE.after(purchase.state, PurchaseEvent.VOID))


def redeem(purchase: Purchase, *, now: datetime) -> Purchase:
    return replace(purchase, state=PURCHASE.after(purchase.state, PurchaseEvent.REDEEM), redeemed_at=now)


def reset(purchase: Purchase) -> Purchase:
    """Back to unredeemed, for partners' trials only."""
    if not (purchase.redeem_code or "").startswith(SANDBOX_PREFIX):
        raise Conflict("reset_only_in_sandbox", field="redeem_code")
    return replace(purchase, state=PURCHASE.after(purchase.state, PurchaseEvent.RESET), redeemed_at=None, attended={})


def attend(purchase: Purchase, sequence: int, *, now: datetime) -> Purchase:
    """Mark one session (or the post-test) attended; the last of them completes the training."""
    if sequence not in purchase.sequences:
        raise InvalidInput("sequence_unknown", field="sequence", known=", ".join(map(str, purchase.sequences)))
    if sequence in purchase.attended:
        return purchase
    if purchase.state is not PurchaseState.REDEEMED:
        raise Conflict("redeem_code_not_redeemed", field="redeem_code")
    present = replace(purchase, attended={**purchase.attended, sequence: now})
    if set(present.attended) != set(purchase.sequences):
        return present
    return replace(present, state=PURCHASE.after(purchase.state, PurchaseEvent.COMPLETE), completed_at=now)


def certify(purchase: Purchase, certificate_no: str, *, now: datetime) -> Purchase:
    state = PURCHASE.after(purchase.state, PurchaseEvent.CERTIFY)
    return replace(purchase, state=state, certificate_no=certificate_no, certified_at=now)


def write_review(purchase: Purchase, *, stars: int, text: str, now: datetime) -> Purchase:
    if purchase.review:
        raise AlreadyDone("review_already_written")
    if purchase.state is not PurchaseState.CERTIFIED:
        raise Conflict("training_not_completed")
    state = PURCHASE.after(purchase.state, PurchaseEvent.REVIEW)
    return replace(purchase, state=state, review=Review(stars, text, now))


def count_code_failure(purchase: Purchase) -> Purchase:
    return replace(purchase, code_failures=purchase.code_failures + 1)
