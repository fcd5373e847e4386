"""A table's changes reach their function once, in order, and again from the one that failed."""

import time
from typing import Any

import boto3
import pytest
from botocore.exceptions import ClientError

from tests.integration.local import toys
from tests.integration.local.conftest import BOTH_LANES, PumpMaker

Record = dict[str, Any]


class Follower:
    """Notes what it is given, and stops at what it is told to fail."""

    def __init__(self, *failing: str) -> None:
        self.failing = set(failing)
        self.records: list[Record] = []

    def __call__(self, event: dict[str, Any]) -> dict[str, Any]:
        for record in event["Records"]:
            if record["dynamodb"]["Keys"]["pk"]["S"] in self.failing:
                return {"batchItemFailures": [{"itemIdentifier": record["dynamodb"]["SequenceNumber"]}]}
            self.records.append(record)
        return {"batchItemFailures": []}

    @property
    def keys(self) -> list[str]:
        return [record["dynamodb"]["Keys"]["pk"]["S"] for record in self.records]


def _put(*keys: str, **attributes: Any) -> None:
    dynamodb = boto3.client("dynamodb")
    for key in keys:
        dynamodb.put_item(TableName=toys.TABLE, Item={"pk": {"S": key}, **attributes})


def _names(count: int) -> list[str]:
    return [f"{number:02}" for number in range(count)]


@BOTH_LANES
def test_a_stream_resumes_at_the_record_that_failed(pump: PumpMaker) -> None:
    follower = toys.plans["follow_people"] = Follower("07")
    running = pump(toys.people)
    _put(*_names(12))
    _until(lambda: running.failures().get("follow_people", 0) >= 2)
    assert follower.keys == _names(7)
    assert not running.idle()
    follower.failing.clear()
    assert running.wait_until_idle(20)
    assert follower.keys == _names(12)


def test_an_exception_brings_the_whole_batch_again(pump: PumpMaker) -> None:
    seen: list[list[str]] = []

    def fail_first(event: dict[str, Any]) -> None:
        seen.append([record["dynamodb"]["Keys"]["pk"]["S"] for record in event["Records"]])
        if len(seen) == 1:
            raise ValueError

    toys.plans["follow_people"] = fail_first
    _put("a", "b")
    running = pump(toys.people)
    assert running.wait_until_idle(10)
    assert seen == [["a", "b"], ["a", "b"]]


@BOTH_LANES
def test_a_restart_goes_on_where_it_stopped(pump: PumpMaker) -> None:
    follower = toys.plans["follow_people"] = Follower()
    first = pump(toys.people)
    _put("a", "b")
    assert first.wait_until_idle(20)
    assert first.stop()
    _put("c")
    second = pump(toys.people)
    assert second.wait_until_idle(20)
    assert follower.keys == ["a", "b", "c"]


@BOTH_LANES
def test_a_record_is_shaped_like_amazons(pump: PumpMaker) -> None:
    follower = toys.plans["follow_people"] = Follower()
    running = pump(toys.people)
    _put("a", photo={"B": b"\xff"}, tags={"L": [{"BS": [b"1"]}, {"M": {"n": {"N": "1"}}}]})
    _put("a")
    boto3.client("dynamodb").delete_item(TableName=toys.TABLE, Key={"pk": {"S": "a"}})
    assert running.wait_until_idle(20)
    insert, modify, remove = follower.records
    assert [insert["eventName"], modify["eventName"], remove["eventName"]] == ["INSERT", "MODIFY", "REMOVE"]
    change = insert["dynamodb"]
    assert change["Keys"] == {"pk": {"S": "a"}}
    assert change["NewImage"]["photo"] == {"B": "/w=="}
    assert change["NewImage"]["tags"] == {"L": [{"BS": ["MQ=="]}, {"M": {"n": {"N": "1"}}}]}
    assert abs(change["ApproximateCreationDateTime"] - time.time()) < 60
    assert change["StreamViewType"] == "NEW_AND_OLD_IMAGES"
    assert insert["eventSource"] == "aws:dynamodb"
    assert insert["awsRegion"] == "ap-southeast-3"
    assert insert["eventSourceARN"].startswith(
        f"arn:aws:dynamodb:ap-southeast-3:123456789012:table/{toys.TABLE}/stream/"
    )
    assert modify["dynamodb"]["OldImage"] == change["NewImage"]
    assert "NewImage" not in remove["dynamodb"]


@BOTH_LANES
def test_a_cancelled_transaction_and_a_change_of_nothing_leave_no_record(pump: PumpMaker) -> None:
    follower = toys.plans["follow_people"] = Follower()
    running = pump(toys.people)
    dynamodb = boto3.client("dynamodb")
    _put("a")
    assert running.wait_until_idle(20)
    never = {"TableName": toys.TABLE, "Item": {"pk": {"S": "never"}}}
    refused = {"TableName": toys.TABLE, "Item": {"pk": {"S": "a"}}, "ConditionExpression": "attribute_not_exists(pk)"}
    with pytest.raises(ClientError):
        dynamodb.transact_write_items(TransactItems=[{"Put": never}, {"Put": refused}])
    _put("a")
    dynamodb.update_item(
        TableName=toys.TABLE,
        Key={"pk": {"S": "made by an update"}},
        UpdateExpression="SET n = :n",
        ExpressionAttributeValues={":n": {"N": "1"}},
    )
    assert running.wait_until_idle(20)
    assert follower.keys == ["a", "made by an update"]
    assert follower.records[-1]["dynamodb"]["NewImage"]["n"] == {"N": "1"}


def test_without_a_way_round_the_api_it_works_the_same(pump: PumpMaker) -> None:
    follower = toys.plans["follow_people"] = Follower("05")
    running = pump(toys.people, direct=None)
    _put(*_names(8))
    _until(lambda: running.failures().get("follow_people", 0) >= 1)
    follower.failing.clear()
    assert running.wait_until_idle(20)
    assert follower.keys == _names(8)


def test_a_table_that_is_not_there_is_named(pump: PumpMaker) -> None:
    boto3.client("dynamodb").delete_table(TableName=toys.TABLE)
    with pytest.raises(LookupError, match=toys.TABLE):
        pump(toys.people)


def _until(condition: Any, seconds: float = 10.0) -> None:
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline, "it did not happen in time"
        time.sleep(0.005)
