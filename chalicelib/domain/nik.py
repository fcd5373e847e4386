"""The national identity number (NIK) and the family card number (KK).

Both are ``PPKKCC DDMMYY SSSS``: province, regency and district where the number was *issued*, a date, a serial.
A NIK holds the birth date, women with 40 added to the day; a KK the day of issue. Neither says where a person
lives now, nor in which century anyone was born: a number keeps its code for life, after moving house and after
provinces split. Structure proves nothing but the absence of a typo; only the population registry knows people.
"""

import re
from dataclasses import dataclass
from datetime import date
from typing import NewType

from chalicelib.domain.errors import InvalidInput
from chalicelib.domain.provinces import PROVINCES

Nik = NewType("Nik", str)
FamilyCardNo = NewType("FamilyCardNo", str)

_SIXTEEN_DIGITS = re.compile(r"[0-9]{16}")
_WOMEN_ADD_DAYS = 40


@dataclass(frozen=True, slots=True)
class NikFacts:
    """What the digits state."""

    day: int
    month: int
    two_digit_year: int
    is_woman: bool


def parse_nik(text: str) -> tuple[Nik, NikFacts]:
    """The NIK and what it states; ``InvalidInput`` (field ``nik``) says which part cannot be."""
    _check_structure(text, field="nik")
    day, month, year = int(text[6:8]), int(text[8:10]), int(text[10:12])
    is_woman = day > _WOMEN_ADD_DAYS
    facts = NikFacts(day - _WOMEN_ADD_DAYS if is_woman else day, month, year, is_woman)
    if not _is_possible_date(facts.day, facts.month, facts.two_digit_year):
        raise InvalidInput("nik_date_impossible", field="nik")
    return Nik(text), facts


def parse_family_card_no(text: str) -> FamilyCardNo:
    """The KK number; its date is the day of issue and follows no rule of sex."""
    _check_structure(text, field="family_card_no")
    if not _is_possible_date(int(text[6:8]), int(text[8:10]), int(text[10:12])):
        raise InvalidInput("family_card_date_impossible", field="family_card_no")
    return FamilyCardNo(text)


def check_nik_against(facts: NikFacts, *, birth_date: date, is_woman: bool) -> None:
    """Refuse a NIK whose date or sex differs from what the person states beside it."""
    stated = (birth_date.day, birth_date.month, birth_date.year % 100)
    if (facts.day, facts.month, facts.two_digit_year) != stated:
        raise InvalidInput("nik_birth_date_differs", field="birth_date")
    if facts.is_woman != is_woman:
        raise InvalidInput("nik_sex_differs", field="sex")


def masked(number: str) -> str:
    """``3174********5678``: enough to recognise one's own, too little to use another's."""
    return f"{number[:4]}{'*' * (len(number) - 8)}{number[-4:]}" if len(number) > 8 else "*" * len(number)


def _check_structure(text: str, *, field: str) -> None:
    if not _SIXTEEN_DIGITS.fullmatch(text):
        raise InvalidInput("number_not_16_digits", field=field)
    if text[:2] not in PROVINCES:
        raise InvalidInput("number_province_unknown", field=field)
    if text[2:4] == "00" or text[4:6] == "00":
        raise InvalidInput("number_region_impossible", field=field)
    if text[12:] == "0000":
        raise InvalidInput("number_serial_impossible", field=field)


def _is_possible_date(day: int, month: int, two_digit_year: int) -> bool:
    # The year 2000 + YY stands for both centuries: they differ in 29 February of 00 only, which 2000 had and 1900 not.
    try:
        date(2000 + two_digit_year, month, day)
    except ValueError:
        return False
    return True
