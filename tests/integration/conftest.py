"""One town for all tests of this folder, put back between them.

Moto stands in for AWS in the whole process, so one engine lives at a time: the tests in ``local`` make theirs first,
and this one ends with the folder. Whoever wants another engine takes a folder of its own whose name sorts before
``test_``.
"""

from collections.abc import Iterator

import pytest

from chalicelib import bootstrap
from tests.integration.cast import NOON, PEOPLE
from tests.integration.gate import switched
from tests.integration.neighbourhood import Neighbourhood
from tests.integration.town import HandClock, Moment, Town
from tests.integration.upbringing import bring_up


@pytest.fixture(scope="package")
def grown_up() -> Iterator[tuple[Town, Moment]]:
    clock = HandClock(NOON)
    with Town(clock, Neighbourhood(PEOPLE, clock.now)).running() as town:
        bring_up(town)
        yield town, town.moment()


@pytest.fixture
def town(grown_up: tuple[Town, Moment]) -> Iterator[Town]:
    """At noon, with everybody of the cast where they stand then; what the test changed is undone after it."""
    town, noon = grown_up
    yield town
    town.return_to(noon)
    bootstrap.gate_look.cache_clear()


@pytest.fixture
def rush(town: Town) -> Town:
    """The gate is on."""
    return switched(town)
