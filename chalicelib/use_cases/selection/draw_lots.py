"""Begin a draw: the random value, the seed, the families' lots, and how many places each province has."""

from collections import Counter
from dataclasses import asdict
from typing import Any

import numpy as np

from chalicelib.domain.errors import Misconfigured, NotFound
from chalicelib.domain.selection.allotting import allot
from chalicelib.domain.selection.families import out_of_draw
from chalicelib.domain.selection.rows import KIN, Rows, read_rows
from chalicelib.domain.selection.tickets import Lottery, seed_of
from chalicelib.domain.selection.work import DrawWork
from chalicelib.domain.waves import Wave
from chalicelib.use_cases.selection import names
from chalicelib.use_cases.selection.annulments import annulments_of
from chalicelib.use_cases.selection.desk import DrawDesk, Found, read_json, write_json
from chalicelib.use_cases.selection.reading import document_in


def draw_lots(work: DrawWork, desk: DrawDesk) -> Found:
    """``BeaconUnavailable`` while the value has not come: it is waited for, and never replaced by another."""
    wave = desk.waves.get(work.wave)
    if wave is None:
        raise NotFound("wave_unknown")
    frozen = _frozen(wave, desk)
    value = desk.beacon.value(_named_round(work, frozen, desk))
    seed = seed_of(wave.secret, value.randomness, frozen["root"], work.attempt)
    out, rows = out_of_draw(_kin(work, desk), Lottery(seed, int(work.wave)))
    desk.files.write(names.excluded_name(work.wave, work.attempt), rows.tobytes())
    allotments = allot(frozen["conditions"], _standing(work, out, frozen, desk), recovered=frozen["recovered"])
    lots = {
        "seed": seed.hex(),
        "value": asdict(value),
        "allotments": {code: asdict(each) for code, each in allotments.items()},
        "excluded": {"family_limit": int((~_by_lot(rows)).sum()), "family_lot": int(_by_lot(rows).sum())},
    }
    write_json(desk.files, names.lots_name(work.wave, work.attempt), lots)
    return {"places": sum(each.places for each in allotments.values())}


def _frozen(wave: Wave, desk: DrawDesk) -> Any:
    content = desk.files.published(names.frozen_name(wave.number))
    if content is None:
        raise Misconfigured("frozen_list_missing", wave=int(wave.number))
    return document_in(content, line=1)


def _named_round(work: DrawWork, frozen: Any, desk: DrawDesk) -> int:
    """By the last document that named one in public."""
    annulments = annulments_of(work.wave, work.attempt, files=desk.files)
    named = document_in(annulments[-1], line=0) if annulments else frozen
    round: int = named["beacon"]["round"]
    return round


def _kin(work: DrawWork, desk: DrawDesk) -> Rows:
    return read_rows(desk.files.read(names.kin_of_families_name(work.wave)), KIN)


def _by_lot(rows: Rows) -> Any:
    return rows["is_lot"].astype(np.bool_)


def _standing(work: DrawWork, out: Rows, frozen: Any, desk: DrawDesk) -> dict[str, dict[tuple[int, int], int]]:
    """Those in each list less those who are out."""
    listed = read_json(desk.files, names.standing_name(work.wave))
    gone = Counter((row["province"].decode(), int(row["group"]), int(row["flags"]) & 3) for row in out)
    return {
        code: {(group, class_): count - gone[code, group, class_] for group, class_, count in listed.get(code, [])}
        for code in frozen["provinces"]
    }
