"""Prakerja's published partner API, version 1: platforms' and providers' existing clients speak it unchanged.

How requests are signed, replies wrapped and refusals told stands in ``partner_replies.py``.
"""

from typing import Any

from chalice.app import Blueprint
from pydantic import Field

from chalicelib import bootstrap
from chalicelib.domain.errors import NotFound
from chalicelib.domain.identifiers import ClientCode, CourseCode, InvoiceCode, RedeemCode, ScheduleCode
from chalicelib.domain.money import Rupiah
from chalicelib.domain.time import WIB
from chalicelib.domain.training import Course, LearningMethod, Partner, Purchase, PurchaseState, Schedule
from chalicelib.handlers.partner_replies import PartnerBody, replies_to_partner
from chalicelib.settings import settings
from chalicelib.use_cases.training.authorize_purchase import Authorization, authorize_purchase
from chalicelib.use_cases.training.invite_attendance import invite_attendance
from chalicelib.use_cases.training.offer_purchase import Offer, find_schedule, offer_purchase
from chalicelib.use_cases.training.redeem_course import find_redeemable, redeem_course, reset_redeem_code
from chalicelib.use_cases.training.void_purchase import void_purchase

blueprint = Blueprint(__name__)

_BASE = "/api/v1/integration"
_TIME_FORMAT = "%Y-%m-%d %H:%M:%S"
"""As the published API writes times: without a zone, by Jakarta's clock."""


class ScheduleAsked(PartnerBody):
    course_code: str = Field(max_length=64)
    schedule_code: str = Field(max_length=64)


class OtpAsked(ScheduleAsked):
    user_platform_id: str = Field(max_length=100)
    prakerja_id: str = Field(max_length=32, description="The card number.")
    amount: int = Field(ge=1, le=100_000_000, description="Rupiah.")


class AuthorizationAsked(PartnerBody):
    otp: str = Field(pattern=r"^[0-9]{6}$")
    invoice_url: str = Field(max_length=500)
    invoice_code: str = Field(min_length=1, max_length=64)


class InvoiceAsked(PartnerBody):
    invoice_code: str = Field(min_length=1, max_length=64)


class RedeemCodeAsked(PartnerBody):
    redeem_code: str = Field(min_length=1, max_length=64)
    sequence: int | None = Field(None, ge=1, le=999)


class UrlAsked(PartnerBody):
    redeem_code: str = Field(min_length=1, max_length=64)
    sequence: int = Field(ge=1, le=999)
    redirect_uri: str = Field(max_length=500)
    email: str | None = Field(None, max_length=320)


@blueprint.route(f"{_BASE}/payment/quota-schedule", methods=["POST"])
@replies_to_partner(blueprint)
def quota_schedule(partner: Partner, body: ScheduleAsked) -> dict[str, Any]:
    """Seats left in a schedule."""
    course, schedule = _schedule(body.course_code, body.schedule_code)
    if course.platform != partner.client_code:
        raise NotFound("course_unknown", field="course_code")
    return {"course_code": course.code, "schedule_code": schedule.code, "quota": schedule.seats_left}


@blueprint.route(f"{_BASE}/payment/send-otp", methods=["POST"])
@replies_to_partner(blueprint)
def send_otp(partner: Partner, body: OtpAsked) -> dict[str, Any]:
    """Offer a course to a card; its holder gets a code by mail."""
    offer = Offer(
        platform=partner.client_code,
        card_number=body.prakerja_id,
        course_code=CourseCode(body.course_code),
        schedule_code=ScheduleCode(body.schedule_code),
        amount=Rupiah(body.amount),
    )
    token = offer_purchase(
        offer,
        courses=bootstrap.courses(),
        purchases=bootstrap.purchases(),
        memberships=bootstrap.memberships(),
        ledger=bootstrap.ledger(),
        indexer=bootstrap.indexer(),
        chance=bootstrap.chance(),
        clock=bootstrap.clock(),
    )
    return {"payment_token": token}


@blueprint.route(f"{_BASE}/payment/authorize", methods=["POST"])
@replies_to_partner(blueprint)
def authorize(partner: Partner, body: AuthorizationAsked, token: str) -> dict[str, Any]:
    """Pay with the holder's code."""
    asked = Authorization(
        platform=partner.client_code,
        payment_token=token,
        code=body.otp,
        invoice_code=InvoiceCode(body.invoice_code),
        invoice_url=body.invoice_url,
        is_trial=partner.is_sandbox,
    )
    paid = authorize_purchase(
        asked, purchases=bootstrap.purchases(), indexer=bootstrap.indexer(), clock=bootstrap.clock()
    )
    told = {"transaction_code": paid.transaction_code, "redeem_code": paid.redeem_code, "status": "SUCCESS"}
    return told | _shares(paid)


