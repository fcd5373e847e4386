"""Send a group of approved payouts to the bank: the one place where money leaves."""

from dataclasses import replace
from datetime import timedelta

import pytest

from chalicelib.domain.errors import NotFound, StaleWrite, StoreUnavailable
from chalicelib.domain.ledger import bank_account
from chalicelib.domain.money import Rupiah
from chalicelib.domain.payout_batches import BatchState
from chalicelib.domain.payouts import SUBMITTING_LEASE, PayoutState
from tests.fakes import Fate, Killed, World
from tests.money import BATCH, a_payout, a_payout_account, a_ready_payout
from tests.unit.use_cases.crashes import Workflow, assert_survives_every_accident, assert_twice_is_once
from tests.unit.use_cases.payouts import cashier
from tests.unit.use_cases.payouts.cashier import AMOUNT, cut_off, owed, paid, payout, ready, settle, states, step


def test_a_ready_payout_is_paid_and_posted() -> None:
    world = ready()
    settle(world)
    assert (payout(world).state, payout(world).settled_at) == (PayoutState.SETTLED, world.clock.now())
    assert (paid(world), owed(world)) == ([AMOUNT], 0)
    assert [posting.against for posting in world.ledger.all()][-1] == bank_account(a_payout_account().account.bank)


def test_a_group_is_noted_sent_and_settled_together() -> None:
    world = ready(20)
    before = len(world.trouble.calls)
    settle(world)
    assert states(world) == [PayoutState.SETTLED] * 20
    assert paid(world) == [AMOUNT] * 20
    calls = world.trouble.calls[before:]
    assert (calls.count("payouts.save_each"), calls.count("bank.transfer")) == (2, 20)
    assert calls.index("payouts.save_each") < calls.index("bank.transfer")


def test_of_a_mixed_group_each_goes_its_own_way() -> None:
    world = ready(5)
    world.bank.will(Fate.PAID, Fate.REFUSED, Fate.PAID_UNSAID, Fate.LOST, Fate.PAID)
    settle(world)
    s = PayoutState
    assert states(world) == [s.SETTLED, s.REJECTED, s.UNKNOWN, s.UNKNOWN, s.SETTLED]
    assert [owed(world, number) for number in range(1, 6)] == [0, AMOUNT, AMOUNT, AMOUNT, 0]


def test_asked_again_it_pays_once() -> None:
    world = ready(3)
    for _ in range(3):
        settle(world)
    assert len(world.bank.orders) == 3
    assert paid(world) == [AMOUNT] * 3


def test_what_cannot_be_noted_is_not_sent() -> None:
    for error in (StoreUnavailable(), StaleWrite(), Killed()):
        world = ready(2)
        world.payouts.fails_before("save_each", error)
        with pytest.raises(type(error)):
            settle(world)
        assert not world.bank.orders


def test_a_refusal_is_kept_with_its_reason_and_posts_nothing() -> None:
    world = ready()
    world.bank.will(Fate.REFUSED)
    settle(world)
    assert (payout(world).state, payout(world).reason) == (PayoutState.REJECTED, "account_closed")
    assert owed(world) == AMOUNT
    settle(world)
    assert len(world.bank.orders) == 1


@pytest.mark.parametrize("fate", [Fate.PAID_UNSAID, Fate.LATE, Fate.LOST, Fate.REFUSED_LATER])
def test_an_unknown_outcome_is_neither_paid_nor_sent_again(fate: Fate) -> None:
    world = ready()
    world.bank.will(fate)
    settle(world)
    settle(world)
    assert payout(world).state is PayoutState.UNKNOWN
    assert owed(world) == AMOUNT
    assert len(world.bank.orders) == 1


def test_what_the_bank_surely_did_not_take_is_sent_again_later_in_the_same_words() -> None:
    world = ready()
    world.bank.will(Fate.NOT_TAKEN)
    settle(world)
    assert (payout(world).state, payout(world).reason) == (PayoutState.READY, "rate_limit")
    world.clock.passes(hours=1)
    settle(world)
    first, second = world.bank.orders
    assert first == second
    assert paid(world) == [AMOUNT]


def test_whoever_was_cut_off_after_asking_never_sends_again_but_inquires() -> None:
    world = ready(3)
    world.bank.fails_after("transfer", Killed())
    with pytest.raises(Killed):
        settle(world)
    assert states(world) == [PayoutState.SUBMITTING] * 3
    world.clock.moves_to(world.clock.now() + SUBMITTING_LEASE)
    settle(world)
    for number in (1, 2, 3):
        cashier.inquire(world, number)
    assert states(world) == [PayoutState.UNKNOWN] * 3
    for number in (1, 2, 3):
        cashier.inquire(world, number)
    assert states(world) == [PayoutState.SETTLED, PayoutState.UNKNOWN, PayoutState.UNKNOWN]
    assert len(world.bank.orders) == 1
    assert paid(world) == [AMOUNT]


