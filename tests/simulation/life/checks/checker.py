"""What every checker may do; each overrides what it needs."""

from typing import TYPE_CHECKING, Any, NoReturn

from chalicelib.domain.commands import Queue

if TYPE_CHECKING:
    from tests.simulation.life.town import Town


class Broken(BaseException):
    """A guarantee does not hold; the name of its checker comes first.

    No ``except Exception`` of the code under test may see it.
    """


class Checker:
    name: str

    def __init__(self, town: "Town") -> None:
        self.town = town

    def hear(self, before: Any, after: Any) -> None:
        """A row was written."""

    def see(self, queue: Queue, body: Any) -> None:
        """A message left for its queue."""

    def overhear(self, line: str) -> None:
        """A line of the log, or a metric."""

    def after_event(self) -> None:
        """Something happened, whole."""

    def at_the_end(self) -> None:
        """Nothing moves any more."""

    def broken(self, what: str) -> NoReturn:
        raise Broken(f"{self.name}: {what}")
