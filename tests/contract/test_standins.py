"""The stand-ins themselves: what they keep in their books, and how they are told to behave."""

import json
import random
import time
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime

import pytest
import urllib3

from infra.local.standins.books import Rows
from infra.local.standins.lists import ListsStandIn
from infra.local.standins.messages import Reply
from infra.local.standins.population import PopulationStandIn
from infra.local.standins.scripted import ScriptedStandIn
from infra.local.standins.sendgrid import SendGridStandIn
from tests.contract.neighbours import Moment
from tests.contract.visitors import Opened, Visitor, opened_fixture, pool_fixture  # noqa: F401

# 23:30 in Jakarta, so that what takes an hour ends on the next day.
LATE = datetime(2026, 3, 2, 16, 30, tzinfo=UTC)


@pytest.fixture
def moment() -> Moment:
    return Moment(LATE)


@pytest.fixture
def lists(moment: Moment) -> ListsStandIn:
    return ListsStandIn(lambda _: (("DAPODIK", "<b>student"),), api_key="key", now=moment, chance=random.Random(7))


@pytest.fixture
def office(lists: ListsStandIn, opened: Opened) -> Visitor:
    return opened(lists)


def test_a_behaviour_is_set_as_a_whole_and_shown(office: Visitor) -> None:
    status, shown = office.ask("PUT", "/behaviour", {"outage": True, "slow_seconds": 2})
    assert (status, shown["outage"], shown["slow_seconds"], shown["html"]) == (200, True, 2, False)
    assert office.ask("GET", "/behaviour") == (200, shown)
    assert office.ask("PUT", "/behaviour", {})[1]["outage"] is False


@pytest.mark.parametrize(
    ("settings", "key"),
    [
        ({"outages": True}, "outages"),
        ({"outage": True, "<b>": 1}, "<b>"),
        ({"outage": 1}, "outage"),
        ({"outage": "true"}, "outage"),
        ({"hang_seconds": True}, "hang_seconds"),
        ({"hang_seconds": "5"}, "hang_seconds"),
        ({"hang_seconds": -1}, "hang_seconds"),
        ({"hang_seconds": float("nan")}, "hang_seconds"),
        ({"hang_seconds": float("inf")}, "hang_seconds"),
        ({"slow_share": 1.5}, "slow_share"),
        ({"next_calls": 1.5}, "next_calls"),
        ({"next_calls": -1}, "next_calls"),
        ({"outage": None}, "outage"),
    ],
    ids=str,
)
def test_a_behaviour_that_is_unknown_or_impossible_is_refused_by_name(
    office: Visitor, settings: dict[str, object], key: str
) -> None:
    office.ask("PUT", "/behaviour", {"refuse_key": True})
    status, refusal = office.ask("PUT", "/behaviour", settings)
    assert (status, refusal["key"]) == (400, key)
    assert key in refusal["error"]
    assert office.ask("GET", "/behaviour")[1]["refuse_key"] is True


@pytest.mark.parametrize("body", [b"", b"[]", b"{", b"null"])
def test_a_behaviour_is_an_object(office: Visitor, body: bytes) -> None:
    assert office.ask("PUT", "/behaviour", body)[0] == 400


def test_faults_for_the_next_calls_end_by_themselves(office: Visitor, lists: ListsStandIn) -> None:
    lists.behave(refuse_key=True, bare=True, next_calls=2)
    assert [office.match() for _ in range(3)] == [401, 401, 200]
    shown = office.ask("GET", "/behaviour")[1]
    assert (shown["next_calls"], shown["refuse_key"], shown["bare"]) == (0, False, True)


def test_only_calls_of_the_neighbour_count(office: Visitor, lists: ListsStandIn) -> None:
    lists.behave(outage=True, next_calls=1)
    assert [office.ask("GET", path)[0] for path in ("/health", "/books", "/", "/nowhere")] == [200, 200, 200, 404]
    with pytest.raises(urllib3.exceptions.HTTPError):
        office.match()
    assert office.match() == 200


def test_the_books_say_what_was_asked_and_done(office: Visitor, lists: ListsStandIn) -> None:
    office.match()
    lists.behave(refuse_key=True)
    office.match()
    _, books = office.ask("GET", "/books")
    assert [(row["no"], row["nik"], row["did"], row["status"]) for row in books["rows"]] == [
        (1, "3174015203950001", "1 matches", 200),
        (2, "3174015203950001", "refused", 401),
    ]
    assert books["totals"] == {"calls": 2, "did": {"1 matches": 1, "refused": 1}}
    assert books["rows"][0]["at"] == LATE.isoformat()


def test_the_books_are_read_page_by_page(office: Visitor) -> None:
    for _ in range(5):
        office.match()
    seen, after = [], 0
    while rows := office.ask("GET", f"/books?after={after}&limit=2")[1]["rows"]:
        seen += [row["no"] for row in rows]
        after = seen[-1]
    assert seen == [1, 2, 3, 4, 5]


@pytest.mark.parametrize("query", ["after=x", "after=-1", "limit=0", "limit=1001"])
def test_a_page_that_cannot_be_is_refused(office: Visitor, query: str) -> None:
    assert office.ask("GET", f"/books?{query}")[0] == 400


