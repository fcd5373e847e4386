"""Every workflow x every outside call x {killed before, killed after, reply lost}. The calls are counted, not listed: a
new one is covered on the day it is written.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

import pytest

from chalicelib.domain.errors import Rejected, StoreUnavailable, Unavailable
from tests.fakes import Killed, World

MOST_DELIVERIES = 8


@dataclass(frozen=True)
class Workflow:
    """``step`` is one delivery of the message. ``look`` tells all that must come out the same, whatever happened on
    the way: no moments, no versions, no copies of a message whose receiver looks first."""

    prepare: Callable[[], World]
    step: Callable[[World], object]
    look: Callable[[World], object]
    wait_minutes: float = 15
    """Before it is delivered again."""


@dataclass(frozen=True)
class Accident:
    number: int
    call: str
    after: bool
    killed: bool

    @property
    def error(self) -> BaseException:
        return Killed() if self.killed else StoreUnavailable()


def assert_survives_every_accident(workflow: Workflow) -> None:
    """Cut off anywhere and delivered again, it ends as if nothing had happened."""
    expected, accidents = _undisturbed(workflow)
    assert accidents, "it asks nothing of the outside"
    for accident in accidents:
        world = workflow.prepare()
        world.trouble.fail_at(accident.number, accident.error, after=accident.after)
        deliver(workflow, world)
        assert world.trouble.is_over(), f"it never came to {accident}"
        assert workflow.look(world) == expected, accident


def assert_twice_is_once(workflow: Workflow) -> None:
    """Delivered three times, it ends as if once."""
    expected, _ = _undisturbed(workflow)
    world = workflow.prepare()
    for _ in range(3):
        deliver(workflow, world)
    assert workflow.look(world) == expected


def deliver(workflow: Workflow, world: World) -> None:
    """As a queue does it: dropped when the message is wrong, and back after a while when the world is, or when whoever
    took it was killed."""
    for _ in range(MOST_DELIVERIES):
        try:
            workflow.step(world)
        except Rejected:
            return
        except (Unavailable, Killed):
            world.clock.passes(minutes=workflow.wait_minutes)
        else:
            return
    pytest.fail("the message never comes to an end")


def _undisturbed(workflow: Workflow) -> tuple[object, list[Accident]]:
    world = workflow.prepare()
    before = len(world.trouble.calls)
    deliver(workflow, world)
    accidents = list(_accidents(before, world.trouble.calls[before:]))
    return workflow.look(world), accidents


def _accidents(before: int, calls: list[str]) -> Iterator[Accident]:
    for place, call in enumerate(calls):
        for after in (False, True):
            for killed in (True, False):
                yield Accident(before + place, call, after, killed)
