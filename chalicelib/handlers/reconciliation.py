"""Doors of reconciliation: a bank's statement comes, is compared with our two books, and what differs is explained."""

from collections.abc import Sequence
from datetime import date
from http import HTTPStatus
from typing import Any
from urllib.parse import unquote_plus

from chalice.app import Blueprint, CloudWatchEvent
from pydantic import Field

from chalicelib import bootstrap
from chalicelib.domain.commands import Change
from chalicelib.domain.errors import InvalidInput, NotFound
from chalicelib.domain.ledger import OwnedAccount, channel_owner
from chalicelib.domain.mail import Language
from chalicelib.domain.payout_accounts import BANKS
from chalicelib.domain.reconciliation.days import Phase
from chalicelib.domain.reconciliation.differences import ClearingReason
from chalicelib.domain.reconciliation.movements import Kind, movement
from chalicelib.handlers import reconciliation_replies as told
from chalicelib.handlers.arguments import cursor
from chalicelib.handlers.batches import each_message
from chalicelib.handlers.changes import all_changes, each_change
from chalicelib.handlers.doors import Access, Body, Caller, Page
from chalicelib.handlers.replies import replies
from chalicelib.handlers.verification import UploadFormReply
from chalicelib.observability import correlated, count, gauge, log, new_correlation_id
from chalicelib.settings import queue_name, stream_arn
from chalicelib.use_cases.reconciliation.approve_clearing import approve_clearing
from chalicelib.use_cases.reconciliation.ask_clearing import ask_clearing
from chalicelib.use_cases.reconciliation.begin_statement_upload import begin_statement_upload
from chalicelib.use_cases.reconciliation.decline_clearing import decline_clearing
from chalicelib.use_cases.reconciliation.desk import Desk
from chalicelib.use_cases.reconciliation.enter_differences import enter_differences
from chalicelib.use_cases.reconciliation.feed_requests import feed_requests as feed
from chalicelib.use_cases.reconciliation.find_missing_statements import find_missing_statements
from chalicelib.use_cases.reconciliation.follow_reconciliation import follow_reconciliation
from chalicelib.use_cases.reconciliation.found_difference import Which
from chalicelib.use_cases.reconciliation.receive_statement import receive_statement
from chalicelib.use_cases.reconciliation.reconcile_again import reconcile_again
from chalicelib.use_cases.reconciliation.reconcile_day import reconcile_day

blueprint = Blueprint(__name__)

_FEED_SECONDS = 60
"""How long requests are gathered into one file."""
_DAY = "/v1/staff/reconciliations/{bank}/{day}"
_DIFFERENCE = f"{_DAY}/{{kind}}/{{reference}}"


class ClearingAsked(Body):
    against: str = Field(max_length=32, description="Whose money it is: incentive_fund, recoveries or treasury.")
    reason: ClearingReason


class ClearingApproved(Body):
    amount_rupiah: int = Field(description="What is in suspense, as you saw it.")


@blueprint.route("/v1/staff/statements/{bank}/{day}/uploads", methods=["POST"])
@replies(blueprint, access=Access.STAFF, status=HTTPStatus.CREATED)
def begin_statement(caller: Caller, bank: str, day: str) -> UploadFormReply:
    """Get a form for a channel's statement of a day, good for a quarter of an hour. CSV of up to 500 MB."""
    form = begin_statement_upload(
        bank,
        _day(day),
        caller.staff_id,
        files=bootstrap.statement_files(),
        chance=bootstrap.chance(),
        clock=bootstrap.clock(),
    )
    return UploadFormReply(url=form.url, fields=dict(form.fields))


@blueprint.route("/v1/staff/statements/{bank}/{day}", methods=["GET"])
@replies(blueprint, access=Access.STAFF)
def show_statements(bank: str, day: str, page: Page, language: Language) -> told.BankStatementsReply:
    """Files that came for a channel's day, newest first, and what became of each."""
    if page.after and not (page.after.isascii() and page.after.isdigit() and len(page.after) <= 9):
        raise InvalidInput("number_expected", field="after")
    before = int(page.after) if page.after else None
    found = bootstrap.reconciliations().statements(_bank(bank), _day(day), limit=page.limit, before=before)
    last = str(found[-1].number) if len(found) == page.limit else None
    return told.BankStatementsReply(
        statements=[told.statement_told(each, language) for each in found], next=cursor(last)
    )


@blueprint.route("/v1/staff/reconciliations/{bank}", methods=["GET"])
@replies(blueprint, access=Access.STAFF)
def show_days(bank: str, page: Page) -> told.DaysReply:
    """A channel's days of which statements came, newest first."""
    before = _day(page.after, "after") if page.after else None
    found = bootstrap.reconciliations().days(_bank(bank), limit=page.limit, before=before)
    last = found[-1].day.isoformat() if len(found) == page.limit else None
    return told.DaysReply(days=[told.day_told(each) for each in found], next=cursor(last))


@blueprint.route(_DAY, methods=["GET"])
@replies(blueprint, access=Access.STAFF)
def show_day(bank: str, day: str) -> told.DayReply:
    """A channel's day: what was found, what still stands, and the suspense account, which must reach zero."""
    known = bootstrap.reconciliations().day(_bank(bank), _day(day))
    if not known.newest:
        raise NotFound("day_not_compared", field="day")
    return told.day_told(known, bootstrap.ledger().balance(channel_owner(known.bank, known.day), OwnedAccount.SUSPENSE))


