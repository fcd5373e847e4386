"""One payout, one message: however often the bank says "later", the messages about a payout do not multiply."""

from chalicelib.domain.commands import Change, Queue
from chalicelib.domain.errors import BankUnavailable
from chalicelib.domain.payouts import PayoutState
from chalicelib.use_cases.payouts.follow_payout import follow_payout
from chalicelib.use_cases.payouts.sweep_payouts import sweep_payouts
from tests.fakes import Fate, World
from tests.unit.use_cases.payouts.cashier import ID, inquire, lost, payout, ready, settle

SETTLE, INQUIRE = Queue.PAYOUTS_TO_SETTLE, Queue.PAYOUTS_TO_INQUIRE


def tell_stream(world: World, before: PayoutState) -> None:
    """What the table's stream tells of the payout's last move."""
    change = Change("payout", ID, before, payout(world).state, {"applicant_id": "0.a", "amount": 600_000})
    follow_payout(change, messages=world.messages)


def receive(world: World, queue: Queue) -> None:
    """One message is taken; where the world is to blame it is put back (``handlers/batches.py``)."""
    body = world.messages.take(queue)
    try:
        settle(world) if queue is SETTLE else inquire(world)
    except BankUnavailable:
        world.messages.send(queue, body)


def test_a_bank_that_takes_nothing_does_not_multiply_messages() -> None:
    world = ready()
    world.bank.will(*[Fate.NOT_TAKEN] * 8)
    world.messages.send(SETTLE, {"payout_id": ID})
    for _ in range(8):
        receive(world, SETTLE)
        tell_stream(world, PayoutState.SUBMITTING)
        assert not world.messages.on(SETTLE), "neither put back nor sent by the stream: the sweep comes by"
        sweep_payouts(payouts=world.payouts, messages=world.messages)
        assert len(world.messages.on(SETTLE)) == 1


def test_sweeping_an_unknown_payout_does_not_gather_messages() -> None:
    """A bank that says "not found" for half a day; the clock sweeps every five minutes."""
    world = lost()
    world.messages.send(INQUIRE, {"payout_id": ID})
    for _ in range(12 * 12):
        for _ in world.messages.on(INQUIRE):
            receive(world, INQUIRE)
        world.clock.passes(minutes=5)
        sweep_payouts(payouts=world.payouts, messages=world.messages)
    assert len(world.messages.on(INQUIRE)) <= 2


def test_a_message_too_many_is_used_up_without_harm() -> None:
    world = ready()
    for _ in range(5):
        world.messages.send(SETTLE, {"payout_id": ID})
    while world.messages.on(SETTLE):
        receive(world, SETTLE)
    assert payout(world).state is PayoutState.SETTLED
    assert len(world.bank.orders) == 1
