"""Ask the bank what became of a payout of which we lost sight."""

from dataclasses import replace
from datetime import timedelta

import pytest

from chalicelib.domain.identifiers import PayoutId
from chalicelib.domain.payout_answers import SEND_AGAIN_AFTER
from chalicelib.domain.payouts import PayoutState
from chalicelib.use_cases.payouts.inquire_payout import inquire_payout
from tests.fakes import Fate, World
from tests.money import a_sent_payout
from tests.unit.use_cases.crashes import Workflow, assert_survives_every_accident, assert_twice_is_once
from tests.unit.use_cases.payouts.cashier import AMOUNT, inquire, lost, owed, paid, payout, ready, settle, with_payouts


def unknown(fate: Fate) -> World:
    world = ready()
    world.bank.will(fate)
    settle(world)
    return world


def test_what_was_paid_unheard_is_settled_and_posted() -> None:
    world = unknown(Fate.PAID_UNSAID)
    inquire(world)
    assert payout(world).state is PayoutState.SETTLED
    assert (paid(world), owed(world)) == ([AMOUNT], 0)


def test_what_failed_unheard_is_rejected_and_posts_nothing() -> None:
    world = unknown(Fate.REFUSED_LATER)
    inquire(world)
    assert (payout(world).state, payout(world).reason) == (PayoutState.REJECTED, "account_closed")
    assert (paid(world), owed(world)) == ([], AMOUNT)


def test_what_is_not_found_now_may_be_paid_an_hour_later() -> None:
    world = unknown(Fate.LATE)
    inquire(world)
    assert payout(world).state is PayoutState.UNKNOWN
    world.clock.passes(hours=1)
    inquire(world)
    assert payout(world).state is PayoutState.SETTLED
    assert len(world.bank.orders) == 1


def test_what_is_not_found_for_a_day_is_put_back_and_leaves_under_the_same_reference() -> None:
    world = unknown(Fate.LOST)
    inquire(world)
    world.clock.moves_to(world.clock.now() + SEND_AGAIN_AFTER - timedelta(seconds=1))
    inquire(world)
    assert payout(world).state is PayoutState.UNKNOWN
    world.clock.passes(seconds=1)
    inquire(world)
    assert payout(world).state is PayoutState.READY
    settle(world)
    first, second = world.bank.orders
    assert first == second
    assert paid(world) == [AMOUNT]


def test_what_was_paid_after_all_is_not_paid_again_by_being_put_back() -> None:
    """Late by more than a day: the bank knows the reference and carries nothing out."""
    world = ready()
    world.bank.late_by = timedelta(hours=30)
    world.bank.will(Fate.LATE)
    settle(world)
    inquire(world)
    world.clock.passes(hours=24)
    inquire(world)
    settle(world)
    assert payout(world).state is PayoutState.UNKNOWN
    world.clock.passes(hours=6)
    inquire(world)
    assert payout(world).state is PayoutState.SETTLED
    assert (paid(world), owed(world)) == ([AMOUNT], 0)


def test_a_bank_that_cannot_be_asked_changes_nothing() -> None:
    world = unknown(Fate.PAID_UNSAID)
    world.bank.is_out = True
    world.clock.passes(days=9)
    inquire(world)
    assert payout(world).state is PayoutState.UNKNOWN


ASKED_ABOUT = (PayoutState.UNKNOWN, PayoutState.REJECTED, PayoutState.SETTLED)


@pytest.mark.parametrize("state", [state for state in PayoutState if state not in ASKED_ABOUT])
def test_the_bank_is_asked_about_nothing_else(state: PayoutState) -> None:
    world = with_payouts(a_sent_payout(state=state))
    inquire(world)
    assert payout(world).state is state
    assert "bank.transfer_status" not in world.trouble.calls


def test_a_payout_that_nobody_prepared_is_not_asked_about(world: World) -> None:
    inquire_payout(PayoutId("0.never"), payouts=world.payouts, bank=world.bank, clock=world.clock)
    assert "bank.transfer_status" not in world.trouble.calls


def test_where_there_is_no_news_others_come_first() -> None:
    world = lost()
    before = payout(world).turn_at
    world.bank.is_out = True
    inquire(world)
    assert payout(world).turn_at > before
    assert payout(world).turn_at - world.clock.now() < timedelta(minutes=5)
    world.clock.passes(hours=2)
    inquire(world)
    assert timedelta(minutes=5) < payout(world).turn_at - world.clock.now() < timedelta(hours=1)


def test_what_was_paid_and_sent_back_is_owed_again_and_posted_both_ways() -> None:
    world = unknown(Fate.PAID_UNSAID)
    world.bank.sends_back(payout(world).reference)
    inquire(world)
    assert payout(world).state is PayoutState.REVERSED
    assert owed(world) == AMOUNT
    keys = [posting.key.partition("/")[0] for posting in world.ledger.all()]
    assert keys == ["incentive-due", "incentive-paid", "incentive-reversed"]


def test_what_was_settled_and_is_sent_back_later_is_owed_again() -> None:
    world = ready()
    settle(world)
    inquire(world)
    assert payout(world).state is PayoutState.SETTLED
    world.bank.sends_back(payout(world).reference)
    inquire(world)
    inquire(world)
    assert (payout(world).state, owed(world)) == (PayoutState.REVERSED, AMOUNT)


def test_a_bank_that_paid_what_it_had_refused_is_found_out() -> None:
    """It says "account closed", and its own books say something else a day later."""
    world = unknown(Fate.PAID_UNSAID)
    world.payouts.save(replace(payout(world), state=PayoutState.REJECTED, reason="account_closed"))
    world.clock.passes(hours=24)
    inquire(world)
    assert payout(world).state is PayoutState.SETTLED


def test_what_somebody_lost_without_asking_the_bank_is_put_back_after_a_day() -> None:
    world = lost()
    for state in (PayoutState.UNKNOWN, PayoutState.READY):
        world.clock.moves_to(world.clock.now() + SEND_AGAIN_AFTER)
        inquire(world)
        assert payout(world).state is state
    assert not world.bank.orders


def look(world: World) -> object:
    return payout(world).state, paid(world), owed(world), len(world.bank.orders)


@pytest.mark.parametrize("fate", [Fate.PAID_UNSAID, Fate.LATE, Fate.REFUSED_LATER])
def test_inquiring_survives_every_accident(fate: Fate) -> None:
    workflow = Workflow(lambda: unknown(fate), inquire, look)
    assert_survives_every_accident(workflow)
    assert_twice_is_once(workflow)
