"""A turn belongs to a person: whoever carries its ticket, from whatever device, however the address is spelt."""

from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from chalicelib.domain.admission import BUSY_WAITING, TICKET_LIVES, Gate, steered
from chalicelib.domain.errors import InvalidInput, TooManyAttempts
from chalicelib.use_cases.admission.check_turn import check_turn
from chalicelib.use_cases.admission.issue_ticket import issue_ticket
from chalicelib.use_cases.admission.pose_challenge import PUZZLE_LIVES, pose_challenge
from tests.fakes import NOON, World

SITI = "siti.rahma@gmail.com"
BUDI = "budi@contoh.example"
GATE = steered(Gate(), waiting=BUSY_WAITING, now=NOON)
CROWDED = replace(GATE, asks_proof=True)


def ticket_of(world: World, email: str = SITI, gate: Gate = GATE, solution: str | None = None) -> tuple[datetime, str]:
    issued = issue_ticket(email, solution, gate, puzzles=world.puzzles, indexer=world.indexer, clock=world.clock)
    assert issued is not None
    return issued[0].turn_at, issued[1]


def check(world: World, ticket: str | None, email: str = SITI, gate: Gate = GATE) -> None:
    check_turn(email, ticket, gate, indexer=world.indexer, clock=world.clock)


def waiting_told(world: World, ticket: str | None, gate: Gate = GATE) -> int:
    with pytest.raises(TooManyAttempts) as refused:
        check(world, ticket, gate=gate)
    assert refused.value.code == "turn_not_come"
    seconds = refused.value.details["retry_after_seconds"]
    assert isinstance(seconds, int)
    return seconds


def refusal(world: World, ticket: str, email: str = SITI) -> tuple[str, str | None]:
    with pytest.raises(InvalidInput) as refused:
        check(world, ticket, email)
    return refused.value.code, refused.value.field


def test_every_tab_device_and_spelling_gets_the_same_turn(world: World) -> None:
    first = ticket_of(world)
    world.clock.passes(seconds=2)
    assert ticket_of(world, "SitiRahma+lomba@googlemail.com")[0] == first[0]


def test_two_people_have_turns_of_their_own(world: World) -> None:
    assert ticket_of(world)[0] != ticket_of(world, BUDI)[0]


def test_a_ticket_lets_in_from_its_turn_on_and_not_before(world: World) -> None:
    turn, ticket = ticket_of(world)
    seconds = waiting_told(world, ticket)
    world.clock.passes(seconds=seconds - 1)
    assert waiting_told(world, ticket) == 1
    world.clock.passes(seconds=1)
    assert world.clock.now() >= turn
    check(world, ticket)
    world.clock.passes(minutes=30)
    check(world, ticket)  # whoever was called away comes later


def test_whoever_brings_no_ticket_is_told_when_their_turn_is(world: World) -> None:
    turn, _ = ticket_of(world)
    assert NOON + timedelta(seconds=waiting_told(world, None)) == turn
    world.clock.moves_to(turn)
    assert waiting_told(world, None) == 1  # a ticket is still to be had first


def test_a_promised_turn_stands_when_the_spread_grows(world: World) -> None:
    turn, ticket = ticket_of(world)
    world.clock.moves_to(turn)
    grown = replace(GATE, spread=timedelta(hours=1))
    check(world, ticket, gate=grown)
    assert waiting_told(world, None, gate=grown) > 1, "whose turn was not promised waits longer now"


def test_a_turn_that_was_waited_for_counts_in_the_next_rush(world: World) -> None:
    turn, ticket = ticket_of(world)
    world.clock.moves_to(turn + timedelta(hours=1))
    next_rush = steered(Gate(), waiting=BUSY_WAITING, now=world.clock.now())
    check(world, ticket, gate=next_rush)
    assert waiting_told(world, None, gate=next_rush) > 1, "whoever has not waited waits"


def test_an_old_ticket_is_refused(world: World) -> None:
    turn, ticket = ticket_of(world)
    world.clock.moves_to(turn + TICKET_LIVES)
    assert refusal(world, ticket) == ("ticket_expired", "ticket")


def test_another_s_ticket_is_refused(world: World) -> None:
    _, ticket = ticket_of(world, BUDI)
    assert refusal(world, ticket) == ("ticket_invalid", "ticket")


@pytest.mark.parametrize("part", [1, 2, 3])
def test_a_ticket_that_was_tampered_with_is_refused(world: World, part: int) -> None:
    parts = ticket_of(world)[1].split(".")
    parts[part] = str(int(parts[part]) - 3600)
    assert refusal(world, ".".join(parts)) == ("ticket_invalid", "ticket")


def test_a_ticket_does_not_tell_whose_it_is(world: World) -> None:
    _, ticket = ticket_of(world)
    assert "siti" not in ticket
    assert "@" not in ticket
    assert world.indexer.index("email", "sitirahma@gmail.com") not in ticket


def test_a_wrong_address_is_told_before_anything_else(world: World) -> None:
    assert refusal(world, ticket_of(world)[1], "siti di contoh") == ("email_invalid", "email")
    with pytest.raises(InvalidInput):
        issue_ticket("siti", None, Gate(), puzzles=world.puzzles, indexer=world.indexer, clock=world.clock)


def test_nobody_needs_a_ticket_while_the_gate_is_open(world: World) -> None:
    for gate in (Gate(), replace(GATE, spread=timedelta(0))):
        assert not issue_ticket(SITI, None, gate, puzzles=world.puzzles, indexer=world.indexer, clock=world.clock)


# --- Proof of work ----------------------------------------------------------------------------------------------------


def solved(world: World, email: str = SITI) -> str:
    """The fake's puzzles are solved by their salt."""
    return pose_challenge(email, puzzles=world.puzzles, indexer=world.indexer, clock=world.clock).salt


def proof_refused(world: World, solution: str | None) -> str:
    with pytest.raises(InvalidInput) as refused:
        ticket_of(world, gate=replace(CROWDED, spread=timedelta(hours=1)), solution=solution)
    assert refused.value.field == "altcha"
    return refused.value.code


def test_a_crowd_works_for_its_tickets(world: World) -> None:
    assert proof_refused(world, None) == "proof_missing"
    assert proof_refused(world, "7") == "proof_wrong"
    assert ticket_of(world, gate=CROWDED, solution=solved(world))[0] == ticket_of(world)[0]


def test_a_solution_serves_one_address_only(world: World) -> None:
    assert proof_refused(world, solved(world, BUDI)) == "proof_wrong"


def test_a_solution_does_not_keep(world: World) -> None:
    solution = solved(world)
    world.clock.passes(seconds=PUZZLE_LIVES.total_seconds())
    assert proof_refused(world, solution) == "proof_wrong"


def test_the_ticket_is_all_that_registering_looks_at(world: World) -> None:
    turn, ticket = ticket_of(world, gate=CROWDED, solution=solved(world))
    world.clock.moves_to(turn)
    check(world, ticket, gate=CROWDED)
    assert waiting_told(world, None, gate=CROWDED) == 1


def test_without_work_nobody_is_told_their_turn(world: World) -> None:
    """Else one could ask for many addresses which of them has the earliest."""
    assert waiting_told(world, None, gate=GATE) > 1
    assert waiting_told(world, None, gate=CROWDED) == 1
