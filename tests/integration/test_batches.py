"""A batch of registrations: what one does to the others, and what becomes of them when nothing can be passed on."""

import hashlib
import json
from collections.abc import Mapping
from typing import Any

import pytest

from chalicelib import bootstrap
from chalicelib.adapters.messaging.sqs import SqsMessages, gathering
from chalicelib.domain.commands import Queue
from chalicelib.domain.errors import MailUnavailable, StoreUnavailable
from chalicelib.handlers.batches import _delay_seconds
from tests.integration.effects import Watch
from tests.integration.expected import EFFECTS
from tests.integration.samples import sample
from tests.integration.town import NOTHING_FAILED, Town


def batch(*bodies: Mapping[str, Any]) -> dict[str, Any]:
    (record,) = sample("queues", "open_accounts", "good")["Records"]
    envelope = {"version": 1, "correlation_id": "a-batch-of-them", "sent_at": 1_772_427_600}
    return {
        "Records": [
            {**record, "messageId": str(place), "body": json.dumps({**envelope, "body": body})}
            for place, body in enumerate(bodies)
        ]
    }


def asked(name: str, **changed: str) -> dict[str, str]:
    return {"email": f"{name}@contoh.example", "language": "id", "registration_id": f"of-{name}", **changed}


def test_one_that_cannot_be_read_keeps_nobody_else_of_its_batch_out(town: Town) -> None:
    watch = Watch(town.memory)
    outcome = town.call("open_accounts", batch(asked("rara"), asked("rini", language="fr"), asked("roro")))
    assert outcome == {"batchItemFailures": [{"itemIdentifier": "1"}]}
    assert [after["kind"]["S"] for _, after in watch.changed()] == ["account", "account"]


def test_a_batch_whose_mails_cannot_be_asked_for_comes_again_whole_and_is_then_complete(
    town: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    event = batch(asked("pendatang-1"), asked("pendatang-2"))

    def out_of_order(operation: str, arguments: Mapping[str, Any]) -> dict[str, Any]:
        raise StoreUnavailable("queue_unavailable")

    with monkeypatch.context() as broken:
        broken.setattr(bootstrap, "messages", lambda: SqsMessages(out_of_order))
        outcome = town.call("open_accounts", event)
    assert {each["itemIdentifier"] for each in outcome["batchItemFailures"]} == {"0", "1"}
    watch = Watch(town.memory)
    assert town.call("open_accounts", event) == NOTHING_FAILED
    assert watch.effects() == EFFECTS["open_accounts"] - {"account unverified"}, "opened before: only the mails follow"


def test_what_is_gathered_leaves_ten_a_call_and_not_before_the_end() -> None:
    calls: list[tuple[str, int]] = []

    def taken(operation: str, arguments: Mapping[str, Any]) -> dict[str, Any]:
        if operation == "GetQueueUrl":
            return {"QueueUrl": "http://queue.example"}
        calls.append((operation, len(arguments["Entries"])))
        return {"Successful": [{"Id": each["Id"], "MD5OfMessageBody": _md5(each)} for each in arguments["Entries"]]}

    messages = SqsMessages(taken)
    with gathering() as gathered:
        for number in range(23):
            messages.send(Queue.MAILS_TO_SEND, {"n": number})
        assert not calls
    messages.pass_on(gathered)
    assert [count for _, count in calls] == [10, 10, 3]


def test_a_message_that_was_stored_mangled_is_sent_again() -> None:
    digests = iter(["0" * 32, ""])
    attempts: list[str] = []

    def mangling(operation: str, arguments: Mapping[str, Any]) -> dict[str, Any]:
        if operation == "GetQueueUrl":
            return {"QueueUrl": "http://queue.example"}
        attempts.append(operation)
        return {"MD5OfMessageBody": next(digests) or _md5(arguments)}

    SqsMessages(mangling).send(Queue.MAILS_TO_SEND, {"n": 1})
    assert len(attempts) == 2


def _md5(entry: Mapping[str, Any]) -> str:
    return hashlib.md5(entry["MessageBody"].encode(), usedforsecurity=False).hexdigest()


@pytest.mark.parametrize(("details", "least", "most"), [({}, 8, 8), ({"retry_after_seconds": 20}, 10, 30)])
def test_what_waits_its_turn_comes_again_when_that_may_be_and_an_outage_ever_later(
    details: dict[str, int], least: int, most: int
) -> None:
    delays = [_delay_seconds(MailUnavailable("mail_has_no_turn", field=None, **details), 3) for _ in range(200)]
    assert least <= min(delays) <= max(delays) <= most
    assert bool(details) == (len(set(delays)) > 10), "scattered, or they would all come back at once"
