"""What it costs to look at a NIK, against a bare regular expression and one ``date()`` call on the same numbers."""

import random
import re
import statistics
import time
from collections.abc import Callable, Iterator
from datetime import date, timedelta

from chalicelib.domain.errors import InvalidInput
from chalicelib.domain.nik import check_nik_against, parse_nik
from chalicelib.domain.provinces import PROVINCES
from tests.benchmarks.figure import Figure

_NUMBERS = 20_000
_ROUNDS = 15
_MISTYPED = 0.05
"""One number in twenty has one wrong digit, as people type."""
_SIXTEEN_DIGITS = re.compile(r"[0-9]{16}")

Typed = tuple[str, date, bool]
"""A number, and what its owner states beside it."""


def nik_check() -> Iterator[Figure]:
    """``nik_check`` parses; ``nik_check_against`` compares birth date and sex with what is stated as well."""
    typed = _typed(random.Random(7))
    if not _NUMBERS * 0.95 < sum(map(_is_parsed, typed)) < _NUMBERS:
        raise RuntimeError("the numbers are not as people type them")
    columns = zip(*(_round(typed) for _ in range(_ROUNDS)), strict=True)
    parsed, compared, floor = (statistics.median(column) for column in columns)
    yield Figure("nik_check", parsed, floor, "numbers in a microsecond of CPU", 0.5, at_least=True)
    yield Figure("nik_check_against", compared, floor, "numbers in a microsecond of CPU", None)


def _round(typed: list[Typed]) -> tuple[float, float, float]:
    return _rate(_is_parsed, typed), _rate(_is_consistent, typed), _rate(_is_date, typed)


def _rate(look: Callable[[Typed], bool], typed: list[Typed]) -> float:
    begun = time.process_time()
    for each in typed:
        look(each)
    return len(typed) / ((time.process_time() - begun) * 1e6)


def _is_parsed(typed: Typed) -> bool:
    try:
        parse_nik(typed[0])
    except InvalidInput:
        return False
    return True


def _is_consistent(typed: Typed) -> bool:
    text, birth_date, is_woman = typed
    try:
        check_nik_against(parse_nik(text)[1], birth_date=birth_date, is_woman=is_woman)
    except InvalidInput:
        return False
    return True


def _is_date(typed: Typed) -> bool:
    text = typed[0]
    if not _SIXTEEN_DIGITS.fullmatch(text):
        return False
    day = int(text[6:8])
    try:
        date(2000 + int(text[10:12]), int(text[8:10]), day - 40 if day > 40 else day)
    except ValueError:
        return False
    return True


def _typed(chance: random.Random) -> list[Typed]:
    return [_one(chance) for _ in range(_NUMBERS)]


def _one(chance: random.Random) -> Typed:
    birth_date, is_woman = date(1950, 1, 1) + timedelta(days=chance.randrange(20_000)), chance.random() < 0.5
    region = f"{chance.choice(list(PROVINCES))}{chance.randint(1, 99):02d}{chance.randint(1, 99):02d}"
    text = f"{region}{birth_date.day + 40 * is_woman:02d}{birth_date:%m%y}{chance.randint(1, 9999):04d}"
    if chance.random() < _MISTYPED:
        place = chance.randrange(16)
        text = text[:place] + str(chance.randrange(10)) + text[place + 1 :]
    return text, birth_date, is_woman
