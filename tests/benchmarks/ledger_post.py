"""What a posting costs us beside the same two calls of a bare boto3: reading the head, and the transaction that puts
the posting and the next head. The network answers at once.
"""

import json
import os
import statistics
from collections.abc import Callable, Iterator
from itertools import count
from typing import Any

import boto3

from tests.benchmarks.figure import Figure
from tests.benchmarks.registration import _cpu_us, _settle
from tests.benchmarks.responder import responding

_ROUNDS = 15
_POSTINGS_A_ROUND = 60
_TABLE = "prakerja-local-ledger"
_OWNER = "1.NBmgHHdTjZDmBXyJnX7yh_wnUfbW5DLmno4HAKURib0"


def ledger_post() -> Iterator[Figure]:
    with responding() as url:
        _settle(url)
        _lay_down_head()
        ours, bare = _posting(), _bare_transaction()
        rounds = [[_cpu_us(work, _POSTINGS_A_ROUND) for work in (ours, bare)] for _ in range(_ROUNDS)]
    measured, floor = (statistics.median(column) for column in zip(*rounds, strict=True))
    yield Figure("ledger_post", measured, floor, "microseconds of CPU a posting", 1.25)


def _head(number: int) -> dict[str, Any]:
    return {
        "pk": {"S": _OWNER},
        "sk": {"S": "head"},
        "kind": {"S": "head"},
        "id": {"S": _OWNER},
        "state": {"S": "kept"},
        "version": {"N": str(number)},
        "attempt": {"S": "0" * 32},
        "correlation_id": {"S": "0" * 32},
        "number": {"N": str(number)},
        "digest": {"S": "0f" * 32},
        "balances": {"S": json.dumps({"training_balance": 3_500_000})},
    }


def _lay_down_head() -> None:
    boto3.client("dynamodb").put_item(TableName=_TABLE, Item=_head(5))


def _posting() -> Callable[[], Any]:
    """As the application does it, every rule of the ledger included."""
    from chalicelib import bootstrap
    from chalicelib.domain import ledger
    from chalicelib.domain.identifiers import ApplicantId, PayoutId
    from chalicelib.domain.money import Rupiah
    from tests.fakes import NOON

    numbers = count()

    def post() -> None:
        id = PayoutId(f"{next(numbers):045d}")
        bootstrap.ledger().post(ledger.incentive_due(ApplicantId(_OWNER), id, amount=Rupiah(600_000), now=NOON))

    post()
    return post


def _bare_transaction() -> Callable[[], Any]:
    """What anybody would write: the same items, the same conditions, no digest and no rule."""
    dynamodb = boto3.client("dynamodb")
    numbers = count()

    def post() -> None:
        head = dynamodb.get_item(TableName=_TABLE, Key={"pk": {"S": _OWNER}, "sk": {"S": "head"}}, ConsistentRead=True)
        version = int(head["Item"]["version"]["N"])
        key = f"incentive-due/{next(numbers):045d}"
        dynamodb.transact_write_items(
            TransactItems=[
                {"Put": _put(_bare_posting(key), "attribute_not_exists(pk)")},
                {
                    "Put": {
                        **_put(_head(version + 1), "version = :read"),
                        "ExpressionAttributeValues": {":read": {"N": str(version)}},
                    }
                },
            ]
        )

    post()
    return post


def _put(item: dict[str, Any], condition: str) -> dict[str, Any]:
    return {"TableName": _TABLE, "Item": item, "ConditionExpression": condition}


def _bare_posting(key: str) -> dict[str, Any]:
    return {
        "pk": {"S": _OWNER},
        "sk": {"S": f"posting#{key}"},
        "kind": {"S": "posting"},
        "id": {"S": key},
        "state": {"S": "posted"},
        "version": {"N": "1"},
        "attempt": {"S": os.urandom(16).hex()},
        "correlation_id": {"S": ""},
        "key": {"S": key},
        "owner": {"S": _OWNER},
        "account": {"S": "incentive_due"},
        "against": {"S": "incentive_fund"},
        "adds": {"BOOL": True},
        "amount": {"N": "600000"},
        "posted_at": {"S": "2026-03-02T05:00:00+00:00"},
        "reason": {"S": ""},
        "number": {"N": "6"},
        "previous": {"S": "0f" * 32},
        "digest": {"S": "f0" * 32},
    }
