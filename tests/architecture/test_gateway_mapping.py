"""What the gateway of ``direct-queue`` writes on the queue, and what its model lets through to be written."""

import hashlib
import json
from collections.abc import Mapping
from typing import Any

import jsonschema
import pytest
from hypothesis import given, settings
from hypothesis import strategies as some
from pydantic import ValidationError

from chalicelib.adapters.messaging.sqs import SqsMessages
from chalicelib.domain.errors import InvalidInput
from chalicelib.domain.mail import Language
from chalicelib.domain.registration import parse_email
from chalicelib.handlers.batches import _opened
from chalicelib.handlers.registration import Registration
from chalicelib.observability import correlated, new_correlation_id
from chalicelib.use_cases.registration.request_registration import request_registration
from infra.fronts.direct_queue import SCHEMA
from infra.fronts.mapping import REQUEST_TEMPLATE
from tests.architecture.gateway import CONTEXT, form_of
from tests.fakes.surroundings import FakeChance

HOSTILE = (
    *(
        '"',
        "'",
        "\\",
        "\\'",
        '\\"',
        "\\\\'",
        "'\\",
        "\n",
        "\r\n",
        "\t\b\f",
        "\0",
        "\x1f",
        "\x7f",
        "\x85",
        "\u2028",
        "/",
    ),
    *("sítí@contoh.example", "世界@contoh.example", "\N{PARTY POPPER}@contoh.example", "\ud800", "\ufeff", "\uffff"),
    *('siti@contoh.example","registration_id":"mine', '"}}', "&Action=PurgeQueue", "&MessageBody=x", "a+b%22%25 c"),
    *("$context.requestId", "${context.requestId}", "$!{asked}", "#set($email = 1)", "#end", "##", "#*", "$email", "$"),
    "x" * 65_536,
    "'\"\\\n\N{PARTY POPPER}$#" * 8_192,
)

repeatable = settings(deadline=None, derandomize=True)


def envelope_of(body: object, **context: object) -> dict[str, Any]:
    """What the worker opens. The rest of the form must stand as it is written in the template."""
    form = form_of(REQUEST_TEMPLATE, json.dumps(body), **context)
    assert form.keys() == {"Action", "Version", "MessageBody"}
    assert form["Action"] == "SendMessage"
    assert form["MessageBody"].isascii()
    return _opened(form["MessageBody"])


def by_the_function(email: str) -> dict[str, Any]:
    """The envelope that the function behind the other fronts sends."""
    sent: list[str] = []

    def call(operation: str, arguments: Mapping[str, Any]) -> dict[str, Any]:
        if operation == "GetQueueUrl":
            return {"QueueUrl": "queue"}
        sent.append(arguments["MessageBody"])
        return {"MD5OfMessageBody": hashlib.md5(sent[-1].encode(), usedforsecurity=False).hexdigest()}

    with correlated(new_correlation_id()):
        request_registration(email, Language.ENGLISH, "36.68.1.2", chance=FakeChance(7), messages=SqsMessages(call))
    (text,) = sent
    return _opened(text)


def kinds(value: Any) -> Any:
    return {name: kinds(each) for name, each in value.items()} if isinstance(value, dict) else type(value)


def test_it_is_the_envelope_that_the_function_sends() -> None:
    """The same names, the same kinds, the same address."""
    made, sent = envelope_of({"email": "siti@contoh.example", "language": "en"}), by_the_function("siti@contoh.example")
    assert sent["body"].pop("source") == "36.68.1.2", "the one thing that the gateway leaves out"
    assert kinds(made) == kinds(sent)
    assert made["version"] == sent["version"]
    assert (made["body"]["email"], made["body"]["language"]) == (sent["body"]["email"], sent["body"]["language"])


@pytest.mark.parametrize("text", HOSTILE, ids=range(len(HOSTILE)))
def test_an_address_stays_an_address(text: str) -> None:
    assert envelope_of({"email": text}) == envelope_of({"email": ""}) | {"body": body_with(text)}


@repeatable
@given(some.text(some.characters(exclude_categories=())))
def test_so_does_any_text(text: str) -> None:
    told = json.loads(json.dumps(text))  # two halves of a pair are one character to JSON
    assert envelope_of({"email": text})["body"] == body_with(told)


