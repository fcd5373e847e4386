"""Doors of the ledger."""

from collections.abc import Sequence

from chalice.app import Blueprint, CloudWatchEvent

from chalicelib import bootstrap
from chalicelib.domain.commands import Change
from chalicelib.domain.ledger import Posting
from chalicelib.handlers.arguments import cursor
from chalicelib.handlers.changes import all_changes
from chalicelib.handlers.doors import Access, Body, Page
from chalicelib.handlers.replies import replies
from chalicelib.observability import correlated, count, log, new_correlation_id
from chalicelib.settings import stream_arn
from chalicelib.use_cases.ledger.close_books import close_books as close
from chalicelib.use_cases.ledger.feed_journal import feed_journal as feed

blueprint = Blueprint(__name__)

_FEED_SECONDS = 60
"""How long postings are gathered into one file."""


class PostingReply(Body):
    """Two lines that sum to zero."""

    key: str
    posted_at: str
    lines: list[tuple[str, int]]


class Postings(Body):
    postings: list[PostingReply]
    next: str | None


@blueprint.route("/v1/staff/ledger/postings", methods=["GET"])
@replies(blueprint, access=Access.STAFF)
def list_postings(page: Page) -> Postings:
    """Every posting of the ledger, in no order."""
    found, last = bootstrap.ledger().page(after=page.after, limit=page.limit)
    return Postings(postings=[_posting(each) for each in found], next=cursor(last))


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


def _posting(posting: Posting) -> PostingReply:
    return PostingReply(key=posting.key, posted_at=posting.posted_at.isoformat(), lines=list(posting.lines()))
