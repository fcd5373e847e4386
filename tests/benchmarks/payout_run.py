"""What a run of payouts takes of Amazon and of the bank, from batches to settled: on moto, and the stand-in bank.

Only the application's own calls: receiving and deleting is Lambda's. The least is derived in docs/cost.md.
"""

import base64
import json
import os
import sys
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from typing import Any

import boto3

from chalicelib.domain.training import Review
from infra.local.moto_engine import MotoEngine
from infra.local.stack import deploy
from infra.local.standins.bank import BankStandIn
from infra.local.standins.bank_door import Partner
from infra.local.standins.bank_keys import new_key_pair
from tests.benchmarks.calls import _SETTINGS, _handle, _put_keys
from tests.benchmarks.figure import Figure
from tests.benchmarks.metering import Meter, metered
from tests.benchmarks.registration import forget_clients
from tests.builders import CHECKER, MAKER, a_membership, a_verified_applicant
from tests.money import a_payout_account, a_reviewed_purchase

PEOPLE = 400
AIM = 1.2
LEAST_OF_A_GROUP = (2 + 2) / 20
"""Two reads over all tables (first what is to be paid, then what it rests on) and two transactions, for twenty."""
LEAST_OF_A_BATCH = 6 / 100 + 1 / 200
"""Built: payouts and accounts. Filled, released: a read and a transaction each. A hundred at a time; ten messages of
twenty in a call."""
LEAST_SENT = 2 + LEAST_OF_A_GROUP + LEAST_OF_A_BATCH
"""The transfer, and the question whether somebody is listed, which is one partition's each."""
TOGETHER = 25
"""People in a batch of ``prepare_incentives``."""
LEAST_PREPARED = 1 + 3 / TOGETHER
"""Somebody's trainings are one partition's; two reads over all tables and a transaction for the batch."""


def payout_run() -> Iterator[Figure]:
    engine = MotoEngine()
    engine.start()
    private, public = new_key_pair()
    bank = BankStandIn(lambda *_: "SOMEBODY", partner=Partner("us", "secret", public, "US"), now=_now)
    try:
        os.environ.update({**_SETTINGS, **engine.environment, "BANK_URL": bank.start()})
        forget_clients()
        deploy("local")
        _put_keys()
        _put_bank(private)
        prepared, run = _paid()
        transfers = len(bank.transfers.all())
    finally:
        bank.stop()
        engine.stop()
        forget_clients()
    if transfers != PEOPLE:
        raise RuntimeError(f"{transfers} transfers for {PEOPLE} payouts")
    print(dict(run.calls), dict(prepared.calls), file=sys.stderr)
    sent, whole = run.made + transfers, prepared.made + run.made + transfers
    least = LEAST_PREPARED + LEAST_SENT
    yield Figure("payout_run", whole / PEOPLE, least, "calls a payout, prepared to settled", AIM)
    yield Figure("payout_sent", sent / PEOPLE, LEAST_SENT, "calls a payout, batched to settled", AIM)
    yield Figure("payout_prepared", prepared.made / PEOPLE, LEAST_PREPARED, "calls a payout prepared", AIM)
    yield Figure("payout_write_units", (run.write_units + prepared.write_units) / PEOPLE, 1.0, "write units", None)
    yield Figure("payout_read_units", (run.read_units + prepared.read_units) / PEOPLE, 1.0, "read units", None)


def _paid() -> tuple[Meter, Meter]:
    from chalicelib import bootstrap
    from chalicelib.domain.payout_batches import BatchState
    from chalicelib.handlers.payout_steps import move_batches, prepare_incentives, settle_payouts
    from chalicelib.use_cases.payouts.approve_batch import approve_batch

    people = [_a_recipient(number) for number in range(1, PEOPLE + 1)]
    with metered() as prepared:
        for start in range(0, PEOPLE, TOGETHER):
            some: list[dict[str, object]] = [{"applicant_id": id} for id in people[start : start + TOGETHER]]
            _tell("incentives-to-prepare", prepare_incentives, some)
    with metered() as run:
        _tell("payout-batches-to-move", move_batches, [{"built_by": "clock"}])
        (id,) = bootstrap.payout_batches().page(BatchState.FILLING, after=None, limit=10)[0]
        _tell("payout-batches-to-move", move_batches, [{"batch_id": id}])
        batch = bootstrap.payout_batches().get(id)
        for approver in (MAKER, CHECKER):
            approve_batch(id, batch.checksum if batch else "", approver, batches=bootstrap.payout_batches())
        _tell("payout-batches-to-move", move_batches, [{"batch_id": id}])
        for text in _messages():
            _handle("payouts-to-settle", settle_payouts, [("1", text)])
    return prepared, run


def _a_recipient(number: int) -> str:
    from chalicelib import bootstrap

    bootstrap.applicants().save(a_verified_applicant(number))
    bootstrap.memberships().save(a_membership(number))
    account = a_payout_account(number)
    bootstrap.payout_accounts().save(account)
    from chalicelib.adapters.storage.items import Write, save_together
    from chalicelib.adapters.storage.purchases import _item, _pointers

    now = _now()  # incentives are prepared right after the review
    purchase = a_reviewed_purchase(number, completed_at=now, certified_at=now, review=Review(5, "Baik", now))
    save_together([Write(_item(purchase), 0), *(Write(each, 0) for each in _pointers(purchase))])
    return account.applicant_id


def _messages() -> list[str]:
    sqs: Any = boto3.client("sqs")
    url = sqs.get_queue_url(QueueName="prakerja-local-payouts-to-settle")["QueueUrl"]
    found: list[str] = []
    while True:
        answer = sqs.receive_message(QueueUrl=url, MaxNumberOfMessages=10, VisibilityTimeout=600)
        if not answer.get("Messages"):
            return found
        found += [each["Body"] for each in answer["Messages"]]


def _tell(queue: str, function: Any, bodies: Sequence[dict[str, object]]) -> None:
    envelopes = [json.dumps({"version": 1, "correlation_id": "", "sent_at": 1, "body": body}) for body in bodies]
    _handle(queue, function, [(str(place), text) for place, text in enumerate(envelopes)])


def _put_bank(private_key_pem: str) -> None:
    bank = {
        "client_key": "us",
        "client_secret": "secret",
        "private_key_pem": private_key_pem,
        "partner_id": "US",
        "channel_id": "95221",
        "source_account_no": "1000000001",
    }
    secrets = boto3.client("secretsmanager")
    secrets.put_secret_value(SecretId="prakerja-local-bank", SecretString=json.dumps(bank))
    keys = {"current": "1", "keys": {"1": base64.b64encode(b"k" * 32).decode()}}
    secrets.put_secret_value(SecretId="prakerja-local-index-keys", SecretString=json.dumps(keys))


def _now() -> datetime:
    return datetime.now(UTC)
