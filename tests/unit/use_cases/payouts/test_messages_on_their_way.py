"""However often the bank says "later", the messages about a payout do not multiply."""

from chalicelib.domain.commands import Queue
from chalicelib.domain.payout_batches import line_of, message_of
from chalicelib.domain.payouts import PayoutState
from tests.fakes import Fate, World
from tests.money import BATCH
from tests.unit.use_cases.payouts.cashier import inquire, lost, payout, ready, sweep, work_off

SETTLE, INQUIRE = Queue.PAYOUTS_TO_SETTLE, Queue.PAYOUTS_TO_INQUIRE


def release(world: World) -> None:
    world.messages.send(SETTLE, message_of(BATCH, [line_of(payout(world))]))


def test_a_bank_that_takes_nothing_does_not_multiply_messages() -> None:
    world = ready()
    world.bank.will(*[Fate.NOT_TAKEN] * 8)
    release(world)
    for _ in range(8):
        work_off(world)
        sweep(world)
        assert not world.messages.on(SETTLE), "its turn has not come"
        world.clock.passes(minutes=5)
        sweep(world)
        assert len(world.messages.on(SETTLE)) == 1


def test_sweeping_an_unknown_payout_does_not_gather_messages() -> None:
    """A bank that says "not found" for half a day; the clock sweeps every five minutes."""
    world = lost()
    asked = 0
    for _ in range(12 * 12):
        while world.messages.on(INQUIRE):
            world.messages.take(INQUIRE)
            inquire(world)
            asked += 1
        world.clock.passes(minutes=5)
        sweep(world)
        assert len(world.messages.on(INQUIRE)) <= 1
    assert asked < 40, "every five minutes at first, later every half hour"


def test_a_message_too_many_is_used_up_without_harm() -> None:
    world = ready()
    for _ in range(5):
        release(world)
    work_off(world)
    assert payout(world).state is PayoutState.SETTLED
    assert len(world.bank.orders) == 1
