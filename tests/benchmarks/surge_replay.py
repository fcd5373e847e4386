"""A launch's busiest minute, replayed: so many registrations over 64 connections through the running application on the
faithful engine, each answered, and each opened once.

The figure is goodput (registrations answered with 202 a second of wall clock) over what the engine takes by itself (as
many signed ``SendMessage`` calls, over as many connections, by the same client). In rounds, one after the other, so
that a noisy machine disturbs both: raw sends, then registrations, then opening what came.

The worker stands still (SIGSTOP) during the first two and runs during the third. On Lambda it has machines of its own,
and here it would share two cores and an engine of one process with the front in one of the two measurements only.
The engine looks through a whole queue to receive (1,274 messages a second at a depth of 10,000), so that a round's
length is part of the conditions. Mails are asked for and counted, and not sent: each would cost more than all the rest.
"""

import json
import os
import signal
import statistics
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from infra.local.ministack_engine import MinistackEngine
from tests.benchmarks import ministack
from tests.benchmarks.figure import Figure
from tests.benchmarks.surge_client import mailboxes_of

ROOT = Path(__file__).parents[2]
REGISTRATIONS = 80_000
_ROUNDS = 8
_DRAIN_SECONDS, _END_SECONDS = 300.0, 40.0
_RAW_QUEUE = "prakerja-local-benchmark"
_QUEUE, _MAILS = "prakerja-local-registrations-to-open", "prakerja-local-mails-to-send"


@dataclass
class Replay:
    """What was seen."""

    statuses: Counter[str] = field(default_factory=Counter)
    milliseconds: list[float] = field(default_factory=list)
    answered_seconds: float = 0.0
    raw_seconds: float = 0.0
    drained_seconds: float = 0.0
    orders: list[dict[str, Any]] = field(default_factory=list)
    accounts: int = 0
    dead_letters: int = 0

    def told(self, count: int) -> dict[str, Any]:
        p50, p99 = (statistics.quantiles(self.milliseconds, n=100)[place] for place in (49, 98))
        return {
            "registrations": count,
            "statuses": dict(self.statuses),
            "p50_ms": round(p50, 1),
            "p99_ms": round(p99, 1),
            "raw_per_second": round(count / self.raw_seconds),
            "answered_per_second": round(count / self.answered_seconds),
            "opened_per_second": round(count / self.drained_seconds),
            "accounts": self.accounts,
            "mail_orders": len(self.orders),
            "dead_letters": self.dead_letters,
        }

    def faults(self, count: int) -> list[str]:
        """Nothing, if nobody was lost or doubled."""
        keys = [order["send_key"] for order in self.orders]
        found = {
            "not all were taken": self.statuses != Counter({"202": count}),
            f"{mailboxes_of(count)} mailboxes have {self.accounts} accounts": self.accounts != mailboxes_of(count),
            "a mail was asked for twice": len(set(keys)) != len(keys),
            f"{count} registrations asked for {len(keys)} mails": len(keys) != count,
            "an account has no mail": len({order["applicant_id"] for order in self.orders}) != self.accounts,
            "there are dead letters": self.dead_letters > 0,
        }
        return [fault for fault, is_so in found.items() if is_so]


def surge_replay() -> Iterator[Figure]:
    if not ministack.is_installed():
        print(f"  {ministack.MISSING}", file=sys.stderr)
        return
    count = int(os.environ.get("REGISTRATIONS", REGISTRATIONS))
    seen = replayed(count)
    print(f"  {json.dumps(seen.told(count))}", file=sys.stderr)
    for fault in seen.faults(count):
        print(f"  WRONG: {fault}", file=sys.stderr)
    ours, raw = count / seen.answered_seconds, count / seen.raw_seconds
    yield Figure("surge_replay", ours, raw, "registrations a second", 0.8, at_least=True)
    yield Figure("surge_replay_opened", count / seen.drained_seconds, raw, "accounts a second", None)
    p99 = statistics.quantiles(seen.milliseconds, n=100)[98]
    yield Figure("surge_replay_p99", p99, statistics.median(seen.milliseconds), "milliseconds to an answer", None)
    yield Figure("surge_replay_faults", len(seen.faults(count)), 1, "kinds of loss or doubling", 0)


def replayed(count: int, rounds: int = _ROUNDS) -> Replay:
    seen = Replay()
    with ExitStack() as ending:
        engine = ending.enter_context(ministack.deployed())
        _, url = ending.enter_context(_running("surge_application", "front"))
        worker, _ = ending.enter_context(_running("surge_application", "worker"))
        client, _ = ending.enter_context(_running("surge_client", says_where=False))
        desk = _Desk(engine)
        ending.callback(desk.close)
        for place in range(rounds):
            first, last = count * place // rounds, count * (place + 1) // rounds
            print(f"  {first:,} of {count:,}", file=sys.stderr)
            _round(seen, desk, client, worker, {"first": first, "count": last - first, "urls": [url]})
        seen.accounts, seen.dead_letters = desk.accounts(), desk.depth(f"{_QUEUE}-dead")
    return seen


