"""A bank's statement that does not come is missed."""

from datetime import date

import pytest

from chalicelib.domain.statements import is_statement_late
from chalicelib.use_cases.reconciliation.find_missing_statements import LOOKS_BACK_DAYS, find_missing_statements
from tests.fakes import World
from tests.unit.use_cases.reconciliation.office import BANK, Office, all_agree_on

FRIDAY = date(2026, 3, 6)


@pytest.fixture
def office() -> Office:
    return Office(World())


def missing(office: Office) -> list[tuple[str, date]]:
    return list(find_missing_statements(desk=office.desk))


@pytest.mark.parametrize(
    ("day", "on_time", "late"),
    [
        (date(2026, 3, 2), date(2026, 3, 4), date(2026, 3, 5)),
        (FRIDAY, date(2026, 3, 10), date(2026, 3, 11)),
        (date(2026, 3, 7), date(2026, 3, 10), date(2026, 3, 11)),
    ],
)
def test_it_is_late_when_two_bank_days_are_over(day: date, on_time: date, late: date) -> None:
    assert not is_statement_late(day, on_time)
    assert is_statement_late(day, late)


def test_a_day_on_which_the_bank_was_asked_and_that_has_no_statement_is_missed(office: Office) -> None:
    office.we_ask("ani")
    assert missing(office) == []
    office.world.clock.passes(days=6)
    assert missing(office) == [(BANK, office.day)]
    office.world.clock.passes(days=LOOKS_BACK_DAYS)
    assert missing(office) == []


def test_one_that_was_refused_is_as_good_as_none(office: Office) -> None:
    office.statement_comes(all_agree_on(office, "ani") + ",")
    office.world.clock.passes(days=6)
    assert missing(office) == [(BANK, office.day)]


def test_a_day_with_a_statement_and_one_on_which_nobody_was_asked_are_not_missed(office: Office) -> None:
    office.statement_comes(all_agree_on(office, "ani"))
    office.world.clock.passes(days=6)
    assert missing(office) == []