def test_a_payout_in_other_hands_is_left_to_them_for_a_while() -> None:
    world = cut_off()
    world.clock.moves_to(world.clock.now() + SUBMITTING_LEASE - timedelta(seconds=1))
    cashier.inquire(world)
    assert payout(world).state is PayoutState.SUBMITTING
    world.clock.passes(seconds=1)
    cashier.inquire(world)
    assert payout(world).state is PayoutState.UNKNOWN


def test_where_the_bank_told_first_the_answers_of_the_others_are_noted_all_the_same() -> None:
    """Its notice overtook its reply."""
    world = ready(3)
    answers = world.bank.transfer_each

    def told_first(orders):  # type: ignore[no-untyped-def]
        given = answers(orders)
        moved = payout(world, 2)
        world.payouts.save(replace(moved, reason="told"))
        return given

    world.bank.transfer_each = told_first  # type: ignore[method-assign]
    settle(world)
    assert states(world) == [PayoutState.SETTLED, PayoutState.SUBMITTING, PayoutState.SETTLED]
    assert (owed(world, 1), owed(world, 3)) == (0, 0)


STILL = [state for state in PayoutState if state is not PayoutState.READY]


@pytest.mark.parametrize("state", STILL)
def test_only_what_is_ready_is_sent(state: PayoutState) -> None:
    world = cashier.with_payouts(a_ready_payout(state=state))
    settle(world)
    assert payout(world).state is state
    assert not world.bank.orders


@pytest.mark.parametrize(
    "state", sorted(set(BatchState) - {BatchState.APPROVED, BatchState.RELEASING, BatchState.RELEASED})
)
def test_nothing_of_a_batch_is_sent_that_two_people_did_not_approve(state: BatchState) -> None:
    world = ready()
    batch = world.payout_batches.get(BATCH)
    assert batch
    world.payout_batches.save(replace(batch, state=state))
    with pytest.raises(NotFound, match="batch_not_approved"):
        settle(world)
    assert not world.bank.orders


def test_two_approvers_who_are_one_release_nothing() -> None:
    world = ready()
    batch = world.payout_batches.get(BATCH)
    assert batch
    world.payout_batches.save(replace(batch, second_approver=batch.first_approver))
    with pytest.raises(NotFound, match="batch_not_approved"):
        settle(world)


@pytest.mark.parametrize(
    "other", [{"amount": Rupiah(6_000_000)}, {"applicant_id": a_payout(2).applicant_id}, {"period": 2}]
)
def test_what_is_not_as_it_was_approved_is_held(other: dict[str, object]) -> None:
    world = ready()
    settle(world, [replace(payout(world), **other)])  # type: ignore[arg-type]
    assert (payout(world).state, payout(world).reason) == (PayoutState.HELD, "differs_from_approved")
    assert not world.bank.orders


def test_what_is_of_another_batch_by_now_is_not_sent() -> None:
    world = ready()
    cashier.changed(world, batch="2026-03-03-bni-1")
    settle(world)
    assert not world.bank.orders


def look(world: World) -> object:
    """After the message has come as often as it takes, and a sweep has found what stood still."""
    for _ in range(8):
        if payout(world).state is not PayoutState.SETTLED:
            world.clock.moves_to(world.clock.now() + cashier.DAY)
            step(world)
    keys = sorted(posting.key.partition("/")[0] for posting in world.ledger.all())
    return payout(world).state, paid(world), owed(world), keys


@pytest.mark.parametrize("fate", [Fate.PAID, Fate.PAID_UNSAID, Fate.LATE, Fate.LOST])
def test_whatever_happens_on_the_way_the_money_arrives_once(fate: Fate) -> None:
    def prepare() -> World:
        world = ready()
        world.bank.will(fate)
        return world

    workflow = Workflow(prepare, settle, look)
    assert look(prepare()) == (PayoutState.SETTLED, [AMOUNT], 0, ["incentive-due", "incentive-paid"])
    assert_survives_every_accident(workflow)
    assert_twice_is_once(workflow)


def look_at_three(world: World) -> object:
    for _ in range(8):
        world.clock.moves_to(world.clock.now() + cashier.DAY)
        cashier.sweep(world)
        for number in (1, 2, 3):
            cashier.inquire(world, number)
        cashier.work_off(world)
    keys = sorted(posting.key.partition("/")[0] for posting in world.ledger.all())
    return states(world), paid(world), keys


def test_a_group_of_three_survives_every_accident() -> None:
    def prepare() -> World:
        world = ready(3)
        world.bank.will(Fate.PAID, Fate.PAID_UNSAID, Fate.PAID)
        return world

    assert_survives_every_accident(Workflow(prepare, settle, look_at_three))
