"""Whoever has money sees all that became of it; officers see it for a reason that is put on record."""

import pytest

from chalicelib.domain.audit import Act
from chalicelib.domain.errors import InvalidInput, NotFound
from chalicelib.domain.identifiers import StaffId
from chalicelib.domain.ledger import OwnedAccount
from chalicelib.domain.officers import Officer
from chalicelib.domain.registration import Role
from chalicelib.use_cases.ledger.desk import BooksDesk
from chalicelib.use_cases.ledger.read_account import read_account
from chalicelib.use_cases.ledger.read_closing import read_closing
from chalicelib.use_cases.ledger.read_statement import Statement, read_statement
from chalicelib.use_cases.ledger.see_statement import see_statement
from tests.builders import an_applicant
from tests.fakes import NOON, World
from tests.unit.use_cases.ledger.books import (
    DAY,
    GRANT,
    PRICE,
    close,
    feed,
    grant,
    person,
    posted,
    reference_of,
    sale,
    two_people,
)

OFFICER = Officer(StaffId("officer"), Role.STAFF)
REASON = "Pemilik akun bertanya tentang saldo."


def statement(world: World, *, after: str | None = None, limit: int = 10) -> Statement:
    return read_statement(person(), after=after, limit=limit, ledger=world.ledger)


def test_a_statement_is_newest_first_with_the_balance_after_it() -> None:
    found = statement(two_people())
    assert [entry.posting.key for entry in found.entries] == ["purchase/purchase-1", "grant/1"]
    assert (found.balances, found.is_whole) == ({OwnedAccount.TRAINING_BALANCE: GRANT - PRICE}, True)


def test_whoever_never_had_money_has_an_empty_one() -> None:
    found = statement(World())
    assert (list(found.entries), found.balances, found.is_whole, found.next) == ([], {}, True, None)


def test_a_statement_comes_in_pages() -> None:
    world = two_people()
    first = statement(world, limit=1)
    second = statement(world, after=first.next, limit=1)
    assert [entry.number for entry in (*first.entries, *second.entries)] == [2, 1]
    assert second.next is None


@pytest.mark.parametrize("cursor", ["x", "-1", "1.5", "9999999999", "٣"])
def test_a_place_that_no_page_gave_is_refused(cursor: str) -> None:
    with pytest.raises(InvalidInput, match="cursor_invalid"):
        statement(two_people(), after=cursor)


def test_an_officer_sees_it_only_on_record() -> None:
    world = two_people()
    world.applicants.save(an_applicant(id=person()))
    reference = reference_of(world, person())
    desk = BooksDesk(world.ledger, world.corrections, world.applicants, world.audit_log, world.clock)
    with pytest.raises(InvalidInput, match="reason_too_short"):
        see_statement(reference, "Karena", OFFICER, after=None, limit=5, desk=desk)
    assert len(see_statement(reference, REASON, OFFICER, after=None, limit=5, desk=desk).entries) == 2
    (entry,), _ = world.audit_log.of_subject(reference, after=None, limit=10)
    assert (entry.deed.act, entry.deed.reason) == (Act.READ_STATEMENT, REASON)


def test_the_newest_closed_day_is_told_and_whether_it_stands() -> None:
    world = two_people()
    with pytest.raises(NotFound, match="day_not_closed"):
        read_closing(None, journal=world.journal, clock=world.clock)
    for days, is_settled in ((1, False), (2, True)):
        world.clock.moves_to(NOON + days * DAY)
        close(world)
        closing, settled = read_closing(NOON.date(), journal=world.journal, clock=world.clock)
        assert (closing.count, settled) == (3, is_settled)
    assert read_closing(None, journal=world.journal, clock=world.clock)[0].day == (NOON + DAY).date()


def against(world: World, account: str, *, limit: int) -> list[str]:
    keys: list[str] = []
    after: str | None = None
    for _ in range(20):
        found, after = read_account(account, NOON.date(), after=after, limit=limit, journal=world.journal)
        assert len(found) <= limit
        keys += [entry.posting.key for entry in found]
        if after is None:
            return keys
    raise AssertionError("the walk does not end")


@pytest.mark.parametrize("limit", [1, 2, 50])
def test_an_account_of_the_programme_is_read_from_the_journal(limit: int) -> None:
    world = two_people()
    feed(world, *posted(world, sale(2)), batch="3-3")
    feed(world, *posted(world, grant(3)), batch="4-4")
    assert against(world, "grant_fund", limit=limit) == ["grant/1", "grant/1", "grant/1"]
    assert against(world, "partner:belajar", limit=limit) == ["purchase/purchase-1", "purchase/purchase-2"]
    assert against(world, "bank:bni", limit=limit) == []


@pytest.mark.parametrize("cursor", ["x", "|3", "a/b|1", "a|x", "a|9999999"])
def test_a_place_in_an_account_that_no_page_gave_is_refused(cursor: str) -> None:
    with pytest.raises(InvalidInput, match="cursor_invalid"):
        read_account("treasury", NOON.date(), after=cursor, limit=1, journal=World().journal)
