"""A wave of many people on fakes, frozen and drawn as the queue would have it: piece by piece, in any order."""

import random
from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta
from typing import Any

from chalicelib.domain.commands import Change
from chalicelib.domain.identifiers import WaveNumber
from chalicelib.domain.selection.work import Phase, PieceSizes
from chalicelib.domain.waves import SETTLING_TIME, Wave, WaveEntry, WaveState
from chalicelib.use_cases.selection.advance_draw import advance_draw
from chalicelib.use_cases.selection.desk import DrawDesk
from chalicelib.use_cases.selection.feed_entries import feed_entries
from chalicelib.use_cases.selection.take_draw_step import DrawStep, take_draw_step
from chalicelib.use_cases.waves.approve_annulment import approve_annulment
from chalicelib.use_cases.waves.ask_annulment import ask_annulment
from tests.builders import a_wave
from tests.fakes import World
from tests.unit.use_cases.waves import office

NUMBER = WaveNumber(1)


def desk_of(world: World, most_rows: int | None = None) -> DrawDesk:
    sizes = PieceSizes(most_rows, most_rows, most_rows, most_rows) if most_rows else PieceSizes()
    return DrawDesk(
        sizes=sizes,
        waves=world.waves,
        works=world.draw_works,
        files=world.draw_files,
        places=world.places,
        beacon=world.beacon,
        signer=world.signer,
        clock=world.clock,
    )


def closed(
    entries: Sequence[WaveEntry], *, fed: Sequence[WaveEntry] | None = None, feed_in: int = 1_000, **changes: Any
) -> World:
    """A wave that is closed and may be frozen. Its feed tells of everybody, or of ``fed``, so many at once."""
    world = World()
    wave = replace(a_wave(state=WaveState.CLOSED), **changes)
    drawn_from = wave.drawn_from
    world.waves.add(replace(wave, beacon_round=world.beacon.round_at(drawn_from), draws_at=drawn_from))
    for entry in {entry.applicant_id: entry for entry in entries}.values():
        world.waves.add_entry(entry)
    stream = entries if fed is None else fed
    for start in range(0, len(stream), feed_in):
        batch = [told(entry) for entry in stream[start : start + feed_in]]
        feed_entries(batch, batch=f"{start:06d}", files=world.draw_files)
    world.clock.moves_to(wave.closes_at + SETTLING_TIME)
    return world


def told(entry: WaveEntry) -> Change:
    """As the table's stream tells it."""
    names = ("pseudonym", "family_pseudonym", "province_code", "group", "is_woman", "is_disabled", "family_places_left")
    facts = {name: getattr(entry, name) for name in names}
    facts |= {"wave": int(entry.wave), "applicant_id": entry.applicant_id}
    return Change("entry", entry.applicant_id, None, "joined", facts)


def tick(world: World, most_rows: int | None = None) -> None:
    advance_draw(NUMBER, desk_of(world, most_rows), world.messages)


def take_all_steps(world: World, *, most_rows: int | None = None) -> None:
    """Until the work rests: sealed, or done."""
    for _ in range(50):
        work = world.draw_works.get(NUMBER)
        assert work
        if work.state in (Phase.SEALED, Phase.DONE):
            return
        pieces = list(range(work.pieces))
        random.Random(work.version).shuffle(pieces)
        for piece in pieces:
            take_draw_step(DrawStep(NUMBER, work.run, work.attempt, work.state, piece), desk_of(world, most_rows))
    raise AssertionError("the work does not end")


def freeze(world: World, most_rows: int | None = None) -> Wave:
    tick(world, most_rows)
    take_all_steps(world, most_rows=most_rows)
    return wave_of(world)


def draw(world: World, most_rows: int | None = None) -> Wave:
    """Frozen, and drawn when the value has come."""
    frozen = freeze(world, most_rows)
    world.clock.moves_to(frozen.drawn_from + timedelta(seconds=1))
    tick(world, most_rows)
    take_all_steps(world, most_rows=most_rows)
    return wave_of(world)


def wave_of(world: World) -> Wave:
    wave = world.waves.get(NUMBER)
    assert wave
    return wave


def bundle_of(world: World, attempt: int = 1) -> bytes:
    content = world.draw_files.published(f"wave-{int(NUMBER):06d}/draw-{attempt}.bundle")
    assert content is not None
    return content


def annul(world: World) -> Wave:
    """By three people. The stream's message is on its way: nothing is published yet."""
    digest, office_desk = str(wave_of(world).draw_digest), office.desk_of(world)
    ask_annulment(NUMBER, digest, "Basis provinsi gelombang ini keliru.", office.ANI, desk=office_desk)
    approve_annulment(NUMBER, digest, office.BUDI, desk=office_desk)
    approve_annulment(NUMBER, digest, office.CITRA, desk=office_desk)
    return wave_of(world)
