"""Tell somebody where they stand in a wave, with the proof of it: checked here by what ``docs/draw.md`` says."""

import hashlib
import json
import random
from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from chalicelib.domain.errors import Misconfigured, NotFound
from chalicelib.domain.identifiers import WaveNumber
from chalicelib.domain.selection.wave_receipts import Lot, Standing, WaveReceipt
from chalicelib.domain.waves import SHARDS, EntryEvent, WaveEntry, WaveState, move_entry
from chalicelib.use_cases.selection import names
from chalicelib.use_cases.selection.kept_outcomes import KeptOutcomes
from chalicelib.use_cases.selection.read_wave_receipt import read_wave_receipt
from chalicelib.use_cases.selection.record_results import record_results
from tests.builders import an_applicant_id, an_entry
from tests.fakes import World
from tests.unit.use_cases.selection import drawing

NUMBER = WaveNumber(1)
PEOPLE = 700
PRIORITIES: dict[str, Any] = {"quota": 120, "groups": ("laid_off",), "reserved_permille": {"women": 500}}


def people() -> list[WaveEntry]:
    """Three provinces, two groups, and one family of four of which two may stand."""
    chance = random.Random(7)
    entries = []
    for number in range(1, PEOPLE + 1):
        province = "32" if number > 200 else "31" if number > 4 else "11"
        entries.append(
            an_entry(number, province_code=province, group=chance.randrange(2), is_woman=chance.random() < 0.4)
        )
    kin = entries[3].family_pseudonym
    return [replace(each, family_pseudonym=kin) if n < 4 else each for n, each in enumerate(entries)]


@pytest.fixture(scope="module")
def drawn() -> World:
    """Drawn by the platform itself, piece by piece."""
    return announced(people(), **PRIORITIES)


def announced(entries: Sequence[WaveEntry], **changes: Any) -> World:
    """Drawn, announced, and every result recorded."""
    world = drawing.closed(entries, **changes)
    world.waves.save(replace(drawing.draw(world), state=WaveState.ANNOUNCED))
    outcomes = KeptOutcomes(world.draw_files)
    for shard in range(SHARDS):
        record_results(NUMBER, shard, waves=world.waves, outcomes=outcomes, messages=world.messages, clock=world.clock)
    return world


def read(world: World, number: int) -> WaveReceipt:
    return read_wave_receipt(an_applicant_id(number), NUMBER, waves=world.waves, files=world.draw_files)


def published(world: World) -> tuple[dict[str, Any], dict[str, Any]]:
    frozen = world.draw_files.published(names.frozen_name(NUMBER)) or b""
    record = world.draw_files.published(names.draw_record_name(NUMBER, 1)) or b""
    return json.loads(frozen.split(b"\n")[1]), json.loads(record.split(b"\n")[0])


def climb(leaf: bytes, steps: Any) -> bytes:
    for side, sibling in steps:
        leaf = hashlib.sha256(b"\x01" + (sibling + leaf if side == "left" else leaf + sibling)).digest()
    return leaf


def test_everybody_finds_their_row_under_the_published_root(drawn: World) -> None:
    frozen, _ = published(drawn)
    for number in range(1, PEOPLE + 1, 13):
        receipt = read(drawn, number)
        assert receipt.listing
        proof, province = receipt.listing.proof, receipt.entry.province_code
        rows = [proof.page[start : start + 18] for start in range(0, len(proof.page), 18)]
        (row,) = [row for row in rows if row[:16].hex() == receipt.entry.pseudonym]
        assert row[16] == receipt.entry.group == receipt.listing.group
        assert row[17] & 3 == receipt.listing.class_
        root = climb(hashlib.sha256(b"\x00" + proof.page).digest(), proof.steps_to_province)
        assert root.hex() == frozen["provinces"][province]["root"]
        top = climb(hashlib.sha256(b"\x00" + province.encode() + root).digest(), proof.steps_to_root)
        assert top.hex() == frozen["root"] == receipt.wave.frozen_root


def test_ranks_are_those_of_the_tickets_and_the_first_of_them_won(drawn: World) -> None:
    _, record = published(drawn)
    lots: dict[tuple[str, int, bool], list[tuple[bytes, int, Lot]]] = {}
    for number in range(1, PEOPLE + 1):
        receipt = read(drawn, number)
        assert receipt.lot
        entry = receipt.entry
        words = bytes.fromhex(record["seed"]) + (1).to_bytes(4, "big") + bytes.fromhex(entry.pseudonym)
        assert receipt.lot.ticket == hashlib.sha256(words).digest()
        if receipt.lot.rank is not None:
            key = (entry.province_code, entry.group, entry.is_woman)
            lots.setdefault(key, []).append((receipt.lot.ticket, receipt.lot.rank, receipt.lot))
    won = 0
    for stratum in lots.values():
        assert [rank for _, rank, _ in sorted(stratum)] == list(range(1, len(stratum) + 1))
        lot = stratum[0][2]
        assert lot.standing == len(stratum)
        won += lot.places
        winners = [ticket.hex() for ticket, rank, _ in sorted(stratum) if rank <= lot.places]
        assert lot.cut_off == (winners[-1] if winners else None)
    assert won == 120


def test_whom_the_family_left_no_place_has_a_ticket_and_no_rank(drawn: World) -> None:
    receipts = [read(drawn, number) for number in range(1, 5)]
    assert all(receipt.listing and receipt.listing.in_families for receipt in receipts)
    assert sorted(receipt.lot is not None and receipt.lot.rank is None for receipt in receipts) == [0, 0, 1, 1]
    other = read(drawn, 300).listing
    assert other
    assert not other.in_families


