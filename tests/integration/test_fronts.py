"""What the other fronts bring is what the functions take (``docs/decisions/0008-four-fronts.md``)."""

import json
from typing import Any

import pytest

from infra.fronts.mapping import REQUEST_TEMPLATE
from tests.architecture.gateway import form_of
from tests.integration.effects import Watch
from tests.integration.expected import EFFECTS
from tests.integration.samples import sample
from tests.integration.town import NOTHING_FAILED, Town


def by_the_gateway(email: str) -> dict[str, Any]:
    """The good sample's event, with a message that the gateway of ``direct-queue`` wrote."""
    (record,) = sample("queues", "open_accounts", "good")["Records"]
    text = form_of(REQUEST_TEMPLATE, json.dumps({"email": email}))["MessageBody"]
    return {"Records": [{**record, "body": text}]}


def by_an_http_api(event: dict[str, Any]) -> dict[str, Any]:
    """A sample (a REST API's event) with what differs in payload format 1.0 of an HTTP API behind a named stage."""
    path, stage = event["path"], "dev"
    context = event["requestContext"] | {"path": f"/{stage}{path}", "stage": stage, "requestId": "JKJaXmPLvHcESHA="}
    context["resourceId"] = f"{event['httpMethod']} {event['resource']}"
    headers = {name.lower(): value for name, value in event["headers"].items() if name != "X-Correlation-Id"}
    several = {name: [value] for name, value in headers.items()}
    changed = {"version": "1.0", "path": f"/{stage}{path}", "headers": headers, "multiValueHeaders": several}
    return {**event, **changed, "requestContext": context}


def test_the_worker_opens_an_account_by_the_gateway_s_message(town: Town) -> None:
    watch = Watch(town.memory)
    assert town.call("open_accounts", by_the_gateway(" Siti@CONTOH.example ")) == NOTHING_FAILED
    assert watch.effects() == EFFECTS["open_accounts"]


def test_it_is_the_account_that_the_function_s_message_opens(town: Town) -> None:
    town.call("open_accounts", sample("queues", "open_accounts", "good"))
    watch = Watch(town.memory)
    town.call("open_accounts", by_the_gateway(" Siti@CONTOH.example "))
    changed = {after["kind"]["S"]: (before, after) for before, after in watch.changed()}
    before, after = changed["account"]
    assert before["id"] == after["id"]
    assert set(changed) == {"account", "bucket"}  # known: one of the mails that may be asked for is taken


@pytest.mark.parametrize("text", ["", "siti", "a@b", '"@contoh.example', "siti@\ud800.id", "$email", "x" * 65_536])
def test_the_worker_itself_refuses_what_is_no_address(town: Town, text: str) -> None:
    """Dropped, not failed: else anybody could fill the dead-letter queue and ring its alarm."""
    watch = Watch(town.memory)
    assert town.call("open_accounts", by_the_gateway(text)) == NOTHING_FAILED
    assert watch.effects() == set()


@pytest.mark.parametrize(
    "door", ["register", "show_course", "join", "list_waves", "show_docs", "show_gate", "take_turn"]
)
def test_chalice_finds_the_view_of_an_http_api_s_event(town: Town, door: str) -> None:
    event = sample("api", door, "good")
    view: Any = town.app.routes[event["resource"]][event["httpMethod"]].view_function
    reply = town.invoke(by_an_http_api(event))
    assert reply.status == view.door.status, reply.text