def test_old_rows_are_dropped_and_their_numbers_kept() -> None:
    rows = Rows(most=3)
    for number in range(10):
        rows.write({"n": number})
    assert [row["no"] for row in rows.all()] == [8, 9, 10]
    assert rows.page(0, 2) == {"rows": [{"no": 8, "n": 7}, {"no": 9, "n": 8}], "next": 9, "dropped": 7}
    assert rows.page(9, 2)["rows"] == [{"no": 10, "n": 9}]
    assert rows.page(10, 2) == {"rows": [], "next": 10, "dropped": 7}
    assert [row["no"] for row in rows.latest(2)] == [10, 9]


def test_totals_stay_exact_when_many_ask_at_once(office: Visitor) -> None:
    with ThreadPoolExecutor(20) as crowd:
        statuses = list(crowd.map(lambda _: office.match(), range(200)))
    assert statuses == [200] * 200
    assert office.ask("GET", "/books")[1]["totals"] == {"calls": 200, "did": {"1 matches": 200}}


def test_people_see_books_and_behaviour_on_a_page(office: Visitor) -> None:
    office.match()
    office.ask("POST", "/v1/match", {"nik": "<script>alert(1)</script>"}, authorization="Bearer key")
    status, page = office.ask("GET", "/")
    assert status == 200
    assert '<html lang="en">' in page
    assert '<input name="hang_seconds" type="number" step="any" value="0.0">' in page
    assert "3174015203950001" in page
    assert "<script>alert" not in page


def test_a_kept_connection_answers_at_once(office: Visitor) -> None:
    office.match()
    begun = time.perf_counter()
    for _ in range(20):
        office.match()
    # Nagle's algorithm would make each of them wait 40 ms.
    assert time.perf_counter() - begun < 0.6


def test_above_its_capacity_a_neighbour_slows_and_then_fails(
    office: Visitor, lists: ListsStandIn, moment: Moment
) -> None:
    # Its clock stands still: nobody is served while others come.
    lists.behave(capacity_per_second=10)
    begun = time.perf_counter()
    assert [office.match() for _ in range(3)] == [200] * 3
    assert time.perf_counter() - begun >= 0.1 + 0.2
    lists.behave(capacity_per_second=0.5)
    assert [office.match() for _ in range(2)] == [200, 503]
    moment.passes(seconds=3)
    assert office.match() == 200


def test_some_calls_are_slow(office: Visitor, lists: ListsStandIn) -> None:
    lists.behave(slow_share=0.2, slow_seconds=0.05)
    waits = []
    for _ in range(20):
        begun = time.perf_counter()
        office.match()
        waits.append(time.perf_counter() - begun)
    assert 1 <= sum(wait >= 0.05 for wait in waits) <= 10


def test_a_neighbour_comes_back_under_its_address_with_its_books(
    lists: ListsStandIn, office: Visitor, pool: urllib3.PoolManager
) -> None:
    office.match()
    lists.stop()
    with pytest.raises(urllib3.exceptions.HTTPError):
        office.match()
    lists.start(int(office.url.rsplit(":", 1)[1]))
    assert office.match() == 200
    assert lists.books.totals()["calls"] == 2


def test_a_body_without_end_is_refused(office: Visitor) -> None:
    assert office.ask("POST", "/v1/match", b"{}", **{"Content-Length": "9999999"})[0] == 413


def test_the_registry_counts_down_its_quota_and_begins_anew_at_midnight(moment: Moment, opened: Opened) -> None:
    registry = PopulationStandIn(
        lambda _: None, institution_id="i", user_id="u", password="p", caller_ip="ip", now=moment
    )
    registry.behave(quota_per_day=2)
    office = opened(registry)
    login = {"NIK": "3174015203950001", "user_id": "u", "password": "p", "IP_USER": "ip", "TRESHOLD": "90"}

    def left(**more: str) -> int:
        question = {**login, "NO_PROP": "31", **more}
        return int(office.ask("POST", "/dukcapil/get_json/i/CALL_VERIFY_BY_ELEMEN", question)[1]["quotaLimiter"])

    assert [left(), left(password="x"), left(), left()] == [1, 1, 0, 0]
    moment.passes(minutes=30)
    assert left() == 1
    assert registry.totals()["quota_used_today"] == 1
    assert "password" not in json.dumps(registry.books.rows.all())


def test_mails_are_kept_readable(moment: Moment, opened: Opened) -> None:
    office = opened(SendGridStandIn(api_key="key", now=moment))
    mail = {
        "personalizations": [{"to": [{"email": "siti@surel.example"}], "custom_args": {"send_key": "k"}}],
        "from": {"email": "a@b.example"},
        "subject": "Halo",
        "content": [{"type": "text/plain", "value": "Halo Siti"}],
    }
    assert office.ask("POST", "/v3/mail/send", mail, authorization="Bearer key")[0] == 202
    assert office.ask("POST", "/v3/mail/send", mail, authorization="Bearer other")[0] == 401
    assert office.ask("POST", "/v3/mail/send", {"personalizations": [7]}, authorization="Bearer key")[0] == 400
    (row,) = office.ask("GET", "/mails?after=0&limit=10")[1]["rows"]
    assert (row["to"], row["subject"], row["text"], row["send_key"]) == ("siti@surel.example", "Halo", "Halo Siti", "k")


def test_a_scripted_neighbour_says_its_lines_in_turn(moment: Moment, opened: Opened) -> None:
    office = opened(ScriptedStandIn(Reply(200, b"1"), Reply(500, b"2"), now=moment))
    assert [office.ask("POST", "/x")[0] for _ in range(3)] == [200, 500, 500]
