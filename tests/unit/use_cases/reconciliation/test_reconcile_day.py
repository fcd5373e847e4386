"""A statement comes: what all books agree on is done, the rest stands in suspense until it is explained."""

from datetime import timedelta
from functools import partial

import pytest

from chalicelib.domain.commands import Queue
from chalicelib.domain.errors import StoreUnavailable
from chalicelib.domain.reconciliation.days import Phase
from chalicelib.domain.reconciliation.differences import DifferenceState
from chalicelib.domain.reconciliation.movements import BUCKETS, Piles, Source
from chalicelib.domain.statements import StatementState
from chalicelib.use_cases.reconciliation.enter_differences import enter_differences
from chalicelib.use_cases.reconciliation.follow_reconciliation import follow_reconciliation
from chalicelib.use_cases.reconciliation.reconcile_again import reconcile_again
from chalicelib.use_cases.reconciliation.reconcile_day import pile_ours, reconcile_day
from tests.fakes import World
from tests.unit.use_cases.reconciliation.office import BANK, Office, a_change, all_agree_on


@pytest.fixture
def office() -> Office:
    return Office(World())


def test_a_day_on_which_all_agree_leaves_nothing(office: Office) -> None:
    statement = office.statement_comes(all_agree_on(office, "ani"), all_agree_on(office, "budi"))
    assert (statement.state, statement.lines) == (StatementState.IN_FORCE, 2)
    assert (office.known.state, office.known.counts, office.known.open) == (Phase.DONE, {"matched": 2}, 0)
    assert (office.suspense, office.standing) == (0, [])


def test_what_the_bank_paid_beyond_our_books_stands_in_suspense(office: Office) -> None:
    office.statement_comes(all_agree_on(office, "ani"), office.paid("nobody", 50_000))
    assert office.verdicts() == {"theirs_only": 50_000}
    assert (office.suspense, office.known.open) == (-50_000, 1)


def test_suspense_and_ledger_make_up_what_the_bank_says(office: Office) -> None:
    office.we_ask("c")
    office.ledger_has("c")
    office.statement_comes(office.paid("a"), office.paid("b", 1), all_agree_on(office, "d"))
    assert office.known.theirs == office.known.booked - office.suspense == 1_200_001


@pytest.mark.parametrize("times", [2, 5])
def test_a_comparison_repeated_enters_nothing_twice(office: Office, times: int) -> None:
    office.statement_comes(office.paid("nobody"))
    for _ in range(times):
        office.compare_again()
    assert (office.suspense, len(office.world.ledger.all()), office.known.run) == (-600_000, 1, 1 + times)


def test_a_late_success_clears_itself_when_the_ledger_learns_of_it(office: Office) -> None:
    """The bank said "not found", and paid an hour later."""
    office.we_ask("ani", "unknown")
    office.statement_comes(office.paid("ani"))
    assert office.verdicts() == {"ledger_missing": 600_000}
    office.we_ask("ani", "settled", version=4)
    office.ledger_has("ani", days=1)
    office.compare_again()
    assert (office.standing, office.suspense, office.known.open) == ([], 0, 0)
    assert [posting.key.split("/")[0] for posting in office.world.ledger.all()] == ["suspended", "cleared"]


def test_a_reversal_stands_until_the_ledger_has_it(office: Office) -> None:
    office.statement_comes(all_agree_on(office, "ani"), office.paid("ani", status="reversal"))
    assert (office.verdicts(), office.suspense) == ({"reversed_after_success": -600_000}, 600_000)
    office.ledger_has("ani", "incentive-reversed")
    office.compare_again()
    assert (office.standing, office.suspense) == ([], 0)


def test_a_payment_after_midnight_explains_what_was_ours_only_the_day_before(office: Office) -> None:
    office.we_ask("ani")
    office.ledger_has("ani")
    office.statement_comes()
    assert (office.verdicts(), office.suspense) == ({"ours_only": -600_000}, 600_000)
    office.world.clock.passes(days=1)
    after = office.day + timedelta(days=1)
    office.statement_comes(office.paid("ani", day=after), day=after)
    office.compare_again()
    assert (office.standing, office.suspense) == ([], 0)


