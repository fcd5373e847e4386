"""What a scheme says of the training grant."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.domain.errors import Misconfigured
from chalicelib.domain.grant import CoPayment, Shares, read_co_payments, read_year_end, shares_of
from chalicelib.domain.money import Rupiah
from chalicelib.domain.schemes import course_categories, scheme_named
from chalicelib.domain.time import WIB

DECEMBER_15 = read_year_end("12-15")
CERTIFICATION = CoPayment("ai_certification", 700, Rupiah(2_000_000))
FIFTEEN_DAYS = timedelta(days=15)


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=WIB)


@pytest.mark.parametrize(
    ("awarded_at", "ends"),
    [
        ("2026-03-02T12:00:00", "2026-12-15T23:59:59"),
        ("2026-11-30T23:59:59", "2026-12-15T23:59:59"),
        ("2026-12-01T00:00:00", "2027-12-15T23:59:59"),
        ("2026-12-31T23:00:00", "2027-12-15T23:59:59"),
    ],
)
def test_a_balance_ends_on_the_first_such_day_that_leaves_time_for_a_first_purchase(awarded_at: str, ends: str) -> None:
    assert DECEMBER_15.after(at(awarded_at), at_least=FIFTEEN_DAYS) == at(ends)


def test_the_year_is_that_of_jakarta() -> None:
    """20:00 in Greenwich on New Year's Eve is three in the morning of the next year."""
    evening = datetime(2026, 12, 31, 20, tzinfo=UTC)
    assert read_year_end("12-31").after(evening, at_least=timedelta(0)) == at("2027-12-31T23:59:59")


@pytest.mark.parametrize("text", ["", "15-12", "12-32", "02-29", "13-01", "12/15", "2026-12-15", "12-15T00:00"])
def test_what_is_no_day_of_every_year_is_refused(text: str) -> None:
    with pytest.raises(Misconfigured) as refusal:
        read_year_end(text)
    assert "balance_ends" in (refusal.value.field or "")


@pytest.mark.parametrize(
    ("price", "category", "by_grant"),
    [
        (1_000_000, "general", 1_000_000),
        (1_000_000, "ai_certification", 700_000),
        (1_000_001, "ai_certification", 700_000),
        (2_857_142, "ai_certification", 1_999_999),
        (2_857_143, "ai_certification", 2_000_000),
        (9_000_000, "ai_certification", 2_000_000),
        (1, "ai_certification", 1),
    ],
)
def test_the_grant_pays_its_share_in_whole_rupiah_and_never_more_than_the_most(
    price: int, category: str, by_grant: int
) -> None:
    expected = Shares(Rupiah(by_grant), Rupiah(price - by_grant))
    assert shares_of(Rupiah(price), category, [CERTIFICATION]) == expected


@given(st.integers(1, 100_000_000), st.integers(1, 999), st.integers(1, 10_000_000))
def test_both_shares_are_the_price(price: int, permille: int, most: int) -> None:
    shares = shares_of(Rupiah(price), "x", [CoPayment("x", permille, Rupiah(most))])
    assert shares.by_grant + shares.by_buyer == price
    assert 1 <= shares.by_grant <= max(1, most)


GOOD = {"category": "x", "grant_permille": 700, "most_rupiah": 1}


@pytest.mark.parametrize(
    "rows",
    [
        [{**GOOD, "grant_permille": 1000}],
        [{**GOOD, "grant_permille": 0}],
        [{**GOOD, "grant_permille": 70.5}],
        [{**GOOD, "most_rupiah": 0}],
        [{**GOOD, "most_rupiah": True}],
        [{**GOOD, "category": "general"}],
        [{**GOOD, "share": 1}],
        [{"category": "x"}],
        [GOOD, GOOD],
    ],
)
def test_a_co_payment_that_says_nothing_sensible_is_refused(rows: list[dict[str, object]]) -> None:
    with pytest.raises(Misconfigured) as refusal:
        read_co_payments(rows)
    assert "co_payments" in (refusal.value.field or "")


def test_the_schemes_say_when_balances_end_and_what_is_shared() -> None:
    assert {scheme_named(name).balance_ends for name in ("2020", "2023")} == {DECEMBER_15}
    assert scheme_named("2020").co_payments == ()
    assert scheme_named("2023").co_payments == (CERTIFICATION,)
    assert course_categories() == ("ai_certification", "general")
