"""Publish a draw: its record, and the bundle from which anybody can repeat it."""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any

from chalicelib.domain.errors import Misconfigured
from chalicelib.domain.selection.beacon import RandomValue
from chalicelib.domain.selection.records import Outcome, draw_document
from chalicelib.domain.selection.stratum import Allotment, Stratum
from chalicelib.domain.selection.tickets import digest_of
from chalicelib.domain.selection.work import DrawWork
from chalicelib.domain.waves import Wave, WaveEvent, WaveState, move_wave
from chalicelib.ports import DrawFiles
from chalicelib.use_cases.selection import names
from chalicelib.use_cases.selection.annulments import annulments_of
from chalicelib.use_cases.selection.desk import DrawDesk, Found, read_json
from chalicelib.use_cases.selection.reading import document_in, in_parts, signed_lines

_NOBODY = (0, digest_of(b""))


def publish_draw(work: DrawWork, drawn: Mapping[str, Found], desk: DrawDesk) -> None:
    """The record that is settled first stands; the wave's one move follows."""
    wave = desk.waves.get(work.wave)
    if wave is None or wave.state is not WaveState.FROZEN or wave.draw_attempt != work.attempt:
        return
    frozen = desk.files.published(names.frozen_name(wave.number))
    if frozen is None:
        raise Misconfigured("frozen_list_missing", wave=int(wave.number))
    record = desk.files.settle(
        names.draw_record_name(wave.number, work.attempt), _record(wave, work, frozen, drawn, desk)
    )
    provinces = document_in(frozen, line=1)["provinces"]
    annulments = annulments_of(wave.number, work.attempt, files=desk.files)
    parts = _bundle(work, b"".join([frozen, *annulments, record]), provinces, desk.files)
    digest = desk.files.publish(names.bundle_name(wave.number, work.attempt), parts)
    awards = sum(document_in(record, line=0)["places"].values())
    desk.waves.save(replace(move_wave(wave, WaveEvent.DRAW), draw_digest=digest, awards=awards))


def _record(wave: Wave, work: DrawWork, frozen: bytes, drawn: Mapping[str, Found], desk: DrawDesk) -> bytes:
    lots = read_json(desk.files, names.lots_name(work.wave, work.attempt))
    allotments = {code: Allotment(**each) for code, each in lots["allotments"].items()}
    outcome = Outcome(
        allotments=allotments,
        excluded=lots["excluded"],
        strata=[(code, Stratum(**each)) for code in sorted(drawn) for each in drawn[code]["strata"]],
        winners={code: _winners(drawn.get(code)) for code in allotments},
    )
    value = RandomValue(**lots["value"])
    frozen_sha256 = digest_of(frozen.split(b"\n")[1])
    seed = bytes.fromhex(lots["seed"])
    document = draw_document(wave, outcome, value, seed=seed, frozen_sha256=frozen_sha256, now=desk.clock.now())
    return b"".join(signed_lines(document, desk.signer))


def _winners(found: Found | None) -> tuple[int, str]:
    if found is None:
        return _NOBODY
    count, digest = found["winners"]
    return count, digest


def _bundle(work: DrawWork, lines: bytes, provinces: Any, files: DrawFiles) -> Iterator[bytes]:
    yield lines
    for code in sorted(provinces):
        yield from in_parts(files, names.list_name(work.wave, code))
    yield from in_parts(files, names.families_name(work.wave))
    for code in sorted(provinces):
        yield from in_parts(files, names.winners_name(work.wave, work.attempt, code))
