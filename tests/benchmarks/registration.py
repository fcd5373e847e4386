"""What a registration costs us: the request, the floor under it, and the worker. The network answers at once."""

import json
import os
import re
import socket
import statistics
import time
from collections.abc import Callable, Iterator, Sequence
from typing import Any
from urllib.parse import urlsplit

import boto3

from tests.benchmarks.figure import Figure
from tests.benchmarks.responder import responding
from tests.benchmarks.route_overhead import _event

BATCH = 25
_ROUNDS = 11
_REQUESTS_A_ROUND = 200
_BATCHES_A_ROUND = 12
_ADDRESS = re.compile(r"[^@\s]+@[^@\s]+\.[^@\s]+")
_EMAIL = "siti.rahma@contoh.example"
_SETTINGS = {"STAGE": "local", "AWS_DEFAULT_REGION": "ap-southeast-3", "POWERTOOLS_METRICS_DISABLED": "true"}
_CREDENTIALS = {"AWS_ACCESS_KEY_ID": "testing", "AWS_SECRET_ACCESS_KEY": "testing"}


def registration_request() -> Iterator[Figure]:
    with responding() as url:
        _settle(url)
        lean, through_botocore = _request_through("lean"), _request_through("botocore")
        bare, raw = _bare_function(), _raw_round_trip(url)
        rounds = [
            [_cpu_us(work, _REQUESTS_A_ROUND) for work in (lean, through_botocore, bare, raw)] for _ in range(_ROUNDS)
        ]
    ours, botocores, floor, bytes_only = (statistics.median(column) for column in zip(*rounds, strict=True))
    unit = "microseconds of CPU a request"
    yield Figure("registration_request", ours, floor, unit, 0.25)
    yield Figure("registration_request_botocore", botocores, floor, unit, 1.15)
    yield Figure("registration_floor", ours, bytes_only, unit, None)


def registration_worker() -> Iterator[Figure]:
    with responding() as url:
        _settle(url)
        works = _worker(networks=1), _worker(networks=BATCH), _bare_writes()
        rounds = [[_cpu_us(work, _BATCHES_A_ROUND) for work in works] for _ in range(_ROUNDS)]
    one, many, floor = (statistics.median(column) / BATCH for column in zip(*rounds, strict=True))
    yield Figure("registration_worker", one, floor, "microseconds of CPU an account", 0.4)
    # Each network's mails are counted, which is a write for each network of a batch.
    yield Figure("registration_worker_of_25_networks", many, floor, "microseconds of CPU an account", 0.4)


def _settle(url: str) -> None:
    """As a new process would find it: no client of an earlier benchmark's neighbour is left."""
    os.environ.update({**_SETTINGS, **_CREDENTIALS, "AWS_ENDPOINT_URL": url})
    forget_clients()


def forget_clients() -> None:
    from chalicelib import bootstrap
    from chalicelib.adapters import aws_clients
    from chalicelib.adapters.storage import items

    for each in (*vars(bootstrap).values(), aws_clients._session, items._connection):
        if hasattr(each, "cache_clear"):
            each.cache_clear()


def _cpu_us(work: Callable[[], Any], times: int) -> float:
    begun = time.process_time()
    for _ in range(times):
        work()
    return (time.process_time() - begun) / times * 1e6


def _registration_event() -> dict[str, Any]:
    return {**_event("/v1/registrations"), "body": json.dumps({"email": _EMAIL, "language": "id"})}


def _request_through(sender: str) -> Callable[[], Any]:
    """The whole handler of the application, as a new process with this sender would have it."""
    from app import app
    from chalicelib import bootstrap

    os.environ["REGISTRATION_SENDER"] = sender
    bootstrap.messages.cache_clear()
    messages = bootstrap.messages()
    event = _registration_event()

    def request() -> Any:
        # Two senders in one process, so that both are measured in the same breath.
        vars(bootstrap)["messages"] = lambda: messages
        return app(event, None)

    made = vars(bootstrap)["messages"]
    answer = request()
    vars(bootstrap)["messages"] = made
    if answer["statusCode"] != 202:
        raise RuntimeError(f"not taken: {answer}")
    return request


def _bare_function() -> Callable[[], Any]:
    """What anybody would write: decode, check, send, answer."""
    sqs = boto3.client("sqs")
    queue_url = sqs.get_queue_url(QueueName="bare")["QueueUrl"]
    event = _registration_event()

    def request() -> Any:
        body = json.loads(event["body"])
        if not _ADDRESS.fullmatch(body["email"]) or body["language"] not in ("id", "en"):
            return {"statusCode": 400}
        message = {"email": body["email"], "language": body["language"], "registration_id": os.urandom(16).hex()}
        sqs.send_message(QueueUrl=queue_url, MessageBody=json.dumps(message))
        return {"statusCode": 202, "body": json.dumps({"message": "thank you"})}

    return request


def _raw_round_trip(url: str) -> Callable[[], Any]:
    """Bytes that were signed before, on a kept connection."""
    address = urlsplit(url)
    connection = socket.create_connection((str(address.hostname), int(address.port or 0)))
    body = json.dumps({"QueueUrl": f"{url}/1/q", "MessageBody": "x" * 220}).encode()
    head = f"POST / HTTP/1.1\r\nHost: {address.netloc}\r\nX-Amz-Target: AmazonSQS.SendMessage\r\n"
    request = f"{head}Authorization: {'s' * 200}\r\nContent-Length: {len(body)}\r\n\r\n".encode() + body

    def round_trip() -> bytes:
        connection.sendall(request)
        return connection.recv(65_536)

    if b"MD5OfMessageBody" not in round_trip():
        raise RuntimeError("the responder does not answer the raw request")
    return round_trip


def _worker(*, networks: int) -> Callable[[], Any]:
    from chalicelib.handlers.opening import open_accounts

    event = {"Records": [registration_record(number, f"36.{number % networks}.2.3") for number in range(BATCH)]}

    def work() -> Any:
        return open_accounts(event, None)

    outcome = work()
    if outcome != {"batchItemFailures": []}:
        raise RuntimeError(f"not opened: {outcome}")
    return work


def registration_record(number: int, source: str = "36.1.2.3") -> dict[str, Any]:
    name = f"orang{number}@contoh.example"
    body = {"email": name, "language": "id", "registration_id": f"{number:043d}", "source": source}
    envelope = {"version": 1, "correlation_id": f"{number:032d}", "sent_at": int(time.time()), "body": body}
    arn = "arn:aws:sqs:ap-southeast-3:1:prakerja-local-registrations-to-open"
    return {"messageId": str(number), "receiptHandle": "r", "body": json.dumps(envelope), "eventSourceARN": arn}


def _bare_writes() -> Callable[[], Any]:
    dynamodb = boto3.client("dynamodb")
    items: Sequence[dict[str, Any]] = [
        {
            "pk": {"S": f"{number:045d}"},
            "sk": {"S": "-"},
            "email": {"B": b"x" * 90},
            "language": {"S": "id"},
            "opened_at": {"S": "2026-03-02T05:00:00+00:00"},
        }
        for number in range(BATCH)
    ]

    def write() -> None:
        for item in items:
            dynamodb.put_item(TableName="bare", Item=item, ConditionExpression="attribute_not_exists(pk)")

    return write