@pytest.mark.parametrize("days", [1, 3])
def test_what_a_limit_put_off_and_was_paid_on_a_later_day_is_not_missed_on_the_first(office: Office, days: int) -> None:
    office.we_ask("ani", "ready", version=5)
    office.we_ask("ani", version=7, days=days)
    office.ledger_has("ani", days=days)
    office.world.clock.passes(days=days)
    later = office.day + timedelta(days=days)
    office.statement_comes(office.paid("ani", day=later), day=later)
    assert office.world.reconciliations.day(BANK, later).counts == {"matched": 1}
    office.statement_comes()
    assert (office.standing, office.suspense) == ([], 0)


def test_neighbouring_days_books_are_looked_at_for_what_this_day_names_and_for_nothing_else(office: Office) -> None:
    office.we_ask("before", days=-1)
    office.ledger_has("before")
    office.we_ask("other", days=-1)
    office.ledger_has("other", days=-1)
    office.ledger_has("later", days=1)
    piles = Piles()
    pile_ours(office.known, piles, office.desk)
    held = [row for source in (Source.OURS, Source.LEDGER) for n in range(BUCKETS) for row in piles.rows(source, n)]
    assert len(held) == 2
    office.statement_comes(office.paid("before"))
    assert (office.standing, office.known.counts) == ([], {"matched": 1})


def test_what_the_ledger_takes_back_a_day_later_is_paid_by_the_bank_alone(office: Office) -> None:
    line = all_agree_on(office, "ani")
    office.ledger_has("ani", "correction/incentive-paid", days=1)
    office.statement_comes(line)
    assert office.verdicts() == {"ledger_missing": 600_000}


def test_a_difference_that_grew_is_entered_anew(office: Office) -> None:
    office.statement_comes(office.paid("nobody", 1_000))
    office.statement_replaces(office.paid("nobody", 3_000))
    assert (office.verdicts(), office.suspense, office.known.open) == ({"theirs_only": 3_000}, -3_000, 1)
    assert [posting.signed for posting in office.world.ledger.all()] == [-1_000, 1_000, -3_000]


def test_what_was_cleared_and_is_back_stands_again(office: Office) -> None:
    office.statement_comes(office.paid("nobody"))
    office.statement_replaces()
    office.statement_comes(office.paid("nobody"))
    assert (office.suspense, office.known.open) == (-600_000, 1)


# --- Cut off ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("after", [True, False])
@pytest.mark.parametrize("place", range(9))
def test_a_step_that_was_cut_off_is_finished_when_it_comes_again(office: Office, place: int, after: bool) -> None:
    office.receive(office.drop(*(office.paid(f"n{number}", 1_000) for number in range(3))))
    reconcile_day(BANK, office.day, 1, None, desk=office.desk)
    trouble = office.world.trouble
    trouble.fail_at(len(trouble.calls) + place, StoreUnavailable(), after=after)
    with pytest.raises(StoreUnavailable):
        enter_differences(BANK, office.day, 1, Phase.ENTER, 0, desk=office.desk)
    office.enter()
    assert (office.suspense, office.known.open) == (-3_000, 3)


def test_a_step_of_an_earlier_comparison_does_nothing(office: Office) -> None:
    office.statement_comes(office.paid("nobody"))
    before = office.known
    enter_differences(BANK, office.day, 1, Phase.ENTER, 0, desk=office.desk)
    assert office.known == before


# --- What follows -----------------------------------------------------------------------------------------------------


def test_of_a_payout_that_the_books_disagree_on_the_bank_is_asked(office: Office) -> None:
    office.we_ask("ani")
    office.statement_comes(office.paid("nobody"))
    for each in office.standing:
        follow_reconciliation(a_change(each), messages=office.world.messages)
    assert office.world.messages.on(Queue.PAYOUTS_TO_INQUIRE) == [{"payout_id": "ani"}]


def test_days_of_which_something_stands_are_compared_again_and_the_old_ones_counted(office: Office) -> None:
    office.statement_comes(office.paid("nobody"))
    world = office.world
    again = partial(reconcile_again, reconciliations=world.reconciliations, messages=world.messages, clock=world.clock)
    assert again() == 0
    (message,) = world.messages.on(Queue.STATEMENTS_TO_RECONCILE)
    assert message == {"bank": BANK, "day": str(office.day), "number": 1, "run": 2}
    world.clock.passes(days=6)
    assert again() == 1


def test_a_difference_that_was_explained_is_no_more_open(office: Office) -> None:
    office.statement_comes(office.paid("nobody"))
    office.statement_replaces()
    (difference,) = office.world.reconciliations.all()
    assert difference.state is DifferenceState.CLEARED