@blueprint.route(f"{_BASE}/payment/status", methods=["POST"])
@replies_to_partner(blueprint)
def payment_status(partner: Partner, body: InvoiceAsked) -> dict[str, Any]:
    """What became of an invoice."""
    purchase = bootstrap.purchases().by_invoice(partner.client_code, InvoiceCode(body.invoice_code))
    if purchase is None:
        raise NotFound("invoice_unknown", field="invoice_code")
    status = "VOID" if purchase.state is PurchaseState.VOIDED else "SUCCESS"
    told = {"invoice_code": purchase.invoice_code, "transaction_code": purchase.transaction_code, "status": status}
    return told | _shares(purchase)


@blueprint.route(f"{_BASE}/payment/void", methods=["POST"])
@replies_to_partner(blueprint)
def void(partner: Partner, body: InvoiceAsked) -> dict[str, Any]:
    """Undo a sale that was not redeemed."""
    invoice = InvoiceCode(body.invoice_code)
    voided = void_purchase(partner.client_code, invoice, purchases=bootstrap.purchases(), clock=bootstrap.clock())
    return {"invoice_code": voided.invoice_code, "status": "VOID"}


@blueprint.route(f"{_BASE}/payment/redeem-code/status", methods=["POST"])
@replies_to_partner(blueprint)
def redeem_code_status(partner: Partner, body: RedeemCodeAsked) -> dict[str, Any]:
    """How a redeem code stands, and one of its sessions."""
    purchase = find_redeemable(partner.client_code, RedeemCode(body.redeem_code), bootstrap.purchases())
    course, schedule = _schedule(purchase.course_code, purchase.schedule_code)
    return _redeem_status(purchase, course, schedule, body.sequence)


@blueprint.route(f"{_BASE}/payment/redeem-code/commit", methods=["POST"])
@replies_to_partner(blueprint)
def redeem_code_commit(partner: Partner, body: RedeemCodeAsked) -> dict[str, Any]:
    """Redeem: the learner has come."""
    code = RedeemCode(body.redeem_code)
    redeemed = redeem_course(partner.client_code, code, purchases=bootstrap.purchases(), clock=bootstrap.clock())
    return {"redeem_code": redeemed.redeem_code, "course_code": redeemed.course_code, "status": _status(redeemed)}


@blueprint.route(f"{_BASE}/payment/redeem-code/reset", methods=["POST"])
@replies_to_partner(blueprint)
def redeem_code_reset(partner: Partner, body: RedeemCodeAsked) -> dict[str, Any]:
    """Take a redemption back, for codes of the sandbox only."""
    reset_redeem_code(partner.client_code, RedeemCode(body.redeem_code), purchases=bootstrap.purchases())
    return {}


@blueprint.route(f"{_BASE}/oauth/url-generate", methods=["POST"])
@replies_to_partner(blueprint)
def url_generate(partner: Partner, body: UrlAsked) -> dict[str, Any]:
    """An address at which the learner is marked present by signing in."""
    purchase, state = invite_attendance(
        partner.client_code,
        RedeemCode(body.redeem_code),
        body.sequence,
        purchases=bootstrap.purchases(),
        indexer=bootstrap.indexer(),
    )
    course, _ = _schedule(purchase.course_code, purchase.schedule_code)
    url = f"{settings().public_url}/attend#{state}"
    kind = "webinar" if course.method is LearningMethod.ONLINE else "offline"
    return {"url": url, "state": state, "course": {"type": kind, "learning_method": course.method.value}}


def _schedule(course_code: str, schedule_code: str) -> tuple[Course, Schedule]:
    return find_schedule(CourseCode(course_code), ScheduleCode(schedule_code), bootstrap.courses())


def _shares(purchase: Purchase) -> dict[str, Any]:
    """What the platform collects of the buyer. Of courses that the grant pays whole, replies are as published."""
    if not purchase.by_buyer:
        return {}
    return {"amount_by_grant": int(purchase.by_grant), "amount_by_buyer": int(purchase.by_buyer)}


def _status(purchase: Purchase) -> str:
    return {PurchaseState.PAID: "UNREDEEMED", PurchaseState.VOIDED: "VOID"}.get(purchase.state, "REDEEMED")


def _redeem_status(purchase: Purchase, course: Course, schedule: Schedule, sequence: int | None) -> dict[str, Any]:
    is_online = course.method is LearningMethod.ONLINE
    redeemed_at = purchase.redeemed_at.astimezone(WIB).strftime(_TIME_FORMAT) if purchase.redeemed_at else None
    return {
        "redeem_code": purchase.redeem_code,
        "course_code": purchase.course_code,
        "invoice_code": purchase.invoice_code,
        "schedule_code": purchase.schedule_code,
        "status": _status(purchase),
        "attendance_status": "PRESENT" if _attended(purchase, sequence) else "ABSENT",
        "redeem_at": redeemed_at,
        "dp_platform": ClientCode(purchase.platform),
        "schedule_start_end": f"{schedule.starts_on} - {schedule.ends_on}",
        "course_type": "webinar" if is_online else "offline",
        "course_type_label": "Webinar" if is_online else "Luring",
        "course_learning_method": course.method.value,
        "is_online_attendance": is_online,
        "sequence": sequence,
    }


def _attended(purchase: Purchase, sequence: int | None) -> bool:
    wanted = purchase.sequences if sequence is None else (sequence,)
    return all(each in purchase.attended for each in wanted)
