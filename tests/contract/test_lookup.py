"""Our client of the education and social registers against their stand-in, over the wire."""

import json
from collections.abc import Iterator
from datetime import date, datetime, timedelta, timezone

import pytest

from chalicelib.adapters.http import JsonCaller
from chalicelib.adapters.registries.lookup import LookupRegistry
from chalicelib.domain.errors import Misconfigured, RegistryUnavailable
from chalicelib.domain.nik import Nik
from chalicelib.domain.verification import ListMatch
from infra.local.standins.lists import ListsStandIn
from infra.local.standins.messages import Reply
from infra.local.standins.scripted import ScriptedStandIn
from tests.contract.neighbours import (
    NOON,
    http_fixture,  # noqa: F401
)

STUDENT, NOBODY = Nik("3174015203050001"), Nik("3174015203950002")
BORN = date(2005, 3, 12)
ON_LISTS = {STUDENT: (("DAPODIK", "student"), ("PDDIKTI", "student"))}
MATCH = {"source": "DTKS", "active": True, "category": "social_aid", "as_of": "2026-01-31T10:00:00+07:00"}


@pytest.fixture
def office() -> Iterator[ListsStandIn]:
    office = ListsStandIn(lambda nik: ON_LISTS.get(Nik(nik), ()), api_key="key", now=lambda: NOON)
    yield office
    office.stop()


@pytest.fixture
def registry(office: ListsStandIn, http: JsonCaller) -> LookupRegistry:
    return LookupRegistry(office.start(), "key", http)


def asked(http: JsonCaller, content: object, status: int = 200) -> tuple[ListMatch, ...]:
    stand_in = ScriptedStandIn(Reply(status, json.dumps(content).encode()), now=lambda: NOON)
    try:
        return LookupRegistry(stand_in.start(), "key", http).look_up(STUDENT, BORN)
    finally:
        stand_in.stop()


def test_every_list_on_which_a_person_stands_is_told(registry: LookupRegistry) -> None:
    expected = tuple(ListMatch(source, category, NOON) for source, category in ON_LISTS[STUDENT])
    assert registry.look_up(STUDENT, BORN) == expected


def test_standing_on_no_list_is_an_answer(registry: LookupRegistry) -> None:
    assert registry.look_up(NOBODY, BORN) == ()


def test_a_match_that_has_ended_does_not_count(registry: LookupRegistry, office: ListsStandIn) -> None:
    office.behave(inactive=True)
    assert registry.look_up(STUDENT, BORN) == ()


def test_an_office_with_one_register_answers_without_a_list(registry: LookupRegistry, office: ListsStandIn) -> None:
    office.behave(bare=True)
    assert registry.look_up(STUDENT, BORN) == (ListMatch("DAPODIK", "student", NOON),)
    assert registry.look_up(NOBODY, BORN) == ()


@pytest.mark.parametrize(
    "fault",
    [
        {"outage": True},
        {"http_500": True},
        {"html": True},
        {"truncated": True},
        {"hang_seconds": 5},
        {"slow_share": 1, "slow_seconds": 5},
        {"rate_limited": True},
    ],
    ids=str,
)
def test_what_is_no_answer_puts_nobody_on_a_list_and_takes_nobody_off(
    registry: LookupRegistry, office: ListsStandIn, fault: dict[str, object]
) -> None:
    office.behave(**fault)
    with pytest.raises(RegistryUnavailable):
        registry.look_up(STUDENT, BORN)
    office.behave()
    assert len(registry.look_up(STUDENT, BORN)) == 2


def test_a_refused_key_is_ours_to_mend(office: ListsStandIn, http: JsonCaller) -> None:
    with pytest.raises(Misconfigured, match="registry_refuses_us"):
        LookupRegistry(office.start(), "other", http).look_up(STUDENT, BORN)


def test_a_forbidden_call_is_ours_to_mend(http: JsonCaller) -> None:
    with pytest.raises(Misconfigured, match="registry_refuses_us"):
        asked(http, {}, status=403)


@pytest.mark.parametrize(
    "content",
    [
        [],
        {},
        {"matches": {}},
        {"matches": [None]},
        {"matches": ["DTKS"]},
        {"matches": [{**MATCH, "active": "yes"}]},
        {"matches": [{**MATCH, "active": None}]},
        {"matches": [MATCH, {key: MATCH[key] for key in ("source", "category", "as_of")}]},
        {"matches": [{**MATCH, "category": "penerima bantuan <b>"}]},
        {"matches": [{**MATCH, "category": ""}]},
        {"matches": [{**MATCH, "category": None}]},
        {"matches": [{**MATCH, "source": "Data Terpadu"}]},
        {"matches": [{**MATCH, "source": 7}]},
        {"matches": [{**MATCH, "as_of": "kemarin"}]},
        {"matches": [{**MATCH, "as_of": None}]},
    ],
    ids=str,
)
def test_an_answer_that_is_not_understood_is_none(http: JsonCaller, content: object) -> None:
    with pytest.raises(RegistryUnavailable):
        asked(http, content)


@pytest.mark.parametrize("status", [201, 302, 400, 404, 500, 503])
def test_only_http_200_is_an_answer(http: JsonCaller, status: int) -> None:
    with pytest.raises(RegistryUnavailable):
        asked(http, {"matches": []}, status=status)


def test_sources_are_upper_case_and_categories_lower(http: JsonCaller) -> None:
    assert asked(http, {"matches": [{**MATCH, "source": "dtks", "category": "Social_Aid"}]})[0].source == "DTKS"
    assert asked(http, {**MATCH, "category": "Social_Aid"})[0].category == "social_aid"


def test_a_day_without_a_zone_is_jakartas(http: JsonCaller) -> None:
    (match,) = asked(http, {"matches": [{**MATCH, "as_of": "2026-01-31"}]})
    assert match.as_of == datetime(2026, 1, 31, tzinfo=timezone(timedelta(hours=7)))


def test_nik_and_birth_date_are_asked_with_our_key(http: JsonCaller) -> None:
    stand_in = ScriptedStandIn(Reply(200, b'{"matches": []}'), now=lambda: NOON)
    LookupRegistry(f"{stand_in.start()}/", "key", http).look_up(STUDENT, BORN)
    stand_in.stop()
    (request,) = stand_in.requests
    assert (request.path, request.headers["authorization"]) == ("/v1/match", "Bearer key")
    assert request.json_object() == {"nik": STUDENT, "birth_date": "2005-03-12"}
