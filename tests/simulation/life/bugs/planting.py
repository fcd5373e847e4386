"""How a bug is put into one town: another method of a fake, or another use case behind a handler, until it is over."""

import importlib
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from tests.fakes.shelves import Put

if TYPE_CHECKING:
    from tests.simulation.life.town import Town


@dataclass(frozen=True)
class Bug:
    """``found_by``: the checkers any of which may be first to see it."""

    name: str
    what: str
    found_by: tuple[str, ...]
    plant: Callable[["Town"], None]


BUGS: dict[str, Bug] = {}


def bug(what: str, *found_by: str) -> Callable[[Callable[["Town"], None]], Callable[["Town"], None]]:
    def keep(plant: Callable[["Town"], None]) -> Callable[["Town"], None]:
        name = plant.__name__.replace("_", "-")
        BUGS[name] = Bug(name, what, found_by, plant)
        return plant

    return keep


def patch(town: "Town", path: str, make: Callable[[Any], Any]) -> None:
    """``path`` is ``module:name`` or ``module:Class.name``; ``make`` gets what is there now, and it is put back when
    the town is left."""
    module, _, name = path.partition(":")
    owner: Any = importlib.import_module(module)
    *outer, last = name.split(".")
    for each in outer:
        owner = getattr(owner, each)
    before = getattr(owner, last)
    setattr(owner, last, make(before))
    town.undo.callback(setattr, owner, last, before)


def instead(fake: Any, method: str, make: Callable[[Any], Any]) -> None:
    """``make`` gets the fake's own method, and returns another one."""
    setattr(fake, method, make(getattr(fake, method)))


def without_conditions(fake: Any) -> None:
    """Whatever this fake writes, it writes over what is there: the last writer wins."""

    def make(write: Any) -> Any:
        def write_over(*puts: Put) -> None:
            write(*(replace(put, read_version=put.shelf.version(put.key)) for put in puts))

        return write_over

    instead(fake, "_write", make)


def without(fake: Any, kind: type) -> None:
    """What this fake writes together, it writes without rows of this kind."""

    def make(write: Any) -> Any:
        def write_fewer(*puts: Put) -> None:
            write(*(put for put in puts if not isinstance(put.value, kind)))

        return write_fewer

    instead(fake, "_write", make)


def nothing(*_args: Any, **_more: Any) -> None:
    """Is done, whatever was asked."""
