"""Whatever is altered in a draw's file is found and named: by chance, by strangers, and by those who hold the keys."""

import random
from collections.abc import Callable, Mapping
from copy import deepcopy
from typing import Any

import pytest

from tests.draw_bundles import OTHER_KEY, Bundle, Wave, bundle, conditions
from tests.draw_rule import Person
from tests.unit.draws.conftest import Checked

_FLIPS = 1_000


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


@pytest.fixture(scope="module")
def drawn() -> Bundle:
    """Of three pages."""
    return bundle(a_wave(600))


@pytest.fixture(scope="module")
def long() -> Bundle:
    """Province 32 has more than seventeen pages."""
    return bundle(a_wave(5_500))


def test_every_single_bit_counts(drawn: Bundle, checked: Checked) -> None:
    chance, right = random.Random(1), drawn.written()
    for _ in range(_FLIPS):
        altered = bytearray(right)
        place = chance.randrange(len(right))
        altered[place] ^= 1 << chance.randrange(8)
        ended, report = checked(bytes(altered))
        assert ended == 1, place
        assert_one_sentence(report["wrong"])


def assert_one_sentence(text: str) -> None:
    assert text.endswith(".")
    assert "\n" not in text
    assert "has no name" not in text


@pytest.mark.parametrize("part", [0.0, 0.01, 0.2, 0.5, 0.9, 0.999])
def test_a_file_that_ends_early_is_named_so(part: float, drawn: Bundle, checked: Checked) -> None:
    right = drawn.written()
    ended, report = checked(right[: int(len(right) * part)])
    assert ended == 1
    assert_one_sentence(report["wrong"])


def test_nothing_may_follow(drawn: Bundle, checked: Checked) -> None:
    assert "length of the file" in checked(drawn.written() + b"\n")[1]["wrong"]


GARBAGE = (
    b"[" * 100_000,
    b"{}",
    b"7",
    b'"\xff"',
    b"NaN",
    b'{"a":1e999}',
    b"null",
    b'{"document":"frozen-list"}',
    b"9" * 5000,
)


@pytest.mark.parametrize("line", GARBAGE)
def test_any_other_line_is_refused_in_a_sentence(line: bytes, drawn: Bundle, checked: Checked) -> None:
    for number in (0, 1, 2):
        lines = drawn.written().split(b"\n")
        lines[number] = line
        ended, report = checked(b"\n".join(lines))
        assert ended == 1
        assert_one_sentence(report["wrong"])


def test_a_count_beyond_the_file_takes_no_memory(drawn: Bundle, checked: Checked) -> None:
    altered = deepcopy(drawn)
    altered.frozen["provinces"]["11"]["entries"] = 1 << 52
    assert "length of the file" in checked(altered.written())[1]["wrong"]


def test_signatures_of_another_key_do_not_pass_for_those_of_the_first(drawn: Bundle, checked: Checked) -> None:
    right, other = drawn.written().split(b"\n", 5), drawn.written(OTHER_KEY).split(b"\n", 5)
    mixed = [*right[:4], other[4], *right[5:]]
    assert "one name stands for two keys" in checked(b"\n".join(mixed))[1]["wrong"]
    stolen = right[2].replace(right[2].split()[1], other[2].split()[1])
    assert "does not fit" in checked(b"\n".join([*right[:2], stolen, *right[3:]]))[1]["wrong"]


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
    "the attempt": (stated("draw", "attempt", as_=2), "seed"),
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


@pytest.mark.parametrize("name", UNSEALED)
@pytest.mark.parametrize("key", [None, OTHER_KEY])
def test_what_was_altered_and_signed_again_is_named(name: str, key: Any, long: Bundle, checked: Checked) -> None:
    alter, word = UNSEALED[name]
    altered = deepcopy(long)
    alter(altered)
    ended, report = checked(altered.written(*([key] if key else [])))
    assert ended == 1
    assert word in report["wrong"]
    assert_one_sentence(report["wrong"])


@pytest.mark.parametrize("name", SEALED)
def test_what_was_altered_with_all_its_digests_is_named(name: str, long: Bundle, checked: Checked) -> None:
    alter, word = SEALED[name]
    altered = deepcopy(long)
    alter(altered)
    ended, report = checked(altered.sealed().written())
    assert ended == 1
    assert word in report["wrong"]
    assert_one_sentence(report["wrong"])


def test_another_list_drawn_by_the_rule_is_known_by_the_root_that_was_noted(long: Bundle, checked: Checked) -> None:
    """Nothing in such a file is wrong: only who noted the root at closing can tell."""
    another = bundle(a_wave(5_501)).written()
    assert checked(another)[0] == 0
    assert "is demanded" in checked(another, "--root", long.frozen["root"])[1]["wrong"]
