"""The lean look at the gate, at a table that never answers, or is not there: a short wait, once, and then none."""

import socket
import time
from collections.abc import Iterator

import pytest

from chalicelib.adapters.aws_calls import lean_call
from chalicelib.adapters.gate_look import GateLook
from chalicelib.adapters.lean_aws import Credentials, LeanAws
from tests.fakes import NOON


@pytest.fixture
def silent() -> Iterator[int]:
    """Takes connections and says nothing."""
    with socket.create_server(("127.0.0.1", 0)) as listening:
        yield listening.getsockname()[1]


def look_at(port: int) -> GateLook:
    address = f"http://127.0.0.1:{port}"
    credentials = Credentials("id", "key")
    caller = LeanAws(
        "dynamodb",
        "ap-southeast-3",
        credentials,
        endpoint_url=address,
        connect_seconds=0.2,
        read_seconds=0.2,
        attempts=1,
    )
    return GateLook(lean_call(caller), lambda: NOON)


def seconds_for(look: GateLook, times: int) -> float:
    begun = time.monotonic()
    for _ in range(times):
        assert look.gate() is None
    return time.monotonic() - begun


def test_a_table_that_never_answers_costs_one_short_wait(silent: int) -> None:
    look = look_at(silent)
    assert 0.1 < seconds_for(look, 1) < 1
    assert seconds_for(look, 1_000) < 0.1


def test_a_table_that_is_not_there_costs_nothing() -> None:
    with socket.create_server(("127.0.0.1", 0)) as listening:
        gone = listening.getsockname()[1]
    assert seconds_for(look_at(gone), 1_000) < 0.5
