"""POST /v1/registrations has two doors, the application's and a lighter one of its own (decision 8). Nobody can tell
through which they came: the same bodies, good and bad, get the same replies, byte for byte, and leave the same message.
"""

import json
import sys
from collections.abc import Callable, Iterator
from datetime import timedelta
from types import SimpleNamespace
from typing import Any

import pytest

from chalicelib import bootstrap
from chalicelib.domain.admission import Gate, GateSetter, opened
from chalicelib.domain.commands import Queue
from chalicelib.domain.errors import StoreUnavailable
from chalicelib.handlers.registration_alone import handle
from tests.fakes import FakeClock, FakeIndexer, FakeMessages
from tests.integration.samples import sample

Both = Callable[[dict[str, Any]], tuple[Any, Any]]
EMAIL = "siti@contoh.example"
LONG = f"{'a' * 64}@{'b' * 60}.{'c' * 60}.{'d' * 60}.{'e' * 60}.id"
BODIES = {
    "an address": {"email": EMAIL},
    "a language": {"email": EMAIL, "language": "en"},
    "no language in particular": {"email": EMAIL, "language": None},
    "a language that we do not speak": {"email": EMAIL, "language": "fr"},
    "a language by number": {"email": EMAIL, "language": 1},
    "spaces around the address": {"email": "  Siti.R+kerja@CONTOH.example "},
    "an address in letters beyond ASCII": {"email": "siti@münchen.example"},
    "a name in letters beyond ASCII": {"email": "sité@contoh.example"},
    "the longest address": {"email": LONG},
    "as long as the field may be": {"email": "a" * 308 + "@contoh.id  "},
    "longer than the field may be": {"email": "a" * 308 + "@contoh.idnya"},
    "no address": {"email": "siti"},
    "two dots": {"email": "si..ti@contoh.example"},
    "an empty address": {"email": ""},
    "no e-mail at all": {},
    "an address of another kind": {"email": 7},
    "an address in a list": {"email": [EMAIL]},
    "null": {"email": None},
    "a field too many": {"email": EMAIL, "nik": "1"},
    "a field too many and none that is needed": {"e-mail": EMAIL},
    "two mistakes": {"email": 7, "language": "fr", "nik": "1"},
    "a ticket": {"email": EMAIL, "ticket": "t" * 200},
    "a ticket too long": {"email": EMAIL, "ticket": "t" * 201},
    "a ticket of another kind": {"email": EMAIL, "ticket": 7},
    "no ticket in particular": {"email": EMAIL, "ticket": None},
    "a list": [EMAIL],
    "a text": EMAIL,
    "nothing": None,
}
TEXTS = {
    "an empty body": "",
    "no JSON": "{email: x}",
    "half of it": '{"email": "siti@con',
    "the same name twice": '{"email": "siti@contoh.example", "email": "budi@contoh.example"}',
    "a mark of byte order": '\ufeff{"email": "siti@contoh.example"}',
    "half a character": '{"email": "siti\\ud800@contoh.example"}',
    "a zero byte": '{"email": "siti\\u0000@contoh.example"}',
    "a line break in a text": '{"email": "siti\n@contoh.example"}',
    "not a number": '{"email": NaN}',
    "spaces and escapes": ' { "email" : "siti\\u0040contoh.example" } ',
    "something after it": '{"email": "siti@contoh.example"} x',
    "a deep hole": "[" * 1_900,
    "a very deep hole": "[" * 20_000,
    "a longer body than most": json.dumps({"email": EMAIL}) + " " * 3_000,
    "a body too large": json.dumps({"email": EMAIL}) + " " * 70_000,
}
HEADERS: dict[str, dict[str, str] | None] = {
    "English": {"accept-language": "en-GB,en;q=0.9"},
    "Malay": {"ACCEPT-LANGUAGE": "ms"},
    "French": {"Accept-Language": "fr"},
    "a header twice": {"Accept-Language": "id", "accept-language": "en"},
    "form": {"Content-Type": "application/x-www-form-urlencoded"},
    "JSON with its character set": {"Content-Type": "application/json; charset=utf-8"},
    "JSON in capitals": {"content-type": "Application/JSON"},
    "JSON of another kind": {"Content-Type": "application/problem+json"},
    "an id that is none": {"X-Correlation-Id": "a b"},
    "no headers": None,
}


@pytest.fixture
def desk() -> Iterator[FakeMessages]:
    messages, clock, indexer = FakeMessages(), FakeClock(), FakeIndexer()
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(bootstrap, "messages", lambda: messages)
        patch.setattr(bootstrap, "clock", lambda: clock)
        patch.setattr(bootstrap, "indexer", lambda: indexer)
        patch.setattr(bootstrap, "gate_look", lambda: SimpleNamespace(gate=lambda: None))
        yield messages


