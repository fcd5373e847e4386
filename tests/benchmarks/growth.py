"""What a registration costs when a thousand, a hundred thousand and a million accounts lie in the table already.

Three faithful engines, one filled to each size, are asked in turn: taking registrations and opening their accounts, as
on Amazon (botocore under the tables, the lean caller for the rest). The figures are our process's CPU, and the calls it
makes, against those at a thousand. The accounts that fill the table are keys and little more, by batches: what is
looked up by key is not touched by its neighbours, and a million whole ones would not fit into this machine's memory.

What grows in the engine is not measured: nothing on this path reads but by key, and Amazon says that a key's cost does
not grow. A scan or a query of ours on it would show here in both figures, by its pages.
"""

import gc
import json
import os
import statistics
import sys
import time
from collections.abc import Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from dataclasses import dataclass, field
from typing import Any

from chalicelib.adapters.lean_aws import LeanAws
from infra.local.ministack_engine import MinistackEngine
from tests.benchmarks import ministack
from tests.benchmarks.calls import counted
from tests.benchmarks.figure import Figure
from tests.benchmarks.registration import BATCH, forget_clients
from tests.benchmarks.route_overhead import _event

SIZES = {"1k": 1_000, "100k": 100_000, "1m": 1_000_000}
_ROUNDS, _BATCHES_A_ROUND = 9, 4
_TABLE = "prakerja-local-accounts"
_OF_ONCE = {"GetQueueUrl", "GetSecretValue", "GenerateDataKey"}


@dataclass
class _Grown:
    """An engine, how to reach it, and what was measured at it."""

    settings: Mapping[str, str]
    engine: MinistackEngine
    cpu_us: list[float] = field(default_factory=list)
    calls: list[float] = field(default_factory=list)


def growth(sizes: Mapping[str, int] = SIZES) -> Iterator[Figure]:
    if not ministack.is_installed():
        print(f"  {ministack.MISSING}", file=sys.stderr)
        return
    with ExitStack() as ending:
        grown = {name: _grown_to(size, ending) for name, size in sizes.items()}
        for turn in range(_ROUNDS):
            print(f"  round {turn + 1} of {_ROUNDS}", file=sys.stderr)
            # Whoever is first in a round pays for what the one before left behind: each in turn.
            first = turn % len(grown)
            for each in [*grown.values()][first:] + [*grown.values()][:first]:
                _measure(each, str(turn))
    smallest = next(iter(grown.values()))
    for name, each in list(grown.items())[1:]:
        # Of each round by itself: its figures were taken within a second of each other.
        ratio = statistics.median(ours / least for ours, least in zip(each.cpu_us, smallest.cpu_us, strict=True))
        floor, unit = statistics.median(smallest.cpu_us), "microseconds of CPU a registration"
        yield Figure(f"growth_{name}", ratio * floor, floor, unit, 1.1)
        yield Figure(f"growth_calls_{name}", statistics.mean(each.calls), statistics.mean(smallest.calls), "calls", 1.1)


def _grown_to(size: int, ending: ExitStack) -> _Grown:
    engine = ending.enter_context(ministack.deployed())
    begun = time.monotonic()
    caller = ministack.caller("dynamodb", engine)
    with ThreadPoolExecutor(2) as pool:
        list(pool.map(lambda first: _fill(caller, first), range(0, size, BATCH)))
    caller.close()
    print(f"  {size:,} accounts in {time.monotonic() - begun:.0f} s", file=sys.stderr)
    return _Grown(dict(os.environ), engine)


def _fill(caller: LeanAws, first: int) -> None:
    puts = [{"PutRequest": {"Item": _account(number)}} for number in range(first, first + BATCH)]
    left: Any = {_TABLE: puts}
    while left:
        left = caller.call("BatchWriteItem", {"RequestItems": left}).get("UnprocessedItems")


def _account(number: int) -> dict[str, Any]:
    return {"pk": {"S": f"1.{number:043d}"}, "sk": {"S": "-"}, "kind": {"S": "account"}}


def _measure(grown: _Grown, name: str) -> None:
    os.environ.update(grown.settings)
    forget_clients()
    _register(f"{name}-warm", 1)
    gc.collect()
    with counted() as calls:
        begun = time.process_time()
        _register(name, _BATCHES_A_ROUND)
        seconds = time.process_time() - begun
    registrations = _BATCHES_A_ROUND * BATCH
    grown.cpu_us.append(seconds / registrations * 1e6)
    grown.calls.append(sum(times for each, times in calls.items() if each not in _OF_ONCE) / registrations)


def _register(name: str, batches: int) -> None:
    from app import app
    from chalicelib.handlers.opening import open_accounts

    for batch in range(batches):
        emails = [f"orang-{name}-{batch}-{place}@contoh.example" for place in range(BATCH)]
        for email in emails:
            answer = app({**_event("/v1/registrations"), "body": json.dumps({"email": email})}, None)
            if answer["statusCode"] != 202:
                raise RuntimeError(f"not taken: {answer}")
        records = [_record(email, f"36.{place}.1.2") for place, email in enumerate(emails)]
        outcome = open_accounts({"Records": records}, None)
        if outcome != {"batchItemFailures": []}:
            raise RuntimeError(f"not opened: {outcome}")


def _record(email: str, source: str) -> dict[str, Any]:
    """Each from a network of its own, which is one more write."""
    body = {"email": email, "language": "id", "registration_id": f"r-{email}", "source": source}
    envelope = {"version": 1, "correlation_id": "a-growing-table", "sent_at": int(time.time()), "body": body}
    arn = "arn:aws:sqs:ap-southeast-3:1:prakerja-local-registrations-to-open"
    return {"messageId": email, "receiptHandle": "r", "body": json.dumps(envelope), "eventSourceARN": arn}
