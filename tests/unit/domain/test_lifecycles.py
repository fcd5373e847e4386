"""Every life cycle of the domain, found by looking: what is not in its table cannot happen."""

import pkgutil
from collections.abc import Iterator
from enum import StrEnum
from importlib import import_module
from itertools import product
from typing import Any

import pytest

import chalicelib.domain
from chalicelib.domain.errors import IllegalTransition
from chalicelib.domain.lifecycle import LifeCycle

Cycle = LifeCycle[Any, Any]


def found_cycles() -> dict[str, Cycle]:
    """By name. A module may import another's: the same object is counted once."""
    modules = [
        import_module(each.name) for each in pkgutil.walk_packages(chalicelib.domain.__path__, "chalicelib.domain.")
    ]
    cycles = {id(each): each for module in modules for each in vars(module).values() if isinstance(each, LifeCycle)}
    by_name = {cycle.name: cycle for cycle in cycles.values()}
    assert len(by_name) == len(cycles), "two life cycles of one name"
    return by_name


CYCLES = found_cycles()


def kinds_of(cycle: Cycle) -> tuple[type[StrEnum], type[StrEnum]]:
    """All states and all events, also those that no transition speaks of."""
    state, event = next(iter(cycle.transitions))
    return type(state), type(event)


def all_pairs() -> Iterator[Any]:
    for name, cycle in CYCLES.items():
        for state, event in product(*kinds_of(cycle)):
            yield pytest.param(cycle, state, event, id=f"{name}:{state}-{event}")


def test_all_life_cycles_are_found() -> None:
    known = {"account", "identity", "wave", "wave_entry", "membership", "purchase", "payout_account", "payout", "mail"}
    assert known <= CYCLES.keys()


@pytest.mark.parametrize(("cycle", "state", "event"), all_pairs())
def test_only_what_is_in_the_table_can_happen(cycle: Cycle, state: StrEnum, event: StrEnum) -> None:
    if (state, event) in cycle.transitions:
        assert cycle.after(state, event) is cycle.transitions[state, event]
        assert cycle.allows(state, event)
        return
    assert not cycle.allows(state, event)
    with pytest.raises(IllegalTransition) as refusal:
        cycle.after(state, event)
    assert refusal.value.details == {"life_cycle": cycle.name, "state": state.value, "event": event.value}


@pytest.mark.parametrize("cycle", CYCLES.values(), ids=CYCLES)
def test_every_transition_stays_among_the_states_and_events_of_its_cycle(cycle: Cycle) -> None:
    states, events = kinds_of(cycle)
    for (state, event), after in cycle.transitions.items():
        assert isinstance(state, states)
        assert isinstance(event, events)
        assert isinstance(after, states)


@pytest.mark.parametrize("cycle", CYCLES.values(), ids=CYCLES)
def test_every_state_can_be_reached_from_the_first_and_every_event_can_happen(cycle: Cycle) -> None:
    states, events = kinds_of(cycle)
    reached = {next(iter(states))}
    for _ in states:
        reached |= {after for (state, _), after in cycle.transitions.items() if state in reached}
    assert reached == set(states)
    assert {event for _, event in cycle.transitions} == set(events)
