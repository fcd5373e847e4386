"""Doors of the ledger: statements, accounts, corrections; the journal's feed, and the clock that closes its days."""

from collections.abc import Sequence
from http import HTTPStatus

from chalice.app import Blueprint, CloudWatchEvent

from chalicelib import bootstrap
from chalicelib.domain.commands import Change
from chalicelib.domain.mail import Language
from chalicelib.handlers import ledger_bodies as told
from chalicelib.handlers.arguments import cursor
from chalicelib.handlers.changes import all_changes
from chalicelib.handlers.doors import PERSONAL, Access, Caller, Page
from chalicelib.handlers.replies import replies
from chalicelib.observability import correlated, count, log, new_correlation_id
from chalicelib.settings import stream_arn
from chalicelib.use_cases.ledger.approve_correction import approve_correction
from chalicelib.use_cases.ledger.ask_correction import ask_correction
from chalicelib.use_cases.ledger.close_books import close_books as close
from chalicelib.use_cases.ledger.desk import BooksDesk
from chalicelib.use_cases.ledger.feed_journal import feed_journal as feed
from chalicelib.use_cases.ledger.read_account import read_account
from chalicelib.use_cases.ledger.read_closing import read_closing
from chalicelib.use_cases.ledger.read_statement import read_statement
from chalicelib.use_cases.ledger.refuse_correction import refuse_correction
from chalicelib.use_cases.ledger.see_statement import see_statement
from chalicelib.use_cases.ledger.verify_movers import verify_movers

blueprint = Blueprint(__name__)

_FEED_SECONDS = 60
"""How long postings are gathered into one file."""


@blueprint.route("/v1/staff/ledger/postings", methods=["GET"])
@replies(blueprint, access=Access.STAFF)
def list_postings(page: Page) -> told.Postings:
    """Every posting of the ledger, in no order."""
    found, last = bootstrap.ledger().page(after=page.after, limit=page.limit)
    return told.Postings(postings=[told.posting_told(each) for each in found], next=cursor(last))


@blueprint.route("/v1/me/statement", methods=["GET"])
@replies(blueprint, access=Access.APPLICANT, keep=PERSONAL)
def show_own_statement(caller: Caller, language: Language, page: Page) -> told.StatementReply:
    """What was credited and debited to you, newest first, and how your accounts stand."""
    found = read_statement(caller.applicant_id, after=page.after, limit=page.limit, ledger=bootstrap.ledger())
    return told.statement_told(found, language)


@blueprint.route("/v1/staff/ledger/people/{reference}/statement", methods=["POST"])
@replies(blueprint, access=Access.STAFF)
def show_statement(
    caller: Caller, reference: str, language: Language, page: Page, body: told.StatementAsked
) -> told.StatementReply:
    """Somebody's statement, for a reason. Both are put on record first, and the person sees them."""
    found = see_statement(reference, body.reason, caller.officer, after=page.after, limit=page.limit, desk=_desk())
    return told.statement_told(found, language)


@blueprint.route("/v1/staff/ledger/accounts", methods=["GET"])
@replies(blueprint, access=Access.STAFF)
def show_accounts(query: told.DayAsked) -> told.ClosingReply:
    """How every account stood at the end of a day."""
    closing, is_settled = read_closing(query.day, journal=bootstrap.journal(), clock=bootstrap.clock())
    return told.closing_told(closing, is_settled=is_settled)


@blueprint.route("/v1/staff/ledger/accounts/{account}/statement", methods=["GET"])
@replies(blueprint, access=Access.STAFF)
def show_ledger_account(account: str, query: told.AccountDayAsked, page: Page) -> told.Postings:
    """What was posted against one of the programme's accounts on a day: `treasury`, `bank:bni`, `partner:<code>`.

    A page may be short and still have a next one."""
    found, last = read_account(account, query.day, after=page.after, limit=page.limit, journal=bootstrap.journal())
    return told.Postings(postings=[told.posting_told(each.posting) for each in found], next=cursor(last))


