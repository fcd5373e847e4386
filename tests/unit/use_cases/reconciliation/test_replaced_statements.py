"""Another file comes for a day: what it adds is taken, what it takes back waits for a second pair of eyes."""

from datetime import timedelta

import pytest

from chalicelib.domain.errors import InvalidInput
from chalicelib.domain.statements import StatementState
from chalicelib.use_cases.reconciliation.reconcile_day import reconcile_day
from tests.fakes import World
from tests.unit.use_cases.reconciliation.office import BANK, Office, all_agree_on


@pytest.fixture
def office() -> Office:
    return Office(World())


def test_the_same_file_again_is_the_same_answer(office: Office) -> None:
    first = office.statement_comes(office.paid("nobody"))
    assert office.statement_comes(office.paid("nobody")) == first
    assert office.known.run == 1


def test_another_file_for_the_day_replaces_the_one_before_and_says_how_it_differs(office: Office) -> None:
    office.statement_comes(all_agree_on(office, "ani"), office.paid("nobody"))
    second = office.statement_replaces(all_agree_on(office, "ani"), all_agree_on(office, "budi"))
    assert (second.number, second.counts) == (3, {"added": 1, "removed": 1, "changed": 0})
    first = office.world.reconciliations.statement(BANK, office.day, 1)
    assert first is not None
    assert first.state is StatementState.REPLACED
    assert (office.standing, office.suspense) == ([], 0)


@pytest.mark.parametrize("lines", [(), (1_000,)])
def test_nobody_alone_takes_back_what_the_bank_had_said(office: Office, lines: tuple[int, ...]) -> None:
    """Neither by sending it twice, nor by sending something else in between."""
    less = [office.paid("nobody", amount) for amount in lines]
    office.statement_comes(office.paid("nobody"))
    for _ in range(2):
        refused = office.statement_comes(*less)
        assert (refused.number, refused.state, refused.reason) == (2, StatementState.REFUSED, "statement_needs_second")
        assert refused.counts == {"added": 0, "removed": not lines, "changed": bool(lines)}
    office.statement_comes(office.paid("nobody"), office.paid("other"))
    again = office.statement_comes(*less, by="budi")
    assert (again.number, again.reason) == (4, "statement_needs_second")
    assert (office.known.in_force, office.suspense) == (3, -1_200_000)


def test_what_somebody_else_sends_as_well_replaces_what_the_bank_had_said(office: Office) -> None:
    office.statement_comes(office.paid("nobody"))
    office.statement_comes()
    seconded = office.statement_comes(by="budi")
    assert (seconded.number, seconded.state, office.known.in_force) == (3, StatementState.IN_FORCE, 3)
    assert (office.standing, office.suspense) == ([], 0)
    assert office.statement_comes(by="citra") == seconded


def test_a_notice_that_comes_late_does_not_bring_an_old_file_back(office: Office) -> None:
    first, second = office.drop(office.paid("a")), office.drop(office.paid("a"), office.paid("b"))
    office.receive(first)
    office.receive(second)
    office.receive(first)
    assert office.known.newest == 2
    office.compare()
    reconcile_day(BANK, office.day, 1, None, desk=office.desk)
    assert office.known.in_force == 2


def test_a_file_that_cannot_be_read_is_refused_and_the_one_before_stands(office: Office) -> None:
    office.statement_comes(office.paid("nobody"))
    refused = office.statement_comes(office.paid("nobody").replace("600000.00", '"600,000.00"'))
    assert (refused.state, refused.reason, refused.reason_details["line"]) == (
        StatementState.REFUSED,
        "statement_amount_wrong",
        2,
    )
    assert (office.known.in_force, office.suspense) == (1, -600_000)


def test_another_day_s_file_is_refused(office: Office) -> None:
    refused = office.statement_comes(office.paid("ani", day=office.day - timedelta(days=1)))
    assert (refused.state, refused.reason) == (StatementState.REFUSED, "statement_other_day")
    assert office.standing == []


@pytest.mark.parametrize(
    ("name", "code"),
    [
        ("statements/bni/2026-03-01/a/b.csv", "statement_name_wrong"),
        ("statements/bni/yesterday/b.csv", "statement_name_wrong"),
        ("statements/bank/2026-03-01/b.csv", "bank_unknown"),
        ("statements/bni/2999-01-01/b.csv", "statement_day_wrong"),
        ("statements/bni/1999-01-01/b.csv", "statement_day_wrong"),
    ],
)
def test_a_name_that_fixes_no_day_of_a_channel_is_refused(office: Office, name: str, code: str) -> None:
    with pytest.raises(InvalidInput) as caught:
        office.receive(name)
    assert caught.value.code == code
