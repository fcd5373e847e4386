"""A group whose answers cannot be noted together, and a message that comes too soon."""

from dataclasses import replace

import pytest

from chalicelib.domain.errors import StoreUnavailable
from chalicelib.domain.payout_channels import ChannelState
from chalicelib.domain.payouts import PayoutState, release
from tests.fakes import NOON, Killed
from tests.money import BATCH, a_payout
from tests.unit.use_cases.payouts import cashier
from tests.unit.use_cases.payouts.cashier import AMOUNT, paid, payout, ready, settle, states


def test_a_conflict_of_the_store_does_not_lose_the_answers() -> None:
    """Each is noted on its own; of that one alone which cannot be, the bank is asked."""
    world = ready(3)
    save_each, calls = world.payouts.save_each, 0

    def contended(moves):  # type: ignore[no-untyped-def]
        nonlocal calls
        calls += 1
        if calls == 2:
            raise StoreUnavailable("transaction_not_taken")
        save_each(moves)

    world.payouts.save_each = contended  # type: ignore[method-assign]
    world.payouts.fails_before("save_with", StoreUnavailable())
    settle(world)
    assert sorted(states(world)) == ["settled", "settled", "submitting"]


def test_a_channel_is_paused_though_the_answers_cannot_be_noted() -> None:
    world = ready(2)
    world.bank.takes_none("insufficient_funds")
    save_each, calls = world.payouts.save_each, 0

    def killed(moves):  # type: ignore[no-untyped-def]
        nonlocal calls
        calls += 1
        if calls == 2:
            raise Killed
        save_each(moves)

    world.payouts.save_each = killed  # type: ignore[method-assign]
    with pytest.raises(Killed):
        settle(world)
    assert world.payout_channels.get("bni").state is ChannelState.PAUSED


def test_a_message_that_comes_twice_does_not_shorten_a_wait() -> None:
    world = ready()
    world.bank.takes_none("account_limit")
    for _ in range(3):
        settle(world)
    assert len(world.bank.orders) + world.trouble.calls.count("bank.transfer") == 1
    world.clock.moves_to(payout(world).turn_at)
    settle(world)
    assert world.trouble.calls.count("bank.transfer") == 2


def test_what_was_just_released_does_not_wait_for_the_sweep() -> None:
    batched = a_payout(state=PayoutState.BATCHED, batch=BATCH)
    world = cashier.with_payouts(release(replace(batched, reason="channel_paused"), now=NOON))
    assert payout(world).turn_at > world.clock.now()
    settle(world)
    assert paid(world) == [AMOUNT]
