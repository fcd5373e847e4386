"""Waves alike, one after the other."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from chalicelib.domain.errors import InvalidInput
from chalicelib.domain.wave_series import MOST_WAVES, Series, plans_of
from tests.fakes import NOON

DAY = timedelta(days=1)
SERIES = Series(4, 3, NOON, open_for=4 * DAY, announced_after=3 * DAY, every=7 * DAY, quota=164_000, scheme="2023")


def test_waves_are_numbered_on_and_a_week_apart() -> None:
    plans = plans_of(SERIES)
    assert [plan.number for plan in plans] == [4, 5, 6]
    assert [plan.opens_at for plan in plans] == [NOON, NOON + 7 * DAY, NOON + 14 * DAY]
    assert {plan.closes_at - plan.opens_at for plan in plans} == {4 * DAY}
    assert {plan.announces_at - plan.closes_at for plan in plans} == {3 * DAY}
    assert {(plan.quota, plan.scheme) for plan in plans} == {(164_000, "2023")}


def test_two_years_may_be_planned_at_once() -> None:
    assert len(plans_of(replace(SERIES, count=MOST_WAVES))) == 104


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"count": 0}, "count"),
        ({"count": MOST_WAVES + 1}, "count"),
        ({"every": timedelta(0)}, "every_days"),
        ({"opens_at": datetime(9999, 12, 30, tzinfo=UTC)}, "opens_at"),
    ],
)
def test_a_series_that_cannot_be_names_its_field(changes: dict[str, Any], field: str) -> None:
    with pytest.raises(InvalidInput) as refusal:
        plans_of(replace(SERIES, **changes))
    assert refusal.value.field == field
