"""Families of which more joined than they have places left: sections 2 and 7 of ``docs/draw.md``."""

from typing import Any

import numpy as np

from chalicelib.domain.selection.rows import EXCLUDED, FAMILY, Rows
from chalicelib.domain.selection.sorting import in_byte_order, same_as_before
from chalicelib.domain.selection.tickets import Lottery, lots_of


def crowded(kin: Rows) -> Rows:
    """Of rows ``KIN`` (whole families, nobody twice) those of families with more members than places left, in order.
    What the last of them to join was told of places left counts for all: it can only have become less."""
    ordered: Rows = kin[in_byte_order(kin, "family", "pseudonym")]
    begins = np.flatnonzero(~same_as_before(ordered["family"]))
    if not len(begins):
        return ordered
    sizes = np.diff(np.append(begins, len(ordered)))
    left = np.minimum.reduceat(ordered["places_left"], begins)
    ordered = ordered.copy()
    ordered["places_left"] = np.repeat(left, sizes)
    result: Rows = ordered[np.repeat(sizes > left, sizes)]
    return result


def published(kin: Rows) -> Rows:
    """The section ``families``: the same without flags."""
    rows = np.empty(len(kin), FAMILY)
    for name in FAMILY.names or ():
        rows[name] = kin[name]
    return rows


def out_of_draw(kin: Rows, lottery: Lottery) -> tuple[Rows, Rows]:
    """The members who do not stand: as rows ``KIN``, and as rows ``EXCLUDED`` in order of pseudonym."""
    if not len(kin):
        return kin, np.empty(0, EXCLUDED)
    begins = ~same_as_before(kin["family"])
    families = np.cumsum(begins) - 1
    order = _ahead_first(kin, families, lottery)
    first_of = np.flatnonzero(begins)
    rank_in_family = np.arange(len(kin)) - first_of[families[order]]
    out = kin[order[rank_in_family >= kin["places_left"][order]]]
    out = out[in_byte_order(out, "pseudonym")]
    rows = np.empty(len(out), EXCLUDED)
    rows["pseudonym"], rows["is_lot"] = out["pseudonym"], out["places_left"] > 0
    return out, rows


def _ahead_first(kin: Rows, families: Any, lottery: Lottery) -> Any:
    lots = lots_of(kin["pseudonym"], lottery)
    order = np.lexsort((lots, kin["group"], families))
    same = (np.diff(families[order]) == 0) & (np.diff(lots[order]) == 0)
    if same.any():  # 8 bytes of two tickets agree: once in 2 ** 64 pairs
        whole = [lottery.ticket(each.tobytes()) for each in kin["pseudonym"]]
        return np.array(sorted(range(len(kin)), key=lambda n: (families[n], kin["group"][n], whole[n])))
    return order
