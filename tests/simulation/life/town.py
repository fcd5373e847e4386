"""A machine with people, an office and checkers: all that a run needs to know of itself."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from datetime import datetime
from itertools import islice
from random import Random
from typing import TYPE_CHECKING

from chalicelib.domain.identifiers import ApplicantId
from chalicelib.domain.references import LABEL, reference_from
from tests.simulation.life.checks.all import CHECKERS
from tests.simulation.life.checks.checker import Checker
from tests.simulation.life.machine import Machine
from tests.simulation.life.needs import NEEDS
from tests.simulation.life.sight import Sight
from tests.simulation.life.sizes import SMALL
from tests.simulation.life.storm import Weather
from tests.simulation.life.unrest import unrest

if TYPE_CHECKING:
    from tests.simulation.life.people import Person

Plant = Callable[["Town"], None]
Drop = Callable[[str, bytes, str], None]
"""Puts a file into the bucket by the form that somebody was given: its name, its content, whose form it was."""


class Town(Machine):
    """``tokens`` are what the platform's books hold of offers, by person."""

    def __init__(
        self,
        seed: int,
        *,
        plant: Plant = lambda _town: None,
        chance: Random | None = None,
        weather: Weather | None = None,
    ) -> None:
        super().__init__(seed, chance=chance, weather=weather)
        self.sight = Sight()
        self.heard.append(self.sight.hear)
        self.size = SMALL
        self.people: list[Person] = []
        self.tokens: dict[int, str] = {}
        self.has_office = True
        self.drop_statement: Drop = self.world.statement_files.receives
        self.undo = ExitStack()
        self.checkers = [each(self) for each in CHECKERS]
        self.heard += [each.hear for each in self.checkers if _has(each, "hear")]
        self.sent += [each.see for each in self.checkers if _has(each, "see")]
        self._after_event = [each.after_event for each in self.checkers if _has(each, "after_event")]
        self._overhear = [each.overhear for each in self.checkers if _has(each, "overhear")]
        self._needs: list[tuple[str, datetime]] = []
        self._needs_as_of = -1
        plant(self)

    def reference_of(self, id: ApplicantId) -> str:
        return str(reference_from(self.world.indexer.derived(LABEL, id)))

    def unrest(self) -> Iterator[str]:
        """Who and what is not where it may stay, and messages under way."""
        if self.has_letters:
            yield from (f"letter on {each.queue}" for each in self.world.queues.all())
            yield from (f"unread by {function.name}" for function, _ in self.streams.unread())
        yield from unrest(self.sight)

    def errs(self) -> bool:
        """Whether an officer does, this time."""
        return not self.storm.has_passed and self.chance.random() < self.storm.weather.operators

    def troubles(self) -> str:
        """The first of them, in words."""
        return "; ".join(islice(self.unrest(), 5))

    def is_at_rest(self) -> bool:
        return next(self.unrest(), None) is None

    def is_deserted(self) -> bool:
        """Everybody is where they wanted to be, or has given up."""
        return all(person.has_ended for person in self.people)

    def wait(self) -> None:
        if self.sight.changes != self._needs_as_of:
            found = ((name, needed_from(self.sight)) for name, needed_from in NEEDS.items())
            self._needs = [(name, moment) for name, moment in found if moment is not None]
            self._needs_as_of = self.sight.changes
        for name, moment in self._needs:
            if moment <= self.clock.at:
                self.ticks.hurry(name)
        super().wait()

    def overhear(self, line: str) -> None:
        """A line of the log, or a metric."""
        for overhear in self._overhear:
            overhear(line)

    def check(self) -> None:
        for look in self._after_event:
            look()

    def check_the_end(self) -> None:
        self.storm.is_sheltered = True
        for each in self.checkers:
            each.at_the_end()

    def calm_down(self) -> None:
        """The faults are over: what was delayed has arrived, and what lay with the dead is sent again."""
        self.world.queues.redrive()
        self.world.queues.arrive()
        self.ticks.wake()


def _has(checker: Checker, method: str) -> bool:
    return getattr(type(checker), method) is not getattr(Checker, method)
