"""A platform small enough for a test: moto, the stack, neighbours in this process, the application without a socket.

Nothing runs by itself: whoever wants streams and queues to move calls ``settle``. What is secret elsewhere is known
here, so that indexes, codes and tokens are the same in every run and can stand in the samples of ``events/``.
"""

import base64
import json
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cached_property
from typing import Any

import boto3
import pytest

from infra.local.engine import ACCOUNT, REGION, StoredMail
from infra.local.gateway import gateway_response
from infra.local.http_server import Application
from infra.local.lambda_call import Calls, LambdaContext, LambdaFunction, Limits
from infra.local.moto_engine import MotoEngine
from infra.local.pages import LocalRequest, LocalResponse
from infra.local.queue_events import queue_event
from infra.local.registrations import QueueFunction, ScheduledFunction, StreamFunction, registrations
from infra.local.standins.bank_books import Transfer
from tests.integration.memory import Kept, Memory
from tests.integration.neighbourhood import Neighbourhood

STAGE = "local"
PUBLIC_URL = "https://prakerja.example"
INDEX_KEY = b"kunci-indeks-hanya-untuk-sampel!"
SIGNING_KEY = b"kunci-bukti-hanya-untuk-sampel!!"
NOTHING_FAILED: dict[str, Any] = {"batchItemFailures": []}
_BATCH = 10


class HandClock:
    """Stands still until it is moved, or somebody waits by it."""

    def __init__(self, at: datetime) -> None:
        self.at = at

    def now(self) -> datetime:
        return self.at

    def wait_until(self, moment: datetime) -> None:
        """At once."""
        self.at = max(self.at, moment)

    @contextmanager
    def later(self, **by: float) -> Iterator[None]:
        """So much later (``minutes=11``), and back again."""
        before, self.at = self.at, self.at + timedelta(**by)
        try:
            yield
        finally:
            self.at = before


@dataclass(frozen=True)
class Reply:
    """Header names are in lower case."""

    status: int
    headers: dict[str, str]
    text: str

    @cached_property
    def body(self) -> dict[str, Any]:
        found: dict[str, Any] = json.loads(self.text) if self.text else {}
        return found


@dataclass(frozen=True)
class Moment:
    """What lay in all stores and in the bank's books, and how far each function read its stream."""

    at: datetime
    kept: Kept
    transfers: list[Transfer]
    places: dict[str, str | None]


