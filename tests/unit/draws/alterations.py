"""What one may do to a draw's file, and what the checker should then name. Used by the tests beside it."""

import random
from collections.abc import Callable, Mapping
from typing import Any

from tests.draw_bundles import Bundle, Wave, conditions
from tests.draw_rule import Person


def a_wave(people: int) -> Wave:
    chance = random.Random(people)
    places_left = {chance.randbytes(16): number % 3 for number in range(6)}
    families: list[bytes | None] = [family for family, places in places_left.items() for _ in range(places + 2)]
    families += [None] * (people - len(families))
    joined = [
        Person(
            chance.randbytes(16), code, chance.choice([0, 1, 2, 2]), chance.random() < 0.5, chance.random() < 0.1, each
        )
        for each, code in zip(families, chance.choices(["11", "32"], [1, 9], k=people), strict=True)
    ]
    return Wave(conditions(), joined, places_left)


Alteration = Callable[[Bundle], None]


def stated(*path: str | int, as_: Any) -> Alteration:
    def alter(bundle: Bundle) -> None:
        part: Any = vars(bundle)
        for each in path[:-1]:
            part = part[each]
        part[path[-1]] = as_(part[path[-1]]) if callable(as_) else as_

    return alter


def more(value: int) -> int:
    return value + 1


def other(text: str) -> str:
    return text[:-1] + ("0" if text[-1] != "0" else "1")


def swapped(rows: bytes, size: int, one: int, another: int) -> bytes:
    parts = [rows[i : i + size] for i in range(0, len(rows), size)]
    parts[one], parts[another] = parts[another], parts[one]
    return b"".join(parts)


def a_loser_wins(bundle: Bundle) -> None:
    people = {bundle.lists["32"][i : i + 16] for i in range(0, len(bundle.lists["32"]), 18)}
    won = sorted(bundle.winners["32"][i : i + 16] for i in range(0, len(bundle.winners["32"]), 16))
    won[3] = min(people - set(won))
    bundle.winners["32"] = b"".join(sorted(won))


def one_more_place_left(bundle: Bundle) -> None:
    bundle.families = bundle.families[:35] + bytes([bundle.families[35] ^ 1]) + bundle.families[36:]


def one_joined_later(bundle: Bundle) -> None:
    rows = [bundle.lists["32"][i : i + 18] for i in range(0, len(bundle.lists["32"]), 18)]
    bundle.lists["32"] = b"".join(sorted([*rows, bytes(16) + b"\x02\x00"]))


def one_stands_twice(bundle: Bundle) -> None:
    rows = [bundle.lists["11"][i : i + 18] for i in range(0, len(bundle.lists["11"]), 18)]
    bundle.lists["11"] = b"".join(sorted([*rows, bundle.lists["32"][:17] + b"\x00"]))


def moved_to_another_group(bundle: Bundle) -> None:
    place = (17 * 256 + 3) * 18 + 16
    changed_row(17 * 256 + 3, 16, (bundle.lists["32"][place] + 1) % 3)(bundle)


def changed_row(number: int, column: int, value: int) -> Alteration:
    def alter(bundle: Bundle) -> None:
        rows = bytearray(bundle.lists["32"])
        rows[number * 18 + column] = value
        bundle.lists["32"] = bytes(rows)

    return alter


UNSEALED: Mapping[str, tuple[Alteration, str]] = {
    "a row": (moved_to_another_group, "root of province 32"),
    "pages in another order": (
        lambda each: each.lists.update({"32": swapped(each.lists["32"], 256 * 18, 1, 2)}),
        "province 32, page 2, row 0",
    ),
    "the root": (stated("frozen", "root", as_=other), "root of the frozen list"),
    "a province's root": (stated("frozen", "provinces", "11", "root", as_=other), "root of province 11"),
    "the families": (
        lambda each: setattr(each, "families", each.families[:35] + b"\x07" + each.families[36:]),
        "families",
    ),
    "winners": (a_loser_wins, "Winners of province 32"),
    "the frozen list's digest": (stated("draw", "frozen_sha256", as_=other), "frozen_sha256"),
}
"""Signed again, and nothing else: the digests are the old ones."""

