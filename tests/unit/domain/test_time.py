"""Days and ages as they are counted in Jakarta."""

from datetime import UTC, date, datetime, timedelta, timezone

import pytest

from chalicelib.domain.time import age_on, from_epoch, wib_date


def test_the_day_in_jakarta_begins_at_five_in_the_afternoon_in_greenwich() -> None:
    assert wib_date(datetime(2026, 3, 1, 16, 59, 59, tzinfo=UTC)) == date(2026, 3, 1)
    assert wib_date(datetime(2026, 3, 1, 17, 0, tzinfo=UTC)) == date(2026, 3, 2)


def test_the_zone_in_which_a_moment_is_told_makes_no_difference() -> None:
    moment = datetime(2026, 3, 1, 17, 0, tzinfo=UTC)
    assert wib_date(moment.astimezone(timezone(timedelta(hours=-10)))) == wib_date(moment)


@pytest.mark.parametrize(
    ("day", "years"),
    [(date(2025, 3, 11), 29), (date(2025, 3, 12), 30), (date(2025, 12, 31), 30), (date(1995, 3, 12), 0)],
)
def test_a_year_of_life_is_complete_on_the_birthday(day: date, years: int) -> None:
    assert age_on(day, date(1995, 3, 12)) == years


def test_the_epoch_is_a_moment_with_a_zone() -> None:
    assert from_epoch(1_516_239_022) == datetime(2018, 1, 18, 1, 30, 22, tzinfo=UTC)
