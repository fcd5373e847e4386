"""A wave of many people on fakes, frozen and drawn as the queue would have it: piece by piece, in any order."""

import random
from collections.abc import Iterable
from dataclasses import replace
from datetime import timedelta
from typing import Any

from chalicelib.domain.commands import Change
from chalicelib.domain.identifiers import WaveNumber
from chalicelib.domain.selection.work import Phase
from chalicelib.domain.waves import SETTLING_TIME, Wave, WaveEntry, WaveState
from chalicelib.use_cases.selection.advance_draw import advance_draw
from chalicelib.use_cases.selection.desk import DrawDesk
from chalicelib.use_cases.selection.feed_entries import feed_entries
from chalicelib.use_cases.selection.take_draw_step import DrawStep, take_draw_step
from tests.builders import a_wave
from tests.fakes import World

NUMBER = WaveNumber(1)


def desk_of(world: World) -> DrawDesk:
    return DrawDesk(
        waves=world.waves,
        works=world.draw_works,
        files=world.draw_files,
        beacon=world.beacon,
        signer=world.signer,
        clock=world.clock,
    )


def closed(entries: Iterable[WaveEntry], *, is_fed: bool = True, **changes: Any) -> World:
    """A wave that is closed and may be frozen, with its feed."""
    world = World()
    wave = replace(a_wave(state=WaveState.CLOSED), **changes)
    drawn_from = wave.drawn_from
    world.waves.add(replace(wave, beacon_round=world.beacon.round_at(drawn_from), draws_at=drawn_from))
    joined = list(entries)
    for entry in joined:
        world.waves.add_entry(entry)
    if is_fed and joined:
        feed_entries([told(entry) for entry in joined], batch="0001", files=world.draw_files)
    world.clock.moves_to(wave.closes_at + SETTLING_TIME)
    return world


def told(entry: WaveEntry) -> Change:
    """As the table's stream tells it."""
    names = ("pseudonym", "family_pseudonym", "province_code", "group", "is_woman", "is_disabled", "family_places_left")
    facts = {name: getattr(entry, name) for name in names}
    facts |= {"wave": int(entry.wave), "applicant_id": entry.applicant_id}
    return Change("entry", entry.applicant_id, None, "joined", facts)


def tick(world: World) -> None:
    advance_draw(NUMBER, desk_of(world), world.messages)


def take_all_steps(world: World, *, chance: random.Random | None = None) -> None:
    """Until the work rests: sealed, or done."""
    for _ in range(50):
        work = world.draw_works.get(NUMBER)
        assert work
        if work.state in (Phase.SEALED, Phase.DONE):
            return
        pieces = list(range(work.pieces))
        (chance or random.Random(1)).shuffle(pieces)
        for piece in pieces:
            take_draw_step(DrawStep(NUMBER, work.run, work.attempt, work.state, piece), desk_of(world))
    raise AssertionError("the work does not end")


def freeze(world: World) -> Wave:
    tick(world)
    take_all_steps(world)
    return wave_of(world)


def draw(world: World) -> Wave:
    """Frozen, and drawn when the value has come."""
    frozen = freeze(world)
    world.clock.moves_to(frozen.drawn_from + timedelta(seconds=1))
    tick(world)
    take_all_steps(world)
    return wave_of(world)


def wave_of(world: World) -> Wave:
    wave = world.waves.get(NUMBER)
    assert wave
    return wave


def bundle_of(world: World, attempt: int = 1) -> bytes:
    content = world.draw_files.published(f"wave-{int(NUMBER):06d}/draw-{attempt}.bundle")
    assert content is not None
    return content
