"""The gate before registrations, through the doors."""

from datetime import datetime, timedelta
from typing import Any

import pytest

from tests.integration.cast import CAST
from tests.integration.effects import Watch
from tests.integration.gate import BUDI, MINUTES, SITI, SOMEBODY, late_one, registered, switched, ticket_of
from tests.integration.refusals import assert_refused
from tests.integration.town import Reply, Town

TAKEN = {"message registrations-to-open"}


# --- Open -------------------------------------------------------------------------------------------------------------


def test_an_open_gate_is_told_and_no_ticket_is_needed(town: Town) -> None:
    gate = town.ask("GET", "/v1/gate")
    assert (gate.body["state"], gate.body["spread_ends_at"], gate.body["asks_proof_of_work"]) == ("open", None, False)
    ticket = ticket_of(town)
    assert (ticket["state"], ticket["ticket"], ticket["wait_seconds"]) == ("open", None, 0)
    assert registered(town).status == 202


def test_a_ticket_is_not_looked_at_while_the_gate_is_open(town: Town) -> None:
    assert registered(town, ticket="anything at all").status == 202


def test_the_page_and_the_gate_say_that_nobody_gains_by_being_first(town: Town) -> None:
    sentence, page = town.ask("GET", "/v1/gate").body["sentence"], town.ask("GET", "/register").text
    for words in ("yang lebih dulu tidak diuntungkan", "nobody gains by being first"):
        assert any(words in text.lower() for text in sentence.values())
    assert "Yang lebih dulu mendaftar tidak diuntungkan" in page
    assert "Nobody gains by being first" in page


# --- On ---------------------------------------------------------------------------------------------------------------


def test_the_state_may_be_kept_by_everybody_on_the_way_for_seconds(rush: Town) -> None:
    gate = rush.ask("GET", "/v1/gate")
    assert (gate.body["state"], gate.headers["cache-control"]) == ("spread", "public, max-age=5")
    assert datetime.fromisoformat(gate.body["spread_ends_at"]) == rush.clock.now() + timedelta(minutes=MINUTES)
    again = rush.ask("GET", "/v1/gate", **{"If-None-Match": gate.headers["etag"]})
    assert (again.status, again.text, again.headers["etag"]) == (304, "", gate.headers["etag"])
    assert int(again.headers["retry-after"]) > 0


def test_whoever_comes_without_a_ticket_is_told_when_to_come(rush: Town) -> None:
    email = late_one(rush)
    ask = lambda accepted: registered(rush, email, language=accepted)  # noqa: E731
    assert_refused(rush, ask, (429, "turn_not_come", "ticket"))
    assert int(registered(rush, email).headers["retry-after"]) == ticket_of(rush, email)["wait_seconds"]


def test_a_turn_that_has_not_come_is_waited_for_and_then_taken(rush: Town) -> None:
    email = late_one(rush)
    ticket = ticket_of(rush, email)
    early = registered(rush, email, ticket=ticket["ticket"])
    assert (early.status, int(early.headers["retry-after"])) == (429, ticket["wait_seconds"])
    watch = Watch(rush.memory)
    with rush.clock.later(seconds=ticket["wait_seconds"]):
        assert registered(rush, email, ticket=ticket["ticket"]).status == 202
    assert watch.effects() == TAKEN


def test_asking_again_gains_nothing_and_writes_nothing(rush: Town) -> None:
    watch = Watch(rush.memory)
    turns = {ticket_of(rush, email)["turn_at"] for email in (SITI, "Siti+2@CONTOH.example", SITI)}
    assert len(turns) == 1
    assert watch.effects() == set()


def test_after_the_spread_everyone_passes(rush: Town) -> None:
    with rush.clock.later(minutes=MINUTES):
        assert registered(rush, SOMEBODY).status == 202
        assert rush.ask("GET", "/v1/gate").body["state"] == "open"


def test_another_s_ticket_does_not_let_in(rush: Town) -> None:
    ticket = ticket_of(rush, BUDI)["ticket"]
    with rush.clock.later(minutes=MINUTES - 1):
        ask = lambda accepted: registered(rush, SITI, language=accepted, ticket=ticket)  # noqa: E731
        assert_refused(rush, ask, (400, "ticket_invalid", "ticket"))


def test_an_expired_ticket_does_not_let_in(rush: Town) -> None:
    ticket = ticket_of(rush)["ticket"]
    with rush.clock.later(hours=3):
        switched(rush)
        ask = lambda accepted: registered(rush, language=accepted, ticket=ticket)  # noqa: E731
        assert_refused(rush, ask, (400, "ticket_expired", "ticket"))


@pytest.mark.parametrize("ticket", ["", "1", "1.2.3", "<script>", "1.1.1.1." + "A" * 43, "💥" * 50])
def test_what_is_no_ticket_is_refused_and_never_a_crash(rush: Town, ticket: str) -> None:
    reply = registered(rush, late_one(rush), ticket=ticket)
    assert reply.status in (400, 429)
    assert reply.body["code"] in ("ticket_invalid", "turn_not_come")
    assert len(ticket) < 6 or ticket not in reply.text


@pytest.mark.parametrize("path", ["/v1/gate/tickets", "/v1/gate/challenges"])
@pytest.mark.parametrize(
    ("body", "code", "field"),
    [
        ({"email": "siti"}, "email_invalid", "email"),
        ({}, "field_missing", "email"),
        ({"email": 7}, "field_not_text", "email"),
        ({"email": SITI, "turn_at": "now"}, "field_unknown", "turn_at"),
        ({"email": "a" * 321}, "field_too_long", "email"),
        (b"{", "json_invalid", None),
    ],
)
def test_a_slip_is_told_in_both_languages(rush: Town, path: str, body: Any, code: str, field: str | None) -> None:
    assert_refused(rush, lambda accepted: rush.ask("POST", path, body, language=accepted), (400, code, field))


def test_known_and_unknown_addresses_are_answered_alike(rush: Town) -> None:
    known, unknown = CAST["zahra"].email, "belum.pernah@contoh.example"
    tickets = {email: ticket_of(rush, email) for email in (known, unknown)}
    assert {key: type(each) for key, each in tickets[known].items()} == {
        key: type(each) for key, each in tickets[unknown].items()
    }
    assert len(tickets[known]["ticket"]) == len(tickets[unknown]["ticket"])
    with rush.clock.later(minutes=MINUTES, seconds=-1):
        replies = [registered(rush, email, ticket=ticket["ticket"]) for email, ticket in tickets.items()]
    told = [(reply.status, reply.text, without_id(reply)) for reply in replies]
    assert told[0] == told[1]
    assert told[0][0] == 202


def without_id(reply: Reply) -> dict[str, str]:
    return {name: value for name, value in reply.headers.items() if name != "x-correlation-id"}