SEALED: Mapping[str, tuple[Alteration, str]] = {
    "a row out of order": (
        lambda each: each.lists.update({"32": swapped(each.lists["32"], 18, 17 * 256 + 3, 17 * 256 + 4)}),
        "province 32, page 17, row 4",
    ),
    "a group that there is not": (changed_row(17 * 256 + 9, 16, 3), "province 32, page 17, row 9: group 3"),
    "flags that there are not": (changed_row(17 * 256 + 9, 17, 8), "province 32, page 17, row 9: flags 8"),
    "somebody came later": (one_joined_later, "seed"),
    "somebody stands twice": (one_stands_twice, "more than one province"),
    "the secret": (stated("draw", "secret", as_="another"), "secret"),
    "the commitment": (stated("frozen", "conditions", "commitment", as_=other), "secret"),
    "the random value": (stated("draw", "beacon", "randomness", as_=other), "randomness"),
    "the signature of the beacon": (stated("draw", "beacon", "signature", as_=other), "randomness"),
    "the round": (stated("draw", "beacon", "round", as_=more), "round"),
    "an earlier round in the list": (stated("frozen", "beacon", as_={"chain": "52db", "round": 122}), "beacon"),
    "the attempt": (stated("draw", "attempt", as_=2), "attempt"),
    "the seed": (stated("draw", "seed", as_=other), "seed"),
    "a cut-off": (stated("draw", "strata", 0, "cut_off", as_=other), "Province 11, group 0, class 0: cut_off"),
    "a stratum's places": (stated("draw", "strata", 0, "places", as_=more), "Province 11, group 0, class 0: places"),
    "a stratum": (stated("draw", "strata", as_=lambda strata: strata[1:]), "strata"),
    "a province's places": (stated("draw", "places", "32", as_=more), "places, province 32"),
    "reserved places": (stated("draw", "reserved", "women", "11", as_=more), "reserved for women, province 11"),
    "what is reserved": (stated("draw", "reserved", as_=lambda kept: {"women": kept["women"]}), "reserved"),
    "who was out": (stated("draw", "excluded", "family_lot", as_=more), "family_lot"),
    "a winner": (a_loser_wins, "Winners of province 32"),
    "places of a family": (one_more_place_left, "families section"),
    "the quota": (stated("frozen", "conditions", "quota", as_=more), "places, province"),
    "reserved permille": (stated("frozen", "conditions", "reserved_permille", "women", as_=100), "reserved for women"),
    "too much is reserved": (stated("frozen", "conditions", "reserved_permille", "women", as_=980), "reserved"),
    "the times": (stated("frozen", "frozen_at", as_="2026-03-05T08:00:00+00:00"), "frozen_at"),
    "no such moment": (stated("draw", "drawn_at", as_="2026-02-30T08:00:00+00:00"), "drawn_at"),
    "a field too many": (stated("draw", "note", as_="hello"), "note"),
    "a field of another kind": (stated("frozen", "conditions", "quota", as_="30"), "quota"),
    "another rule": (stated("frozen", "conditions", "rule", as_="1"), "rule"),
}
"""With all digests and the root made anew: as somebody could who holds the keys."""

ANNULLED: Mapping[str, tuple[Alteration, str]] = {
    "another round": (stated("draw", "beacon", "round", as_=more), "round"),
    "the round of the list": (stated("draw", "beacon", "round", as_=123), "round"),
    "the round of the first annulment": (stated("draw", "beacon", "round", as_=128), "round"),
    "another round named": (stated("annulments", 1, "beacon", "round", as_=more), "The draw, beacon, round"),
    "the last annulment left out": (stated("annulments", as_=lambda all: all[:-1]), "attempt"),
    "the first annulment left out": (
        lambda each: setattr(each, "annulments", each.annulments[1:]),
        "annulment of attempt 1, attempt",
    ),
    "all annulments left out": (lambda each: each.annulments.clear(), "attempt"),
    "an annulment twice": (lambda each: each.annulments.append(each.annulments[1]), "annulment of attempt 3, attempt"),
    "annulments in another order": (lambda each: each.annulments.reverse(), "annulment of attempt 1, attempt"),
    "an earlier attempt": (stated("draw", "attempt", as_=2), "attempt"),
    "a later attempt": (stated("draw", "attempt", as_=4), "attempt"),
    "a round that is no later": (stated("annulments", 0, "beacon", "round", as_=123), "no later one than 123"),
    "rounds that go back": (stated("annulments", 1, "beacon", "round", as_=127), "no later one than 128"),
    "another chain": (stated("annulments", 0, "beacon", "chain", as_="52dc"), "chain"),
    "another wave": (stated("annulments", 0, "wave", as_=5), "wave"),
    "annulled before it was frozen": (stated("annulments", 0, "annulled_at", as_="2026-03-05T09:59:00Z"), "moments"),
    "annulled after it was drawn anew": (stated("annulments", 1, "annulled_at", as_="2026-03-07T00:00:00Z"), "moments"),
    "no reason": (stated("annulments", 0, "reason", as_=""), "reason"),
    "no digest": (stated("annulments", 0, "draw_sha256", as_="00"), "draw_sha256"),
    "a field too many": (stated("annulments", 0, "note", as_="hello"), "note"),
}
"""The same, of a third attempt."""
