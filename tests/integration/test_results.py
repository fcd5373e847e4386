"""From the announced draw to awards, places passed on and receipts, through the doors."""

import base64
import hashlib
from typing import Any

import pytest

from chalicelib import bootstrap
from chalicelib.domain.identifiers import WaveNumber
from chalicelib.domain.verification import Check, Outcome, Registry
from chalicelib.domain.waves import EntryState, WaveEntry
from chalicelib.use_cases.selection import names
from tests.builders import a_wave, an_entry
from tests.drawn import drawn_wave
from tests.integration.cast import CAST, CLOSED_WAVE, DRAWN_WAVE, NOON, Person
from tests.integration.test_eligibility import learns
from tests.integration.town import Town

EKA, GITA, HANA, ULFA, FITRI = (CAST[name] for name in ("eka", "gita", "hana", "ulfa", "fitri"))
WAVE = 9
TOLD = {
    *("wave", "attempt", "pseudonym", "province", "group", "class", "in_families", "state", "reason"),
    *("frozen_root", "seed", "ticket", "cut_off", "rank", "standing", "places", "odds_permille", "proof"),
}


def receipt(town: Town, person: Person, wave: int) -> dict[str, Any]:
    reply = town.ask("GET", f"/v1/me/waves/{wave}/receipt", token=person.token)
    assert reply.status == 200, reply.text
    assert reply.headers["cache-control"] == "private, no-store"
    assert set(reply.body) == TOLD
    return reply.body


def entry(person: Person, wave: int) -> WaveEntry:
    (found,) = bootstrap.waves().entries_of(person.id, [WaveNumber(wave)])
    return found


def one_place_for_two() -> list[Person]:
    """Eka and Gita, the one who is ahead first. The wave is announced, and nothing follows from it yet."""
    people = {person.id: person for person in (EKA, GITA)}
    entries = [an_entry(n, WAVE, applicant_id=id, family=f"1.{n}") for n, id in enumerate(people, start=1)]
    files = bootstrap.draw_files()
    drawn_wave(a_wave(WAVE), entries, {"31": 1}, waves=bootstrap.waves(), files=files)
    winner = files.read(names.winners_name(WaveNumber(WAVE), 1, "31")).hex()
    ahead = sorted(entries, key=lambda each: each.pseudonym != winner)
    return [people[each.applicant_id] for each in ahead]


def climb(leaf: bytes, steps: list[tuple[str, str]]) -> bytes:
    for side, text in steps:
        sibling = bytes.fromhex(text)
        leaf = hashlib.sha256(b"\x01" + (sibling + leaf if side == "left" else leaf + sibling)).digest()
    return leaf


def test_ones_own_place_can_be_checked_with_nothing_but_the_receipt(town: Town) -> None:
    told = receipt(town, HANA, DRAWN_WAVE)
    assert (told["state"], told["reason"], told["province"], told["class"]) == ("chosen", None, "31", 1)
    words = bytes.fromhex(told["seed"]) + (1).to_bytes(4, "big") + bytes.fromhex(told["pseudonym"])
    assert told["ticket"] == hashlib.sha256(words).hexdigest() <= told["cut_off"]
    assert 1 <= told["rank"] <= told["places"] == told["standing"]
    assert told["odds_permille"] == 1000
    page, proof = base64.b64decode(told["proof"]["page"]), told["proof"]
    assert bytes.fromhex(told["pseudonym"]) in [page[start : start + 16] for start in range(0, len(page), 18)]
    root = climb(hashlib.sha256(b"\x00" + page).digest(), proof["steps_to_province"])
    top = climb(hashlib.sha256(b"\x00" + b"31" + root).digest(), proof["steps_to_root"])
    assert top.hex() == told["frozen_root"]


def test_before_the_draw_a_receipt_says_that_one_joined(town: Town) -> None:
    told = receipt(town, FITRI, CLOSED_WAVE)
    assert told["state"] == "joined"
    assert told["pseudonym"] == entry(FITRI, CLOSED_WAVE).pseudonym
    assert {name for name in TOLD if told[name] is None} == TOLD - {
        *("wave", "attempt", "pseudonym", "province", "group", "class", "in_families", "state")
    }


def test_whoever_was_excluded_is_told_why(town: Town) -> None:
    told = receipt(town, ULFA, DRAWN_WAVE)
    assert (told["state"], told["reason"]) == ("excluded", "blocklist")
    assert told["rank"]


@pytest.mark.parametrize(("wave", "code"), [(CLOSED_WAVE, "wave_not_joined"), (77, "wave_unknown")])
def test_there_is_no_receipt_of_a_wave_that_one_did_not_join(town: Town, wave: int, code: str) -> None:
    reply = town.ask("GET", f"/v1/me/waves/{wave}/receipt", token=HANA.token)
    assert (reply.status, reply.body["code"], reply.body["field"]) == (404, code, "number")


def test_the_winner_is_awarded_and_the_other_is_told(town: Town) -> None:
    first, second = one_place_for_two()
    town.settle()
    membership = bootstrap.memberships().get(first.id)
    assert membership
    assert membership.wave == WAVE
    assert (entry(second, WAVE).state, entry(second, WAVE).reason) == (EntryState.NOT_CHOSEN, "not_drawn")
    assert bootstrap.memberships().get(second.id) is None
    assert receipt(town, second, WAVE)["rank"] == 2


def test_a_place_that_falls_free_is_awarded_to_the_next_ticket(town: Town) -> None:
    """The first was found on the blocklist after joining."""
    first, second = one_place_for_two()
    learns(first, Registry.LISTS, Check(Outcome.PASSED, ("blocklist:PEMERIKSA",), NOON))
    town.settle()
    assert (entry(first, WAVE).state, entry(first, WAVE).reason) == (EntryState.EXCLUDED, "blocklist")
    assert bootstrap.memberships().get(first.id) is None
    assert entry(second, WAVE).state is EntryState.CHOSEN
    assert bootstrap.memberships().get(second.id)
    assert receipt(town, second, WAVE)["state"] == "chosen"
    assert bootstrap.places().lapsed(WaveNumber(WAVE)) == 0


def test_a_place_that_nobody_may_have_lapses(town: Town) -> None:
    people = one_place_for_two()
    for person in people:
        learns(person, Registry.LISTS, Check(Outcome.PASSED, ("blocklist:PEMERIKSA",), NOON))
    town.settle()
    assert {entry(person, WAVE).state for person in people} == {EntryState.EXCLUDED}
    assert bootstrap.places().lapsed(WaveNumber(WAVE)) == 1
