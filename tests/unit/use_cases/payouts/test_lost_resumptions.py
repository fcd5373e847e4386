"""What nobody was told of is found by the sweep: payouts that could be tried again."""

from chalicelib.domain.commands import Queue
from chalicelib.domain.payouts import PayoutState as S
from tests.fakes import World
from tests.money import a_ready_payout
from tests.unit.use_cases.payouts.cashier import settle, sweep, with_payouts
from tests.unit.use_cases.payouts.test_retry_payouts import ID, ME, confirmed, found, inquire, links_another, retry


def resumed(world: World) -> int:
    """How many messages there were to try somebody's payouts again."""
    bodies = world.messages.on(Queue.PAYOUTS_TO_RESUME)
    for _ in bodies:
        assert world.messages.take(Queue.PAYOUTS_TO_RESUME) == {"applicant_id": ME}
        retry(world)
    return len(bodies)


def test_a_lost_message_to_try_again_is_made_up_for_by_the_sweep() -> None:
    """Nobody tells that the other account is verified."""
    world = confirmed()
    links_another(world)
    world.clock.passes(hours=24)
    sweep(world)
    assert resumed(world) == 1
    assert (found(world).state, found(world).attempt) == (S.READY, 2)


def test_a_lost_message_that_money_came_back_is_made_up_for_too() -> None:
    world = with_payouts(a_ready_payout(id=ID))
    settle(world)
    world.bank.sends_back(found(world).reference)
    inquire(world)
    world.clock.passes(hours=1)
    links_another(world)
    sweep(world)
    assert resumed(world) == 1
    assert (found(world).state, found(world).attempt) == (S.READY, 2)


def test_what_rests_is_looked_at_once_a_day() -> None:
    world = confirmed()
    looks = 0
    for _ in range(3 * 24):
        world.clock.passes(hours=1)
        sweep(world)
        looks += resumed(world)
    assert looks == 3
    assert found(world).state is S.REJECTED