@pytest.fixture
def rush(desk: FakeMessages) -> Iterator[None]:
    """The gate is on, and nobody's turn has come."""
    now = bootstrap.clock().now()
    gate = opened(Gate(), at=now, spread=timedelta(hours=1), asks_proof=False, by=GateSetter.STAFF)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(bootstrap, "gate_look", lambda: SimpleNamespace(gate=lambda: gate))
        yield


@pytest.fixture
def both(desk: FakeMessages) -> Both:
    """What each door answers and leaves on the queue; of the message, not its id, which nobody chooses."""
    from app import app

    def through(door: Callable[[Any, Any], Any], event: dict[str, Any]) -> Any:
        desk.sent.clear()
        answer = door(json.loads(json.dumps(event)), None)
        sent = [{**body, "registration_id": "any"} for body in desk.on(Queue.REGISTRATIONS_TO_OPEN)]
        return json.dumps(answer), sent

    return lambda event: (through(app, event), through(handle, event))


def asking(body: object = None, *, text: str | None = None, **headers: str) -> dict[str, Any]:
    event = sample("api", "register", "good")
    return {**event, "body": json.dumps(body) if text is None else text, "headers": {**event["headers"], **headers}}


@pytest.mark.parametrize("name", BODIES)
@pytest.mark.parametrize("language", ["id", "en"])
def test_the_same_body_gets_the_same_reply(both: Both, name: str, language: str) -> None:
    door, lighter = both(asking(BODIES[name], **{"Accept-Language": language}))
    assert lighter == door


@pytest.mark.parametrize("name", TEXTS)
def test_the_same_text_gets_the_same_reply(both: Both, name: str) -> None:
    door, lighter = both(asking(text=TEXTS[name]))
    assert lighter == door


@pytest.mark.parametrize("name", HEADERS)
def test_the_same_headers_get_the_same_reply(both: Both, name: str) -> None:
    headers = HEADERS[name]
    event = {**asking({"email": EMAIL}), "headers": headers}
    if headers is not None and "X-Correlation-Id" not in headers:
        event["headers"] = {**headers, "X-Correlation-Id": "sample-register"}
    door, lighter = both(event)
    if name == "an id that is none":
        door, lighter = ((strip_ids(answer), sent) for answer, sent in (door, lighter))
    assert lighter == door


def strip_ids(answer: str) -> Any:
    return {**json.loads(answer), "headers": json.loads(answer)["headers"] | {"X-Correlation-Id": "any"}}


def test_the_lists_have_good_and_bad(both: Both) -> None:
    statuses = {json.loads(both(asking(body))[1][0])["statusCode"] for body in BODIES.values()}
    assert statuses == {202, 400}


@pytest.mark.parametrize("body", [{"email": EMAIL}, None])
def test_an_encoded_body_is_read_too(both: Both, body: object) -> None:
    text = "eyJlbWFpbCI6ICJzaXRpQGNvbnRvaC5leGFtcGxlIn0=" if body else None
    door, lighter = both({**asking(body), "body": text, "isBase64Encoded": text is not None})
    assert lighter == door


def test_a_queue_that_does_not_answer_is_told_alike(both: Both, desk: FakeMessages) -> None:
    for _ in range(3):
        desk.fails_before("send", StoreUnavailable("queue_unavailable"))
    door, lighter = both(asking({"email": EMAIL}))
    assert lighter == door
    assert json.loads(door[0])["statusCode"] == 503


@pytest.mark.usefixtures("rush")
@pytest.mark.parametrize("asked", [{"email": EMAIL}, {"email": EMAIL, "ticket": "forged"}, {"email": "siti"}])
def test_whoever_has_to_wait_is_told_alike(both: Both, asked: dict[str, str]) -> None:
    door, lighter = both(asking(asked))
    assert lighter == door
    assert json.loads(door[0])["statusCode"] in (400, 429)


def test_the_commonest_case_needs_no_second_look(both: Both) -> None:
    """Else the lighter door would be right and of no use: one send, and not one behind each door."""
    (_, _), (answer, sent) = both(asking({"email": EMAIL, "language": "id"}))
    assert (json.loads(answer)["statusCode"], len(sent)) == (202, 1)


@pytest.mark.usefixtures("rush")
def test_whoever_has_to_wait_waits_for_no_import_besides(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "app", None)  # importing it is an error now
    assert handle(asking({"email": EMAIL}), None)["statusCode"] == 429
