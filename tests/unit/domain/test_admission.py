"""The gate: turns are drawn, promises stand, and it goes on and off without flapping."""

from collections import Counter
from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from chalicelib.domain.admission import (
    BUSY_WAITING,
    CALM_WAITING,
    CROWDED_WAITING,
    LONGEST_SPREAD,
    SHORTEST_SPREAD,
    TICKET_LIVES,
    Gate,
    GateSetter,
    Ticket,
    armed,
    opened_ticket,
    seconds_until,
    spread_for,
    steered,
    ticket_for,
    turn_in,
)
from chalicelib.domain.errors import Conflict, InvalidInput
from tests.fakes import NOON, FakeIndexer

MINUTE = timedelta(minutes=1)
OPEN = Gate()


def on(waiting: int = BUSY_WAITING) -> Gate:
    return steered(OPEN, waiting=waiting, now=NOON)


def shares_of(gate: Gate, people: int) -> list[datetime]:
    indexer = FakeIndexer()
    return [turn_in(gate, indexer.derived("turn", f"{gate.opening}/{number}")) for number in range(people)]


def test_the_turns_of_ten_thousand_people_are_spread_evenly() -> None:
    gate = replace(on(), spread=timedelta(seconds=100))
    in_a_second = Counter(shares_of(gate, 10_000))
    assert max(in_a_second.values()) <= 2 * 10_000 / 100
    assert min(in_a_second) >= NOON
    assert max(in_a_second) < gate.ends_at  # type: ignore[operator]


def test_a_person_s_turn_is_the_same_however_often_they_ask() -> None:
    gate = on()
    assert shares_of(gate, 50) == shares_of(gate, 50)


def test_every_rush_draws_its_turns_anew() -> None:
    later = steered(OPEN, waiting=BUSY_WAITING, now=NOON + timedelta(hours=3))
    assert [turn - NOON for turn in shares_of(on(), 20)] != [
        turn - NOON - timedelta(hours=3) for turn in shares_of(later, 20)
    ]


@pytest.mark.parametrize("digest", [bytes(32), b"\xff" * 32])
def test_the_first_and_the_last_turn_lie_within_the_spread(digest: bytes) -> None:
    gate = on()
    assert gate.is_on(turn_in(gate, digest))


def test_an_open_gate_is_open() -> None:
    assert not OPEN.is_on(NOON)
    assert OPEN.ends_at is None


def test_the_gate_goes_on_by_load_and_ends_by_itself() -> None:
    assert not steered(OPEN, waiting=BUSY_WAITING - 1, now=NOON).is_on(NOON)
    gate = on()
    assert gate.is_on(NOON)
    assert gate.set_by is GateSetter.LOAD
    assert not gate.is_on(NOON + gate.spread)


def test_between_calm_and_busy_nothing_changes() -> None:
    """Off stays off, and what is on is held on: the gate does not flap."""
    between = (BUSY_WAITING + CALM_WAITING) // 2
    assert not steered(OPEN, waiting=between, now=NOON).is_on(NOON)
    almost_over = NOON + on().spread - timedelta(seconds=1)
    held = steered(on(), waiting=between, now=almost_over)
    assert held.opening == on().opening
    assert held.is_on(almost_over + MINUTE)


def test_a_calm_queue_lets_the_gate_end_when_it_was_to_end() -> None:
    calm = steered(on(), waiting=CALM_WAITING, now=NOON + MINUTE)
    assert calm.ends_at == on().ends_at


def test_a_spread_grows_with_the_crowd_and_never_shrinks() -> None:
    grown = steered(on(), waiting=10 * BUSY_WAITING, now=NOON + MINUTE)
    assert grown.spread > on().spread
    assert grown.began_at == on().began_at
    less = steered(grown, waiting=CALM_WAITING + 1, now=NOON + 2 * MINUTE)
    assert less.spread == grown.spread


@pytest.mark.parametrize(("waiting", "rate"), [(0, 0.0), (20_000, 2_000.0), (10**9, 10**6)])
def test_a_spread_is_neither_pointless_nor_endless(waiting: int, rate: float) -> None:
    assert SHORTEST_SPREAD <= spread_for(waiting, rate) <= LONGEST_SPREAD


def test_what_waits_and_what_is_expected_drain_within_the_spread() -> None:
    """100,000 wait and 3,000 a second come for five minutes: a million, at 2,000 a second."""
    assert spread_for(100_000, 3_000) == timedelta(seconds=500)


def test_how_fast_people_come_is_seen_from_two_looks() -> None:
    steady = steered(replace(OPEN, waiting=BUSY_WAITING, seen_at=NOON - MINUTE), waiting=BUSY_WAITING, now=NOON)
    growing = steered(replace(OPEN, waiting=0, seen_at=NOON - MINUTE), waiting=BUSY_WAITING, now=NOON)
    draining = steered(replace(OPEN, waiting=9 * BUSY_WAITING, seen_at=NOON - MINUTE), waiting=BUSY_WAITING, now=NOON)
    assert draining.spread < steady.spread < growing.spread


