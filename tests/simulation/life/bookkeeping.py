"""The office's books: each day's statement of the bank is uploaded, now and then the wrong file first."""

from collections import defaultdict
from collections.abc import Iterator
from datetime import date

from chalicelib.domain.commands import Queue
from chalicelib.domain.statement_lines import COLUMNS
from chalicelib.domain.statements import Statement, StatementState
from chalicelib.domain.time import wib_date
from tests.simulation.life.doors import door, staff
from tests.simulation.life.town import Town

BANK = "bni"


class Bookkeeping:
    """``_right``: under which names the right file of each day was uploaded."""

    def __init__(self, town: Town) -> None:
        self._town, self._chance = town, town.chance
        self._right: defaultdict[date, set[str]] = defaultdict(set)

    def work(self) -> None:
        today = wib_date(self._town.clock.at)
        for day in self._days():
            if day < today and not self._is_in_force(day):
                self._send(day)

    def is_done(self) -> bool:
        return all(self._is_in_force(day) for day in self._days())

    def _days(self) -> list[date]:
        """Those on which money moved, or will."""
        return sorted({each.day for each in self._town.world.bank.movements()})

    def _is_in_force(self, day: date) -> bool:
        return any(each.state is StatementState.IN_FORCE for each in self._uploaded(day))

    def _uploaded(self, day: date) -> Iterator[Statement]:
        found = self._town.sight.all(Statement)
        return (each for each in found if each.day == day and each.upload.object_key in self._right[day])

    def _send(self, day: date) -> None:
        if any(each.state is StatementState.RECEIVED for each in self._uploaded(day)):
            return
        right = self._file_of(day)
        if self._town.errs():
            self._upload(day, self._chance.choice(self._wrong_files(right)))
        for _ in range(1 + self._town.errs()):
            key = self._upload(day, right)
            if key is not None:
                self._right[day].add(key)

    def _wrong_files(self, right: bytes) -> list[bytes]:
        """One cut off, one that lacks a movement, and another day's."""
        short = b"".join(right.splitlines(keepends=True)[:-1])
        return [right[: len(right) // 2], short, short, self._file_of(self._chance.choice(self._days()))]

    def _file_of(self, day: date) -> bytes:
        lines = [each.line(BANK) for each in self._town.world.bank.movements() if each.day == day]
        return "".join(f"{line}\n" for line in (",".join(COLUMNS), *lines)).encode()

    def _upload(self, day: date, content: bytes) -> str | None:
        """The object's name."""
        view, _ = door("reconciliation.begin_statement")
        answer = self._town.ask("ani", view, caller=staff("ani"), bank=BANK, day=day.isoformat())
        if not answer.is_fine:
            return None
        key: str = answer.value.fields["key"]
        self._town.drop_statement(key, content, "ani")
        self._town.world.queues.put(Queue.STATEMENTS_TO_RECONCILE, {"Records": [{"s3": {"object": {"key": key}}}]})
        return key
