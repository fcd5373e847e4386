"""A small wave that has been frozen and drawn, with its files as ``docs/draw.md`` has them.

Who wins is drawn by the platform's own ``draw_province``; what this is for is what comes after.
"""

import hashlib
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, replace
from typing import Any

import numpy as np

from chalicelib.domain.provinces import basis_named
from chalicelib.domain.selection import merkle
from chalicelib.domain.selection.layout import Flag
from chalicelib.domain.selection.rows import EXCLUDED, FAMILY, LIST, PERSON
from chalicelib.domain.selection.strata import ProvinceDraw, draw_province
from chalicelib.domain.selection.stratum import Allotment
from chalicelib.domain.selection.tickets import Lottery
from chalicelib.domain.waves import Wave, WaveEntry, WaveState
from chalicelib.ports import DrawFiles, Waves
from chalicelib.use_cases.selection import names

SEED = hashlib.sha256(b"seed").digest()


def drawn_wave(
    wave: Wave,
    entries: Sequence[WaveEntry],
    places: Mapping[str, int],
    *,
    waves: Waves,
    files: DrawFiles,
    out: Mapping[str, str] | None = None,
) -> Wave:
    """Announced. ``places`` by province; ``out``: by pseudonym, the reason of those whose families left them none."""
    out = out or {}
    roots: dict[str, bytes] = {}
    strata: list[dict[str, Any]] = []
    winners: dict[str, dict[str, Any]] = {}
    for province in sorted(basis_named(wave.basis).labour_force):
        people = sorted((each for each in entries if each.province_code == province), key=lambda each: each.pseudonym)
        listed = list_rows(people, out)
        roots[province] = _write_list(wave, province, people, listed, files)
        drawn = _drawn(wave, people, listed, out, places.get(province, 0))
        winners[province] = _write_draw(wave, province, listed, drawn, files)
        strata += [{"province": province, **_told(asdict(each))} for each in drawn.strata]
    _write_excluded(wave, out, files)
    families = b"".join(_family_row(each) for each in entries if each.pseudonym in out)
    frozen = _frozen(wave, roots, families)
    files.publish(names.frozen_name(wave.number), [b"prakerja-draw 1\n", canonical(frozen), b"\n1 00 00\n"])
    record = _record(wave, out, strata, winners)
    files.publish(names.draw_record_name(wave.number, wave.draw_attempt), [canonical(record), b"\n1 00 00\n"])
    done = replace(wave, state=WaveState.ANNOUNCED, frozen_root=str(frozen["root"]), entries=len(entries))
    waves.add(done)
    for entry in entries:
        waves.add_entry(entry)
    return replace(done, version=1)


def _frozen(wave: Wave, roots: Mapping[str, bytes], families: bytes) -> dict[str, object]:
    section = hashlib.sha256(families)
    leaves = [merkle.province_leaf(code, root) for code, root in roots.items()]
    return {
        "document": "frozen-list",
        "families": {"rows": len(families) // FAMILY.itemsize, "sha256": section.hexdigest()},
        "provinces": {code: {"entries": 0, "root": each.hex()} for code, each in roots.items()},
        "root": merkle.root_of([*leaves, merkle.families_leaf(section.digest())]).hex(),
        "wave": int(wave.number),
    }


def _record(wave: Wave, out: Mapping[str, str], strata: object, winners: object) -> dict[str, object]:
    return {
        "attempt": wave.draw_attempt,
        "document": "draw",
        "excluded": {reason: list(out.values()).count(reason) for reason in ("family_limit", "family_lot")},
        "seed": SEED.hex(),
        "strata": strata,
        "wave": int(wave.number),
        "winners": winners,
    }


def list_rows(people: Iterable[WaveEntry], out: Mapping[str, str]) -> Any:
    rows = [(bytes.fromhex(each.pseudonym), each.group, _flags(each, each.pseudonym in out)) for each in people]
    return np.array(rows, LIST)


def canonical(document: Mapping[str, Any]) -> bytes:
    return json.dumps(document, sort_keys=True, separators=(",", ":")).encode()


def _flags(entry: WaveEntry, is_out: bool) -> int:
    return int(Flag.WOMAN * entry.is_woman | Flag.DISABLED * entry.is_disabled | Flag.IN_FAMILIES * is_out)


def _write_list(wave: Wave, province: str, people: Sequence[WaveEntry], listed: Any, files: DrawFiles) -> bytes:
    ids = np.array([each.applicant_id.encode() for each in people], PERSON)
    leaves = merkle.page_hashes(listed.tobytes())
    files.write(names.list_name(wave.number, province), listed.tobytes())
    files.write(names.people_name(wave.number, province), ids.tobytes())
    files.write(names.leaves_name(wave.number, province), b"".join(leaves))
    return merkle.root_of(leaves)


def _drawn(wave: Wave, people: Sequence[WaveEntry], listed: Any, out: Mapping[str, str], places: int) -> ProvinceDraw:
    standing = np.array([each.pseudonym not in out for each in people], np.bool_)
    return draw_province(listed, standing, Allotment(places), Lottery(SEED, int(wave.number)))


def _write_draw(wave: Wave, province: str, listed: Any, drawn: ProvinceDraw, files: DrawFiles) -> dict[str, Any]:
    draw = (wave.number, wave.draw_attempt)
    rows = np.ascontiguousarray(listed["pseudonym"][drawn.winners]).tobytes()
    files.write(names.order_name(*draw, province), drawn.order.tobytes())
    files.write(names.winners_name(*draw, province), rows)
    return {"count": len(drawn.winners), "sha256": hashlib.sha256(rows).hexdigest()}


def _write_excluded(wave: Wave, out: Mapping[str, str], files: DrawFiles) -> None:
    rows = [(bytes.fromhex(each), out[each] == "family_lot") for each in sorted(out)]
    files.write(names.excluded_name(wave.number, wave.draw_attempt), np.array(rows, EXCLUDED).tobytes())


def _family_row(entry: WaveEntry) -> bytes:
    left = entry.family_places_left
    row = (
        bytes.fromhex(entry.family_pseudonym),
        bytes.fromhex(entry.pseudonym),
        entry.province_code,
        entry.group,
        left,
    )
    return np.array([row], FAMILY).tobytes()


def _told(stratum: dict[str, Any]) -> dict[str, Any]:
    return {"class": stratum.pop("class_"), **{name: each for name, each in stratum.items() if name != "start"}}
