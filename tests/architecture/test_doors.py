"""Doors: how work enters. Each handler module is a cold start of its own and every route says who may call it."""

import json
from concurrent.futures import ThreadPoolExecutor

import pytest

from tests.architecture.conftest import ROOT, Json, alone

PUBLIC = {
    "POST /v1/registrations",
    "GET /v1/gate",
    "POST /v1/gate/challenges",
    "POST /v1/gate/tickets",
    "POST /v1/mail-notices/sendgrid",  # to whoever has SendGrid's key
    "POST /v1.0/transfer/notify",  # to whoever has the bank's
    "POST /v1/email-verifications",
    "POST /v1/sessions",
    "GET /v1/waves",
    "GET /v1/waves/{number}",
    "GET /v1/waves/{number}/draw",
    "GET /v1/receipt-keys",
    "GET /v1/courses",
    "GET /v1/courses/{code}",
    "GET /openapi.json",
    "GET /docs",
    "GET /",
    "GET /register",
    "GET /verify",
    "GET /attend",
    "GET /draws",
    "GET /verify_draw.py",
    "GET /health",
}
"""Whoever adds a line here lets everybody in."""

PARTNER_PATHS = "/api/v1/integration/"
STAFF_PATHS = "/v1/staff/"

HEAVY = {"PIL", "app", "argon2", "boto3", "botocore", "cryptography", "cv2", "jinja2", "numpy", "pynamodb"}
"""Wanted by some functions only, at their first call."""

MODULES = sorted(path.stem for path in (ROOT / "chalicelib/handlers").glob("*.py") if "Blueprint(" in path.read_text())


@pytest.fixture(scope="session")
def imported() -> dict[str, set[str]]:
    """By handler module: all that importing it alone brings in."""
    with ThreadPoolExecutor(max_workers=4) as pool:
        return dict(zip(MODULES, pool.map(_imported, MODULES), strict=True))


def _imported(module: str) -> set[str]:
    lines = f"import sys, json, chalicelib.handlers.{module}", "print(json.dumps(list(sys.modules)))"
    return {name.partition(".")[0] for name in json.loads(alone("-c", "; ".join(lines)))}


def test_every_feature_has_its_handler_module(survey: Json) -> None:
    used = {each["module"].rpartition(".")[2] for each in survey["routes"]}
    used |= {each["handler"].split(".")[-2] for each in survey["sources"]}
    assert used == set(MODULES)


@pytest.mark.parametrize("module", MODULES)
def test_a_handler_module_imports_alone_and_light(module: str, imported: dict[str, set[str]]) -> None:
    assert "chalicelib" in imported[module]
    assert not imported[module] & HEAVY


def test_every_route_says_who_may_call_it(survey: Json) -> None:
    assert not [each["route"] for each in survey["routes"] if each["access"] is None]


def test_the_public_routes_are_those_on_the_list(survey: Json) -> None:
    assert {each["route"] for each in survey["routes"] if each["access"] == "PUBLIC"} == PUBLIC


def test_paths_of_staff_and_partners_are_for_them_alone(survey: Json) -> None:
    for each in survey["routes"]:
        path = each["route"].partition(" ")[2]
        assert (each["access"] == "PARTNER") == path.startswith(PARTNER_PATHS), each
        assert (each["access"] in ("STAFF", "APPROVER", "CASEWORKER")) == path.startswith(STAFF_PATHS), each


def test_whoever_is_signed_in_may_end_their_session_and_nothing_else(survey: Json) -> None:
    """All else is done as an applicant or for the programme."""
    assert [each["route"] for each in survey["routes"] if each["access"] == "SIGNED_IN"] == [
        "DELETE /v1/sessions/current"
    ]


def test_a_decorated_view_keeps_its_name(survey: Json) -> None:
    assert not [each for each in survey["routes"] if each["name"] != each["view"]]


def test_a_decorated_function_keeps_its_name(survey: Json) -> None:
    """Without ``functools.wraps`` two queues would be deployed to one ``handle_batch``."""
    handlers = [each["handler"] for each in survey["sources"]]
    assert len(set(handlers)) == len(handlers)
    assert all(each["name"] == each["handler"].rpartition(".")[2] for each in survey["sources"])
    # What Chalice leaves under the name is its own wrapper, called as Lambda calls: event and context.
    assert all(each["is_callable"] and each["takes"] == ["event", "context"] for each in survey["sources"])


def test_no_two_doors_share_a_name(survey: Json) -> None:
    names = [each["name"] for each in (*survey["sources"], *survey["routes"])]
    assert len(set(names)) == len(names)
