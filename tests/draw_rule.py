"""The rule of the draw a third time, from docs/draw.md, as slowly and plainly as it can be said.

Everything here looks at one person, one place or one province at a time. The two checkers and the platform are fast;
this is what they are compared with.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from hashlib import sha256
from typing import Any

Shares = dict[str, int]
Conditions = Mapping[str, Any]


@dataclass(frozen=True)
class Person:
    pseudonym: bytes
    province: str
    group: int
    is_woman: bool = False
    is_disabled: bool = False
    family: bytes | None = None
    """The pseudonym of a family of which more joined than it has places left."""

    @property
    def of_class(self) -> int:
        return 1 * self.is_woman + 2 * self.is_disabled

    @property
    def row(self) -> bytes:
        return self.pseudonym + bytes([self.group, self.of_class + 4 * (self.family is not None)])


@dataclass(frozen=True)
class Lots:
    seed: bytes
    wave: int

    def ticket(self, person: Person) -> bytes:
        return sha256(self.seed + self.wave.to_bytes(4, "big") + person.pseudonym).digest()

    def ordered(self, people: Sequence[Person]) -> list[Person]:
        return sorted(people, key=lambda each: (each.group, self.ticket(each), each.pseudonym))


def left_out(people: Sequence[Person], places_left: Mapping[bytes, int], lots: Lots) -> dict[bytes, str]:
    """Section 7: whom the lot of their family puts out, by pseudonym, and why."""
    out = {}
    families: dict[bytes, list[Person]] = {family: [] for family in places_left}
    for each in people:
        if each.family is not None:
            families[each.family].append(each)
    for family, places in places_left.items():
        for member in lots.ordered(families[family])[places:]:
            out[member.pseudonym] = "family_lot" if places else "family_limit"
    return out


def share(total: int, weights: Shares) -> Shares:
    """Section 8: largest remainder, one place at a time."""
    whole = sum(weights.values())
    if whole == 0:
        return {code: 0 for code in weights}
    shares = {code: total * weights[code] // whole for code in weights}
    remainders = {code: total * weights[code] % whole for code in weights}
    while sum(shares.values()) < total:
        luckiest = min(remainders, key=lambda code: (-remainders[code], code))
        shares[luckiest] += 1
        del remainders[luckiest]
    return shares


def quotas(conditions: Conditions) -> Shares:
    force, quota, floor = conditions["labour_force"], conditions["quota"], conditions["floor"]
    if quota < floor * len(force):
        floor = 0
    at_floor: set[str] = set()
    while True:
        shares = share(quota - floor * len(at_floor), {code: force[code] for code in force if code not in at_floor})
        shares |= {code: floor for code in at_floor}
        too_low = {code for code in shares if shares[code] < floor}
        if not too_low:
            return shares
        at_floor |= too_low


def handed_out(total: int, weights: Shares, most: Shares) -> Shares:
    """Shared, and what does not fit shared again."""
    handed = {code: 0 for code in weights}
    while total > 0:
        wanting = {code: weights[code] for code in weights if handed[code] < most[code]}
        if sum(wanting.values()) == 0:
            return handed
        for code, places in share(total, wanting).items():
            fitting = min(places, most[code] - handed[code])
            handed[code] += fitting
            total -= fitting
    return handed


def places(conditions: Conditions, standing: Sequence[Person], recovered: int = 0) -> Shares:
    conditions = {**conditions, "quota": conditions["quota"] + recovered}
    force, own = conditions["labour_force"], quotas(conditions)
    there = Counter(each.province for each in standing)
    filled = {code: min(own[code], there[code]) for code in force}
    unused = conditions["quota"] - sum(filled.values())
    more = handed_out(unused, force, {code: there[code] - filled[code] for code in force})
    return {code: filled[code] + more[code] for code in force}


def reserved(conditions: Conditions, filled: Shares, standing: Sequence[Person]) -> dict[str, Shares]:
    """Section 9."""
    found: dict[str, Shares] = {}
    meant = {"disabled": lambda each: each.is_disabled, "women": lambda each: each.is_woman}
    for name in ("disabled", "women"):
        if name not in conditions["reserved_permille"]:
            continue
        there = Counter(each.province for each in standing if meant[name](each))
        before = found.get("disabled", {})
        most = {code: min(there[code], filled[code] - before.get(code, 0)) for code in filled}
        total = sum(filled.values()) * conditions["reserved_permille"][name] // 1000
        found[name] = handed_out(total, filled, most)
    return found


def winners(in_order: Sequence[Person], places: int, disabled: int, women: int) -> list[Person]:
    """Section 10, of one province."""
    taken = {1: 0, 2: 0, 3: 0}
    reserved_places = []
    for person in in_order:
        if _may_take(person, taken, disabled, women):
            taken[person.of_class] += 1
            reserved_places.append(person)
    holders = set(reserved_places)
    others = [each for each in in_order if each not in holders]
    return reserved_places + others[: places - len(reserved_places)]


def _may_take(person: Person, taken: Mapping[int, int], disabled: int, women: int) -> bool:
    if sum(taken.values()) >= disabled + women:
        return False
    if person.of_class == 3:
        return True
    return {0: False, 1: taken[1] < women, 2: taken[2] < disabled}[person.of_class]
