"""The public random value: our client against a stand-in that speaks drand's protocol."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest

from chalicelib.adapters.drand import DrandBeacon
from chalicelib.adapters.http import JsonCaller
from chalicelib.domain.errors import BeaconUnavailable
from chalicelib.settings import QUICKNET
from infra.local.standins.beacon import BeaconStandIn
from infra.local.standins.messages import Reply, json_reply
from infra.local.standins.scripted import ScriptedStandIn

NOON = datetime(2026, 3, 2, 5, tzinfo=UTC)


@pytest.fixture
def stand_in() -> Iterator[BeaconStandIn]:
    made = BeaconStandIn("key", now=lambda: NOON)
    yield made
    made.stop()


def asking(url: str) -> DrandBeacon:
    return DrandBeacon(url, QUICKNET, JsonCaller(read_seconds=0.3, deadline_seconds=0.6))


def test_a_round_that_has_come_has_one_value_for_ever(stand_in: BeaconStandIn) -> None:
    beacon = asking(stand_in.start())
    round = beacon.round_at(NOON - timedelta(minutes=1))
    value = beacon.value(round)
    assert value == beacon.value(round)
    assert (value.chain, value.round) == (QUICKNET, round)
    assert value.is_whole()
    assert beacon.value(round - 1).randomness != value.randomness


def test_a_round_is_not_told_before_its_time(stand_in: BeaconStandIn) -> None:
    beacon = asking(stand_in.start())
    with pytest.raises(BeaconUnavailable):
        beacon.value(beacon.round_at(NOON + timedelta(seconds=1)))
    assert beacon.value(beacon.round_at(NOON) - 1)


def test_a_round_is_named_by_the_time_at_which_it_comes() -> None:
    beacon = asking("http://127.0.0.1:1")
    round = beacon.round_at(NOON)
    assert NOON <= beacon.comes_at(round) < NOON + timedelta(seconds=3)
    assert beacon.round_at(beacon.comes_at(round)) == round
    assert beacon.comes_at(1) == datetime.fromtimestamp(1_692_803_367, UTC)


@pytest.mark.parametrize("mood", [{"other_randomness": True}, {"other_round": True}])
def test_a_value_that_is_not_what_it_says_is_no_value(stand_in: BeaconStandIn, mood: dict[str, bool]) -> None:
    beacon = asking(stand_in.start())
    stand_in.behave(**mood)
    with pytest.raises(BeaconUnavailable):
        beacon.value(beacon.round_at(NOON - timedelta(minutes=1)))


@pytest.mark.parametrize(
    "reply",
    [
        Reply(0),
        Reply(200, b"<html>"),
        Reply(200, b'{"round": 1'),
        json_reply([]),
        json_reply({}, 500),
        json_reply({}, 429),
        json_reply({"round": "1", "randomness": "00" * 32, "signature": "00"}),
        json_reply({"round": True, "randomness": "00" * 32, "signature": "00"}),
        json_reply({"round": 1, "randomness": "zz" * 32, "signature": "00"}),
        json_reply({"round": 1, "randomness": "00" * 32, "signature": ""}),
        json_reply({"round": 1, "randomness": None, "signature": "00"}),
    ],
)
def test_whatever_comes_instead_of_a_value_is_waited_out(reply: Reply) -> None:
    neighbour = ScriptedStandIn(reply, now=lambda: NOON)
    neighbour.asked_by = "GET"
    try:
        with pytest.raises(BeaconUnavailable):
            asking(neighbour.start()).value(1)
    finally:
        neighbour.stop()
