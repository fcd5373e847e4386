"""What ``Messages`` promises: every body leaves once, in order, under the id of the work at hand."""

import json
from collections.abc import Callable
from typing import Any

import boto3
import pytest

from chalicelib import bootstrap
from chalicelib.domain.commands import Queue
from chalicelib.observability import correlated
from chalicelib.ports import Messages
from chalicelib.settings import queue_name
from tests.fakes import FakeMessages

Desk = tuple[Messages, Callable[[Queue], list[dict[str, Any]]]]


def envelopes_on(queue: Queue) -> list[dict[str, Any]]:
    """Taken from the queue for good."""
    client = boto3.client("sqs")
    url = client.get_queue_url(QueueName=queue_name(queue))["QueueUrl"]
    taken = []
    while received := client.receive_message(QueueUrl=url, MaxNumberOfMessages=10).get("Messages"):
        for each in received:
            taken.append(json.loads(each["Body"]))
            client.delete_message(QueueUrl=url, ReceiptHandle=each["ReceiptHandle"])
    return taken


@pytest.fixture(params=["fake", "moto"])
def desk(request: pytest.FixtureRequest) -> Desk:
    """Messages, and what lies on a queue of theirs."""
    if request.param == "fake":
        fake = FakeMessages()
        return fake, fake.on
    request.getfixturevalue("deployed")
    return bootstrap.messages(), lambda queue: [each["body"] for each in envelopes_on(queue)]


def test_more_bodies_than_one_call_takes_all_leave_once(desk: Desk) -> None:
    messages, bodies_on = desk
    messages.send(Queue.RESULTS_TO_RECORD, *({"wave": 1, "shard": shard} for shard in range(64)))
    assert sorted(body["shard"] for body in bodies_on(Queue.RESULTS_TO_RECORD)) == list(range(64))


def test_a_body_lies_on_its_own_queue_only(desk: Desk) -> None:
    messages, bodies_on = desk
    messages.send(Queue.DRAW_STEPS_TO_TAKE, {"wave": 7})
    assert bodies_on(Queue.MAILS_TO_SEND) == []
    assert bodies_on(Queue.DRAW_STEPS_TO_TAKE) == [{"wave": 7}]


def test_no_bodies_are_no_message(desk: Desk) -> None:
    messages, bodies_on = desk
    messages.send(Queue.PAYOUTS_TO_SETTLE)
    assert bodies_on(Queue.PAYOUTS_TO_SETTLE) == []


@pytest.mark.usefixtures("deployed")
def test_a_message_carries_the_id_of_the_work_that_sent_it() -> None:
    with correlated("0123456789abcdef"):
        bootstrap.messages().send(Queue.AWARDS_TO_MAKE, {"wave": 7})
    (envelope,) = envelopes_on(Queue.AWARDS_TO_MAKE)
    assert (envelope["correlation_id"], envelope["version"]) == ("0123456789abcdef", 1)
