"""Whose network a registration is counted to: what strangers say of themselves is not believed."""

import pytest

from chalicelib.handlers.sources import source_of

PEER, VIEWER, EDGE = "203.0.113.7", "36.68.1.2", "130.176.0.9"
KEY = "kunci-tepi-hanya-untuk-ujian"


@pytest.fixture
def _edge(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("EDGE_KEY", KEY)


def test_without_an_edge_it_is_whoever_the_gateway_saw() -> None:
    assert source_of({"x-forwarded-for": f"{VIEWER}, {PEER}", "x-edge-key": KEY}, PEER) == PEER


@pytest.mark.usefixtures("_edge")
def test_behind_the_edge_it_is_whoever_the_edge_saw() -> None:
    assert source_of({"x-forwarded-for": f"{VIEWER}, {EDGE}", "x-edge-key": KEY}, EDGE) == VIEWER


@pytest.mark.usefixtures("_edge")
def test_what_came_with_the_request_stands_before_what_the_edge_saw() -> None:
    assert source_of({"x-forwarded-for": f"1.1.1.1, {VIEWER}, {EDGE}", "x-edge-key": KEY}, EDGE) == VIEWER


@pytest.mark.usefixtures("_edge")
@pytest.mark.parametrize("key", ["", "kunci", "kunci-tepi-hanya-untuk-ujiaM", "é"])
def test_who_only_says_to_be_the_edge_is_not_believed(key: str) -> None:
    assert source_of({"x-forwarded-for": f"1.1.1.1, {VIEWER}, {PEER}", "x-edge-key": key}, PEER) == PEER


@pytest.mark.usefixtures("_edge")
@pytest.mark.parametrize("seen", ["", VIEWER])
def test_an_edge_that_saw_nobody_is_counted_itself(seen: str) -> None:
    assert source_of({"x-forwarded-for": seen, "x-edge-key": KEY}, EDGE) == EDGE
