"""A seed on moto: the engine and the stack are made once in a process, and emptied for each seed."""

import atexit
from collections.abc import Callable
from contextlib import ExitStack, nullcontext
from functools import cache
from typing import Any

from chalicelib import bootstrap
from tests.fakes.surroundings import NOON
from tests.simulation.life.run import Outcome, outcome_of, problem_of
from tests.simulation.life.short_way import short_way
from tests.simulation.life.sizes import ON_MOTO
from tests.simulation.life.town import Town


def run_seed_on_moto(seed: int, *, tell: Callable[[str], None] | None = None, is_short: bool = True) -> Outcome:
    """``is_short``: its calls of DynamoDB skip the wire."""
    from tests.simulation.life.moto_world import move_in

    place, beginning = _place()
    place.return_to(beginning)
    town = Town(seed)
    bootstrap.use_clock(town.clock)
    town.listener = tell
    with short_way(place._engine.lock) if is_short else nullcontext():
        move_in(town, place._engine)
        problem = problem_of(town, ON_MOTO)
    return outcome_of(seed, town, problem)


@cache
def _place() -> tuple[Any, Any]:
    from tests.integration import town as integration
    from tests.integration.neighbourhood import Neighbourhood

    clock = integration.HandClock(NOON)
    stack = ExitStack()
    place = stack.enter_context(integration.Town(clock, Neighbourhood({}, clock.now)).running())
    atexit.register(stack.close)
    return place, place.moment()
