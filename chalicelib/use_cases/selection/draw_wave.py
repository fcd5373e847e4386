"""Draw a closed wave: once, and the same however often it is asked."""

from collections.abc import Iterator
from dataclasses import replace

from chalicelib.domain.identifiers import WaveNumber
from chalicelib.domain.schemes import scheme_named
from chalicelib.domain.selection import DrawEntry, draw
from chalicelib.domain.waves import SHARDS, WaveEvent, WaveState, due_event, move_wave
from chalicelib.ports import Clock, Draws, Waves


def draw_wave(number: WaveNumber, *, waves: Waves, draws: Draws, clock: Clock) -> None:
    """The file first (the same bytes each time, refused if others lie there), then the wave's one move."""
    wave = waves.get(number)
    if wave is None or wave.state is not WaveState.CLOSED or due_event(wave, clock.now()) is not WaveEvent.DRAW:
        return
    floor = scheme_named(wave.scheme).smallest_province_quota
    drawn = draw(int(number), quota=wave.quota, floor=floor, secret=wave.secret, entries=_entries(number, waves))
    digest = draws.publish(drawn)
    moved = move_wave(wave, WaveEvent.DRAW)
    waves.save(replace(moved, draw_digest=digest, entries=len(drawn.entries), awards=len(drawn.winners)))


def _entries(number: WaveNumber, waves: Waves) -> Iterator[DrawEntry]:
    for shard in range(SHARDS):
        for entry in waves.entries_in_shard(number, shard):
            yield DrawEntry(entry.pseudonym, entry.province_code)
