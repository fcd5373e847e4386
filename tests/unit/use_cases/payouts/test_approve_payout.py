"""Approve a payout: two people, each once."""

import pytest

from chalicelib.domain.errors import IllegalTransition, NotAllowed, NotFound, StoreUnavailable
from chalicelib.domain.identifiers import PayoutId, StaffId
from chalicelib.domain.payouts import PayoutState
from chalicelib.use_cases.payouts.approve_payout import approve_payout
from tests.builders import CHECKER, MAKER
from tests.fakes import World
from tests.unit.use_cases.payouts.cashier import AMOUNT, approve, approve_by_both, awaiting, owed, payout


def test_the_first_approval_owes_nobody_anything() -> None:
    world = awaiting()
    approve(world, MAKER)
    assert (payout(world).state, payout(world).first_approver) == (PayoutState.APPROVED_ONCE, MAKER)
    assert owed(world) == 0


def test_the_second_approval_by_another_owes_the_money() -> None:
    world = awaiting()
    approve_by_both(world)
    assert (payout(world).state, payout(world).second_approver) == (PayoutState.READY, CHECKER)
    assert owed(world) == AMOUNT
    assert [posting.key for posting in world.ledger.all()] == [f"incentive-due/{payout(world).id}"]


def test_the_same_person_does_not_approve_twice() -> None:
    world = awaiting()
    approve(world, MAKER)
    with pytest.raises(NotAllowed, match="approver_must_differ"):
        approve(world, MAKER)
    assert payout(world).state is PayoutState.APPROVED_ONCE
    assert owed(world) == 0


def test_a_third_approval_changes_nothing() -> None:
    world = awaiting()
    approve_by_both(world)
    for staff in (CHECKER, StaffId("citra")):
        with pytest.raises(IllegalTransition):
            approve(world, staff)
    assert owed(world) == AMOUNT


def test_a_reply_that_was_lost_owes_the_money_once() -> None:
    world = awaiting()
    approve(world, MAKER)
    world.payouts.fails_after("save_with")
    with pytest.raises(StoreUnavailable):
        approve(world, CHECKER)
    with pytest.raises(IllegalTransition):
        approve(world, CHECKER)
    assert owed(world) == AMOUNT


def test_a_payout_that_nobody_prepared_is_not_approved(world: World) -> None:
    with pytest.raises(NotFound, match="payout_unknown"):
        approve_payout(PayoutId("0.never"), MAKER, payouts=world.payouts, clock=world.clock)