@pytest.mark.parametrize(
    ("places", "standing", "expected"), [(400, 30_980, 13), (0, 9, 0), (9, 9, 1000), (1, 3, 333), (0, 0, None)]
)
def test_odds_are_told_to_the_nearest_permille(places: int, standing: int, expected: int | None) -> None:
    assert Lot(b"", b"", None, standing, places, None).odds_permille == expected


def test_before_the_list_is_frozen_one_has_only_joined() -> None:
    world = drawing.closed([an_entry(1)])
    receipt = read(world, 1)
    assert (receipt.standing, receipt.listing, receipt.lot) == (Standing.JOINED, None, None)


def test_when_it_is_frozen_one_is_listed_and_nobody_knows_a_ticket() -> None:
    world = drawing.closed([an_entry(1), an_entry(2)])
    drawing.freeze(world)
    receipt = read(world, 1)
    assert (receipt.standing, receipt.lot) == (Standing.LISTED, None)
    assert receipt.listing


def test_nobody_hears_of_their_ticket_before_it_is_announced_and_recorded() -> None:
    world = drawing.closed([an_entry(1), an_entry(2)])
    wave = drawing.draw(world)
    for state in (WaveState.DRAWN, WaveState.ANNOUNCED):
        world.waves.save(replace(wave, state=state, version=drawing.wave_of(world).version))
        assert (read(world, 1).standing, read(world, 1).lot) == (Standing.LISTED, None)


def test_what_is_told_fits_the_cut_off(drawn: World) -> None:
    """As the page in the browser checks it."""
    for number in range(1, PEOPLE + 1):
        receipt = read(drawn, number)
        lot = receipt.lot
        assert lot
        has_won = lot.rank is not None and lot.cut_off is not None and lot.ticket.hex() <= lot.cut_off
        is_out = lot.rank is None
        expected = Standing.EXCLUDED if is_out else Standing.CHOSEN if has_won else Standing.NOT_CHOSEN
        assert receipt.standing is expected


@pytest.mark.parametrize(
    ("event", "reason", "told"),
    [
        (EntryEvent.CHOOSE, None, Standing.CHOSEN),
        (EntryEvent.PASS_OVER, "not_drawn", Standing.NOT_CHOSEN),
        (EntryEvent.PASS_OVER, "family_lot", Standing.EXCLUDED),
        (EntryEvent.PASS_OVER, "family_limit", Standing.EXCLUDED),
    ],
)
def test_an_announced_result_is_told_with_its_reason(event: EntryEvent, reason: str | None, told: Standing) -> None:
    world = drawing.closed([an_entry(1), an_entry(2)])
    wave = drawing.draw(world)
    world.waves.save(replace(wave, state=WaveState.ANNOUNCED))
    world.waves.save_entry(move_entry(replace(an_entry(1), version=1), event, reason=reason))
    assert (read(world, 1).standing, read(world, 1).entry.reason) == (told, reason)


def test_whoever_may_not_have_their_place_is_excluded() -> None:
    world = announced([an_entry(1)], quota=1)
    chosen = world.waves.entries_of(an_applicant_id(1), [NUMBER])[0]
    world.waves.save_entry(move_entry(chosen, EntryEvent.EXCLUDE, reason="blocklist"))
    assert read(world, 1).standing is Standing.EXCLUDED


def test_a_receipt_reads_a_few_pages_of_a_list(drawn: World) -> None:
    before = len(drawn.trouble.calls)
    read(drawn, 333)
    asked = drawn.trouble.calls[before:]
    assert len(asked) <= 10
    assert "draw_files.read_part" in asked


def test_when_the_files_are_gone_what_is_published_is_still_told() -> None:
    world = announced([an_entry(number) for number in range(1, 20)], quota=4)
    for name in (names.list_name(NUMBER, "31"), names.order_name(NUMBER, 1, "31")):
        world.draw_files.lose(name)
    receipt = read(world, 1)
    assert receipt.listing is None
    assert receipt.lot
    assert (receipt.lot.rank, receipt.lot.places, receipt.lot.standing) == (None, 4, 19)


def test_a_list_that_is_not_the_frozen_one_proves_nothing() -> None:
    world = drawing.closed([an_entry(number) for number in range(1, 20)])
    drawing.freeze(world)
    name = names.list_name(NUMBER, "31")
    rows = world.draw_files.read(name)
    world.draw_files.write(name, rows[:-1] + bytes([rows[-1] ^ 1]))
    with pytest.raises(Misconfigured, match="list_differs_from_frozen"):
        read(world, 1)


def test_after_an_annulment_the_ticket_is_unknown_again() -> None:
    world = drawing.closed([an_entry(1), an_entry(2)])
    wave = drawing.draw(world)
    world.waves.save(replace(wave, state=WaveState.FROZEN, draw_attempt=2))
    assert read(world, 1).lot is None
    assert read(world, 1).wave.draw_attempt == 2


def test_whoever_did_not_join_has_no_receipt(drawn: World) -> None:
    with pytest.raises(NotFound, match="wave_not_joined"):
        read(drawn, PEOPLE + 1)
    with pytest.raises(NotFound, match="wave_unknown"):
        read_wave_receipt(an_applicant_id(1), WaveNumber(9), waves=drawn.waves, files=drawn.draw_files)


def test_the_clock_of_the_draw_is_not_asked(drawn: World) -> None:
    """A receipt of long ago is the same."""
    first = read(drawn, 1)
    drawn.clock.moves_to(drawn.clock.now() + timedelta(days=20))
    assert read(drawn, 1) == first
