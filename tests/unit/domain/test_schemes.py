"""The programme's rules are data with dates."""

from datetime import date, timedelta

import pytest

from chalicelib.domain.errors import InvalidInput
from chalicelib.domain.schemes import all_schemes, scheme_named, scheme_on


def test_the_schemes_pay_what_the_decrees_say() -> None:
    """Perpres 36/2020 and 76/2020; Perpres 113/2022."""
    semi_aid, normal = scheme_named("2020"), scheme_named("2023")
    assert semi_aid.training_grant == 1_000_000
    assert normal.training_grant == 3_500_000
    assert semi_aid.first_purchase_within == timedelta(days=30)
    assert normal.first_purchase_within == timedelta(days=15)
    assert {each.most_recipients_per_family for each in all_schemes()} == {2}


def test_schemes_are_told_in_the_order_in_which_they_came_into_force() -> None:
    days = [scheme.effective_from for scheme in all_schemes()]
    assert days == sorted(days)
    assert len({scheme.name for scheme in all_schemes()}) == len(days) >= 2


@pytest.mark.parametrize(
    ("day", "name"),
    [
        (date(2019, 1, 1), "2020"),
        (date(2020, 4, 11), "2020"),
        (date(2023, 2, 16), "2020"),
        (date(2023, 2, 17), "2023"),
        (date(2030, 1, 1), "2023"),
    ],
)
def test_a_scheme_is_in_force_from_its_day_until_the_next(day: date, name: str) -> None:
    assert scheme_on(day).name == name


def test_an_unknown_scheme_is_refused_with_those_that_are_known() -> None:
    with pytest.raises(InvalidInput, match="scheme_unknown") as refusal:
        scheme_named("2031")
    assert refusal.value.details == {"known": "2020, 2023"}


def test_the_schemes_say_who_is_drawn_first_and_what_is_reserved() -> None:
    semi_aid, normal = scheme_named("2020"), scheme_named("2023")
    assert (semi_aid.priority_groups, semi_aid.reserved_permille) == (("laid_off", "furloughed"), {})
    assert (normal.priority_groups, normal.reserved_permille) == ((), {"women": 500, "disabled": 30})
