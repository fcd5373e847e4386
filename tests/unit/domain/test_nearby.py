"""Finding one row in a long file that is in order."""

import random
from collections.abc import Sequence

import pytest

from chalicelib.domain.selection.nearby import Stretch, find_row


class Rows:
    """Rows of 18 bytes, and how many were read."""

    def __init__(self, keys: Sequence[bytes]) -> None:
        self.keys = sorted(keys)
        self.content = b"".join(key + b"\x02\x01" for key in self.keys)
        self.looks: list[int] = []

    def read(self, first: int, count: int) -> bytes:
        self.looks.append(count)
        return self.content[first * 18 : (first + count) * 18]

    @property
    def whole(self) -> Stretch:
        return Stretch(0, len(self.keys), 18)


def random_rows(count: int, seed: int = 1) -> Rows:
    chance = random.Random(seed)
    return Rows([chance.randbytes(16) for _ in range(count)])


@pytest.mark.parametrize("count", [1, 2, 511, 512, 513, 5_000])
def test_every_row_is_found_where_it_is(count: int) -> None:
    rows = random_rows(count)
    for number in range(0, count, max(1, count // 97)):
        found = find_row(rows.keys[number], rows.whole, rows.read)
        assert found
        assert (found.number, found.row) == (number, rows.keys[number] + b"\x02\x01")


def test_the_first_and_the_last_are_found() -> None:
    rows = random_rows(4_000)
    for number in (0, 3_999):
        found = find_row(rows.keys[number], rows.whole, rows.read)
        assert found
        assert found.number == number


def test_of_a_long_file_little_is_read() -> None:
    rows = random_rows(200_000)
    for number in range(0, 200_000, 997):
        rows.looks.clear()
        assert find_row(rows.keys[number], rows.whole, rows.read)
        assert len(rows.looks) <= 2
        assert sum(rows.looks) < 6_000


@pytest.mark.parametrize("count", [0, 1, 700, 5_000])
def test_what_is_not_there_is_not_found(count: int) -> None:
    rows = random_rows(count)
    for key in (bytes(16), b"\xff" * 16, *(random.Random(2).randbytes(16) for _ in range(50))):
        assert find_row(key, rows.whole, rows.read) is None


def test_rows_that_are_not_random_are_found_too() -> None:
    rows = Rows([number.to_bytes(16, "big") for number in range(20_000)])
    for number in (0, 1, 9_999, 19_999):
        found = find_row(rows.keys[number], rows.whole, rows.read)
        assert found
        assert found.number == number
    assert find_row(b"\x01" + bytes(15), rows.whole, rows.read) is None


def test_only_the_stretch_is_looked_at() -> None:
    rows = random_rows(3_000)
    outside, within = rows.keys[10], rows.keys[1_500]
    stretch = Stretch(1_000, 2_000, 18)
    assert find_row(outside, stretch, rows.read) is None
    found = find_row(within, stretch, rows.read)
    assert found
    assert found.number == 1_500


def test_a_file_that_ends_early_ends_the_search() -> None:
    rows = random_rows(10)
    assert find_row(b"\xff" * 16, Stretch(0, 5_000, 18), rows.read) is None


def test_a_ticket_is_found_by_its_first_bytes() -> None:
    rows = random_rows(1_000)
    found = find_row(rows.keys[77][:8], rows.whole, rows.read)
    assert found
    assert found.number == 77
