"""Moto in this process: exact in races, the same in memory and over HTTP, and not slow where it need not be."""

import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from typing import Any

import boto3
import pytest
from botocore.exceptions import ClientError

from infra.local.engine import Engine
from tests.integration.local import toys
from tests.integration.local.conftest import BOTH_LANES

THREADS = 16
NEW = "attribute_not_exists(pk)"


def _winners(attempt: Callable[[int], Any]) -> int:
    def wins(number: int) -> bool:
        try:
            attempt(number)
        except ClientError:
            return False
        return True

    with ThreadPoolExecutor(THREADS) as pool:
        return sum(pool.map(wins, range(THREADS)))


def _put(key: str, value: int = 0, **options: Any) -> dict[str, Any]:
    return {"TableName": toys.TABLE, "Item": {"pk": {"S": key}, "v": {"N": str(value)}}, **options}


@BOTH_LANES
def test_a_conditional_put_has_one_winner(stack: Engine) -> None:
    dynamodb = boto3.client("dynamodb")

    def put(key: str, number: int) -> None:
        dynamodb.put_item(**_put(key, number, ConditionExpression=NEW))

    assert [_winners(partial(put, f"round {number}")) for number in range(10)] == [1] * 10


@BOTH_LANES
def test_a_transaction_has_one_winner_and_loses_no_count(stack: Engine) -> None:
    dynamodb = boto3.client("dynamodb")
    count = {
        "TableName": toys.TABLE,
        "Key": {"pk": {"S": "count"}},
        "UpdateExpression": "ADD v :one",
        "ExpressionAttributeValues": {":one": {"N": "1"}},
    }

    def claim(key: str, number: int) -> None:
        put = _put(key, number, ConditionExpression=NEW)
        dynamodb.transact_write_items(TransactItems=[{"Update": count}, {"Put": put}])

    won = sum(_winners(partial(claim, f"claim {place}")) for place in range(5))
    counted = dynamodb.get_item(TableName=toys.TABLE, Key={"pk": {"S": "count"}}, ConsistentRead=True)["Item"]["v"]["N"]
    assert (won, counted) == (5, "5")


def test_a_cancelled_transaction_takes_back_every_kind_of_write(stack: Engine) -> None:
    dynamodb = boto3.client("dynamodb")
    for key in ("changed", "deleted", "there"):
        dynamodb.put_item(**_put(key))
    table = {"TableName": toys.TABLE}
    change = {
        **table,
        "Key": {"pk": {"S": "changed"}},
        "UpdateExpression": "SET v = :v",
        "ExpressionAttributeValues": {":v": {"N": "9"}},
    }
    refused = _put("there", ConditionExpression=NEW)
    with pytest.raises(ClientError, match="TransactionCanceled"):
        dynamodb.transact_write_items(
            TransactItems=[
                {"Update": change},
                {"Delete": {**table, "Key": {"pk": {"S": "deleted"}}}},
                {"Put": _put("new")},
                {"Put": refused},
            ]
        )
    left = {item["pk"]["S"]: item["v"]["N"] for item in dynamodb.scan(**table)["Items"]}
    assert left == {"changed": "0", "deleted": "0", "there": "0"}


def test_a_transaction_on_a_full_table_is_not_slow(stack: Engine) -> None:
    dynamodb = boto3.client("dynamodb")
    for start in range(0, 1000, 25):
        puts = [{"PutRequest": {"Item": {"pk": {"S": str(start + place)}}}} for place in range(25)]
        dynamodb.batch_write_item(RequestItems={toys.TABLE: puts})
    begun = time.process_time()
    for number in range(10):
        dynamodb.transact_write_items(TransactItems=[{"Put": _put(f"x{number}")}, {"Put": _put(f"y{number}")}])
    # As moto is, one takes about 50 ms here, and it grows with the table.
    assert (time.process_time() - begun) / 10 < 0.03


def test_a_long_queue_is_not_slow(stack: Engine) -> None:
    sqs = boto3.client("sqs")
    url = sqs.get_queue_url(QueueName="uploads")["QueueUrl"]
    for _ in range(60):
        entries = [{"Id": str(number), "MessageBody": "x"} for number in range(10)]
        sqs.send_message_batch(QueueUrl=url, Entries=entries)
    begun = time.process_time()
    for _ in range(5):
        found = sqs.receive_message(QueueUrl=url, MaxNumberOfMessages=10)["Messages"]
        entries = [{"Id": str(place), "ReceiptHandle": one["ReceiptHandle"]} for place, one in enumerate(found)]
        assert len(sqs.delete_message_batch(QueueUrl=url, Entries=entries)["Successful"]) == 10
    # As moto is, one takes about 350 ms here, and it grows with the queue.
    assert (time.process_time() - begun) / 5 < 0.1


def test_mails_are_kept_whole_with_their_envelope(stack: Engine) -> None:
    raw = b"From: a@toys.example\r\nTo: Ani <ani@example.id>\r\nSubject: Hi\r\n\r\nhello"
    boto3.client("sesv2").send_email(
        FromEmailAddress="a@toys.example",
        Destination={"ToAddresses": ["ani@example.id"], "BccAddresses": ["bcc@example.id"]},
        Content={"Raw": {"Data": raw}},
        ConfigurationSetName="toys-test-sending",
    )
    (mail,) = stack.mails()
    assert mail.raw == raw
    assert {"ani@example.id", "bcc@example.id"} <= set(mail.recipients)
    assert mail.message_id
    assert mail.sent_at is not None
