"""NIK and family card number: what a typo is, what contradicts a statement, and what they do not say."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.domain.errors import InvalidInput
from chalicelib.domain.nik import NikFacts, check_nik_against, masked, parse_family_card_no, parse_nik
from chalicelib.domain.provinces import PROVINCES
from chalicelib.domain.verification import Sex
from tests.builders import a_family_card_no, a_nik

WOMAN = "3174015203950001"
MAN = "3174011203950001"


def refusal_of(text: str) -> str:
    with pytest.raises(InvalidInput) as refusal:
        parse_nik(text)
    assert refusal.value.field == "nik"
    return refusal.value.code


def test_a_nik_states_birth_date_and_sex() -> None:
    assert parse_nik(MAN) == (MAN, NikFacts(day=12, month=3, two_digit_year=95, is_woman=False))
    assert parse_nik(WOMAN) == (WOMAN, NikFacts(day=12, month=3, two_digit_year=95, is_woman=True))


@given(st.dates(date(1930, 1, 1), date(2029, 12, 31)), st.sampled_from(Sex), st.integers(1, 500_000))
def test_every_birth_date_of_either_sex_can_stand_in_a_nik(birth_date: date, sex: Sex, number: int) -> None:
    nik = a_nik(number, birth_date=birth_date, sex=sex)
    parsed, facts = parse_nik(nik)
    assert parsed == nik
    check_nik_against(facts, birth_date=birth_date, is_woman=sex is Sex.FEMALE)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "317401520395000",
        "31740152039500011",
        "3174015203 50001",
        " 3174015203950001",
        "3174015203950001\n",
        "3174-01-520395-0001",
        "317401520395000O",
        "٣١٧٤٠١٥٢٠٣٩٥٠٠٠١",
        "\uff13174015203950001",
    ],
)
def test_a_nik_has_16_plain_digits(text: str) -> None:
    assert refusal_of(text) == "number_not_16_digits"


@pytest.mark.parametrize("province", sorted({f"{code:02d}" for code in range(100)} - PROVINCES.keys()))
def test_a_nik_of_no_province_is_refused(province: str) -> None:
    assert refusal_of(province + WOMAN[2:]) == "number_province_unknown"


@pytest.mark.parametrize("province", PROVINCES)
def test_a_nik_of_any_province_is_taken(province: str) -> None:
    assert parse_nik(province + WOMAN[2:])[0] == province + WOMAN[2:]


@pytest.mark.parametrize("nik", ["3100015203950001", "3174005203950001"])
def test_there_is_no_regency_or_district_zero(nik: str) -> None:
    assert refusal_of(nik) == "number_region_impossible"


def test_a_region_that_was_split_off_later_is_still_taken() -> None:
    """91.01 was Merauke before 2022; a number keeps its code for life. Unknown regions are not refused either."""
    for region in ("910101", "319999"):
        assert parse_nik(region + WOMAN[6:])[0].startswith(region)


@pytest.mark.parametrize("day", [0, *range(32, 41), *range(72, 100)])
def test_a_day_that_no_month_has_is_refused(day: int) -> None:
    assert refusal_of(f"317401{day:02d}01950001") == "nik_date_impossible"


@pytest.mark.parametrize(("digits", "day"), [("410100", 1), ("710199", 31), ("690200", 29)])
def test_a_womans_day_is_forty_more(digits: str, day: int) -> None:
    facts = parse_nik(f"317401{digits}0001")[1]
    assert (facts.day, facts.is_woman) == (day, True)


@pytest.mark.parametrize("digits", ["400100", "710499", "690201", "700200"])
def test_a_womans_day_must_exist_as_well(digits: str) -> None:
    assert refusal_of(f"317401{digits}0001") == "nik_date_impossible"


@pytest.mark.parametrize("day_and_month", ["3104", "3106", "3109", "3111", "3002", "0013", "0100", "0113"])
def test_an_impossible_date_is_refused(day_and_month: str) -> None:
    assert refusal_of(f"317401{day_and_month}950001") == "nik_date_impossible"


@pytest.mark.parametrize("year", range(100))
def test_29_february_is_a_day_of_leap_years_only(year: int) -> None:
    """2000 was one, and nobody alive was born in 1900."""
    text = f"3174012902{year:02d}0001"
    if year % 4 == 0:
        assert parse_nik(text)[1].day == 29
    else:
        assert refusal_of(text) == "nik_date_impossible"


def test_there_is_no_serial_zero() -> None:
    assert refusal_of("3174015203950000") == "number_serial_impossible"
    assert parse_nik("3174015203959999")


@pytest.mark.parametrize("birth_date", [date(1995, 3, 13), date(1995, 4, 12), date(1996, 3, 12)])
def test_a_nik_of_another_birth_date_is_refused(birth_date: date) -> None:
    with pytest.raises(InvalidInput, match="nik_birth_date_differs") as refusal:
        check_nik_against(parse_nik(WOMAN)[1], birth_date=birth_date, is_woman=True)
    assert refusal.value.field == "birth_date"


@pytest.mark.parametrize(("nik", "is_woman"), [(WOMAN, False), (MAN, True)])
def test_a_nik_of_the_other_sex_is_refused(nik: str, is_woman: bool) -> None:
    with pytest.raises(InvalidInput, match="nik_sex_differs") as refusal:
        check_nik_against(parse_nik(nik)[1], birth_date=date(1995, 3, 12), is_woman=is_woman)
    assert refusal.value.field == "sex"


def test_a_nik_does_not_know_the_century() -> None:
    facts = parse_nik(a_nik(birth_date=date(2005, 3, 12)))[1]
    for year in (1905, 2005):
        check_nik_against(facts, birth_date=date(year, 3, 12), is_woman=True)


def test_a_family_card_follows_no_rule_of_sex() -> None:
    number = a_family_card_no()
    assert parse_family_card_no(number) == number
    with pytest.raises(InvalidInput, match="family_card_date_impossible") as refusal:
        parse_family_card_no("3174015203950001")
    assert refusal.value.field == "family_card_no"


@pytest.mark.parametrize("number", ["3174013112100001", "3174010101100001", "3174013101109999"])
def test_a_family_card_may_be_issued_on_any_day_of_the_year(number: str) -> None:
    assert parse_family_card_no(number) == number


@pytest.mark.parametrize("number", ["3174012902000001", "3174012902960001", "3174012902120001"])
def test_a_family_card_is_of_29_february_if_either_century_had_one(number: str) -> None:
    assert parse_family_card_no(number) == number


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("317401010110000", "number_not_16_digits"),
        ("0074010101100001", "number_province_unknown"),
        ("3100010101100001", "number_region_impossible"),
        ("3174010001100001", "family_card_date_impossible"),
        ("3174013201100001", "family_card_date_impossible"),
        ("3174010113100001", "family_card_date_impossible"),
        ("3174010100100001", "family_card_date_impossible"),
        ("3174013102100001", "family_card_date_impossible"),
        ("3174013104100001", "family_card_date_impossible"),
        ("3174012902110001", "family_card_date_impossible"),
        ("3174015203100001", "family_card_date_impossible"),
        ("3174010101100000", "number_serial_impossible"),
    ],
)
def test_a_family_card_number_that_cannot_be_is_refused(text: str, code: str) -> None:
    with pytest.raises(InvalidInput, match=code) as refusal:
        parse_family_card_no(text)
    assert refusal.value.field == "family_card_no"


def test_a_number_is_shown_by_its_ends_only() -> None:
    assert masked("3174015203955678") == "3174********5678"
    assert masked("12345678") == "********"
    assert masked("") == ""


@given(st.text() | st.from_regex(r"[0-9]{16}", fullmatch=True))
def test_any_text_is_a_number_or_is_refused(text: str) -> None:
    for parse in (parse_nik, parse_family_card_no):
        try:
            parse(text)
        except InvalidInput:
            continue
        assert len(text) == 16


def test_a_refusal_does_not_repeat_the_number() -> None:
    with pytest.raises(InvalidInput) as refusal:
        parse_nik("3174015203950000")
    assert "3174" not in str(refusal.value) + repr(refusal.value.details)
