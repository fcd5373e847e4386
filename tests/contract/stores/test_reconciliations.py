"""What ``Reconciliations`` and ``StatementFiles`` promise: a statement once, a difference with posting and day."""

from dataclasses import replace
from datetime import date, timedelta

import pytest

from chalicelib.domain.errors import AlreadyDone, InvalidInput, StaleWrite, StoreUnavailable
from chalicelib.domain.identifiers import StaffId
from chalicelib.domain.ledger import OwnedAccount, channel_owner
from chalicelib.domain.reconciliation.days import Day, Phase, receive
from chalicelib.domain.reconciliation.differences import Difference, DifferenceState, enter, explain
from chalicelib.domain.reconciliation.movements import Kind
from chalicelib.domain.reconciliation.verdicts import Found, Verdict
from chalicelib.domain.statements import Statement, StatementState, StatementUpload, object_key_of, refuse_statement
from chalicelib.ports import Reconciliations
from tests.contract.stores.conftest import Stores
from tests.contract.stores.fresh import fresh
from tests.fakes import NOON

BANK = "bni"


def a_day() -> Day:
    return Day(BANK, date(2026, 3, 1) + timedelta(days=fresh()))


def received(stores: Stores, day: Day, upload: str = "upload-1") -> tuple[Day, Statement]:
    key = object_key_of(BANK, day.day, upload)
    found = receive(day, StatementUpload(key, f'"{upload}"', 10, "ani"), None, now=NOON)
    assert found is not None
    stores.reconciliations.receive(*found)
    return again(stores, day), found[1]


def again(stores: Stores, day: Day) -> Day:
    return stores.reconciliations.day(day.bank, day.day)


def entered(stores: Stores, day: Day, reference: str = "PRK1", amount: int = 600_000) -> tuple[Day, Difference]:
    found = Found(reference, Kind.PAYMENT, Verdict.THEIRS_ONLY, amount, amount, 0, "", 2)
    moved = enter(None, found, day.bank, day.day, now=NOON)
    assert moved is not None
    stores.reconciliations.save_difference(replace(day, open=day.open + 1), *moved)
    difference = stores.reconciliations.difference(day.bank, day.day, moved[0].key)
    assert difference is not None
    return again(stores, day), difference


def suspense(stores: Stores, day: Day) -> int:
    return stores.ledger.balance(channel_owner(day.bank, day.day), OwnedAccount.SUSPENSE)


def test_a_day_of_which_nothing_came_is_new(reconciliations: Reconciliations) -> None:
    day = a_day()
    assert reconciliations.day(BANK, day.day) == day
    assert reconciliations.statement(BANK, day.day, 1) is None
    assert reconciliations.differences(BANK, day.day, after=None, limit=10) == ([], None)


def test_a_statement_is_kept_as_it_came(stores: Stores) -> None:
    day, statement = received(stores, a_day())
    assert (day.newest, day.version) == (1, 1)
    assert stores.reconciliations.statement(BANK, day.day, 1) == replace(statement, version=1)


def test_an_upload_is_received_once(stores: Stores) -> None:
    day, _ = received(stores, a_day())
    day, _ = received(stores, day, "upload-2")
    with pytest.raises(AlreadyDone, match="statement_received"):
        received(stores, day)


def test_two_that_receive_at_once_do_not_take_one_number(stores: Stores) -> None:
    day = a_day()
    received(stores, day)
    with pytest.raises(StaleWrite):
        received(stores, day, "upload-2")


def test_a_refused_statement_says_why(stores: Stores) -> None:
    day, _ = received(stores, a_day())
    kept = stores.reconciliations.statement(BANK, day.day, 1)
    assert kept is not None
    stores.reconciliations.save_statement(refuse_statement(kept, "statement_other_day", line=3, expected="2026-03-01"))
    refused = stores.reconciliations.statement(BANK, day.day, 1)
    assert refused is not None
    assert (refused.state, refused.reason_details) == (
        StatementState.REFUSED,
        {"line": 3, "expected": "2026-03-01"},
    )


def test_statements_are_listed_newest_first(stores: Stores) -> None:
    day = a_day()
    for number in range(1, 4):
        day, _ = received(stores, day, f"upload-{number}")
    listed = stores.reconciliations.statements(BANK, day.day, limit=2)
    assert [each.number for each in listed] == [3, 2]
    assert [each.number for each in stores.reconciliations.statements(BANK, day.day, limit=2, before=2)] == [1]


