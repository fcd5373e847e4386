"""A look at the gate from where registrations come in: at most one in some ten seconds for each environment, short,
and never a reason to refuse anybody. What cannot be read is as it was when it was read last; at first, open.
"""

import random
import time
from collections.abc import Callable, Mapping
from datetime import datetime
from typing import TYPE_CHECKING, Any

from chalicelib.adapters.aws_calls import AwsCall
from chalicelib.settings import resource_name

if TYPE_CHECKING:
    from chalicelib.domain.admission import Gate

_SECONDS_BETWEEN = 10.0
_LONGEST_SECONDS_BETWEEN = 60.0
GATE_KEY = ("gate", "-")


class GateLook:
    """``now`` is the application's clock; ``ticks`` only counts how long ago the last look was."""

    def __init__(
        self, dynamodb: AwsCall, now: Callable[[], datetime], ticks: Callable[[], float] = time.monotonic
    ) -> None:
        self._dynamodb = dynamodb
        self._now, self._ticks = now, ticks
        self._next_look = float("-inf")
        self._failures = 0
        self._item: Mapping[str, Any] = {}

    def gate(self) -> "Gate | None":
        """None while nobody need wait."""
        if self._ticks() >= self._next_look:
            self._look()
        ends = self._item.get("ends")
        if ends is None or float(ends["N"]) <= self._now().timestamp():
            return None
        return _gate_in(self._item)

    def _look(self) -> None:
        # Before the look, not after it: threads that come meanwhile, and whoever comes after a failure, need not wait.
        pause = min(_SECONDS_BETWEEN * 2**self._failures, _LONGEST_SECONDS_BETWEEN)
        self._next_look = self._ticks() + pause * random.uniform(0.8, 1.2)
        try:
            self._item = self._dynamodb("GetItem", _REQUEST).get("Item", {})
            self._failures = 0
        except Exception as error:
            self._failures += 1
            self._tell(error)

    def _tell(self, error: Exception) -> None:
        from chalicelib.observability import log

        log().warning("gate_not_seen", extra={"kind": type(error).__name__, "times": self._failures})


_REQUEST = {
    "TableName": resource_name("accounts"),
    "Key": {name: {"S": part} for name, part in zip(("pk", "sk"), GATE_KEY, strict=True)},
    "ConsistentRead": False,
}


def _gate_in(item: Mapping[str, Any]) -> "Gate | None":
    from datetime import timedelta

    from chalicelib.domain.admission import Gate

    try:
        return Gate(
            opening=item["opening"]["S"],
            began_at=datetime.fromisoformat(item["began_at"]["S"]),
            spread=timedelta(seconds=int(item["spread"]["N"])),
            asks_proof=item["asks_proof"]["BOOL"],
        )
    except (KeyError, ValueError):
        return None  # written by a version of ours that this one does not know
