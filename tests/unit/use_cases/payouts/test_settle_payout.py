"""Send an approved payout to the bank: the one place where money leaves."""

from dataclasses import replace
from datetime import timedelta

import pytest

from chalicelib.domain.errors import Conflict, StaleWrite, StoreUnavailable
from chalicelib.domain.identifiers import PayoutId
from chalicelib.domain.ledger import bank_account
from chalicelib.domain.payout_accounts import AccountState
from chalicelib.domain.payouts import SUBMITTING_LEASE, PayoutState
from chalicelib.use_cases.payouts.settle_payout import settle_payout
from tests.builders import an_applicant_id
from tests.fakes import Fate, Killed, World
from tests.money import a_payout_account, a_ready_payout
from tests.unit.use_cases.crashes import Workflow, assert_survives_every_accident, assert_twice_is_once
from tests.unit.use_cases.payouts import cashier
from tests.unit.use_cases.payouts.cashier import AMOUNT, cut_off, owed, paid, payout, ready, settle, step


def test_a_ready_payout_is_paid_and_posted() -> None:
    world = ready()
    settle(world)
    assert (payout(world).state, payout(world).settled_at) == (PayoutState.SETTLED, world.clock.now())
    assert paid(world) == [AMOUNT]
    assert owed(world) == 0
    assert [posting.against for posting in world.ledger.all()][-1] == bank_account(a_payout_account().account.bank)


def test_asked_again_it_pays_once() -> None:
    world = ready()
    for _ in range(3):
        settle(world)
    assert len(world.bank.orders) == 1
    assert paid(world) == [AMOUNT]


def test_the_bank_hears_of_a_payout_after_it_was_noted() -> None:
    world = ready()
    settle(world)
    calls = world.trouble.calls
    assert calls.index("payouts.save") < calls.index("bank.transfer")


def test_what_cannot_be_noted_is_not_sent() -> None:
    for error in (StoreUnavailable(), StaleWrite(), Killed()):
        world = ready()
        world.payouts.fails_before("save", error)
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
    world = ready()
    world.bank.fails_after("transfer", Killed())
    with pytest.raises(Killed):
        settle(world)
    assert payout(world).state is PayoutState.SUBMITTING
    world.clock.moves_to(world.clock.now() + SUBMITTING_LEASE)
    settle(world)
    assert payout(world).state is PayoutState.UNKNOWN
    cashier.inquire(world)
    assert payout(world).state is PayoutState.SETTLED
    assert len(world.bank.orders) == 1
    assert paid(world) == [AMOUNT]


def test_whoever_was_cut_off_before_asking_does_not_send_either() -> None:
    """Nobody can tell the two apart."""
    world = ready()
    world.bank.fails_before("transfer", Killed())
    with pytest.raises(Killed):
        settle(world)
    world.clock.moves_to(world.clock.now() + SUBMITTING_LEASE)
    settle(world)
    assert payout(world).state is PayoutState.UNKNOWN
    assert not world.bank.orders


def test_a_payout_in_other_hands_is_left_to_them_for_a_while() -> None:
    world = cut_off()
    world.clock.moves_to(world.clock.now() + SUBMITTING_LEASE - timedelta(seconds=1))
    settle(world)
    assert payout(world).state is PayoutState.SUBMITTING
    world.clock.passes(seconds=1)
    settle(world)
    assert payout(world).state is PayoutState.UNKNOWN


def test_a_slow_sender_does_not_undo_what_an_inquiry_found() -> None:
    """It comes back after its payout was given up, inquired, and settled."""
    world = cut_off()
    sender = payout(world)
    world.clock.moves_to(world.clock.now() + SUBMITTING_LEASE)
    settle(world)
    with pytest.raises(StaleWrite):
        world.payouts.save(replace(sender, state=PayoutState.READY))
    assert payout(world).state is PayoutState.UNKNOWN


STILL = [PayoutState.AWAITING_APPROVAL, PayoutState.APPROVED_ONCE, PayoutState.UNKNOWN, PayoutState.SETTLED]


@pytest.mark.parametrize("state", [*STILL, PayoutState.REJECTED])
def test_only_what_is_ready_is_sent(state: PayoutState) -> None:
    world = cashier.with_payout(a_ready_payout(state=state))
    settle(world)
    assert payout(world).state is state
    assert not world.bank.orders


def test_a_payout_that_nobody_prepared_is_not_sent(world: World) -> None:
    settle_payout(
        PayoutId("0.never"),
        payouts=world.payouts,
        payout_accounts=world.payout_accounts,
        bank=world.bank,
        clock=world.clock,
    )
    assert not world.bank.orders


@pytest.mark.parametrize("state", [AccountState.LINKED, AccountState.REFUSED])
def test_money_goes_to_verified_accounts_only(state: AccountState) -> None:
    world = World()
    world.payout_accounts.save(a_payout_account(state=state))
    world.payouts.add(a_ready_payout())
    with pytest.raises(Conflict, match="payout_account_not_verified"):
        settle(world)
    assert payout(world).state is PayoutState.READY
    assert not world.bank.orders


def test_nothing_is_sent_to_no_account(world: World) -> None:
    world.payouts.add(a_ready_payout())
    settle(world)
    assert payout(world).state is PayoutState.READY
    assert world.payout_accounts.get(an_applicant_id()) is None


def look(world: World) -> object:
    """After the message has come as often as it takes, and a sweep has found what stood still."""
    for _ in range(4):
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
