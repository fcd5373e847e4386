"""What a door did, seen in the raw tables and queues."""

from collections.abc import Callable
from typing import Any

from tests.integration.memory import Memory


class Watch:
    """Looks at everything when it is made, and again when asked."""

    def __init__(self, memory: Memory) -> None:
        self._memory = memory
        self._rows = memory.rows()
        self._messages = self._sent()

    def effects(self) -> set[str]:
        """``kind state`` of every row written since, ``message queue`` of every message sent."""
        now = self._memory.rows()
        assert self._rows.keys() <= now.keys(), "nothing is ever deleted"
        written = {
            f"{_of(item, 'kind')} {_of(item, 'state')}" for row, item in now.items() if item != self._rows.get(row)
        }
        return written | {f"message {queue}" for queue, count in self._sent().items() if count > self._messages[queue]}

    def changed(self, keep: Callable[[dict[str, Any]], bool] = lambda _: True) -> list[tuple[Any, Any]]:
        """(before, after) of every row written since that ``keep`` is true of."""
        now = self._memory.rows()
        return [(self._rows.get(row), item) for row, item in now.items() if item != self._rows.get(row) and keep(item)]

    def _sent(self) -> dict[str, int]:
        return {queue: len(self._memory.messages(queue)) for queue in self._memory.queues()}


def _of(item: dict[str, Any], name: str) -> str:
    return str(item[name]["S"])
