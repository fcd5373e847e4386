"""What a scheme pays, how often and when; and who has earned it."""

from dataclasses import replace
from datetime import date, timedelta

import pytest

from chalicelib.domain.entitlements import Entitlement, certified_at, entitlements_of
from chalicelib.domain.errors import Misconfigured
from chalicelib.domain.incentives import COMPLETION, SURVEY, Incentive, months_after, read_incentives
from chalicelib.domain.money import Rupiah
from chalicelib.domain.schemes import all_schemes, scheme_named
from chalicelib.domain.surveys import surveys_of
from chalicelib.domain.time import wib_date
from chalicelib.domain.training import Purchase
from tests.fakes import NOON
from tests.money import a_reviewed_purchase

TODAY = wib_date(NOON)


def test_the_schemes_pay_what_the_decrees_say() -> None:
    """Perpres 36/2020 and 76/2020: in all Rp 3,550,000 with the grant; Perpres 113/2022: Rp 4,200,000."""
    semi_aid, normal = scheme_named("2020"), scheme_named("2023")
    assert semi_aid.incentive(COMPLETION) == Incentive(COMPLETION, Rupiah(600_000), 4, 1)
    assert semi_aid.incentive(SURVEY) == Incentive(SURVEY, Rupiah(50_000), 3)
    assert semi_aid.training_grant + sum(each.in_all for each in semi_aid.incentives) == 3_550_000
    assert normal.incentive(COMPLETION) == Incentive(COMPLETION, Rupiah(600_000), 1)
    assert normal.training_grant + sum(each.in_all for each in normal.incentives) == 4_200_000
    assert normal.incentive("bonus") is None


def test_a_scheme_has_a_survey_for_each_that_it_pays_for() -> None:
    for scheme in all_schemes():
        survey = scheme.incentive(SURVEY)
        assert survey
        assert [each.number for each in surveys_of(scheme.name)] == list(survey.numbers)


@pytest.mark.parametrize(
    ("day", "months", "later"),
    [
        (date(2026, 3, 2), 0, date(2026, 3, 2)),
        (date(2026, 10, 31), 1, date(2026, 11, 30)),
        (date(2026, 10, 31), 2, date(2026, 12, 31)),
        (date(2026, 11, 30), 3, date(2027, 2, 28)),
        (date(2027, 11, 30), 3, date(2028, 2, 29)),
        (date(2026, 12, 15), 1, date(2027, 1, 15)),
    ],
)
def test_a_month_later_is_the_same_day_or_the_months_last(day: date, months: int, later: date) -> None:
    assert months_after(day, months) == later


@pytest.mark.parametrize(
    ("row", "flaw"),
    [
        ({"purpose": "bonus", "amount_rupiah": 1, "periods": 1}, "purpose is one of completion, survey"),
        ({"purpose": "survey", "amount_rupiah": 0, "periods": 1}, "amount_rupiah"),
        ({"purpose": "survey", "amount_rupiah": -5, "periods": 1}, "amount_rupiah"),
        ({"purpose": "survey", "amount_rupiah": 1.5, "periods": 1}, "amount_rupiah"),
        ({"purpose": "survey", "amount_rupiah": True, "periods": 1}, "amount_rupiah"),
        ({"purpose": "survey", "amount_rupiah": 10**12, "periods": 1}, "amount_rupiah"),
        ({"purpose": "survey", "amount_rupiah": 1}, "periods"),
        ({"purpose": "survey", "amount_rupiah": 1, "periods": 13}, "periods"),
        ({"purpose": "survey", "amount_rupiah": 1, "periods": 1, "weekly": 1}, "weekly is not known"),
        ({"purpose": "completion", "amount_rupiah": 1, "periods": 4}, "every_months"),
    ],
)
def test_a_wrong_incentive_is_named(row: dict[str, object], flaw: str) -> None:
    with pytest.raises(Misconfigured, match="scheme_invalid") as mistake:
        read_incentives([row])
    assert flaw in str(mistake.value.field)


def test_one_purpose_stands_there_once() -> None:
    row = {"purpose": "survey", "amount_rupiah": 1, "periods": 1}
    with pytest.raises(Misconfigured, match="twice"):
        read_incentives([row, row])


def earned(*purchases: Purchase, scheme: str = "2023", filled: int = 0) -> tuple[Entitlement, ...]:
    return entitlements_of(scheme_named(scheme), purchases, {number: NOON for number in range(1, filled + 1)})


def test_a_reviewed_training_earns_every_period_each_on_its_day() -> None:
    training = a_reviewed_purchase()
    assert earned(training) == (Entitlement(COMPLETION, 1, Rupiah(600_000), TODAY, training.id),)
    monthly = earned(a_reviewed_purchase(), scheme="2020")
    assert [each.period for each in monthly] == [1, 2, 3, 4]
    assert [each.due_on for each in monthly] == [months_after(TODAY, months) for months in range(4)]


def test_whoever_did_not_attend_everything_earns_nothing() -> None:
    whole = a_reviewed_purchase()
    some = dict(list(whole.attended.items())[1:])
    assert earned(replace(whole, attended=some)) == ()
    assert earned(replace(whole, certificate_no=None)) == ()
    assert earned(replace(whole, review=None)) == ()
    assert earned() == ()


def test_only_the_training_that_was_completed_first_earns() -> None:
    first = a_reviewed_purchase(1)
    second = a_reviewed_purchase(2, completed_at=NOON + timedelta(days=9))
    assert earned(second, first) == earned(first)
    assert earned(second, replace(first, review=None)) == ()


def test_each_survey_earns_once_it_is_filled_and_no_more_than_the_scheme_pays_for() -> None:
    assert earned(filled=1) == (Entitlement(SURVEY, 1, Rupiah(50_000), TODAY),)
    assert [each.period for each in earned(filled=5)] == [1, 2]
    assert [each.period for each in earned(filled=5, scheme="2020")] == [1, 2, 3]


def test_surveys_rest_on_the_first_trainings_certificate() -> None:
    later = a_reviewed_purchase(2, completed_at=NOON + timedelta(days=9), certified_at=NOON + timedelta(days=9))
    assert certified_at([later, a_reviewed_purchase()]) == NOON
    assert certified_at([]) is None
