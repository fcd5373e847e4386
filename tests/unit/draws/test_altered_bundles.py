"""Whatever is altered in a draw's file is found and named: by chance, by strangers, and by those who hold the keys."""

import random
from copy import deepcopy
from dataclasses import replace
from typing import Any

import pytest

from tests.draw_bundles import OTHER_KEY, Bundle, bundle
from tests.unit.draws.alterations import ANNULLED, SEALED, UNSEALED, a_wave
from tests.unit.draws.conftest import Checked

_FLIPS = 1_000


@pytest.fixture(scope="module")
def drawn() -> Bundle:
    """Of three pages."""
    return bundle(a_wave(600))


@pytest.fixture(scope="module")
def long() -> Bundle:
    """Province 32 has more than seventeen pages."""
    return bundle(a_wave(5_500))


@pytest.fixture(scope="module")
def annulled_twice() -> Bundle:
    return bundle(replace(a_wave(600), attempt=3))


@pytest.mark.parametrize("which", ["drawn", "annulled_twice"])
def test_every_single_bit_counts(which: str, checked: Checked, request: pytest.FixtureRequest) -> None:
    chance, right = random.Random(1), request.getfixturevalue(which).written()
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
    assert "what it states takes" in checked(drawn.written() + b"\n")[1]["wrong"]


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
    assert "what it states takes" in checked(altered.written())[1]["wrong"]


def test_signatures_of_another_key_do_not_pass_for_those_of_the_first(drawn: Bundle, checked: Checked) -> None:
    right, other = drawn.written().split(b"\n", 5), drawn.written(OTHER_KEY).split(b"\n", 5)
    mixed = [*right[:4], other[4], *right[5:]]
    assert "one name stands for two keys" in checked(b"\n".join(mixed))[1]["wrong"]
    stolen = right[2].replace(right[2].split()[1], other[2].split()[1])
    assert "does not fit" in checked(b"\n".join([*right[:2], stolen, *right[3:]]))[1]["wrong"]


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


@pytest.mark.parametrize("name", ANNULLED)
def test_what_was_altered_of_a_third_attempt_is_named(name: str, annulled_twice: Bundle, checked: Checked) -> None:
    alter, word = ANNULLED[name]
    altered = deepcopy(annulled_twice)
    alter(altered)
    ended, report = checked(altered.sealed().written())
    assert ended == 1
    assert word in report["wrong"]
    assert_one_sentence(report["wrong"])


def test_every_bit_of_an_annulment_counts(annulled_twice: Bundle, checked: Checked) -> None:
    right = annulled_twice.written()
    begin = len(b"\n".join(right.split(b"\n")[:3])) + 1
    end = len(b"\n".join(right.split(b"\n")[:7])) + 1
    for place in random.Random(2).sample(range(begin, end), 200):
        altered = bytearray(right)
        altered[place] ^= 1 << place % 8
        ended, report = checked(bytes(altered))
        assert ended == 1, place
        assert_one_sentence(report["wrong"])


def test_another_list_drawn_by_the_rule_is_known_by_the_root_that_was_noted(long: Bundle, checked: Checked) -> None:
    """Nothing in such a file is wrong: only who noted the root at closing can tell."""
    another = bundle(a_wave(5_501)).written()
    assert checked(another)[0] == 0
    assert "is demanded" in checked(another, "--root", long.frozen["root"])[1]["wrong"]
