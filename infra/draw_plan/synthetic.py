"""People who never were: as many, and as they might be, from a seed. What is known of no programme is an option."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from chalicelib.domain.provinces import PROVINCES
from chalicelib.domain.selection.sorting import in_byte_order, same_as_before
from infra.draw_plan.people import ALONE, Column, People

PRIORITIES = ("laid_off", "furloughed")
SHARES: Mapping[str, int] = {
    "women": 520,
    "disabled": 30,
    "laid_off": 20,
    "furloughed": 45,
    "other_aid": 100,
    "in_families": 120,
    "took_before": 20,
}
"""Permille. ``in_families``: who joined with others of the same card; ``took_before``: families of these that had a
place already (one in three of them two). The first two are near what the programme reported; the rest is a guess."""
_FAMILY_SIZES = {2: 810, 3: 150, 4: 40}
_ELSEWHERE = 80
"""Permille of families' members who live in another province."""
_NOISE = 0.25
_TOWNS = {"31": 1.8, "36": 1.35, "34": 1.25, "21": 1.25, "32": 1.15, "64": 1.1, "51": 1.1, "94": 0.4, "95": 0.3}
"""How many times as many join as elsewhere: more from towns, fewer where there is no network."""


@dataclass(frozen=True, slots=True)
class Makeup:
    entries: int
    seed: int
    shares: Mapping[str, int]
    """Permille, by :data:`SHARES`."""

    def share(self, name: str) -> float:
        return self.shares.get(name, SHARES[name]) / 1000


def synthetic(makeup: Makeup) -> People:
    """The same for the same makeup, on every machine."""
    chance = np.random.default_rng([makeup.seed, makeup.entries])
    count = makeup.entries
    province = _provinces(count, chance)
    family, taken = _families(makeup, chance)
    _move_together(province, family, chance)
    order, pseudonym = _pseudonyms(count, chance)
    return People(
        priorities=PRIORITIES,
        pseudonym=pseudonym,
        province=province[order],
        priority=_priorities(makeup, chance),
        flags=_flags(makeup, chance),
        has_aid=chance.random(count, np.float32) < makeup.share("other_aid"),
        family=family[order],
        taken=taken[order],
    )


def _provinces(count: int, chance: Any) -> Column:
    codes = np.array([int(code) for code in PROVINCES], np.uint8)
    weights = np.array([each.labour_force * _TOWNS.get(each.code, 1.0) for each in PROVINCES.values()])
    weights *= np.exp(chance.normal(0, _NOISE, len(codes)))
    return codes[np.searchsorted(np.cumsum(weights / weights.sum())[:-1], chance.random(count), side="right")]


def _pseudonyms(count: int, chance: Any) -> tuple[Column, Any]:
    """In order, and who each of them is. Two of 128 bits that agree do not happen."""
    drawn = chance.integers(0, 1 << 64, (count, 2), np.uint64).astype(">u8").view("V16").ravel()
    rows = np.empty(count, [("pseudonym", "V16")])
    rows["pseudonym"] = drawn
    order = in_byte_order(rows, "pseudonym")
    pseudonym = drawn[order]
    if same_as_before(pseudonym).any():
        raise ValueError("two people have one pseudonym: take another seed")
    return order, pseudonym


def _families(makeup: Makeup, chance: Any) -> tuple[Column, Column]:
    """The first people are in families, one after the other; where each of them lives is by chance."""
    number = np.full(makeup.entries, ALONE, np.int64)
    taken = np.zeros(makeup.entries, np.uint8)
    wanted = int(makeup.entries * makeup.share("in_families"))
    sizes = chance.choice([*_FAMILY_SIZES], wanted // 2, p=np.array([*_FAMILY_SIZES.values()]) / 1000)
    members = np.repeat(np.arange(len(sizes)), sizes)[:wanted]
    number[: len(members)] = members
    before = np.where(chance.random(len(sizes)) < makeup.share("took_before"), 1, 0)
    before += before * (chance.random(len(sizes)) < 1 / 3)
    taken[: len(members)] = before[members]
    return number, taken


def _move_together(province: Column, family: Column, chance: Any) -> None:
    """Members live where their family's first does, but for a few."""
    there = np.flatnonzero(family != ALONE)
    if len(there):
        firsts = there[np.searchsorted(family[there], family[there])]
        together = chance.random(len(there)) >= _ELSEWHERE / 1000
        province[there[together]] = province[firsts[together]]


def _priorities(makeup: Makeup, chance: Any) -> Column:
    ends = np.cumsum([makeup.share(name) for name in PRIORITIES])
    return np.searchsorted(ends, chance.random(makeup.entries, np.float32), side="right").astype(np.uint8)


def _flags(makeup: Makeup, chance: Any) -> Column:
    women = chance.random(makeup.entries, np.float32) < makeup.share("women")
    disabled = chance.random(makeup.entries, np.float32) < makeup.share("disabled")
    return women.astype(np.uint8) | disabled.astype(np.uint8) << np.uint8(1)
