"""The gate asks a crowd for work, is switched by staff and load, and never stands in the way by its own fault."""

from typing import Any

import pytest

from chalicelib import bootstrap
from chalicelib.adapters.aws_calls import CallFailed
from chalicelib.adapters.gate_look import GateLook
from chalicelib.domain.admission import GateSetter
from tests.integration.gate import BUDI, MINUTES, SITI, SOMEBODY, registered, solved, switched, ticket_of
from tests.integration.refusals import assert_refused
from tests.integration.samples import sample
from tests.integration.town import Town

# --- Proof of work ----------------------------------------------------------------------------------------------------


def test_a_crowd_works_for_its_tickets(town: Town) -> None:
    switched(town, proof=True)
    assert town.ask("GET", "/v1/gate").body["asks_proof_of_work"] is True
    solution = solved(town)
    ticket = ticket_of(town, altcha=solution)
    assert ticket_of(town, altcha=solution)["turn_at"] == ticket["turn_at"]  # again: the same turn, and no other
    with town.clock.later(minutes=MINUTES - 1):
        assert registered(town, ticket=ticket["ticket"]).status == 202


@pytest.mark.parametrize(
    ("altcha", "code"),
    [(None, "proof_missing"), ("", "proof_missing"), ("7", "proof_wrong"), ("bnVsbA==", "proof_wrong")],
)
def test_without_the_work_there_is_no_ticket(town: Town, altcha: str | None, code: str) -> None:
    switched(town, proof=True)
    body = {"email": SITI, "altcha": altcha}
    ask = lambda accepted: town.ask("POST", "/v1/gate/tickets", body, language=accepted)  # noqa: E731
    assert_refused(town, ask, (400, code, "altcha"))


def test_work_done_for_one_address_serves_no_other(town: Town) -> None:
    switched(town, proof=True)
    reply = town.ask("POST", "/v1/gate/tickets", {"email": BUDI, "altcha": solved(town)})
    assert (reply.status, reply.body["code"]) == (400, "proof_wrong")


# --- Switching, and a store that is down ------------------------------------------------------------------------------


def test_an_announced_opening_begins_by_itself(town: Town) -> None:
    switched(town, in_minutes=30)
    assert registered(town).status == 202
    with town.clock.later(minutes=30):
        assert town.ask("GET", "/v1/gate").body["state"] == "spread"


def test_a_spread_of_nothing_opens_the_gate(rush: Town) -> None:
    switched(rush, minutes=0)
    assert registered(rush, SOMEBODY).status == 202


def test_a_tick_looks_at_the_queue_and_leaves_the_gate_to_staff(rush: Town) -> None:
    rush.call("watch_gate", sample("schedules", "watch_gate", "good"))
    gate = bootstrap.gates().get()
    assert (gate.set_by, gate.seen_at) == (GateSetter.STAFF, rush.clock.now())


@pytest.mark.parametrize("failure", [CallFailed("GetItem"), TimeoutError()])
def test_registrations_go_on_while_the_gate_s_store_is_down(rush: Town, failure: Exception) -> None:
    asked = []

    def down(*_: Any) -> dict[str, Any]:
        asked.append(1)
        raise failure

    look = GateLook(down, rush.clock.now)
    with pytest.MonkeyPatch.context() as swap:
        swap.setattr(bootstrap, "gate_look", lambda: look)
        for number in range(20):
            assert registered(rush, f"orang{number}@contoh.example").status == 202
    assert len(asked) == 1


def test_the_indexing_keys_are_not_asked_for_while_the_gate_is_open(town: Town) -> None:
    def untouched() -> Any:
        raise AssertionError("a registration asked for the keys")

    with pytest.MonkeyPatch.context() as swap:
        swap.setattr(bootstrap, "indexer", untouched)
        assert registered(town).status == 202
