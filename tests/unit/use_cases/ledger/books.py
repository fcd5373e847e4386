"""A ledger with some people's postings in it, and the journal that follows it, over fakes."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from chalicelib.domain import ledger
from chalicelib.domain.commands import Change
from chalicelib.domain.identifiers import ApplicantId, PurchaseId
from chalicelib.domain.ledger import Posting
from chalicelib.domain.ledger_chain import LedgerEntry, document_of
from chalicelib.domain.money import Rupiah
from chalicelib.domain.references import LABEL, reference_from
from chalicelib.use_cases.ledger.close_books import Closed, close_books
from chalicelib.use_cases.ledger.feed_journal import Fed, feed_journal
from tests.builders import an_applicant_id
from tests.fakes import NOON, World

GRANT, PRICE = 3_500_000, 500_000
DAY = timedelta(days=1)


def grant(number: int, *, now: datetime = NOON) -> Posting:
    return ledger.grant(an_applicant_id(number), wave=1, amount=Rupiah(GRANT), now=now)


def sale(number: int, *, now: datetime = NOON) -> Posting:
    id = PurchaseId(f"purchase-{number}")
    return ledger.purchase(an_applicant_id(number), id, partner="belajar", amount=Rupiah(PRICE), now=now)


def posted(world: World, *postings: Posting) -> Sequence[LedgerEntry]:
    for posting in postings:
        world.ledger.post(posting)
    return [entry for posting in postings if (entry := world.ledger.entry(posting.owner, posting.key))]


def told(entry: LedgerEntry, *, before: str | None = None) -> Change:
    """What the table's stream tells of it."""
    facts = {**document_of(entry.posting), "number": entry.number, "previous": entry.previous, "digest": entry.digest}
    facts = {name: int(each) if isinstance(each, bool) else each for name, each in facts.items()}
    return Change("posting", entry.posting.key, before, "posted", facts)  # type: ignore[arg-type]


def feed(world: World, *entries: LedgerEntry, batch: str = "1-2") -> Fed:
    return feed_journal([told(entry) for entry in entries], batch=batch, journal=world.journal)


def close(world: World) -> Closed:
    return close_books(journal=world.journal, clock=world.clock)


def two_people() -> World:
    """Two grants and a sale, all of one day and in the journal."""
    world = World()
    feed(world, *posted(world, grant(1), grant(2), sale(1)))
    return world


def person(number: int = 1) -> ApplicantId:
    return an_applicant_id(number)


def reference_of(world: World, id: ApplicantId) -> str:
    return reference_from(world.indexer.derived(LABEL, id))
