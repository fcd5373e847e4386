"""A look at the gate costs one short call in some ten seconds, and never a registration."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from chalicelib.adapters.aws_calls import CallFailed
from chalicelib.adapters.gate_look import GateLook
from tests.fakes import NOON

ON = {
    "opening": {"S": "1772427600"},
    "began_at": {"S": NOON.isoformat()},
    "spread": {"N": "600"},
    "asks_proof": {"BOOL": True},
    "ends": {"N": str(int(NOON.timestamp()) + 600)},
}


@dataclass
class Table:
    """Answers what it is told to, and counts how often it was asked."""

    item: Mapping[str, Any] = field(default_factory=dict)
    failure: Exception | None = None
    calls: int = 0
    ticks: float = 0.0
    now: datetime = NOON

    def __call__(self, operation: str, arguments: Mapping[str, Any]) -> dict[str, Any]:
        assert (operation, arguments["ConsistentRead"]) == ("GetItem", False)
        self.calls += 1
        if self.failure:
            raise self.failure
        return {"Item": self.item} if self.item else {}

    def look(self) -> GateLook:
        return GateLook(self, lambda: self.now, lambda: self.ticks)


def asked(table: Table, look: GateLook, seconds: int) -> int:
    """How often the table is asked while ten requests a second come for so long."""
    before = table.calls
    for _ in range(seconds * 10):
        look.gate()
        table.ticks += 0.1
    return table.calls - before


def test_an_open_gate_is_looked_at_once_in_ten_seconds() -> None:
    table = Table()
    assert 5 <= asked(table, table.look(), seconds=60) <= 8


def test_environments_that_started_together_do_not_look_together() -> None:
    table = Table()
    looks = [table.look() for _ in range(30)]
    for look in looks:
        look.gate()
    assert len({round(look._next_look, 3) for look in looks}) > 20


def test_a_gate_that_is_on_is_seen() -> None:
    table = Table(item=ON)
    gate = table.look().gate()
    assert gate is not None
    assert gate.is_on(NOON)
    assert (gate.spread, gate.asks_proof) == (timedelta(minutes=10), True)


def test_a_gate_whose_time_is_over_is_open_without_another_look() -> None:
    table = Table(item=ON)
    look = table.look()
    assert look.gate()
    table.now += timedelta(minutes=10)
    assert look.gate() is None
    assert table.calls == 1


@pytest.mark.parametrize("failure", [CallFailed("GetItem"), TimeoutError(), ValueError("no JSON")])
def test_a_store_that_is_down_lets_everybody_in(failure: Exception) -> None:
    table = Table(failure=failure)
    assert table.look().gate() is None


def test_what_was_known_stays_known_while_the_store_is_down() -> None:
    table = Table(item=ON)
    look = table.look()
    assert look.gate()
    table.failure = CallFailed("GetItem")
    assert asked(table, look, seconds=30) > 0
    assert look.gate()


def test_a_store_that_is_down_is_asked_less_and_less_often() -> None:
    table = Table(failure=TimeoutError())
    assert asked(table, table.look(), seconds=300) <= 9


def test_a_store_that_is_back_is_believed_again() -> None:
    table = Table(failure=TimeoutError())
    look = table.look()
    asked(table, look, seconds=120)
    table.failure, table.item = None, ON
    asked(table, look, seconds=80)
    assert look.gate()


@pytest.mark.parametrize("changed", [{"spread": {"N": "soon"}}, {"began_at": {"S": "noon"}}, {"opening": {"N": "1"}}])
def test_an_item_of_another_version_is_no_reason_to_refuse(changed: Mapping[str, Any]) -> None:
    assert Table(item={**ON, **changed}).look().gate() is None


def test_nothing_is_looked_at_before_the_first_request() -> None:
    table = Table(now=datetime(2026, 1, 1, tzinfo=UTC))
    table.look()
    assert table.calls == 0