def _round(
    seen: Replay, desk: "_Desk", client: subprocess.Popen[str], worker: subprocess.Popen[str], order: dict[str, Any]
) -> None:
    os.kill(worker.pid, signal.SIGSTOP)
    try:
        raw = {**order, "kind": "raw", "urls": [desk.url], "queue_url": desk.raw_queue()}
        seen.raw_seconds += _answer(client, raw)["seconds"]
        taken = _answer(client, {**order, "kind": "registrations"})
    finally:
        os.kill(worker.pid, signal.SIGCONT)
    seen.answered_seconds += taken["seconds"]
    seen.statuses.update(taken["statuses"])
    seen.milliseconds += taken["milliseconds"]
    begun = time.monotonic()
    desk.drain(seen.orders, expected=order["first"] + order["count"])
    seen.drained_seconds += time.monotonic() - begun


def _answer(client: subprocess.Popen[str], order: dict[str, Any]) -> dict[str, Any]:
    assert client.stdin is not None
    assert client.stdout is not None
    client.stdin.write(json.dumps(order) + "\n")
    client.stdin.flush()
    answer: dict[str, Any] = json.loads(client.stdout.readline())
    return answer


@contextmanager
def _running(module: str, *arguments: str, says_where: bool = True) -> Iterator[tuple[subprocess.Popen[str], str]]:
    command = [sys.executable, "-m", f"tests.benchmarks.{module}", *arguments]
    with subprocess.Popen(command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        try:
            assert process.stdout is not None
            yield process, process.stdout.readline().strip() if says_where else ""
        finally:
            _end(process)


def _end(process: subprocess.Popen[str]) -> None:
    """It ends when its input does; if not, it is ended."""
    try:
        process.communicate(timeout=_END_SECONDS)
    except subprocess.TimeoutExpired:
        process.kill()


class _Desk:
    """Looks at queues and tables, past the application."""

    def __init__(self, engine: MinistackEngine) -> None:
        self.url = engine.url
        self._sqs, self._dynamodb = (ministack.caller(service, engine) for service in ("sqs", "dynamodb"))
        self._mails = self._url_of(_MAILS)

    def close(self) -> None:
        self._sqs.close()
        self._dynamodb.close()

    def _url_of(self, queue: str) -> str:
        return str(self._sqs.call("GetQueueUrl", {"QueueName": queue})["QueueUrl"])

    def raw_queue(self) -> str:
        """Empty each time: what lies on a queue may cost who adds to it."""
        url = str(self._sqs.call("CreateQueue", {"QueueName": _RAW_QUEUE})["QueueUrl"])
        self._sqs.call("PurgeQueue", {"QueueUrl": url})
        return url

    def depth(self, queue: str) -> int:
        names = [f"ApproximateNumberOfMessages{kind}" for kind in ("", "NotVisible", "Delayed")]
        asked = {"QueueUrl": self._url_of(queue), "AttributeNames": names}
        return sum(int(each) for each in self._sqs.call("GetQueueAttributes", asked)["Attributes"].values())

    def drain(self, orders: list[dict[str, Any]], *, expected: int) -> None:
        """Until so many mails were asked for, or nothing moves any more."""
        deadline = time.monotonic() + _DRAIN_SECONDS
        while time.monotonic() < deadline:
            found = self._taken_orders()
            orders += found
            if not found and (len(orders) >= expected or self.depth(_QUEUE) == 0) and self.depth(_MAILS) == 0:
                return

    def _taken_orders(self) -> list[dict[str, Any]]:
        asked = {"QueueUrl": self._mails, "MaxNumberOfMessages": 10, "WaitTimeSeconds": 1}
        messages = self._sqs.call("ReceiveMessage", asked).get("Messages", [])
        if messages:
            receipts = [
                {"Id": str(place), "ReceiptHandle": each["ReceiptHandle"]} for place, each in enumerate(messages)
            ]
            self._sqs.call("DeleteMessageBatch", {"QueueUrl": self._mails, "Entries": receipts})
        return [json.loads(each["Body"])["body"] for each in messages]

    def accounts(self) -> int:
        """By counting items; a second one of the same mailbox would have a key of its own."""
        count, place = 0, None
        while True:
            asked: dict[str, Any] = {"TableName": "prakerja-local-accounts", "Select": "COUNT"}
            asked |= {"FilterExpression": "kind = :kind", "ExpressionAttributeValues": {":kind": {"S": "account"}}}
            answer = self._dynamodb.call("Scan", asked | ({"ExclusiveStartKey": place} if place else {}))
            count += int(answer["Count"])
            place = answer.get("LastEvaluatedKey")
            if not place:
                return count
