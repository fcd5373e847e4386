"""Draw one province: its strata, who is ahead in each, and who wins."""

from dataclasses import asdict
from typing import Any

import numpy as np

from chalicelib.domain.errors import Misconfigured
from chalicelib.domain.selection.layout import Flag
from chalicelib.domain.selection.merkle import page_hashes, root_of
from chalicelib.domain.selection.rows import EXCLUDED, LIST, read_rows
from chalicelib.domain.selection.sorting import among
from chalicelib.domain.selection.strata import draw_province
from chalicelib.domain.selection.stratum import Allotment
from chalicelib.domain.selection.tickets import Lottery, digest_of
from chalicelib.domain.selection.work import DrawWork
from chalicelib.ports import DrawFiles
from chalicelib.use_cases.selection import names
from chalicelib.use_cases.selection.desk import Found


def draw_one_province(work: DrawWork, province: str, root: str, lots: Any, *, files: DrawFiles) -> Found:
    """``root``: as published. Another list than the one that was frozen is not drawn."""
    content = files.read(names.list_name(work.wave, province))
    if root_of(page_hashes(content)).hex() != root:
        raise Misconfigured("list_differs_from_frozen", wave=int(work.wave), province=province)
    listed = read_rows(content, LIST)
    out = read_rows(files.read(names.excluded_name(work.wave, work.attempt)), EXCLUDED)
    is_out = np.zeros(len(listed), np.bool_)
    suspects = np.flatnonzero(listed["flags"] & Flag.IN_FAMILIES)
    is_out[suspects] = among(listed["pseudonym"][suspects], np.ascontiguousarray(out["pseudonym"]))
    lottery = Lottery(bytes.fromhex(lots["seed"]), int(work.wave))
    drawn = draw_province(listed, ~is_out, Allotment(**lots["allotments"][province]), lottery)
    winners = np.ascontiguousarray(listed["pseudonym"][drawn.winners]).tobytes()
    files.write(names.order_name(work.wave, work.attempt, province), drawn.order.tobytes())
    files.write(names.winners_name(work.wave, work.attempt, province), winners)
    strata = [asdict(each) for each in drawn.strata]
    return {"winners": [len(drawn.winners), digest_of(winners)], "strata": strata}