def test_proof_of_work_is_asked_of_a_crowd_only_and_then_to_the_end() -> None:
    assert not on().asks_proof
    crowded = steered(on(), waiting=CROWDED_WAITING, now=NOON + MINUTE)
    assert crowded.asks_proof
    assert steered(crowded, waiting=BUSY_WAITING, now=NOON + 2 * MINUTE).asks_proof


def test_what_staff_armed_for_later_stays_as_it_is() -> None:
    plan = armed(OPEN, begins_at=NOON + 5 * MINUTE, spread=10 * MINUTE, asks_proof=False, now=NOON)
    seen = steered(plan, waiting=CROWDED_WAITING, now=NOON + MINUTE)
    assert (seen.began_at, seen.spread, seen.set_by) == (NOON + 5 * MINUTE, 10 * MINUTE, GateSetter.STAFF)
    assert not seen.is_on(NOON + MINUTE)
    assert seen.is_on(NOON + 5 * MINUTE)


@pytest.mark.parametrize(("days", "code"), [(-1, "time_is_past"), (400, "gate_too_early")])
def test_the_gate_is_armed_for_a_time_to_come(days: int, code: str) -> None:
    with pytest.raises(InvalidInput) as refused:
        armed(OPEN, begins_at=NOON + timedelta(days=days), spread=MINUTE, asks_proof=False, now=NOON)
    assert (refused.value.code, refused.value.field) == (code, "begins_at")


def test_staff_may_lengthen_a_rush_that_is_on() -> None:
    later = NOON + 5 * MINUTE
    longer = armed(on(), begins_at=NOON, spread=20 * MINUTE, asks_proof=True, now=later)
    assert (longer.opening, longer.ends_at) == (on().opening, NOON + 20 * MINUTE)
    assert longer.is_on(later)


def test_a_spread_of_nothing_switches_the_gate_off() -> None:
    off = armed(on(), begins_at=NOON, spread=timedelta(0), asks_proof=False, now=NOON)
    assert not off.is_on(NOON)
    assert not off.is_to_come(NOON - MINUTE)


# --- Tickets ----------------------------------------------------------------------------------------------------------

PROOF = "p" * 43


def test_a_ticket_comes_back_as_it_was_written() -> None:
    ticket = ticket_for(on(), NOON + MINUTE, now=NOON)
    assert opened_ticket(f"{ticket.text}.{PROOF}") == (ticket, PROOF)
    assert ticket.expires_at == NOON + MINUTE + TICKET_LIVES


def test_a_ticket_for_a_turn_that_has_passed_lives_as_long() -> None:
    assert ticket_for(on(), NOON, now=NOON + 5 * MINUTE).expires_at == NOON + 5 * MINUTE + TICKET_LIVES


@pytest.mark.parametrize(
    "text",
    ["", "1", "1.2.3.4", f"2.1.1.1.{PROOF}", f"1.1.1.1.{PROOF}x", f"1.1.1.{'9' * 12}.{PROOF}", f"1.\u0661.1.1.{PROOF}"],
)
def test_what_is_no_ticket_is_refused(text: str) -> None:
    with pytest.raises(InvalidInput) as refused:
        opened_ticket(text)
    assert (refused.value.code, refused.value.field) == ("ticket_invalid", "ticket")


def test_a_ticket_for_the_end_of_time_is_opened_without_a_crash() -> None:
    ticket, _ = opened_ticket(f"1.{'9' * 11}.{'9' * 11}.{'9' * 11}.{PROOF}")
    assert isinstance(ticket, Ticket)


def test_whoever_waits_as_long_as_told_is_not_sent_away_again() -> None:
    assert seconds_until(NOON + timedelta(seconds=1.2), NOON) == 2
    assert seconds_until(NOON - MINUTE, NOON) == 0


def test_what_staff_switched_off_stays_off_for_an_hour_whatever_waits() -> None:
    off = armed(on(), begins_at=NOON, spread=timedelta(0), asks_proof=False, now=NOON)
    assert not steered(off, waiting=CROWDED_WAITING, now=NOON + MINUTE).is_on(NOON + MINUTE)
    later = NOON + timedelta(hours=1)
    assert steered(off, waiting=CROWDED_WAITING, now=later).is_on(later)


def test_a_gate_that_is_on_is_not_ended_by_a_plan_for_later() -> None:
    with pytest.raises(Conflict, match="gate_is_on"):
        armed(on(), begins_at=NOON + 30 * MINUTE, spread=MINUTE, asks_proof=False, now=NOON)