class Town:
    def __init__(self, clock: HandClock, neighbours: Neighbourhood) -> None:
        self.clock = clock
        self.neighbours = neighbours
        self._engine = MotoEngine()
        self.memory = Memory(self._engine.lock, f"prakerja-{STAGE}-")
        self._places: dict[str, str | None] = {}

    # --- Beginning and ending ------------------------------------------------------------------------------------

    @contextmanager
    def running(self) -> Iterator["Town"]:
        self._engine.start()
        try:
            with pytest.MonkeyPatch.context() as patch:
                for name, value in {**self._engine.environment, **_environment(self.neighbours.start())}.items():
                    patch.setenv(name, value)
                self._build()
                self._move_in()
                yield self
        finally:
            self.neighbours.stop()
            self._engine.stop()
            _forget_ports()

    def _build(self) -> None:
        from infra.local.stack import deploy

        deploy(STAGE)
        secrets = boto3.client("secretsmanager")
        keys = {"current": "1", "keys": {"1": base64.b64encode(INDEX_KEY).decode()}}
        signing = {"current": "1", "keys": {"1": base64.b64encode(SIGNING_KEY).decode()}}
        for name, value in {"index-keys": keys, "receipt-signing": signing, **self.neighbours.secrets}.items():
            secrets.put_secret_value(SecretId=f"prakerja-{STAGE}-{name}", SecretString=json.dumps(value))

    def _move_in(self) -> None:
        # Only now: names of tables and queues are made from the stage when the application is imported.
        from app import app
        from chalicelib import bootstrap

        _forget_ports()
        bootstrap.use_clock(self.clock)
        self.app = app
        self.registered = registrations(app)
        self._application = Application(app)
        found: list[QueueFunction | StreamFunction | ScheduledFunction] = []
        found += [*self.registered.queues, *self.registered.streams, *self.registered.schedules]
        self._functions = {each.name: LambdaFunction(each.name, each.path, each.name, Calls()) for each in found}
        self._sqs = boto3.client("sqs")

    # --- Doors ---------------------------------------------------------------------------------------------------

    def ask(
        self, method: str, path: str, body: object = None, *, token: str = "", language: str = "en", **headers: str
    ) -> Reply:
        """A request over HTTP. ``body`` is sent as it is when it is bytes, else as JSON."""
        content = body if isinstance(body, bytes) else json.dumps(body).encode() if body is not None else b""
        sent = {"Content-Type": "application/json", "Accept-Language": language, **headers}
        if token:
            sent["Authorization"] = f"Bearer {token}"
        path, _, query = path.partition("?")
        return _reply(self._application(LocalRequest(method, path, query, list(sent.items()), content)))

    def invoke(self, event: Mapping[str, Any]) -> Reply:
        """As API Gateway calls the application."""
        return _reply(gateway_response(self.app(event, LambdaContext("api", Limits()))))

    def call(self, function: str, event: Mapping[str, Any]) -> Any:
        """As a queue, a stream or the clock calls a function. Raises ``CallFailed``."""
        return self._functions[function].call(dict(event))

    def tell(self, function: str, **body: object) -> None:
        """One message of ours to a queue's function, which must take it."""
        queue = next(each.queue for each in self.registered.queues if each.name == function)
        envelope = {"version": 1, "correlation_id": "", "sent_at": int(time.time()), "body": body}
        record = {"messageId": "1", "body": json.dumps(envelope), "eventSourceARN": _arn(queue)}
        assert self.call(function, {"Records": [record]}) == NOTHING_FAILED, function

    def mails(self) -> list[StoredMail]:
        return self._engine.mails()

    # --- Time and change -----------------------------------------------------------------------------------------

    def moment(self) -> Moment:
        return Moment(self.clock.at, self.memory.kept(), self.neighbours.bank.transfers.all(), dict(self._places))

    def return_to(self, moment: Moment) -> None:
        self.clock.at = moment.at
        self.memory.put_back(moment.kept)
        self.neighbours.forget(but=moment.transfers)
        self._places = dict(moment.places)

    def settle(self, seen: list[dict[str, Any]] | None = None) -> None:
        """Take changes and messages to their functions, in this thread, until none is left. ``seen`` gets the messages
        as they were handed over."""
        told = [] if seen is None else seen
        while sum([*map(self._changes_delivered, self.registered.streams), *self._messages_delivered(told)]):
            pass

    def overlook_changes(self) -> None:
        """What was changed until now is no news."""
        for function in self.registered.streams:
            while self._unread(function):
                pass
        self.memory.empty_queues()

    def _changes_delivered(self, function: StreamFunction) -> int:
        records = self._unread(function)
        if records:
            assert self.call(function.name, {"Records": records}) == NOTHING_FAILED, function.name
        return len(records)

    def _unread(self, function: StreamFunction) -> list[dict[str, Any]]:
        assert self._engine.direct is not None
        page = self._engine.direct.record_reader(function.table).read("", self._places.get(function.name), 100)
        self._places[function.name] = page.last or self._places.get(function.name)
        return page.records

    def _messages_delivered(self, seen: list[dict[str, Any]]) -> Iterator[int]:
        assert self._engine.direct is not None
        for function in self.registered.queues:
            if self._engine.direct.has_visible(function.queue):
                yield self._batch_delivered(function.name, function.queue, seen)

    def _batch_delivered(self, function: str, queue: str, seen: list[dict[str, Any]]) -> int:
        url = self._sqs.get_queue_url(QueueName=queue)["QueueUrl"]
        everything = {"MessageSystemAttributeNames": ["All"], "MessageAttributeNames": ["All"]}
        batch = self._sqs.receive_message(QueueUrl=url, MaxNumberOfMessages=_BATCH, **everything)["Messages"]
        event = queue_event(batch, _arn(queue))
        seen += event["Records"]
        assert self.call(function, event) == NOTHING_FAILED, function
        for message in batch:
            self._sqs.delete_message(QueueUrl=url, ReceiptHandle=message["ReceiptHandle"])
        return len(batch)


def _environment(addresses: Mapping[str, str]) -> dict[str, str]:
    return {
        "STAGE": STAGE,
        **{f"{name}_REGISTRY_QUOTA": "4000/second, 1000000/day" for name in ("POPULATION", "EDUCATION", "SOCIAL")},
        "PUBLIC_URL": PUBLIC_URL,
        **{"MAIL_SENDER": "Prakerja <tidak-dibalas@prakerja.example>", "SES_QUOTA": "500/second, 1000000/day"},
        "POWERTOOLS_METRICS_DISABLED": "true",
        **addresses,
    }


def _forget_ports() -> None:
    """Made once per process, ports hold on to the engine of that moment."""
    from chalicelib import bootstrap
    from chalicelib.adapters.clock import SystemClock

    for each in vars(bootstrap).values():
        if hasattr(each, "cache_clear"):
            each.cache_clear()
    bootstrap.use_clock(SystemClock())


def _arn(queue: str) -> str:
    return f"arn:aws:sqs:{REGION}:{ACCOUNT}:{queue}"


def _reply(response: LocalResponse) -> Reply:
    return Reply(response.status, {name.lower(): value for name, value in response.headers}, response.body.decode())
