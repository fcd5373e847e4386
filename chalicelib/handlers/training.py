"""Doors of training: courses, attendance, certificates, reviews. Partners have their own: ``partners.py``."""

from datetime import date, datetime
from http import HTTPStatus
from typing import Any

from chalice.app import Blueprint
from pydantic import Field

from chalicelib import bootstrap
from chalicelib.domain.commands import Change
from chalicelib.domain.errors import NotFound
from chalicelib.domain.grant import GENERAL
from chalicelib.domain.identifiers import ClientCode, CourseCode, PurchaseId, RedeemCode, ScheduleCode
from chalicelib.domain.money import Rupiah
from chalicelib.domain.training import Course, LearningMethod, PurchaseState, Schedule
from chalicelib.handlers.arguments import cursor
from chalicelib.handlers.batches import each_message
from chalicelib.handlers.changes import each_change
from chalicelib.handlers.doors import PERSONAL, Access, Body, Caller, Line, Page, Paragraphs
from chalicelib.handlers.replies import replies
from chalicelib.settings import queue_name, settings, stream_arn
from chalicelib.use_cases.training.attend_session import attend_session
from chalicelib.use_cases.training.enrol_partner import enrol_partner
from chalicelib.use_cases.training.follow_purchase import follow_purchase
from chalicelib.use_cases.training.issue_certificate import issue_certificate
from chalicelib.use_cases.training.list_course import list_course, list_schedule
from chalicelib.use_cases.training.review_course import review_course

blueprint = Blueprint(__name__)

_CODE = r"^[A-Za-z0-9._-]{1,64}$"


class PartnerEnrolled(Body):
    client_code: str = Field(pattern=_CODE)
    name: Line = Field(max_length=100)
    sandbox: bool = Field(False, description="Its sales are trials whose redeem code can be reset. Not in production.")


class SignKeyTold(Body):
    client_code: str
    sign_key: str = Field(description="Told once. It signs every request of the partner.")


class CourseListed(Body):
    title: Line = Field(max_length=200)
    platform: str = Field(pattern=_CODE)
    provider: str = Field(pattern=_CODE)
    price_rupiah: int = Field(ge=1, le=100_000_000)
    method: LearningMethod
    category: str = Field(GENERAL, max_length=40, description="Of some, buyers pay a part: see docs/grant.md.")


class ScheduleListed(Body):
    starts_on: date
    ends_on: date
    sessions: int = Field(ge=1, le=10)
    seats: int = Field(ge=1, le=100_000)


class ScheduleReply(Body):
    code: str
    starts_on: date
    ends_on: date
    sessions: int
    seats_left: int


class CourseReply(Body):
    code: str
    title: str
    platform: str
    provider: str
    price_rupiah: int
    method: LearningMethod
    category: str


class CourseDetail(CourseReply):
    schedules: list[ScheduleReply]


class CourseList(Body):
    courses: list[CourseReply]
    next: str | None


class Attendance(Body):
    state: str = Field(max_length=200, description="From the address to which the provider sent the learner.")


class Attended(Body):
    redeem_code: str
    state: PurchaseState
    attended: list[int]


class ReviewWritten(Body):
    redeem_code: str = Field(max_length=64)
    stars: int = Field(ge=1, le=5)
    text: Paragraphs = Field(max_length=2000)


class Training(Body):
    course_code: str
    redeem_code: str | None
    state: PurchaseState
    amount_rupiah: int = Field(description="The price: what the training balance paid, and what one paid oneself.")
    by_grant_rupiah: int
    by_buyer_rupiah: int
    attended: list[int]
    to_attend: list[int]
    certificate_no: str | None
    certified_at: datetime | None


class TrainingList(Body):
    trainings: list[Training]


@blueprint.route("/v1/staff/partners", methods=["POST"])
@replies(blueprint, access=Access.STAFF, status=HTTPStatus.CREATED)
def enrol(body: PartnerEnrolled) -> SignKeyTold:
    """Enrol a platform or provider."""
    partner = enrol_partner(
        ClientCode(body.client_code),
        body.name,
        is_sandbox=body.sandbox,
        is_production=settings().is_production,
        courses=bootstrap.courses(),
        chance=bootstrap.chance(),
    )
    return SignKeyTold(client_code=partner.client_code, sign_key=partner.sign_key)


