"""A change of account, cut off anywhere."""

import pytest

from tests.fakes import World
from tests.unit.use_cases.crashes import Workflow, assert_survives_every_accident, assert_twice_is_once
from tests.unit.use_cases.payouts.test_account_change import account, confirmed
from tests.unit.use_cases.payouts.test_payout_account import verify


def look(world: World) -> object:
    """Once it has taken effect, the same message has the bank asked: so the state is no part of it."""
    found = account(world)
    return found.account.account_no, found.change and found.change.reminded


@pytest.mark.parametrize("hours", [48, 72])
def test_each_step_of_a_change_survives_every_accident(hours: int) -> None:
    def due() -> World:
        world = confirmed()
        world.clock.passes(hours=48)
        if hours == 72:
            verify(world)
            world.clock.passes(hours=24)
        return world

    workflow = Workflow(due, verify, look, wait_minutes=1)
    assert_survives_every_accident(workflow)
    if hours == 48:
        assert_twice_is_once(workflow)
