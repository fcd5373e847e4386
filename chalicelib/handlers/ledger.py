"""Doors of the ledger."""

from chalice.app import Blueprint

from chalicelib import bootstrap
from chalicelib.domain.ledger import Posting
from chalicelib.handlers.arguments import cursor
from chalicelib.handlers.doors import Access, Body, Page
from chalicelib.handlers.replies import replies

blueprint = Blueprint(__name__)


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


def _posting(posting: Posting) -> PostingReply:
    return PostingReply(key=posting.key, posted_at=posting.posted_at.isoformat(), lines=list(posting.lines()))