@blueprint.route("/v1/staff/courses/{code}", methods=["PUT"])
@replies(blueprint, access=Access.STAFF, status=HTTPStatus.NO_CONTENT)
def put_course(code: str, body: CourseListed) -> None:
    """List a course, or change how it is listed."""
    course = Course(
        code=CourseCode(code),
        title=body.title,
        platform=ClientCode(body.platform),
        provider=ClientCode(body.provider),
        price=Rupiah(body.price_rupiah),
        method=body.method,
        category=body.category,
    )
    list_course(course, courses=bootstrap.courses())


@blueprint.route("/v1/staff/courses/{code}/schedules/{schedule}", methods=["PUT"])
@replies(blueprint, access=Access.STAFF, status=HTTPStatus.NO_CONTENT)
def put_schedule(code: str, schedule: str, body: ScheduleListed) -> None:
    """Add a schedule to a course."""
    planned = Schedule(ScheduleCode(schedule), CourseCode(code), **body.model_dump())
    list_schedule(planned, courses=bootstrap.courses())


@blueprint.route("/v1/courses", methods=["GET"])
@replies(blueprint, access=Access.PUBLIC)
def show_courses(page: Page) -> CourseList:
    """Courses, by code."""
    after = CourseCode(page.after) if page.after else None
    found = bootstrap.courses().page(after=after, limit=page.limit)
    last = found[-1].code if len(found) == page.limit else None
    return CourseList(courses=[CourseReply(**_course(each)) for each in found], next=cursor(last))


@blueprint.route("/v1/courses/{code}", methods=["GET"])
@replies(blueprint, access=Access.PUBLIC)
def show_course(code: str) -> CourseDetail:
    """One course with its schedules."""
    course = bootstrap.courses().get(CourseCode(code))
    if course is None:
        raise NotFound("course_unknown", field="code")
    schedules = [
        ScheduleReply(**{name: getattr(each, name) for name in ScheduleReply.model_fields})
        for each in bootstrap.courses().schedules(course.code)
    ]
    return CourseDetail(**_course(course), schedules=schedules)


@blueprint.route("/v1/me/trainings", methods=["GET"])
@replies(blueprint, access=Access.APPLICANT, keep=PERSONAL)
def show_trainings(caller: Caller) -> TrainingList:
    """What one bought, attended and was certified."""
    bought = bootstrap.purchases().of_applicant(caller.applicant_id)
    return TrainingList(
        trainings=[
            Training(
                course_code=each.course_code,
                redeem_code=each.redeem_code,
                state=each.state,
                amount_rupiah=int(each.amount),
                by_grant_rupiah=int(each.by_grant),
                by_buyer_rupiah=int(each.by_buyer),
                attended=sorted(each.attended),
                to_attend=list(each.sequences),
                certificate_no=each.certificate_no,
                certified_at=each.certified_at,
            )
            for each in bought
        ]
    )


@blueprint.route("/v1/me/attendances", methods=["POST"])
@replies(blueprint, access=Access.APPLICANT, status=HTTPStatus.CREATED)
def attend(caller: Caller, body: Attendance) -> Attended:
    """Say "present" at a session, or at the post-test."""
    attended = attend_session(
        caller.applicant_id,
        body.state,
        purchases=bootstrap.purchases(),
        indexer=bootstrap.indexer(),
        clock=bootstrap.clock(),
    )
    code, sessions = str(attended.redeem_code), sorted(attended.attended)
    return Attended(redeem_code=code, state=attended.state, attended=sessions)


@blueprint.route("/v1/me/reviews", methods=["POST"])
@replies(blueprint, access=Access.APPLICANT, status=HTTPStatus.NO_CONTENT)
def review(caller: Caller, body: ReviewWritten) -> None:
    """Rate and review a finished course."""
    purchases, clock = bootstrap.purchases(), bootstrap.clock()
    code = RedeemCode(body.redeem_code)
    review_course(caller.applicant_id, code, body.stars, body.text, purchases=purchases, clock=clock)


@blueprint.on_dynamodb_record(stream_arn=stream_arn("training"), batch_size=100)
@each_change
def follow_purchases(change: Change) -> None:
    follow_purchase(change, messages=bootstrap.messages())


@blueprint.on_sqs_message(queue=queue_name("certificates-to-issue"), batch_size=10, maximum_concurrency=10)
@each_message
def issue_certificates(body: dict[str, Any]) -> None:
    purchases, indexer, clock = bootstrap.purchases(), bootstrap.indexer(), bootstrap.clock()
    issue_certificate(PurchaseId(body["purchase_id"]), purchases=purchases, indexer=indexer, clock=clock)


def _course(course: Course) -> dict[str, Any]:
    told = ("code", "title", "platform", "provider", "method", "category")
    return {"price_rupiah": int(course.price)} | {name: getattr(course, name) for name in told}