def test_a_difference_moves_with_its_posting_and_its_day(stores: Stores) -> None:
    day, difference = entered(stores, received(stores, a_day())[0])
    assert (suspense(stores, day), day.open, difference.state) == (-600_000, 1, DifferenceState.OPEN)
    moved = explain(difference, now=NOON)
    assert moved is not None
    stores.reconciliations.save_difference(replace(day, open=0), *moved)
    assert (suspense(stores, day), again(stores, day).open) == (0, 0)


def test_what_was_moved_since_is_not_written_over(stores: Stores) -> None:
    before, _ = received(stores, a_day())
    day, difference = entered(stores, before)
    with pytest.raises(StaleWrite):
        stores.reconciliations.save_difference(before, difference, ())
    with pytest.raises(StaleWrite):
        entered(stores, day)  # as if nobody had found it yet
    assert suspense(stores, day) == -600_000


def test_a_difference_of_no_amount_needs_no_posting(stores: Stores) -> None:
    day, difference = entered(stores, received(stores, a_day())[0], amount=0)
    assert (difference.suspended, suspense(stores, day)) == (0, 0)


def test_differences_are_listed_page_by_page(stores: Stores) -> None:
    day, _ = received(stores, a_day())
    for number in range(5):
        day, _ = entered(stores, day, f"PRK{number}")
    met, after = [], None
    while True:
        page, after = stores.reconciliations.differences(BANK, day.day, after=after, limit=2)
        met += [each.reference for each in page]
        if after is None:
            break
    assert met == [f"PRK{number}" for number in range(5)]


def test_days_are_listed_newest_first_and_those_that_stand_open(stores: Stores) -> None:
    first, second = (received(stores, a_day())[0] for _ in range(2))
    entered(stores, first)
    listed = stores.reconciliations.days(BANK, limit=1, before=second.day + timedelta(days=1))
    assert [each.day for each in listed] == [second.day]
    met, after = set[date](), None
    while True:
        page, after = stores.reconciliations.open_days(after=after, limit=1)
        met |= {day for bank, day in page if bank == BANK}
        if after is None:
            break
    assert (first.day in met, second.day in met) == (True, False)


@pytest.mark.parametrize("cursor", ["nonsense", "|", "a||"])
def test_a_place_that_no_page_gave_is_refused(reconciliations: Reconciliations, cursor: str) -> None:
    with pytest.raises(InvalidInput):
        reconciliations.open_days(after=cursor, limit=10)


def test_a_lost_reply_is_no_second_write(stores: Stores) -> None:
    day, _ = received(stores, a_day())
    with stores.one_reply_lost():
        entered(stores, day)
    assert suspense(stores, day) == -600_000


def test_a_day_is_saved_from_the_version_that_was_read(stores: Stores) -> None:
    day, _ = received(stores, a_day())
    stores.reconciliations.save_day(replace(day, state=Phase.ENTER, counts={"matched": 2}, compared_at=NOON))
    assert again(stores, day).counts == {"matched": 2}
    with pytest.raises(StaleWrite):
        stores.reconciliations.save_day(day)


# --- Files ------------------------------------------------------------------------------------------------------------


def test_what_a_comparison_found_is_kept(stores: Stores) -> None:
    found = Found("PRK1", Kind.REVERSAL, Verdict.REVERSED_AFTER_SUCCESS, -1, 1, 0, "payout", 7)
    name = f"runs/bni/{fresh()}.json.gz"
    stores.statement_files.keep_run(name, [found], ["payment/PRK2"])
    assert list(stores.statement_files.differences(name)) == [found]
    assert list(stores.statement_files.carried(name)) == ["payment/PRK2"]


def test_a_run_that_is_not_there_is_not_an_empty_one(stores: Stores) -> None:
    with pytest.raises(StoreUnavailable):
        stores.statement_files.differences("runs/none")


def test_a_form_names_who_uploads(stores: Stores) -> None:
    form = stores.statement_files.upload_form("statements/bni/2026-03-01/1.csv", StaffId("ani"))
    assert (form.fields["key"], form.fields["x-amz-meta-uploader"]) == ("statements/bni/2026-03-01/1.csv", "ani")


def test_a_file_that_is_not_there_is_none(stores: Stores) -> None:
    assert stores.statement_files.upload("statements/bni/2026-03-01/none.csv") is None
