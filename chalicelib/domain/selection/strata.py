"""Strata of a province, and who of them gets a place: section 10 of ``docs/draw.md``."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from chalicelib.domain.selection.layout import CLASSES, Flag
from chalicelib.domain.selection.rows import ORDER, Rows
from chalicelib.domain.selection.stratum import Allotment, Stratum
from chalicelib.domain.selection.tickets import Lots, Lottery, Places, in_order, lots_of

Mask = np.ndarray[tuple[int], np.dtype[np.bool_]]
_CLASS_FLAGS = int(Flag.WOMAN | Flag.DISABLED)


@dataclass(frozen=True, slots=True)
class ProvinceDraw:
    """``order``: rows ``ORDER`` of all who stand. ``winners``: their places in the list, ascending."""

    order: Rows
    strata: tuple[Stratum, ...]
    winners: Places


def draw_province(listed: Rows, standing: Mask | None, allotment: Allotment, lottery: Lottery) -> ProvinceDraw:
    """``listed``: rows ``LIST``; ``standing``: who of them (None: all)."""
    lots = lots_of(listed["pseudonym"], lottery)
    keys = _keys(listed)
    orders: list[Places] = []
    strata: list[Stratum] = []
    start = 0
    for key in np.flatnonzero(np.bincount(keys)).tolist():
        members = np.flatnonzero(keys == key)
        there = members if standing is None else members[standing[members]]
        ordered = in_order(there, lots, listed["pseudonym"], lottery)
        orders.append(ordered)
        strata.append(Stratum(key // CLASSES, key % CLASSES, len(members), len(there), places=0, start=start))
        start += len(there)
    counts = _places_of(strata, orders, lots, listed, allotment, lottery)
    filled = tuple(map(_filled, strata, counts, orders, [listed] * len(counts), [lottery] * len(counts)))
    won = [ordered[:count] for ordered, count in zip(orders, counts, strict=True)]
    return ProvinceDraw(_rows(orders, lots), filled, np.sort(_joined(won)))


def _filled(stratum: Stratum, places: int, ordered: Places, listed: Rows, lottery: Lottery) -> Stratum:
    if not places:
        return stratum
    last = listed["pseudonym"][ordered[places - 1]].tobytes()
    return replace(stratum, places=places, cut_off=lottery.ticket(last).hex())


def _places_of(
    strata: Sequence[Stratum],
    orders: Sequence[Places],
    lots: Lots,
    listed: Rows,
    allotment: Allotment,
    lottery: Lottery,
) -> list[int]:
    """How many of each stratum win. Of none can more win than there are places, so no more are looked at."""
    who: list[Places] = []
    for group in sorted({each.group for each in strata}):
        heads = [order[: allotment.places] for each, order in zip(strata, orders, strict=True) if each.group == group]
        who.append(in_order(_joined(heads), lots, listed["pseudonym"], lottery))
    ahead = _joined(who)
    winners = ahead[_chosen(listed["flags"][ahead] & _CLASS_FLAGS, allotment)]
    counts = np.bincount(_keys(listed[winners]), minlength=1)
    return [int(counts[key]) if (key := each.group * CLASSES + each.class_) < len(counts) else 0 for each in strata]


def _chosen(classes: Any, allotment: Allotment) -> Mask:
    """Of people in order: reserved places first, then the others."""
    both = classes == _CLASS_FLAGS
    women = _first(classes == Flag.WOMAN, allotment.women)
    disabled = _first(classes == Flag.DISABLED, allotment.disabled)
    reserved = _first(both | women | disabled, min(allotment.women + allotment.disabled, allotment.places))
    others = _first(~reserved, allotment.places - int(reserved.sum()))
    return reserved | others


def _first(wanted: Mask, most: int) -> Mask:
    result: Mask = wanted & (np.cumsum(wanted) <= most)
    return result


def _joined(parts: Sequence[Places]) -> Places:
    return np.concatenate(parts) if parts else np.empty(0, np.intp)


def _rows(orders: Sequence[Places], lots: Lots) -> Rows:
    whole = _joined(orders)
    rows = np.empty(len(whole), ORDER)
    rows["ticket"], rows["place"] = lots[whole], whole
    return rows


def counted(listed: Rows) -> dict[tuple[int, int], int]:
    """How many of each group and class stand in a list."""
    counts = np.bincount(_keys(listed)).tolist()
    return {divmod(key, CLASSES): count for key, count in enumerate(counts) if count}


def _keys(listed: Rows) -> Any:
    """Group and class in one small number (groups are few: ``waves.py: MOST_GROUPS``)."""
    return np.ascontiguousarray(listed["group"]) * np.uint8(CLASSES) + (listed["flags"] & np.uint8(_CLASS_FLAGS))
