"""What waited for a bank goes soon after its channel is opened, and nothing else is hurried."""

import pytest

from chalicelib.domain.commands import Change, Queue
from chalicelib.domain.payout_channels import ChannelState
from chalicelib.use_cases.payouts.follow_payout import follow_payout
from chalicelib.use_cases.payouts.move_channel import move_channel
from chalicelib.use_cases.payouts.resume_channel import resume_channel
from tests.builders import MAKER
from tests.fakes import World
from tests.money import a_bank_account, a_payout_account
from tests.unit.use_cases.crashes import Workflow, assert_survives_every_accident, assert_twice_is_once
from tests.unit.use_cases.payouts.cashier import AMOUNT, changed, paid, payout, ready, settle, sweep, work_off


def put(world: World, state: ChannelState) -> None:
    move_channel("bni", state, MAKER, channels=world.payout_channels, clock=world.clock)


def resume(world: World, after: str | None = None, *, most_pages: int = 10) -> None:
    resume_channel(
        "bni",
        after=after,
        payouts=world.payouts,
        payout_accounts=world.payout_accounts,
        channels=world.payout_channels,
        messages=world.messages,
        most_pages=most_pages,
    )


def paused(many: int = 3) -> World:
    """For so long that each waits for two hours."""
    world = ready(many)
    put(world, ChannelState.PAUSED)
    world.clock.passes(hours=9)
    settle(world)
    assert {payout(world, number).reason for number in range(1, many + 1)} == {"channel_paused"}
    return world


def opened(many: int = 3) -> World:
    world = paused(many)
    put(world, ChannelState.OPEN)
    return world


def go_on(world: World) -> None:
    sweep(world)
    work_off(world)


def test_what_waited_goes_with_the_next_sweep() -> None:
    world = opened()
    go_on(world)
    assert paid(world) == [], "without the message it would wait on"
    resume(world)
    go_on(world)
    assert paid(world) == [AMOUNT] * 3


@pytest.mark.parametrize("reason", ["insufficient_funds", "bank_refuses_us", "not_permitted", "no_route"])
def test_so_does_what_the_bank_paused_it_by(reason: str) -> None:
    world = ready()
    world.bank.takes_none(reason)
    settle(world)
    put(world, ChannelState.OPEN)
    resume(world)
    go_on(world)
    assert paid(world) == [AMOUNT]


def test_what_waits_for_something_else_or_for_another_bank_waits_on() -> None:
    world = opened(3)
    changed(world, reason="account_limit")
    world.payout_accounts.save(a_payout_account(2, version=1, account=a_bank_account(2, bank="ovo")))
    resume(world)
    go_on(world)
    assert [payout(world, number).reason for number in (1, 2, 3)] == ["account_limit", "channel_paused", None]


def test_a_channel_that_was_paused_again_wakes_nobody() -> None:
    world = paused()
    resume(world)
    assert payout(world).reason == "channel_paused"


def test_it_goes_on_in_another_message_where_more_wait_than_one_takes() -> None:
    world = opened(12)
    resume(world, most_pages=2)
    while world.messages.on(Queue.PAYOUTS_TO_RESUME):
        body = world.messages.take(Queue.PAYOUTS_TO_RESUME)
        resume(world, body["after"], most_pages=2)
    go_on(world)
    assert paid(world) == [AMOUNT] * 12


@pytest.mark.parametrize(("before", "after", "count"), [("paused", "open", 1), ("open", "paused", 0)])
def test_the_stream_tells_when_a_channel_is_opened(world: World, before: str, after: str, count: int) -> None:
    follow_payout(Change("payout_channel", "bni", before, after, {}), messages=world.messages)
    assert world.messages.on(Queue.PAYOUTS_TO_RESUME) == [{"bank": "bni"}] * count


def look(world: World) -> object:
    resume(world)
    go_on(world)
    return paid(world)


def test_resuming_survives_every_accident() -> None:
    workflow = Workflow(opened, resume, look)
    assert_survives_every_accident(workflow)
    assert_twice_is_once(workflow)
