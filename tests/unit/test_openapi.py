"""The description of the API is valid, whole, and true to the routes."""

import json
from collections.abc import Iterator
from typing import Any

import pytest
from openapi_spec_validator import OpenAPIV31SpecValidator

from tests.architecture.conftest import alone

METHODS = {"get", "post", "put", "delete", "patch"}
# In a process of its own: the application takes the names of its tables from the environment when it is imported.
_TELL = """
import json
from app import app
from chalicelib.handlers.openapi import openapi_document
routes = []
for path, methods in app.routes.items():
    for method, entry in methods.items():
        name, door = entry.view_function.__name__, entry.view_function.door
        told = {"name": name, "access": door.access.name, "status": str(door.status.value)}
        routes.append({"path": path, "method": method.lower(), **told})
print(json.dumps({"document": openapi_document(app.routes), "routes": routes}))
"""


@pytest.fixture(scope="module")
def told() -> dict[str, Any]:
    found: dict[str, Any] = json.loads(alone("-c", _TELL))
    return found


@pytest.fixture
def document(told: dict[str, Any]) -> dict[str, Any]:
    found: dict[str, Any] = told["document"]
    return found


@pytest.fixture
def routes(told: dict[str, Any]) -> dict[tuple[str, str], dict[str, str]]:
    return {(route["path"], route["method"]): route for route in told["routes"]}


def operations(document: dict[str, Any]) -> dict[tuple[str, str], dict[str, Any]]:
    return {(path, method): each for path, methods in document["paths"].items() for method, each in methods.items()}


def references(node: Any) -> Iterator[str]:
    if isinstance(node, dict):
        if isinstance(node.get("$ref"), str):
            yield node["$ref"]
        for each in node.values():
            yield from references(each)
    if isinstance(node, list):
        for each in node:
            yield from references(each)


def resolved(document: dict[str, Any], reference: str) -> Any:
    """What a local reference points to; ``KeyError`` where it points nowhere."""
    assert reference.startswith("#/")
    found: Any = document
    for part in reference.removeprefix("#/").split("/"):
        found = found[part.replace("~1", "/").replace("~0", "~")]
    return found


def test_it_is_valid_openapi_3_1(document: dict[str, Any]) -> None:
    assert document["openapi"].startswith("3.1.")
    assert [error.message for error in OpenAPIV31SpecValidator(document).iter_errors()] == []


def test_the_validator_would_find_a_fault(document: dict[str, Any]) -> None:
    faulty = {**document, "paths": {**document["paths"], "/v1/me": {"get": {"responses": {"200": {}}}}}}
    assert [error.message for error in OpenAPIV31SpecValidator(faulty).iter_errors()]


def test_every_route_is_described_and_nothing_else(document: dict[str, Any], routes: dict[Any, Any]) -> None:
    assert operations(document).keys() == routes.keys()
    assert {method for _, method in operations(document)} <= METHODS


def test_every_reference_leads_somewhere(document: dict[str, Any]) -> None:
    found = set(references(document))
    assert found
    for reference in found:
        assert isinstance(resolved(document, reference), dict), reference


def test_every_schema_is_referred_to(document: dict[str, Any]) -> None:
    """A schema that nothing refers to is left over from a view that is gone."""
    known = {f"#/components/schemas/{name}" for name in document["components"]["schemas"]}
    assert known - set(references(document)) == set()


def test_every_operation_has_a_name_of_its_own_and_a_summary(document: dict[str, Any]) -> None:
    found = operations(document).values()
    names = [operation["operationId"] for operation in found]
    assert len(set(names)) == len(names)
    assert not [operation["operationId"] for operation in found if not operation["summary"].endswith(".")]


def test_an_operation_says_what_a_route_does(document: dict[str, Any], routes: dict[Any, dict[str, str]]) -> None:
    for place, operation in operations(document).items():
        assert operation["operationId"] == routes[place]["name"]
        assert operation["responses"].keys() == {routes[place]["status"], "default"}


SCHEMES = {
    "PUBLIC": [],
    "APPLICANT": ["session"],
    "STAFF": ["session"],
    "APPROVER": ["session"],
    "CASEWORKER": ["session"],
    "SIGNED_IN": ["session"],
    "PARTNER": ["signature"],
}


def test_an_operation_says_who_may_call_it(document: dict[str, Any], routes: dict[Any, dict[str, str]]) -> None:
    defined = document["components"]["securitySchemes"].keys()
    for place, operation in operations(document).items():
        asked = [name for scheme in operation["security"] for name in scheme]
        assert asked == SCHEMES[routes[place]["access"]], place
        assert set(asked) <= defined


def test_a_refusal_may_list_the_codes_of_its_reasons(document: dict[str, Any]) -> None:
    """Not in words: those are in the message."""
    refusal = document["components"]["schemas"]["Refusal"]
    assert refusal["properties"]["reasons"]["description"]
    assert "reasons" not in refusal["required"]


def test_path_parameters_are_those_of_the_path(document: dict[str, Any]) -> None:
    for (path, _), operation in operations(document).items():
        named = {each["name"] for each in operation.get("parameters", []) if each["in"] == "path"}
        assert named == {part[1:-1] for part in path.split("/") if part.startswith("{")}, path


def test_a_body_is_described_where_one_is_read(document: dict[str, Any]) -> None:
    with_body = {operation["operationId"] for operation in operations(document).values() if "requestBody" in operation}
    without = {operation["operationId"] for (_, method), operation in operations(document).items() if method != "get"}
    bodiless = {"close_session", "join", "renew", "watch_video", "discard", "take_sendgrid_notices"}
    bodiless |= {"let_payout_go", "cancel_payout", "repeat_payout_now", "ask_for_batches", "refuse_payout_batch"}
    bodiless |= {"take_bank_notices", "close_payout"}
    bodiless |= {"approve_to_correct", "begin_statement", "decline"}
    bodiless |= {"decline_to_clear", "demand", "refuse_to_correct", "stop_account"}
    assert without - with_body == bodiless


def test_no_example_is_a_real_persons_number(document: dict[str, Any]) -> None:
    """Examples are synthetic: the NIK of our own Budi, a phone number of zeros, an address that cannot be."""
    text = json.dumps(document)
    assert "3174054505950001" in text
    assert "contoh.example" in text
    assert "@gmail.com" not in text
