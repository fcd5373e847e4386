"""Publish the lists' root: from then on nothing in them can change."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import timedelta

from chalicelib.domain.identifiers import WaveNumber
from chalicelib.domain.provinces import Basis, basis_named
from chalicelib.domain.selection.families import published
from chalicelib.domain.selection.merkle import root_of
from chalicelib.domain.selection.records import (
    BUNDLE_LINE,
    LATE_BY,
    FrozenList,
    FrozenProvince,
    frozen_document,
)
from chalicelib.domain.selection.rows import FAMILY, Rows, read_rows
from chalicelib.domain.selection.sorting import in_byte_order
from chalicelib.domain.selection.tickets import digest_of
from chalicelib.domain.selection.work import DrawWork
from chalicelib.domain.waves import Wave, WaveEvent, WaveState, move_wave
from chalicelib.ports import DrawFiles
from chalicelib.use_cases.selection import names
from chalicelib.use_cases.selection.conditions import conditions_for
from chalicelib.use_cases.selection.desk import DrawDesk, Found, write_json
from chalicelib.use_cases.selection.reading import document_in, signed_lines

_MARGIN = timedelta(minutes=2)
"""Between the list's publication and the random value, at least: clocks differ."""


def seal_list(work: DrawWork, listed: Mapping[str, Found], crowded: Rows, desk: DrawDesk) -> None:
    """Lists that are whole. Nothing happens when the wave has moved on."""
    wave = desk.waves.get(work.wave)
    if wave is None or wave.state is not WaveState.CLOSED:
        return
    _settle_files(work, listed, crowded, desk.files)
    recovered = sum(desk.places.lapsed(WaveNumber(number)) for number in wave.recovers)
    _freeze(replace(wave, recovered=recovered), listed, desk)


def _settle_files(work: DrawWork, listed: Mapping[str, Found], crowded: Rows, files: DrawFiles) -> None:
    """From this run's files to those that everybody reads: pieces of earlier runs may still be at work."""
    final = {"list": names.list_name, "people": names.people_name, "leaves": names.leaves_name}
    for province in listed:
        for kind, name in final.items():
            files.copy(names.draft_name(work.wave, work.run, kind, province), to=name(work.wave, province))
    ordered = crowded[in_byte_order(crowded, "family", "pseudonym")]
    files.write(names.kin_of_families_name(work.wave), ordered.tobytes())
    files.write(names.families_name(work.wave), published(ordered).tobytes())
    write_json(files, names.standing_name(work.wave), {code: found["counts"] for code, found in listed.items()})


def _freeze(wave: Wave, listed: Mapping[str, Found], desk: DrawDesk) -> None:
    basis = basis_named(wave.basis)
    content = b"".join(signed_lines(_document(wave, basis, listed, desk), desk.signer))
    settled = desk.files.settle(names.frozen_name(wave.number), BUNDLE_LINE + content)
    document = document_in(settled, line=1)
    round = document["beacon"]["round"]
    moved = replace(
        move_wave(wave, WaveEvent.FREEZE),
        recovered=document["recovered"],
        frozen_root=document["root"],
        entries=document["entries"],
        beacon_round=round,
        draws_at=desk.beacon.comes_at(round),
    )
    desk.waves.save(moved)


def _document(wave: Wave, basis: Basis, listed: Mapping[str, Found], desk: DrawDesk) -> Mapping[str, object]:
    conditions = conditions_for(wave, chain=desk.beacon.chain)
    families = read_rows(desk.files.read(names.families_name(wave.number)), FAMILY)
    frozen = FrozenList(
        {code: _province(listed.get(code)) for code in basis.labour_force},
        (len(families), digest_of(families.tobytes())),
    )
    now = desk.clock.now()
    round = wave.beacon_round
    if desk.beacon.comes_at(round) < now + _MARGIN:
        round = desk.beacon.round_at(now + LATE_BY)
    return frozen_document(conditions, frozen, round=round, recovered=wave.recovered, now=now)


def _province(found: Found | None) -> FrozenProvince:
    return FrozenProvince(found["entries"], found["root"]) if found else FrozenProvince(0, root_of([]).hex())