def body_with(email: str) -> dict[str, str]:
    return {**envelope_of({"email": ""})["body"], "email": email}


@pytest.mark.parametrize("text", HOSTILE[:-2], ids=range(len(HOSTILE) - 2))
def test_a_request_id_that_the_caller_chose_stays_one(text: str) -> None:
    envelope = envelope_of({"email": "siti@contoh.example"}, requestId=text)
    assert envelope == envelope_of({"email": "siti@contoh.example"}) | {"correlation_id": text}


def test_the_request_id_of_the_gateway_is_taken_up_as_correlation_id() -> None:
    offered = envelope_of({"email": "siti@contoh.example"})["correlation_id"]
    assert new_correlation_id(offered) == offered == CONTEXT["requestId"]


def test_a_caller_cannot_choose_the_registration_id() -> None:
    """It alone seeds the code: two addresses under one id would have one code."""
    chosen = envelope_of({"email": "siti@contoh.example"}, requestId="chosen-by-the-caller")
    assert "chosen" not in chosen["body"]["registration_id"]
    other = envelope_of({"email": "siti@contoh.example"}, extendedRequestId="JIxGhFh3IAMFzNh=")
    assert other["body"]["registration_id"] != chosen["body"]["registration_id"]


@pytest.mark.parametrize("epoch", [1772427600123, "1772427600123"])
def test_the_time_is_in_seconds(epoch: object) -> None:
    assert envelope_of({"email": "siti@contoh.example"}, requestTimeEpoch=epoch)["sent_at"] == 1772427600


@pytest.mark.parametrize(
    ("asked", "expected"),
    [({"language": "en"}, "en"), ({"language": "id"}, "id"), ({}, "id"), ({"language": None}, "id")]
    + [({"language": strange}, "id") for strange in ("EN", "fr", '","x":"', 7, ["en"], {"en": "en"})],
)
def test_the_language_is_one_of_ours(asked: dict[str, Any], expected: str) -> None:
    assert Language(envelope_of({"email": "siti@contoh.example", **asked})["body"]["language"]) == expected


@pytest.mark.parametrize("body", [None, 7, [], "text", {}, {"email": None}, {"email": 7}, {"email": {"a": '"'}}])
def test_what_the_model_should_have_refused_is_an_envelope_all_the_same(body: object) -> None:
    assert isinstance(envelope_of(body)["body"]["email"], str)


# --- The model -----------------------------------------------------------------------------------------------------


def is_let_through(body: object) -> bool:
    return bool(jsonschema.Draft4Validator(SCHEMA).is_valid(body))


GOOD = {"email": "siti@contoh.example"}
BODIES: tuple[object, ...] = (
    *(GOOD, {**GOOD, "language": "id"}, {**GOOD, "language": "en"}, {**GOOD, "language": "fr"}, {**GOOD, "role": "x"}),
    *({}, {"email": None}, {"email": 7}, {"email": [GOOD["email"]]}, {"language": "id"}, [], None, "text", 7),
    *({"email": "a@" + "b" * 318}, {"email": "a@" + "b" * 319}),
)


@pytest.mark.parametrize("body", BODIES, ids=range(len(BODIES)))
def test_the_model_refuses_what_the_function_refuses(body: object) -> None:
    try:
        Registration.model_validate_json(json.dumps(body))
    except ValidationError:
        assert not is_let_through(body)
    else:
        assert is_let_through(body)


def test_only_a_language_of_null_it_refuses_besides() -> None:
    """Swagger 2.0, in which the gateway reads its definition, has no ``null``."""
    Registration.model_validate({**GOOD, "language": None})
    assert not is_let_through({**GOOD, "language": None})


@repeatable
@given(some.one_of(some.emails(), some.from_regex(r"\A *[a-z.'+]+@[a-zéß世.。-]+\.[a-z]{2,4} *\Z")))
def test_no_address_is_refused_that_the_worker_would_take(text: str) -> None:
    try:
        parse_email(text)
    except InvalidInput:
        return
    assert is_let_through({"email": text})


@pytest.mark.parametrize("text", ["", "siti", "siti@", "@contoh.example", "si ti@contoh.example", "a@b@contoh.example"])
def test_what_is_plainly_no_address_is_refused_at_once(text: str) -> None:
    assert not is_let_through({"email": text})
