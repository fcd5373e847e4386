"""A life cycle is one table: (state, event) -> state. What is not in the table cannot happen.

``docs/life-cycles.md`` is generated from these tables, and a test walks every pair that is not in them.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Generic, TypeVar

from chalicelib.domain.errors import IllegalTransition

State = TypeVar("State", bound=StrEnum)
Event = TypeVar("Event", bound=StrEnum)


@dataclass(frozen=True)
class LifeCycle(Generic[State, Event]):
    name: str
    transitions: Mapping[tuple[State, Event], State]

    def after(self, state: State, event: Event) -> State:
        """The state that ``event`` leads to; ``IllegalTransition`` where it may not happen."""
        try:
            return self.transitions[state, event]
        except KeyError:
            raise IllegalTransition(life_cycle=self.name, state=state.value, event=event.value) from None

    def allows(self, state: State, event: Event) -> bool:
        return (state, event) in self.transitions
