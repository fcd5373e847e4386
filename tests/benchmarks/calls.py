"""How many calls of Amazon's one registration takes, from the request to the verified account, counted on moto.

Only the application's own: receiving and deleting is Lambda's. The floor is the same work with a call for each effect:
send, open, take from the network's bucket, ask for the mail; look up plan and traffic, the account, whether its address
is suppressed, and the mail, take turns of provider and domain, begin it, send it, note it, count it, count its
delivery; look up whose link it is, and when its mail left, activate, open a session.
"""

import base64
import json
import os
import re
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import boto3
import botocore.client

from chalicelib.adapters.lean_aws import LeanAws
from infra.local.engine import StoredMail
from infra.local.mail_feedback import Feedback, notices_of
from infra.local.mails import KeptMail
from infra.local.moto_engine import MotoEngine
from infra.local.stack import deploy
from tests.benchmarks.figure import Figure
from tests.benchmarks.registration import BATCH, forget_clients
from tests.benchmarks.route_overhead import _event

_ONE_BY_ONE = 4 + 11 + 1 + 4
_NOWHERE = "http://127.0.0.1:1"
_NEIGHBOURS = ("POPULATION_REGISTRY_URL", "EDUCATION_REGISTRY_URL", "SOCIAL_REGISTRY_URL", "BANK_URL", "SENDGRID_URL")
_SETTINGS = {
    "STAGE": "local",
    "PUBLIC_URL": _NOWHERE,
    "MAIL_SENDER": "Prakerja <tidak-dibalas@prakerja.example>",
    **dict.fromkeys(_NEIGHBOURS, _NOWHERE),
    "SES_QUOTA": "500/second, 1000000/day",  # moto does not say
}
_ROUNDS = 4
_OF_ONCE = {"GetQueueUrl", "GetSecretValue", "GenerateDataKey", "Decrypt"}
"""Once in an environment's life, or once an hour."""


def calls_per_registration() -> Iterator[Figure]:
    engine = MotoEngine()
    engine.start()
    try:
        os.environ.update({**_SETTINGS, **engine.environment})
        forget_clients()
        deploy("local")
        _put_keys()
        with counted() as calls:
            for number in range(_ROUNDS):
                _register_and_verify(engine.mails, number)
    finally:
        engine.stop()
        forget_clients()
    total = sum(times for operation, times in calls.items() if operation not in _OF_ONCE)
    yield Figure("calls_per_registration", total / (_ROUNDS * BATCH), _ONE_BY_ONE, "calls", None)


@contextmanager
def counted() -> Iterator[Counter[str]]:
    """Calls by operation, whoever carries them. One that is tried again counts once."""
    calls: Counter[str] = Counter()
    carriers: list[tuple[Any, str]] = [(botocore.client.BaseClient, "_make_api_call"), (LeanAws, "call")]
    originals = [getattr(*carrier) for carrier in carriers]

    def counting(original: Callable[..., Any]) -> Callable[..., Any]:
        def call(self: Any, operation: str, arguments: Any) -> Any:
            # What this benchmark itself does in Lambda's place is not the application's.
            if operation not in {"ReceiveMessage", "DeleteMessage"}:
                calls[operation] += 1
            return original(self, operation, arguments)

        return call

    try:
        for carrier, original in zip(carriers, originals, strict=True):
            setattr(*carrier, counting(original))
        yield calls
    finally:
        for carrier, original in zip(carriers, originals, strict=True):
            setattr(*carrier, original)


def _register_and_verify(mails: Callable[[], list[StoredMail]], number: int) -> None:
    from chalicelib.handlers.mail import note_mail_fates, send_mails
    from chalicelib.handlers.opening import open_accounts

    people = [f"orang{number}.{place}@contoh.example" for place in range(BATCH)]
    for email in people:
        _post("/v1/registrations", {"email": email, "language": "id"}, 202)
    _work("registrations-to-open", open_accounts, BATCH)
    _work("mails-to-send", send_mails, 10)
    sent = mails()[-BATCH:]
    notices = [notice for mail in sent for notice in notices_of(mail, Feedback())]
    _handle(
        "mail-fates-to-note", note_mail_fates, [(str(place), json.dumps(each)) for place, each in enumerate(notices)]
    )
    for mail in (KeptMail(each).mail for each in sent):
        token = re.findall(r"#(\S+)", mail.text)[-1]
        _post("/v1/email-verifications", {"token": token, "password": "kata sandi yang panjang"}, 201)


def _post(path: str, body: dict[str, Any], expected: int) -> None:
    from app import app

    answer = app({**_event(path), "body": json.dumps(body)}, None)
    if answer["statusCode"] != expected:
        raise RuntimeError(f"{path}: {answer}")


def _work(queue: str, function: Callable[[Any, Any], Any], batch_size: int) -> None:
    """As Lambda does: full batches, and what was handled is deleted."""
    sqs = boto3.client("sqs")
    url = sqs.get_queue_url(QueueName=f"prakerja-local-{queue}")["QueueUrl"]
    waiting: list[Any] = []
    while some := sqs.receive_message(QueueUrl=url, MaxNumberOfMessages=10).get("Messages"):
        waiting += some
        for message in some:
            sqs.delete_message(QueueUrl=url, ReceiptHandle=message["ReceiptHandle"])
    messages = [(each["MessageId"], each["Body"]) for each in waiting]
    for start in range(0, len(messages), batch_size):
        _handle(queue, function, messages[start : start + batch_size])


def _handle(queue: str, function: Callable[[Any, Any], Any], messages: list[tuple[str, str]]) -> None:
    arn = f"arn:aws:sqs:x:1:prakerja-local-{queue}"
    records = [{"messageId": id, "body": text, "eventSourceARN": arn} for id, text in messages]
    outcome = function({"Records": records}, None)
    if outcome != {"batchItemFailures": []}:
        raise RuntimeError(f"{queue}: {outcome}")


def _put_keys() -> None:
    keys = {"current": "1", "keys": {"1": base64.b64encode(b"k" * 32).decode()}}
    client = boto3.client("secretsmanager")
    client.put_secret_value(SecretId="prakerja-local-index-keys", SecretString=json.dumps(keys))
    client.put_secret_value(SecretId="prakerja-local-sendgrid", SecretString=json.dumps({"api_key": "none"}))
