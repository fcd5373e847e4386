"""Whatever is done to the ledger, its heads or its journal is found, and the posting is named."""

from collections.abc import Callable
from dataclasses import replace

import pytest

from chalicelib.domain.ledger_chain import Flaw, LedgerEntry, LedgerHead, digest_of, entries_after
from chalicelib.domain.ledger_journal import closing_content, closing_digest, closing_in
from chalicelib.domain.money import Rupiah
from chalicelib.use_cases.ledger.verify_ledger import Verdict, verify_day, verify_ledger, verify_person
from tests.fakes import NOON, World
from tests.unit.use_cases.ledger.books import DAY, close, feed, grant, person, posted, sale, two_people

ME = person(1)


def closed() -> World:
    """The day is closed for ever."""
    world = two_people()
    world.clock.moves_to(NOON + 3 * DAY)
    close(world)
    return world


def verify(world: World) -> Verdict:
    return verify_ledger(ledger=world.ledger, journal=world.journal)


def found(verdict: Verdict) -> set[tuple[str, Flaw]]:
    return {(finding.key, finding.flaw) for finding in verdict.findings}


def rewrite(world: World, owner: str, entries: list[LedgerEntry], *, head: LedgerHead | None = None) -> None:
    """By somebody who can write into the table as they like."""
    world.ledger.forge(owner, entries, head)


def test_books_that_nobody_touched_are_whole() -> None:
    verdict = verify(closed())
    assert (verdict.is_whole, verdict.owners, verdict.postings, verdict.days) == (True, 2, 3, 2)


def test_postings_of_today_are_read_against_their_heads() -> None:
    world = closed()
    posted(world, sale(2, now=NOON + 3 * DAY))
    assert verify(world).is_whole


def _flip(entries: list[LedgerEntry]) -> list[LedgerEntry]:
    return [*entries[:1], replace(entries[1], posting=replace(entries[1].posting, amount=Rupiah(1)))]


def _insert(entries: list[LedgerEntry]) -> list[LedgerEntry]:
    (forged,), _ = entries_after(LedgerHead(ME, 2, entries[1].digest), [grant(1)])
    return [*entries, replace(forged, posting=replace(forged.posting, key="grant/99"))]


ALTERATIONS: dict[str, tuple[Callable[[list[LedgerEntry]], list[LedgerEntry]], tuple[str, Flaw]]] = {
    "flipped": (_flip, ("purchase/purchase-1", Flaw.ALTERED)),
    "deleted": (lambda entries: entries[1:], ("", Flaw.MISSING)),
    "cut off": (lambda entries: entries[:1], ("", Flaw.MISSING)),
    "inserted": (_insert, ("grant/99", Flaw.BEYOND_HEAD)),
    "reordered": (
        lambda entries: [replace(entries[1], number=1), replace(entries[0], number=2)],
        ("purchase/purchase-1", Flaw.ALTERED),
    ),
}


@pytest.mark.parametrize("name", ALTERATIONS)
def test_an_alteration_is_found_and_named(name: str) -> None:
    alter, expected = ALTERATIONS[name]
    world = closed()
    rewrite(world, ME, alter(list(world.ledger.entries_of(ME))))
    assert expected in found(verify(world))
    assert expected in found(verify_person(ME, ledger=world.ledger))


def test_whoever_writes_a_chain_anew_contradicts_the_journal() -> None:
    world = closed()
    entries, head = entries_after(LedgerHead(ME), [grant(1)])
    rewrite(world, ME, list(entries), head=head)
    assert verify_person(ME, ledger=world.ledger).is_whole
    assert found(verify(world)) == {("purchase/purchase-1", Flaw.NOT_AS_CLOSED)}


def test_an_owner_who_vanished_is_missed() -> None:
    world = closed()
    rewrite(world, person(2), [], head=None)
    assert ("grant/1", Flaw.NOT_AS_CLOSED) in found(verify(world))


def test_a_posting_that_the_journal_never_heard_of_is_named() -> None:
    world = two_people()
    posted(world, sale(2))
    world.clock.moves_to(NOON + 3 * DAY)
    close(world)
    assert found(verify(world)) == {("purchase/purchase-2", Flaw.NOT_IN_JOURNAL)}


def test_a_forged_closing_is_found() -> None:
    world = closed()
    name = "closings/2026-03-02.json"
    closing = closing_in(world.journal.files[name])
    forged = {**closing.balances, "treasury": 5, "grant_fund": closing.balances["grant_fund"] - 5}
    world.journal.files[name] = closing_content(replace(closing, balances=forged))
    assert verify(world).forged_days == [NOON.date()]
    assert verify_day(NOON.date(), ledger=world.ledger, journal=world.journal).forged_days == [NOON.date()]


@pytest.mark.parametrize("forged", ["moved", "balances", "previous"])
def test_a_closing_that_vouches_for_itself_is_read_against_the_ledger(forged: str) -> None:
    """Its digest is right, its postings are all there, and its totals are not; or it follows from another day."""
    world = closed()
    name = "closings/2026-03-02.json"
    closing = closing_in(world.journal.files[name])
    shift = {"treasury": 5, "grant_fund": closing.moved["grant_fund"] - 5}
    other = {
        "moved": replace(closing, moved={**closing.moved, **shift}),
        "balances": replace(closing, balances={**closing.balances, **shift}),
        "previous": replace(closing, previous="0" * 64),
    }[forged]
    digests = [bytes.fromhex(each.digest) for id in (1, 2) for each in world.ledger.entries_of(person(id))]
    assert closing_digest(closing, digests) == closing.digest
    other = replace(other, digest=closing_digest(other, digests))
    world.journal.files[name] = closing_content(other)
    assert verify(world).forged_days == [NOON.date()]


def test_a_forged_journal_is_found() -> None:
    world = closed()
    (entry,) = world.ledger.entries_of(person(2))
    other = replace(entry, posting=replace(entry.posting, amount=Rupiah(1)))
    feed(world, replace(other, digest=digest_of(other)), batch="0")
    verdict = verify_day(NOON.date(), ledger=world.ledger, journal=world.journal)
    assert not verdict.is_whole


def test_a_provisional_closing_may_be_behind() -> None:
    world = two_people()
    world.clock.moves_to(NOON + DAY)
    close(world)
    feed(world, *posted(world, sale(2)), batch="3-3")
    assert verify_day(NOON.date(), ledger=world.ledger, journal=world.journal).is_whole