@blueprint.route(f"{_DAY}/differences", methods=["GET"])
@replies(blueprint, access=Access.STAFF)
def show_differences(bank: str, day: str, page: Page, language: Language) -> told.DifferencesReply:
    """What ever differed on a channel's day, those that are explained among them."""
    found, last = bootstrap.reconciliations().differences(_bank(bank), _day(day), after=page.after, limit=page.limit)
    rows = [told.difference_told(each, language) for each in found]
    return told.DifferencesReply(differences=rows, next=cursor(last))


@blueprint.route(f"{_DIFFERENCE}/clearings", methods=["POST"])
@replies(blueprint, access=Access.APPROVER, status=HTTPStatus.CREATED)
def ask_to_clear(
    caller: Caller, bank: str, day: str, kind: str, reference: str, body: ClearingAsked, language: Language
) -> told.DifferenceReply:
    """Say whose money a difference is. Somebody else must approve it."""
    which = _which(bank, day, kind, reference)
    asked = ask_clearing(which, caller.staff_id, body.against, body.reason, reconciliations=bootstrap.reconciliations())
    return told.difference_told(asked, language)


@blueprint.route(f"{_DIFFERENCE}/clearing/approval", methods=["POST"])
@replies(blueprint, access=Access.APPROVER, status=HTTPStatus.CREATED)
def approve_to_clear(
    caller: Caller, bank: str, day: str, kind: str, reference: str, body: ClearingApproved, language: Language
) -> told.DifferenceReply:
    """Approve what somebody else said of a difference, with the amount as you saw it: it leaves suspense."""
    cleared = approve_clearing(
        _which(bank, day, kind, reference),
        caller.staff_id,
        body.amount_rupiah,
        reconciliations=bootstrap.reconciliations(),
        clock=bootstrap.clock(),
    )
    return told.difference_told(cleared, language)


@blueprint.route(f"{_DIFFERENCE}/clearing/refusal", methods=["POST"])
@replies(blueprint, access=Access.APPROVER, status=HTTPStatus.CREATED)
def decline_to_clear(bank: str, day: str, kind: str, reference: str, language: Language) -> told.DifferenceReply:
    """Refuse what was said of a difference: it stands as before."""
    which = _which(bank, day, kind, reference)
    return told.difference_told(decline_clearing(which, reconciliations=bootstrap.reconciliations()), language)


@blueprint.on_sqs_message(queue=queue_name("statements-to-reconcile"), batch_size=1, maximum_concurrency=5)
@each_message
def reconcile_statements(body: dict[str, Any]) -> None:
    """A notice of S3's that a file came, a day to be compared, or the next step of entering what was found."""
    desk = _desk()
    for record in body.get("Records", ()):
        object_key = unquote_plus(record["s3"]["object"]["key"])
        receive_statement(object_key, reconciliations=desk.reconciliations, files=desk.files, clock=desk.clock)
    if "number" in body:
        reconcile_day(body["bank"], date.fromisoformat(body["day"]), body["number"], body.get("run"), desk=desk)
    elif "phase" in body:
        place = body["run"], Phase(body["phase"]), body["step"]
        enter_differences(body["bank"], date.fromisoformat(body["day"]), *place, desk=desk)


@blueprint.on_dynamodb_record(stream_arn=stream_arn("reconciliations"), batch_size=100)
@each_change
def follow_reconciliations(change: Change) -> None:
    follow_reconciliation(change, messages=bootstrap.messages())


@blueprint.on_dynamodb_record(
    stream_arn=stream_arn("payouts"), batch_size=5000, maximum_batching_window_in_seconds=_FEED_SECONDS
)
@all_changes
def feed_requests(changes: Sequence[Change], batch: str) -> None:
    for change in feed(changes, batch=batch, journal=bootstrap.journal()):
        log().error("request_not_readable", extra={"function": "feed_requests", "id": change.id})
        count("ChangeDropped", function="feed_requests", code="request_not_readable")


@blueprint.schedule("rate(12 hours)")
def reconcile_open_days(_event: CloudWatchEvent) -> None:
    with correlated(new_correlation_id()):
        old = reconcile_again(
            reconciliations=bootstrap.reconciliations(), messages=bootstrap.messages(), clock=bootstrap.clock()
        )
        gauge("SuspenseOld", old)
        missing = [f"{bank}/{day}" for bank, day in find_missing_statements(desk=_desk())]
        gauge("StatementsMissing", len(missing))
        if missing:
            log().error("statements_missing", extra={"function": "reconcile_open_days", "days": missing})


def _desk() -> Desk:
    return Desk(bootstrap.reconciliations(), bootstrap.statement_files(), bootstrap.journal(), bootstrap.clock())


def _which(bank: str, day: str, kind: str, reference: str) -> Which:
    if kind not in set(Kind):
        raise InvalidInput("field_no_choice", field="kind", choices=", ".join(Kind))
    return Which(_bank(bank), _day(day), movement(Kind(kind), reference))


def _bank(bank: str) -> str:
    if bank not in BANKS:
        raise InvalidInput("bank_unknown", field="bank", known=", ".join(BANKS))
    return bank


def _day(text: str, field: str = "day") -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise InvalidInput("field_not_date", field=field) from None
