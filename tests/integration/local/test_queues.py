"""Queues reach their functions as on Lambda: in batches, again when they fail, and aside when they fail for good."""

import hashlib
import logging
import threading
import time
from typing import Any

import boto3
import pytest

from infra.local.queue_events import failed_items
from tests.integration.local import toys
from tests.integration.local.conftest import BOTH_LANES, PumpMaker

Record = dict[str, Any]


def _send(*bodies: str, queue: str = "letters", **options: Any) -> None:
    sqs = boto3.client("sqs")
    url = sqs.get_queue_url(QueueName=queue)["QueueUrl"]
    for body in bodies:
        sqs.send_message(QueueUrl=url, MessageBody=body, **options)


class Reader:
    """Notes what it is given, and fails what it is told to fail."""

    def __init__(self, *failing: str) -> None:
        self.failing = set(failing)
        self.records: list[Record] = []

    def __call__(self, event: dict[str, Any]) -> dict[str, Any]:
        self.records += event["Records"]
        failed = [record for record in event["Records"] if record["body"] in self.failing]
        return {"batchItemFailures": [{"itemIdentifier": record["messageId"]} for record in failed]}

    def times(self, body: str) -> int:
        return sum(record["body"] == body for record in self.records)


@BOTH_LANES
def test_only_the_failed_message_comes_again_and_then_goes_aside(pump: PumpMaker) -> None:
    reader = toys.plans["read_letters"] = Reader("bad")
    running = pump(toys.letters)
    _send("good", "bad", "fine")
    assert running.wait_until_idle(20)
    assert (reader.times("good"), reader.times("bad"), reader.times("fine")) == (1, 2, 1)
    assert running.dead_letters() == {"dead-letters": 1}
    assert running.failures() == {"read_letters": 2}


@BOTH_LANES
def test_a_message_that_fails_once_is_delivered_again_after_its_time_out(pump: PumpMaker) -> None:
    reader = toys.plans["read_letters"] = Reader("slow")
    running = pump(toys.letters)
    _send("slow")
    _until(lambda: reader.times("slow") == 1)
    reader.failing.clear()
    assert running.wait_until_idle(20)
    assert [record["attributes"]["ApproximateReceiveCount"] for record in reader.records] == ["1", "2"]
    assert running.dead_letters() == {"dead-letters": 0}


def test_an_exception_deletes_nothing_and_its_text_is_not_logged(
    pump: PumpMaker, caplog: pytest.LogCaptureFixture
) -> None:
    bodies: list[str] = []

    def fail(event: dict[str, Any]) -> None:
        bodies.extend(record["body"] for record in event["Records"])
        raise ValueError(event["Records"][0]["body"])

    toys.plans["read_letters"] = fail
    with caplog.at_level(logging.INFO):
        running = pump(toys.letters)
        _send("secret of Ani")
        _until(lambda: running.failures() == {"read_letters": 1})
    assert bodies == ["secret of Ani"]
    assert running.queue_depths()["letters"]["in_flight"] == 1
    assert "read_letters failed: ValueError at" in caplog.text
    assert "secret" not in caplog.text


def test_a_function_that_exits_does_not_end_its_queue(pump: PumpMaker) -> None:
    def leave(_event: dict[str, Any]) -> None:
        raise SystemExit(1)

    toys.plans["read_letters"] = leave
    running = pump(toys.letters)
    _send("a")
    _until(lambda: running.failures() == {"read_letters": 1})
    assert running.is_alive()


def test_a_record_is_shaped_like_amazons(pump: PumpMaker) -> None:
    reader = toys.plans["read_letters"] = Reader()
    running = pump(toys.letters)
    attributes = {"version": {"DataType": "Number", "StringValue": "2"}}
    _send("hello", MessageAttributes=attributes)
    assert running.wait_until_idle(5)
    (record,) = reader.records
    assert set(record["attributes"]) >= {"ApproximateReceiveCount", "SentTimestamp", "SenderId"}
    assert set(record["attributes"]) >= {"ApproximateFirstReceiveTimestamp"}
    assert record["messageAttributes"] == {
        "version": {"stringValue": "2", "stringListValues": [], "binaryListValues": [], "dataType": "Number"}
    }
    assert record["md5OfBody"] == hashlib.md5(b"hello").hexdigest()  # noqa: S324  Amazon's choice
    assert record["eventSource"] == "aws:sqs"
    assert record["eventSourceARN"] == "arn:aws:sqs:ap-southeast-3:123456789012:letters"
    assert record["awsRegion"] == "ap-southeast-3"


def test_no_more_run_at_once_than_the_function_allows(pump: PumpMaker) -> None:
    running_now, most = set[int](), [0]
    lock = threading.Lock()

    def work(event: dict[str, Any]) -> None:
        with lock:
            running_now.add(threading.get_ident())
            most[0] = max(most[0], len(running_now))
        time.sleep(0.1)
        with lock:
            running_now.discard(threading.get_ident())

    toys.plans["read_letters"] = work
    _send(*[str(number) for number in range(80)])
    running = pump(toys.letters)
    assert running.wait_until_idle(10)
    assert most == [3]


def test_idle_waits_for_what_is_running_and_depths_tell_it(pump: PumpMaker) -> None:
    begun, let_go = threading.Event(), threading.Event()

    def work(_event: dict[str, Any]) -> None:
        begun.set()
        let_go.wait(5)

    toys.plans["read_letters"] = work
    running = pump(toys.letters)
    _send("a")
    assert begun.wait(5)
    assert not running.idle()
    assert running.queue_depths() == {"letters": {"visible": 0, "in_flight": 1, "delayed": 0}}
    let_go.set()
    assert running.wait_until_idle(5)


def test_a_message_in_an_idle_time_is_noticed_soon(pump: PumpMaker) -> None:
    reader = toys.plans["read_letters"] = Reader()
    running = pump(toys.letters)
    time.sleep(0.6)
    _send("a")
    sent = time.monotonic()
    running.nudge()
    _until(lambda: reader.times("a") == 1)
    assert time.monotonic() - sent < 0.3


def test_without_a_way_round_the_api_it_works_the_same(pump: PumpMaker) -> None:
    reader = toys.plans["read_letters"] = Reader()
    running = pump(toys.letters, direct=None)
    _send("a", "b")
    assert running.wait_until_idle(10)
    assert sorted(record["body"] for record in reader.records) == ["a", "b"]


@pytest.mark.parametrize(
    ("result", "failed"),
    [
        (None, set()),
        ({}, set()),
        ({"batchItemFailures": []}, set()),
        ({"batchItemFailures": None}, set()),
        ({"batchItemFailures": [{"itemIdentifier": "a"}]}, {"a"}),
        ({"batchItemFailures": [{"itemIdentifier": ""}]}, {"a", "b"}),
        ({"batchItemFailures": [{"itemIdentifier": "unknown"}]}, {"a", "b"}),
        ({"batchItemFailures": [{"item": "a"}]}, {"a", "b"}),
        ({"batchItemFailures": "a"}, {"a", "b"}),
        ("done", {"a", "b"}),
    ],
)
def test_a_report_that_lambda_would_not_understand_fails_the_whole_batch(result: Any, failed: set[str]) -> None:
    assert failed_items(result, ["a", "b"]) == failed


def _until(condition: Any, seconds: float = 10.0) -> None:
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline, "it did not happen in time"
        time.sleep(0.005)
