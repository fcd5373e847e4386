"""How a stand-in is told to behave: one flat set of options, set as a whole, perhaps for the next few calls only."""

import re
import threading
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass, field, fields, replace
from typing import Any, Generic, TypeVar


def option(default: Any, meaning: str, *, lasting: bool = False, shape: str = "") -> Any:
    """``lasting`` options outlive ``next_calls``: they describe the neighbour, not a fault. ``shape``: a pattern."""
    return field(default=default, metadata={"meaning": meaning, "lasting": lasting, "shape": shape})


@dataclass(frozen=True, kw_only=True)
class Behaviour:
    next_calls: int = option(0, "the faults end after this many calls; 0: they stay until set anew", shape=r"\d+")


B = TypeVar("B", bound=Behaviour)


class BadBehaviour(ValueError):
    def __init__(self, key: str, why: str) -> None:
        self.key = key
        super().__init__(f"{key}: {why}")


def behaviour_from(kind: type[B], settings: Mapping[str, object]) -> B:
    """What is not named is as it is by default, so that an empty set is good behaviour."""
    known = {each.name: each for each in fields(kind)}
    for key, value in settings.items():
        if key not in known:
            raise BadBehaviour(key, "is not known here")
        _check(key, value, known[key].default, known[key].metadata["shape"])
    return kind(**settings)  # type: ignore[arg-type]  # every value was just checked against its field


def _check(key: str, value: object, default: object, shape: str) -> None:
    if type(default) in (int, float):
        if type(value) not in (int, type(default)):  # a bool is an int to isinstance, and no number to people
            raise BadBehaviour(key, f"must be a number like {default}")
    elif type(value) is not type(default):
        raise BadBehaviour(key, f"must be {type(default).__name__}")
    if shape and not re.fullmatch(shape, str(value)):
        raise BadBehaviour(key, f"must look like {shape}")


class Conduct(Generic[B]):
    """The behaviour at this moment; counts the calls that it is meant for."""

    def __init__(self, kind: type[B]) -> None:
        self._kind = kind
        self._behaviour = kind()
        self._lock = threading.Lock()

    def become(self, settings: Mapping[str, object]) -> None:
        behaviour = behaviour_from(self._kind, settings)
        with self._lock:
            self._behaviour = behaviour

    def shown(self) -> B:
        with self._lock:
            return self._behaviour

    def as_settings(self) -> dict[str, object]:
        return asdict(self.shown())

    def for_call(self, concerns: Callable[[B], bool]) -> B:
        """The behaviour for a call that begins now: without faults where they do not concern it."""
        with self._lock:
            behaviour = self._behaviour
            if not concerns(behaviour):
                return _calm(behaviour)
            if behaviour.next_calls > 0:
                left = replace(behaviour, next_calls=behaviour.next_calls - 1)
                self._behaviour = left if left.next_calls else _calm(behaviour)
            return behaviour


def _calm(behaviour: B) -> B:
    kept = {each.name: getattr(behaviour, each.name) for each in fields(behaviour) if each.metadata["lasting"]}
    return type(behaviour)(**kept)
