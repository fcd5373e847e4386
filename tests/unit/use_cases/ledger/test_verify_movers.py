"""Those of the last days are read against the journal by themselves, some of them where there are too many."""

from dataclasses import replace

import pytest

from chalicelib.domain.ledger_chain import Flaw, LedgerHead, entries_after
from chalicelib.domain.money import Rupiah
from chalicelib.use_cases.ledger.verify_ledger import Verdict
from chalicelib.use_cases.ledger.verify_movers import MOST_OWNERS, verify_movers
from tests.fakes import NOON, World
from tests.unit.use_cases.ledger.books import DAY, feed, grant, person, posted, sale, two_people

ME = person(1)


def verify(world: World, *, most: int = MOST_OWNERS) -> Verdict:
    return verify_movers(ledger=world.ledger, journal=world.journal, clock=world.clock, most=most)


def after(world: World, days: int) -> World:
    world.clock.moves_to(NOON + days * DAY)
    return world


@pytest.mark.parametrize(("days", "owners"), [(0, 0), (1, 2), (3, 2), (4, 0)])
def test_for_three_days_those_who_moved_are_read(days: int, owners: int) -> None:
    verdict = verify(after(two_people(), days))
    assert (verdict.owners, verdict.is_whole) == (owners, True)


def test_a_posting_that_was_altered_is_found_the_next_day() -> None:
    world = after(two_people(), 1)
    entries = world.ledger.entries_of(ME)
    altered = replace(entries[1], posting=replace(entries[1].posting, amount=Rupiah(1)))
    world.ledger.forge(ME, [entries[0], altered], None)
    assert Flaw.ALTERED in {each.flaw for each in verify(world).findings}


def test_a_chain_written_anew_contradicts_the_journal_before_the_day_is_closed() -> None:
    world = after(two_people(), 1)
    entries, head = entries_after(LedgerHead(ME), [grant(1)])
    world.ledger.forge(ME, list(entries), head)
    assert [(each.key, each.flaw) for each in verify(world).findings] == [("purchase/purchase-1", Flaw.NOT_AS_CLOSED)]


def test_the_feed_may_be_behind_until_the_day_is_settled() -> None:
    world = two_people()
    posted(world, sale(2))
    assert verify(after(world, 1)).is_whole
    (finding,) = verify(after(world, 2)).findings
    assert (finding.key, finding.flaw) == ("purchase/purchase-2", Flaw.NOT_IN_JOURNAL)


def test_of_too_many_each_night_reads_some_with_all_their_postings() -> None:
    world, many, most = World(), 40, 7
    for number in range(1, many + 1):
        feed(world, *posted(world, grant(number)), batch=f"{number}-a")
    for number in range(1, many + 1):
        feed(world, *posted(world, sale(number)), batch=f"{number}-b")
    nights = []
    for number in (1, 2):
        verdict = verify(after(world, number), most=most)
        assert (verdict.owners, verdict.postings, verdict.is_whole) == (most, 2 * most, True)
    for number in range(1, many + 1):
        world.ledger.forge(person(number), [], None)
    for number in (1, 2):
        found = verify(after(world, number), most=most).findings
        nights.append({each.owner for each in found if each.flaw is Flaw.NOT_AS_CLOSED})
        assert len(nights[-1]) == most
    assert nights[0] != nights[1]
