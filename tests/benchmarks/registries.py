"""How well a registry is used over a simulated day, what people were told, what an outage does, what a match costs."""

import json
import os
import statistics
import sys
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from random import Random
from typing import Any

import boto3
from tqdm import tqdm

from chalicelib.domain.registry_budget import Quota
from chalicelib.domain.verification import IdentityState
from tests.benchmarks.figure import Figure
from tests.benchmarks.registration import _cpu_us, _settle
from tests.benchmarks.responder import responding
from tests.builders import an_applicant, an_identity
from tests.fakes import NOON
from tests.simulation.registry_day import RegistryDay, could_bear, relative_errors

HOURS = 24
_MEAN_PER_SECOND = 4.0
_PLENTY = 10_000_000
_ROUNDS = 11
_BATCH = 5
_BATCHES_A_ROUND = 20


def registry_day() -> Iterator[Figure]:
    """A whole day on which more people come than the registry can bear, in two rushes; its capacity is another each
    half hour (a fifth to twice its mean) and for forty minutes it is out."""
    chance = Random(20200412)
    halves = [_MEAN_PER_SECOND * chance.uniform(0.2, 1.8) for _ in range(HOURS * 2)]
    out_from, out_until = NOON + timedelta(hours=9), NOON + timedelta(hours=9, minutes=40)

    def capacity(now: datetime) -> float:
        if out_from <= now < out_until:
            return 0.0
        return halves[int((now - NOON).total_seconds() // 1800) % len(halves)]

    day = RegistryDay(capacity, quota=Quota(40, _PLENTY), workers=24, idle_seconds=2)
    for hour in tqdm(range(HOURS), desc="hours of the day", file=sys.stderr):
        rate = 3 * _MEAN_PER_SECOND if hour in (0, 1, 2, 7, 8) else 0.6 * _MEAN_PER_SECOND
        day.run(lambda second, rate=rate: int(rate * (second + 1)) - int(rate * second), 3600)  # type: ignore[misc]
    books, could = day.registry.books, could_bear(capacity, NOON, day.clock.at)
    yield Figure("registry_use", books.answered + books.turned_away, could, "calls a day", 0.95, at_least=True)
    yield Figure("registry_over_capacity", books.turned_away, books.asked, "calls a day", 0.001)
    errors = relative_errors(day.people.values())
    yield Figure("promise_error", statistics.median(errors), 1.0, "median relative error", 0.2)
    day.is_over = True


def outage_6h() -> Iterator[Figure]:
    """People come at a third of the registry's limit; after six hours of outage it bears one and a half times that."""
    limit, begins = 3.0, NOON + timedelta(minutes=30)
    ends = begins + timedelta(hours=6)

    def capacity(now: datetime) -> float:
        return 0.0 if begins <= now < ends else limit * 1.5

    day = RegistryDay(capacity, quota=Quota(limit * 1.5, _PLENTY), workers=12, idle_seconds=4)
    day.run(lambda _second: 1, int((ends - NOON).total_seconds()))
    took = day.clock.at
    while day.waiting() > 120:
        day.run(lambda _second: 1, 60)
    yield Figure("outage_6h_drained", (day.clock.at - took) / timedelta(hours=1), 2.0, "hours after its end", 1.0)
    while_out = day.registry.books.while_out
    per_half_minute = len(while_out[5:]) / ((ends - begins) / timedelta(seconds=30))
    yield Figure("outage_6h_probes", per_half_minute, 1.0, "probes in half a minute", 1.0)
    applicants = [day.world.applicants.get(id) for id in day.people]
    harmed = sum(each.state not in (IdentityState.VERIFIED, IdentityState.CHECKING) for each in applicants)
    yield Figure("outage_6h_harmed", harmed, 1.0, "people lost, rejected or sent back", 0.0)
    day.is_over = True


def match_cpu() -> Iterator[Figure]:
    """One person's match at the population registry, tables and all, against the same calls made bare."""
    with responding() as url:
        _settle(url)
        os.environ.update({"POPULATION_REGISTRY_URL": url, **dict.fromkeys(_OTHERS, url), "MAIL_SENDER": "a@b.example"})
        ours, floor = _matching(), _bare_calls(url)
        rounds = [
            (_cpu_us(ours, _BATCHES_A_ROUND) / _BATCH, _cpu_us(floor, _BATCHES_A_ROUND * _BATCH))
            for _ in range(_ROUNDS)
        ]
    measured, bare = (statistics.median(column) for column in zip(*rounds, strict=True))
    yield Figure("match_cpu", measured, bare, "microseconds of CPU a person matched", 1.5)


_OTHERS = ("PUBLIC_URL", "EDUCATION_REGISTRY_URL", "SOCIAL_REGISTRY_URL", "BANK_URL", "SENDGRID_URL")


def _matching() -> Callable[[], Any]:
    from chalicelib import bootstrap
    from chalicelib.handlers.registries import check_population

    bodies = []
    for number in range(_BATCH):
        applicant = an_applicant(
            number + 1, state=IdentityState.CHECKING, identity=an_identity(number + 1), submission=1
        )
        bootstrap.applicants().save(applicant)
        bodies.append({"applicant_id": applicant.id, "submission": 1, "since": NOON.isoformat()})
    event = {"Records": [_record(number, body) for number, body in enumerate(bodies)]}

    def work() -> Any:
        return check_population(event, None)

    if work() != {"batchItemFailures": []}:
        raise RuntimeError("not matched")
    return work


def _record(number: int, body: dict[str, object]) -> dict[str, Any]:
    envelope = {"version": 1, "correlation_id": f"{number:032d}", "body": body}
    arn = "arn:aws:sqs:ap-southeast-3:1:prakerja-local-population-checks-to-make"
    return {"messageId": str(number), "receiptHandle": "r", "body": json.dumps(envelope), "eventSourceARN": arn}


def _bare_calls(url: str) -> Callable[[], Any]:
    """The person, the turn, the question, the answer kept, the check noted, the place given up."""
    from urllib3 import PoolManager

    dynamodb, http = boto3.client("dynamodb"), PoolManager()
    key = {"pk": {"S": "0.applicant-000001"}, "sk": {"S": "-"}}
    item = {**key, "identity": {"B": b"x" * 600}, "checks": {"S": "x" * 200}, "nik_index": {"S": "x" * 45}}
    question = json.dumps(dict.fromkeys(("NIK", "NAMA_LGKP", "TGL_LHR", "NO_KK", "NAMA_LGKP_IBU"), "x" * 16)).encode()
    path = f"{url}/dukcapil/get_json/prakerja/CALL_VERIFY_BY_ELEMEN"

    def calls() -> None:
        dynamodb.get_item(TableName="bare", Key=key, ConsistentRead=True)
        dynamodb.get_item(TableName="bare", Key=key, ConsistentRead=True)
        dynamodb.update_item(TableName="bare", Key=key, UpdateExpression="SET a = :a", ExpressionAttributeValues=_ONE)
        json.loads(http.request("POST", path, body=question, headers={"Content-Type": "application/json"}).data)
        dynamodb.put_item(TableName="bare", Item=item)
        dynamodb.put_item(TableName="bare", Item=item, ConditionExpression="attribute_exists(pk)")
        dynamodb.delete_item(TableName="bare", Key=key)

    calls()
    return calls


_ONE = {":a": {"N": "1"}}
