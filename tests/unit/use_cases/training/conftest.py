"""A market over the world of every test."""

import pytest

from tests.fakes import World
from tests.unit.use_cases.training.market import Market


@pytest.fixture
def market(world: World) -> Market:
    return Market(world)