@blueprint.route("/v1/staff/ledger/corrections", methods=["GET"])
@replies(blueprint, access=Access.STAFF)
def list_corrections(page: Page) -> told.CorrectionList:
    """What was asked to be corrected, and what became of it."""
    found, last = bootstrap.corrections().page(after=page.after, limit=page.limit)
    return told.CorrectionList(corrections=[told.correction_told(each) for each in found], next=cursor(last))


@blueprint.route("/v1/staff/ledger/corrections", methods=["POST"])
@replies(blueprint, access=Access.APPROVER, status=HTTPStatus.CREATED)
def ask_to_correct(caller: Caller, body: told.CorrectionAsked) -> told.CorrectionReply:
    """Ask that a posting be taken back. Nothing is posted until another approver agrees."""
    return told.correction_told(ask_correction(body.owner, body.key, body.reason, caller.officer, desk=_desk()))


@blueprint.route("/v1/staff/ledger/corrections/{id}/approval", methods=["POST"])
@replies(blueprint, access=Access.APPROVER)
def approve_to_correct(caller: Caller, id: str) -> told.CorrectionReply:
    """Approve what somebody else asked for: the posting's opposite is posted with it."""
    return told.correction_told(approve_correction(id, caller.officer, desk=_desk()))


@blueprint.route("/v1/staff/ledger/corrections/{id}/refusal", methods=["POST"])
@replies(blueprint, access=Access.APPROVER)
def refuse_to_correct(caller: Caller, id: str) -> told.CorrectionReply:
    """Refuse it, or take back what you asked for. Nothing is posted."""
    return told.correction_told(refuse_correction(id, caller.officer, desk=_desk()))


@blueprint.on_dynamodb_record(
    stream_arn=stream_arn("ledger"), batch_size=5000, maximum_batching_window_in_seconds=_FEED_SECONDS
)
@all_changes
def feed_journal(changes: Sequence[Change], batch: str) -> None:
    fed = feed(changes, batch=batch, journal=bootstrap.journal())
    for change in fed.unreadable:
        log().error("posting_not_readable", extra={"function": "feed_journal", "id": change.id})
        count("ChangeDropped", function="feed_journal", code="posting_not_readable")
    for change in fed.altered:
        log().error("posting_altered", extra={"function": "feed_journal", "id": change.id})
        count("LedgerFlaw", code="posting_altered")


@blueprint.schedule("rate(6 hours)")
def close_books(_event: CloudWatchEvent) -> None:
    with correlated(new_correlation_id()):
        closed = close(journal=bootstrap.journal(), clock=bootstrap.clock())
        for each in closed.findings:
            log().error("journal_flawed", extra={"id": each.key, "number": each.number, "code": each.flaw.value})
            count("LedgerFlaw", code=each.flaw.value)
        for day in closed.late:
            log().error("posted_after_closing", extra={"id": day.isoformat()})
            count("LedgerFlaw", code="posted_after_closing")


@blueprint.schedule("rate(1 day)")
def verify_books(_event: CloudWatchEvent) -> None:
    with correlated(new_correlation_id()):
        verdict = verify_movers(ledger=bootstrap.ledger(), journal=bootstrap.journal(), clock=bootstrap.clock())
        log().info("books_verified", extra={"owners": verdict.owners, "postings": verdict.postings})
        for each in verdict.findings:
            log().error("ledger_flawed", extra={"id": each.key, "number": each.number, "code": each.flaw.value})
            count("LedgerFlaw", code=each.flaw.value)


def _desk() -> BooksDesk:
    return BooksDesk(
        ledger=bootstrap.ledger(),
        corrections=bootstrap.corrections(),
        applicants=bootstrap.applicants(),
        audit_log=bootstrap.audit_log(),
        clock=bootstrap.clock(),
    )
