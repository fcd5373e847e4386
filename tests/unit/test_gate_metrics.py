"""The gate's metrics: one count a minute while it is on, and one when it turns."""

import json
from dataclasses import replace
from datetime import timedelta

import pytest

from chalicelib.domain.admission import BUSY_WAITING, Gate, steered
from chalicelib.handlers.admission import tell_of_gate
from tests.fakes import NOON

MINUTE = timedelta(minutes=1)
QUIET = steered(Gate(), waiting=0, now=NOON)
RUSH = steered(QUIET, waiting=BUSY_WAITING, now=NOON + MINUTE)
LATER = replace(RUSH, seen_at=NOON + 2 * MINUTE)
OVER = replace(RUSH, seen_at=NOON + timedelta(hours=2))


@pytest.mark.parametrize(
    ("before", "after", "counted"),
    [
        (Gate(), QUIET, []),
        (QUIET, RUSH, [("GateOn", "load"), ("GateTurned", "on")]),
        (RUSH, LATER, [("GateOn", "load")]),
        (LATER, OVER, [("GateTurned", "off")]),
    ],
)
def test_a_graph_shows_when_the_gate_was_on(
    before: Gate,
    after: Gate,
    counted: list[tuple[str, str]],
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.delenv("POWERTOOLS_METRICS_DISABLED", raising=False)
    tell_of_gate(before, after)
    lines = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert [(name_of(line), line.get("set_by") or line.get("to")) for line in lines] == counted


def name_of(line: dict[str, dict[str, list[dict[str, list[dict[str, str]]]]]]) -> str:
    return line["_aws"]["CloudWatchMetrics"][0]["Metrics"][0]["Name"]
