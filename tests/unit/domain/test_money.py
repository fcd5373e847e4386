"""Rupiah: whole, never negative, never a float."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.domain.errors import InvalidInput
from chalicelib.domain.money import Rupiah

AMOUNTS = st.integers(min_value=0, max_value=10**15)


@pytest.mark.parametrize("amount", [-1, 1.0, 0.1, "1", None, True, False])
def test_what_is_no_whole_amount_from_nothing_up_is_no_rupiah(amount: Any) -> None:
    with pytest.raises(InvalidInput, match="amount_invalid"):
        Rupiah(amount)


def test_nothing_is_an_amount() -> None:
    assert Rupiah(0) == 0


@pytest.mark.parametrize(
    ("amount", "text"),
    [(0, "Rp 0"), (600, "Rp 600"), (3_500_000, "Rp 3.500.000"), (20_000_000_000_000, "Rp 20.000.000.000.000")],
)
def test_rupiah_are_written_as_in_indonesia(amount: int, text: str) -> None:
    assert str(Rupiah(amount)) == text


@given(AMOUNTS, AMOUNTS)
def test_what_is_added_can_be_taken_away_again(first: int, second: int) -> None:
    total = Rupiah(first).plus(second)
    assert isinstance(total, Rupiah)
    assert total.minus(second) == first
    assert total.minus(first) == second


@given(AMOUNTS, st.integers(min_value=1, max_value=10**15))
def test_nobody_takes_more_than_there_is(amount: int, more: int) -> None:
    with pytest.raises(InvalidInput):
        Rupiah(amount).minus(amount + more)
