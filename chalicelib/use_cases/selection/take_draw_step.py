"""Do one piece of a wave's freezing or drawing; whoever does a phase's last one begins the next."""

from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass

import numpy as np

from chalicelib.domain.errors import Misconfigured, StaleWrite
from chalicelib.domain.identifiers import WaveNumber
from chalicelib.domain.selection.rows import KIN, Rows, read_rows
from chalicelib.domain.selection.sorting import in_byte_order
from chalicelib.domain.selection.work import MOST_RUNS, DrawWork, Phase, gather_again, go_on
from chalicelib.use_cases.selection import names
from chalicelib.use_cases.selection.count_entries import count_entries
from chalicelib.use_cases.selection.deal import pieces_of_next
from chalicelib.use_cases.selection.desk import DrawDesk, Found, done_name, found_by, pieces_done, read_json, write_json
from chalicelib.use_cases.selection.draw_lots import draw_lots
from chalicelib.use_cases.selection.draw_one_province import draw_one_province
from chalicelib.use_cases.selection.find_families import find_families
from chalicelib.use_cases.selection.gather_entries import gather_entries
from chalicelib.use_cases.selection.list_province import list_province
from chalicelib.use_cases.selection.plan_gathering import gathering_plan, plan_gathering
from chalicelib.use_cases.selection.publish_draw import publish_draw
from chalicelib.use_cases.selection.publish_list import publish_list
from chalicelib.use_cases.selection.reading import document_in
from chalicelib.use_cases.selection.seal_list import seal_list


@dataclass(frozen=True, slots=True)
class DrawStep:
    wave: WaveNumber
    run: int
    attempt: int
    phase: Phase
    piece: int


def take_draw_step(step: DrawStep, desk: DrawDesk) -> None:
    """Nothing happens when the work stands elsewhere by now. A piece that was done before is not done again."""
    work = desk.works.get(step.wave)
    if work is None or not work.stands_at(step.phase, step.run, step.attempt):
        return
    name = done_name(work, step.phase, step.piece)
    if desk.files.size(name) is None:
        found = _PIECES[step.phase](work, step.piece, desk)
        if found is None:
            return _gather_again(work, desk)
        write_json(desk.files, name, found)
    finish_phase(work, desk)


def finish_phase(work: DrawWork, desk: DrawDesk) -> None:
    if pieces_done(desk.files, work, work.state) < work.pieces:
        return
    with suppress(StaleWrite):  # somebody else saw the last piece done as well
        desk.works.save(go_on(work, pieces=pieces_of_next(work, desk.files, desk.sizes), now=desk.clock.now()))


def _gather_again(work: DrawWork, desk: DrawDesk) -> None:
    pieces = plan_gathering(work.wave, work.run + 1, files=desk.files, sizes=desk.sizes)
    with suppress(StaleWrite):
        desk.works.save(gather_again(work, pieces=pieces, now=desk.clock.now()))


def _gather(work: DrawWork, piece: int, desk: DrawDesk) -> Found:
    return gather_entries(work, piece, files=desk.files)


def _find_families(work: DrawWork, piece: int, desk: DrawDesk) -> Found:
    return find_families(work, piece, _gathered(work, desk), files=desk.files)


def _list(work: DrawWork, piece: int, desk: DrawDesk) -> Found:
    gathered, families = _gathered(work, desk), _crowded(work, desk)
    crowded = np.ascontiguousarray(families["pseudonym"][in_byte_order(families, "pseudonym")])
    return {
        province: list_province(work, province, gathered, crowded, files=desk.files, slice_rows=desk.sizes.slice)
        for province in _deal(work, desk)[piece]
    }


def _count(work: DrawWork, piece: int, desk: DrawDesk) -> Found:
    return count_entries(work, piece, _by_province(work, Phase.LISTS, desk), desk)


def _seal(work: DrawWork, _piece: int, desk: DrawDesk) -> Found | None:
    counted = found_by(desk.files, work, Phase.COUNT, pieces_done(desk.files, work, Phase.COUNT))
    differing = [shard for found in counted for shard in found["differing"]]
    if differing and work.run >= MOST_RUNS:
        raise Misconfigured("draw_counts_differ", wave=int(work.wave), shards=differing)
    if differing:
        return None
    seal_list(work, _by_province(work, Phase.LISTS, desk), _crowded(work, desk), desk)
    publish_list(work.wave, files=desk.files)
    return {}


def _lots(work: DrawWork, _piece: int, desk: DrawDesk) -> Found:
    return draw_lots(work, desk)


def _draw(work: DrawWork, piece: int, desk: DrawDesk) -> Found:
    frozen = document_in(desk.files.published(names.frozen_name(work.wave)) or b"", line=1)
    lots = read_json(desk.files, names.lots_name(work.wave, work.attempt))
    return {
        province: draw_one_province(work, province, frozen["provinces"][province]["root"], lots, files=desk.files)
        for province in _deal(work, desk)[piece]
    }


def _publish(work: DrawWork, _piece: int, desk: DrawDesk) -> Found:
    publish_draw(work, _by_province(work, Phase.DRAWS, desk), desk)
    return {}


_PIECES: Mapping[Phase, Callable[[DrawWork, int, DrawDesk], Found | None]] = {
    Phase.GATHER: _gather,
    Phase.FAMILIES: _find_families,
    Phase.LISTS: _list,
    Phase.COUNT: _count,
    Phase.SEAL: _seal,
    Phase.LOTS: _lots,
    Phase.DRAWS: _draw,
    Phase.PUBLISH: _publish,
}


def _deal(work: DrawWork, desk: DrawDesk) -> list[list[str]]:
    provinces: list[list[str]] = read_json(desk.files, names.deal_name(work.wave, work.run))
    return provinces


def _gathered(work: DrawWork, desk: DrawDesk) -> list[Found]:
    return found_by(desk.files, work, Phase.GATHER, len(gathering_plan(work, desk.files).pieces))


def _crowded(work: DrawWork, desk: DrawDesk) -> Rows:
    pieces = pieces_done(desk.files, work, Phase.FAMILIES)
    parts = [desk.files.read(names.crowded_name(work.wave, work.run, piece)) for piece in range(pieces)]
    return read_rows(b"".join(parts), KIN)


def _by_province(work: DrawWork, phase: Phase, desk: DrawDesk) -> dict[str, Found]:
    found = found_by(desk.files, work, phase, len(_deal(work, desk)))
    return {province: each for piece in found for province, each in piece.items()}
