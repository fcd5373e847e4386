"""The draw: places per province by labour force, and within a province the lowest tickets.

Everything that decides is published: anybody can repeat it with SHA-256 alone.

    list digest = SHA-256 of the lines ``<pseudonym> <province code>\\n`` in ascending order
    seed        = SHA-256 of ``<secret>|<list digest>``         (hex)
    ticket      = SHA-256 of ``<seed>|<wave number>|<pseudonym>``  (hex); the lowest tickets of a province win
"""

import hashlib
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from fractions import Fraction

from chalicelib.domain.provinces import PROVINCES

RULE_VERSION = "1"


@dataclass(frozen=True, slots=True)
class DrawEntry:
    pseudonym: str
    province_code: str


@dataclass(frozen=True, slots=True)
class Draw:
    """A finished draw. ``entries`` and ``winners`` are in ascending order of pseudonym."""

    wave: int
    secret: str
    list_digest: str
    seed: str
    places: Mapping[str, int]
    entries: tuple[DrawEntry, ...]
    winners: tuple[str, ...]


def draw(wave: int, *, quota: int, floor: int, secret: str, entries: Iterable[DrawEntry]) -> Draw:
    """Draw ``quota`` places among ``entries``; the same arguments always give the same draw."""
    listed = tuple(sorted(entries, key=lambda entry: entry.pseudonym))
    digest = list_digest(listed)
    seed = _sha256(f"{secret}|{digest}")
    places = places_per_province(quota, floor, Counter(entry.province_code for entry in listed))
    return Draw(wave, secret, digest, seed, places, listed, _winners(wave, seed, places, listed))


def list_digest(entries: Iterable[DrawEntry]) -> str:
    hasher = hashlib.sha256()
    for entry in entries:
        hasher.update(f"{entry.pseudonym} {entry.province_code}\n".encode())
    return hasher.hexdigest()


def places_per_province(quota: int, floor: int, demand: Mapping[str, int]) -> dict[str, int]:
    """Places that each province fills: its share of the quota, and of what other provinces leave over.

    Unused places are shared among the provinces with people still waiting, again by labour force, until there are no
    more places or nobody waits.
    """
    filled = {code: min(share, demand.get(code, 0)) for code, share in province_quotas(quota, floor).items()}
    left = quota - sum(filled.values())
    waiting = {code for code in filled if demand.get(code, 0) > filled[code]}
    while left and waiting:
        for code, share in _largest_remainder(left, waiting).items():
            filled[code] += min(share, demand[code] - filled[code])
        left = quota - sum(filled.values())
        waiting = {code for code in waiting if demand[code] > filled[code]}
    return filled


def province_quotas(quota: int, floor: int) -> dict[str, int]:
    """``quota`` over all provinces by labour force, each at least ``floor`` while there is enough for that."""
    if quota < floor * len(PROVINCES):
        return _largest_remainder(quota, PROVINCES.keys())
    shares = _largest_remainder(quota, PROVINCES.keys())
    small = {code for code, share in shares.items() if share < floor}
    while small:
        rest = _largest_remainder(quota - floor * len(small), PROVINCES.keys() - small)
        shares = dict.fromkeys(small, floor) | rest
        more = {code for code, share in shares.items() if share < floor}
        if not more:
            break
        small |= more
    return {code: shares[code] for code in PROVINCES}


def _largest_remainder(total: int, codes: Iterable[str]) -> dict[str, int]:
    """Hamilton's method, exact in total; equal remainders go to the lower province code."""
    force = {code: PROVINCES[code].labour_force for code in sorted(codes)}
    exact = {code: Fraction(total * people, sum(force.values())) for code, people in force.items()}
    shares = {code: int(share) for code, share in exact.items()}
    by_remainder = sorted(exact, key=lambda code: (shares[code] - exact[code], code))
    for code in by_remainder[: total - sum(shares.values())]:
        shares[code] += 1
    return shares


def _winners(wave: int, seed: str, places: Mapping[str, int], entries: Iterable[DrawEntry]) -> tuple[str, ...]:
    tickets: dict[str, list[tuple[str, str]]] = defaultdict(list)
    for entry in entries:
        ticket = _sha256(f"{seed}|{wave}|{entry.pseudonym}")
        tickets[entry.province_code].append((ticket, entry.pseudonym))
    won = (pseudonym for code, drawn in tickets.items() for _, pseudonym in sorted(drawn)[: places.get(code, 0)])
    return tuple(sorted(won))


def _sha256(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()
