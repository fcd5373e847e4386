"""A whole draw on one machine, from a published file: what the platform does in pieces, in one go.

The list stays in the file. Each province is checked against its root, counted and drawn by itself, the largest first,
as many at a time as there are cores; what comes out is the same whatever their number.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import partial
from typing import Any

import numpy as np

from chalicelib.domain.selection.allotting import allot
from chalicelib.domain.selection.families import out_of_draw
from chalicelib.domain.selection.layout import Flag
from chalicelib.domain.selection.merkle import page_hashes, root_of
from chalicelib.domain.selection.records import FrozenList, FrozenProvince
from chalicelib.domain.selection.rows import KIN, Rows
from chalicelib.domain.selection.sorting import among, in_byte_order
from chalicelib.domain.selection.strata import counted, draw_province
from chalicelib.domain.selection.stratum import Allotment, Stratum
from chalicelib.domain.selection.tickets import Lottery, digest_of, seed_of
from infra.draw_plan.published_file import PublishedFile, WrongFile
from infra.draw_plan.workers import side_by_side


@dataclass(frozen=True, slots=True)
class WholeDraw:
    """``winners``: by province, their pseudonyms in order, 16 bytes each."""

    seed: bytes
    allotments: Mapping[str, Allotment]
    excluded: Mapping[str, int]
    strata: Mapping[str, tuple[Stratum, ...]]
    winners: Mapping[str, bytes]


@dataclass(frozen=True, slots=True)
class Reading:
    """``counts``: how many of each group and class; ``marked``: rows ``LIST`` of those in crowded families."""

    counts: Mapping[tuple[int, int], int]
    marked: Rows


@dataclass(frozen=True, slots=True)
class ProvinceLots:
    """``out``: pseudonyms, in order, of those who do not stand."""

    province: str
    allotment: Allotment
    out: Rows


def draw_file(
    file: PublishedFile, secret: str, value: str, *, attempt: int = 1, processes: int | None = None
) -> WholeDraw:
    """``value``: the random value in hex. ``WrongFile`` when the list is not the one that its roots speak of."""
    codes = sorted(file.begins, key=file.entries, reverse=True)
    readings = dict(zip(codes, side_by_side(partial(read_list, file), codes, processes), strict=True))
    kin = _kin(file, readings)
    _check_root(file)
    seed = seed_of(secret, value, file.frozen["root"], attempt)
    lottery = Lottery(seed, int(file.frozen["wave"]))
    everybody_out, reasons = out_of_draw(kin, lottery)
    out = {code: everybody_out[places] for code, places in _by_province(everybody_out).items()}
    allotments = allot(file.conditions, _standing(readings, out), recovered=file.frozen["recovered"])
    lots = [ProvinceLots(code, allotments[code], _pseudonyms(out.get(code, everybody_out[:0]))) for code in codes]
    drawn = dict(zip(codes, side_by_side(partial(draw_list, file, lottery), lots, processes), strict=True))
    by_lot = int(reasons["is_lot"].sum())
    return WholeDraw(
        seed=seed,
        allotments=allotments,
        excluded={"family_limit": len(reasons) - by_lot, "family_lot": by_lot},
        strata={code: drawn[code][0] for code in sorted(codes)},
        winners={code: drawn[code][1] for code in sorted(codes)},
    )


def read_list(file: PublishedFile, province: str) -> Reading:
    listed = file.list_of(province)
    root = root_of(page_hashes(listed.tobytes())).hex()
    if root != file.frozen["provinces"][province]["root"]:
        raise WrongFile(f"{file.path}: the list of province {province} does not have the root that is stated")
    marked = np.ascontiguousarray(listed[(listed["flags"] & Flag.IN_FAMILIES) != 0])
    return Reading(counted(listed), marked)


def draw_list(file: PublishedFile, lottery: Lottery, lots: ProvinceLots) -> tuple[tuple[Stratum, ...], bytes]:
    """The province's strata, and its winners."""
    listed = file.list_of(lots.province)
    standing = None
    if len(lots.out):
        standing = np.ones(len(listed), np.bool_)
        marked = np.flatnonzero(listed["flags"] & Flag.IN_FAMILIES)
        standing[marked] = ~among(listed["pseudonym"][marked], lots.out)
    drawn = draw_province(listed, standing, lots.allotment, lottery)
    return drawn.strata, np.ascontiguousarray(listed["pseudonym"][drawn.winners]).tobytes()


def _kin(file: PublishedFile, readings: Mapping[str, Reading]) -> Rows:
    """The families' rows with the flags that their members have in the lists."""
    families = file.families()
    if digest_of(families.tobytes()) != file.frozen["families"]["sha256"]:
        raise WrongFile(f"{file.path}: the section of families does not have the SHA-256 that is stated")
    kin = np.zeros(len(families), KIN)
    for name in families.dtype.names or ():
        kin[name] = families[name]
    by_province = _by_province(kin)
    if by_province.keys() - readings.keys():
        raise WrongFile(f"{file.path}: families live in provinces that there are not")
    for code, reading in readings.items():
        there = by_province.get(code, np.empty(0, np.intp))
        there = there[in_byte_order(kin[there], "pseudonym")]
        if kin["pseudonym"][there].tobytes() != reading.marked["pseudonym"].tobytes():
            raise WrongFile(f"{file.path}: families and the list of province {code} do not speak of the same people")
        kin["flags"][there] = reading.marked["flags"]
    return kin


def _by_province(rows: Rows) -> dict[str, Any]:
    """The places of each one's rows, in order. Two letters are a number too, and numbers are found faster."""
    keys = np.ascontiguousarray(rows["province"]).view(">u2").astype(np.uint16)
    order = np.argsort(keys, kind="stable")
    found, begins = np.unique(keys[order], return_index=True)
    parts = np.split(order, begins[1:]) if len(found) else []
    return {key.to_bytes(2, "big").decode("latin-1"): part for key, part in zip(found.tolist(), parts, strict=True)}


def _check_root(file: PublishedFile) -> None:
    provinces = {code: FrozenProvince(**each) for code, each in file.frozen["provinces"].items()}
    families = file.frozen["families"]
    if FrozenList(provinces, (families["rows"], families["sha256"])).root != file.frozen["root"]:
        raise WrongFile(f"{file.path}: the list does not have the root that is stated")


def _standing(readings: Mapping[str, Reading], out: Mapping[str, Rows]) -> dict[str, dict[tuple[int, int], int]]:
    """Those in each list less those who are out."""
    gone = {code: counted(rows) for code, rows in out.items()}
    return {
        code: {key: count - gone.get(code, {}).get(key, 0) for key, count in reading.counts.items()}
        for code, reading in readings.items()
    }


def _pseudonyms(rows: Rows) -> Rows:
    """In their order, as those who are out are."""
    return np.ascontiguousarray(rows["pseudonym"])
