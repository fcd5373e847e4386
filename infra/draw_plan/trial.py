"""Drawing again and again, each time with another seed, and counting who was lucky."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import partial
from typing import Any

import numpy as np

from chalicelib.domain.selection.allotting import allot
from chalicelib.domain.selection.families import crowded, out_of_draw
from chalicelib.domain.selection.layout import Flag
from chalicelib.domain.selection.rows import LIST, Rows
from chalicelib.domain.selection.sorting import among, in_byte_order
from chalicelib.domain.selection.strata import counted, draw_province
from chalicelib.domain.selection.tickets import Lottery, seed_of
from infra.draw_plan.people import Column, People, codes_of, kin_of
from infra.draw_plan.terms import Terms
from infra.draw_plan.workers import side_by_side

_WAVE = 1
RESERVED = ("women", "disabled")


@dataclass(frozen=True, slots=True)
class Listing:
    """A frozen list under some terms. ``who``: of each row of a province the person; ``cells``: of each person the
    cell in which they are counted (:func:`cell_of`)."""

    terms: Terms
    lists: Mapping[str, Rows]
    who: Mapping[str, Column]
    kin: Rows
    cells: Column


@dataclass(frozen=True, slots=True)
class Trial:
    """One draw. ``standing`` and ``places``: how many of each cell; ``wanted`` and ``reserved``: places by class."""

    standing: Column
    places: Column
    wanted: Mapping[str, int]
    reserved: Mapping[str, int]


def cell_of(people: People) -> Column:
    """Province of today, priority, other aid and class in one number."""
    cells = people.province.astype(np.int32) * (len(people.priorities) + 1) + people.priority
    return (cells * 2 + people.has_aid) * 4 + people.flags


def listing_of(people: People, terms: Terms) -> Listing:
    people.check(terms)
    who = np.flatnonzero(people.may_join(terms))
    kin = crowded(kin_of(people, terms, who))
    rows = np.empty(len(who), LIST)
    rows["pseudonym"], rows["group"] = people.pseudonym[who], people.group(terms)[who]
    rows["flags"] = people.flags[who]
    kin_in_order = np.ascontiguousarray(kin["pseudonym"][in_byte_order(kin, "pseudonym")])
    suspects = np.flatnonzero(people.family[who] >= 0)
    rows["flags"][suspects] |= np.uint8(Flag.IN_FAMILIES) * among(rows["pseudonym"][suspects], kin_in_order)
    lies_in = np.zeros(100, np.uint8)
    for code, province in codes_of(terms).items():
        lies_in[int(code)] = int(province)
    here = lies_in[people.province[who]]
    kin["province"] = [f"{lies_in[int(code)]:02d}".encode() for code in kin["province"].tolist()]
    places = {code: np.flatnonzero(here == int(code)) for code in terms.basis.labour_force}
    lists = {code: rows[place] for code, place in places.items()}
    return Listing(terms, lists, {code: who[place] for code, place in places.items()}, kin, cell_of(people))


def trials(listing: Listing, seed: int, count: int, processes: int | None = None) -> Iterator[Trial]:
    """Another listing of the same people has the same luck: what differs is the terms' doing."""
    yield from side_by_side(partial(draw_once, listing, seed), range(count), processes)


def draw_once(listing: Listing, seed: int, number: int) -> Trial:
    lottery = Lottery(seed_of(f"plan {seed}", "", "", number), _WAVE)
    out, _ = out_of_draw(listing.kin, lottery)
    lost = {code: out["pseudonym"][out["province"] == code.encode()] for code in listing.lists}
    standing = {code: _standing(rows, lost[code]) for code, rows in listing.lists.items()}
    allotments = allot(listing.terms.conditions(), {code: counted(_rows(listing, code, standing)) for code in standing})
    cells = int(listing.cells.max(initial=0)) + 1
    stood, won = np.zeros(cells, np.int64), np.zeros(cells, np.int64)
    for code, rows in listing.lists.items():
        of_row = listing.cells[listing.who[code]]
        drawn = draw_province(rows, standing[code], allotments[code], lottery)
        won += np.bincount(of_row[drawn.winners], minlength=cells)
        there = of_row if standing[code] is None else of_row[standing[code]]
        stood += np.bincount(there, minlength=cells)
    reserved = {name: sum(getattr(each, name) for each in allotments.values()) for name in RESERVED}
    return Trial(stood, won, _wanted(listing.terms, sum(each.places for each in allotments.values())), reserved)


def _rows(listing: Listing, code: str, standing: Mapping[str, Any]) -> Rows:
    mask = standing[code]
    rows = listing.lists[code]
    result: Rows = rows if mask is None else rows[mask]
    return result


def _standing(rows: Rows, lost: Rows) -> Any:
    if not len(lost):
        return None
    standing = np.ones(len(rows), np.bool_)
    marked = np.flatnonzero(rows["flags"] & Flag.IN_FAMILIES)
    standing[marked] = ~among(rows["pseudonym"][marked], np.ascontiguousarray(lost))
    return standing


def _wanted(terms: Terms, places: int) -> dict[str, int]:
    return {name: places * share // 1000 for name, share in terms.reserved_permille.items()}


def joined(listing: Listing, cells: int) -> Column:
    members = [listing.cells[who] for who in listing.who.values()]
    return np.bincount(np.concatenate(members) if members else np.empty(0, np.int64), minlength=cells)
