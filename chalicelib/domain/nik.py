"""The national identity number (NIK) and the family card number (KK).

Both are ``PPKKCC DDMMYY SSSS``: province, regency and district where the number was *issued*, a date, a serial.
A NIK holds the birth date, women with 40 added to the day; a KK the day of issue. Neither says where a person
lives now, nor in which century anyone was born: a number keeps its code for life, after moving house and after
provinces split. Structure proves nothing but the absence of a typo; only the population registry knows people.
"""

import re
from datetime import date, timedelta
from typing import NamedTuple, NewType

from chalicelib.domain.errors import InvalidInput
from chalicelib.domain.provinces import PROVINCES

Nik = NewType("Nik", str)
FamilyCardNo = NewType("FamilyCardNo", str)

_WELL_FORMED = re.compile(r"[0-9]{2}(?!00)[0-9]{2}(?!00)[0-9]{8}(?!0000)[0-9]{4}")
"""Sixteen digits, no regency, district or serial of zeros: nearly every number passes here, in one look."""
_SIXTEEN_DIGITS = re.compile(r"[0-9]{16}")
_WOMEN_ADD_DAYS = 40
_LEAP_DAY = (29, 2)
"""In years that four divides: the centuries that YY may mean differ in 1900 only, in which nobody alive was born."""
_DAYS = {
    f"{day.day + added:02d}{day.month:02d}": (day.day, day.month, added > 0)
    for day in (date(2000, 1, 1) + timedelta(days=number) for number in range(366))
    for added in (0, _WOMEN_ADD_DAYS)
}
"""Every day of a year as it stands in a number, for men and for women: to look it up takes half of reading it."""


class NikFacts(NamedTuple):
    """What the digits state."""

    day: int
    month: int
    two_digit_year: int
    is_woman: bool


def parse_nik(text: str) -> tuple[Nik, NikFacts]:
    """The NIK and what it states; ``InvalidInput`` (field ``nik``) says which part cannot be."""
    _check_structure(text, "nik")
    year, found = int(text[10:12]), _DAYS.get(text[6:10])
    if found is None or (found[:2] == _LEAP_DAY and year % 4):
        raise InvalidInput("nik_date_impossible", field="nik")
    day, month, is_woman = found
    return Nik(text), NikFacts(day, month, year, is_woman)


def parse_family_card_no(text: str) -> FamilyCardNo:
    """The KK number; its date is the day of issue and follows no rule of sex."""
    _check_structure(text, "family_card_no")
    found = _DAYS.get(text[6:10])
    if found is None or found[2] or (found[:2] == _LEAP_DAY and int(text[10:12]) % 4):
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


def _check_structure(text: str, field: str) -> None:
    if _WELL_FORMED.fullmatch(text) and text[:2] in PROVINCES:
        return
    if not _SIXTEEN_DIGITS.fullmatch(text):
        raise InvalidInput("number_not_16_digits", field=field)
    if text[:2] not in PROVINCES:
        raise InvalidInput("number_province_unknown", field=field)
    if text[2:4] == "00" or text[4:6] == "00":
        raise InvalidInput("number_region_impossible", field=field)
    raise InvalidInput("number_serial_impossible", field=field)
