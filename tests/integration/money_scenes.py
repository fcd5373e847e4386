"""What happens to statements that no sample shows: for whoever watches what functions ask for."""

import json
from collections.abc import Callable, Sequence
from typing import Any

from infra.local.lambda_call import CallFailed
from tests.integration import bank_day
from tests.integration.bank_day import BANK, DAY, UNKNOWN, a_line
from tests.integration.samples import sample
from tests.integration.town import NOTHING_FAILED, Town


def _a_day_is_compared_replaced_and_compared_again(town: Town) -> None:
    _told(town, "feed_requests", _request())
    _told(town, "feed_journal", _posting())
    for upload, uploader in (("unggahan-3", "ani"), ("unggahan-4", "budi")):  # it takes the same file from two people
        bank_day.compare(town, bank_day.drop([a_line(UNKNOWN, 700_000)], upload, uploader=uploader))
    town.tell("reconcile_statements", bank=BANK, day=DAY.isoformat(), number=2, run=3)
    town.tell("reconcile_statements", Records=[{"s3": {"object": {"key": f"statements/{BANK}/{DAY}/gone.csv"}}}])


def _of_a_payout_that_the_books_disagree_on_the_bank_is_asked(town: Town) -> None:
    event = sample("streams", "follow_reconciliations", "good")
    image = {"kind": "difference", "state": "open", "payout_id": "1.x", "verdict": "ours_only", "id": "x"}
    event["Records"][0]["dynamodb"]["NewImage"] = {name: {"S": value} for name, value in image.items()}
    assert town.call("follow_reconciliations", event) == NOTHING_FAILED


def _request() -> dict[str, Any]:
    event = sample("streams", "feed_requests", "good")
    event["Records"][0]["dynamodb"]["NewImage"]["submitted_at"] = {"S": f"{DAY}T04:00:00+00:00"}
    return event


def _posting() -> dict[str, Any]:
    return sample("streams", "feed_journal", "good")


def _told(town: Town, door: str, event: dict[str, Any]) -> None:
    for _ in range(2):  # the second time it lies there
        try:
            assert town.call(door, json.loads(json.dumps(event))) == NOTHING_FAILED
        except CallFailed:
            raise AssertionError(door) from None


MONEY_SCENES: Sequence[Callable[[Town], None]] = (
    _a_day_is_compared_replaced_and_compared_again,
    _of_a_payout_that_the_books_disagree_on_the_bank_is_asked,
)
