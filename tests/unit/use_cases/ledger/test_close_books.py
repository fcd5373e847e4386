"""Days are closed one after another; what is closed for ever contradicts whatever is done to the books later."""

from dataclasses import replace

import pytest

from chalicelib.domain.errors import Misconfigured
from chalicelib.domain.ledger_chain import Flaw, digest_of
from chalicelib.domain.ledger_journal import closing_content, closing_in, line_of
from chalicelib.domain.money import Rupiah
from tests.fakes import NOON, World
from tests.unit.use_cases.crashes import Workflow, assert_survives_every_accident, assert_twice_is_once
from tests.unit.use_cases.ledger.books import DAY, GRANT, PRICE, close, feed, grant, posted, sale, two_people

CLOSED = "closings/2026-03-02.json"
TOTALS = {"grant_fund": -2 * GRANT, "partner:belajar": PRICE, "training_balance": 2 * GRANT - PRICE}


def later(world: World, days: int) -> World:
    world.clock.moves_to(NOON + days * DAY)
    return world


def test_a_closing_holds_what_every_account_moved_and_sums_to_zero() -> None:
    (closing,) = close(later(two_people(), 1)).closings
    assert (closing.count, closing.files, closing.moved) == (3, 1, TOTALS)
    assert sum(closing.moved.values()) == 0


def test_the_day_itself_is_not_closed() -> None:
    assert not close(two_people()).closings


def test_there_is_nothing_to_close_before_the_first_posting() -> None:
    assert not close(World()).closings


def test_a_closing_may_change_for_a_day_and_then_never_again() -> None:
    world = later(two_people(), 1)
    close(world)
    assert (set(world.journal.sketches), CLOSED in world.journal.files) == ({CLOSED}, False)
    feed(world, *posted(world, sale(2)), batch="3-3")
    close(world)
    assert closing_in(world.journal.sketches[CLOSED]).count == 4
    close(later(world, 2))
    settled = world.journal.files[CLOSED]
    feed(world, *posted(world, grant(3)), batch="4-4")
    assert close(later(world, 3)).late == [NOON.date()]
    assert world.journal.files[CLOSED] == settled


def test_days_follow_from_one_another_and_balances_add_up() -> None:
    world = two_people()
    feed(world, *posted(world, sale(2, now=NOON + 2 * DAY)), batch="3-3")
    first, second, third = close(later(world, 3)).closings
    assert (second.count, second.moved, second.balances) == (0, {}, first.balances)
    assert [second.previous, third.previous] == [first.digest, second.digest]
    assert third.balances["partner:belajar"] == 2 * PRICE
    assert sum(third.balances.values()) == 0


def test_nothing_is_closed_after_a_closing_that_does_not_add_up() -> None:
    world = later(two_people(), 3)
    close(world)
    first = closing_in(world.journal.files[CLOSED])
    forged = replace(first, balances={**first.balances, "treasury": 5})
    world.journal.files = {name: each for name, each in world.journal.files.items() if not name.startswith("closings/")}
    world.journal.files[CLOSED] = closing_content(forged)
    with pytest.raises(Misconfigured, match="books_do_not_balance"):
        close(world)


def test_what_the_stream_told_twice_counts_once() -> None:
    world = two_people()
    once = close(later(world, 1)).closings[0]
    feed(world, *world.ledger.entries_of(grant(1).owner), batch="2-4")
    twice = close(world).closings[0]
    assert (twice.count, twice.moved, twice.files) == (once.count, once.moved, 2)


def test_a_closing_goes_on_after_weeks_without_one() -> None:
    world = later(two_people(), 40)
    assert len(close(world).closings) == 31
    assert len(close(world).closings) == 9
    assert len(close(world).closings) == 1


def test_a_forged_line_is_named() -> None:
    world = two_people()
    (entry,) = posted(world, sale(2))
    forged = replace(entry, posting=replace(entry.posting, amount=Rupiah(1)))
    world.journal.files["postings/2026-03-02/9.jsonl"] = line_of(forged).encode()
    (finding,) = close(later(world, 1)).findings
    assert (finding.key, finding.flaw) == (entry.posting.key, Flaw.ALTERED)


def test_two_postings_of_one_number_are_named() -> None:
    world = two_people()
    entry = world.ledger.entries_of(grant(2).owner)[0]
    other = replace(entry, posting=replace(entry.posting, amount=Rupiah(1)))
    other = replace(other, digest=digest_of(other))
    world.journal.files["postings/2026-03-02/9.jsonl"] = line_of(other).encode()
    (finding,) = close(later(world, 1)).findings
    assert (finding.owner, finding.flaw) == (entry.posting.owner, Flaw.NOT_VOUCHED_FOR)


WORKFLOW = Workflow(prepare=lambda: later(two_people(), 4), step=close, look=lambda world: world.journal.files)


def test_closing_survives_every_accident() -> None:
    assert_survives_every_accident(WORKFLOW)


def test_closing_twice_is_closing_once() -> None:
    assert_twice_is_once(WORKFLOW)
