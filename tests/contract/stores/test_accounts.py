"""What ``Accounts`` promises."""

from dataclasses import replace
from datetime import timedelta

import pytest

from chalicelib.domain.errors import AlreadyDone, StaleWrite, StoreUnavailable
from chalicelib.domain.identifiers import Index
from chalicelib.domain.registration import Account, Challenge, Failures, Role, Session, activate
from chalicelib.ports import Accounts
from tests.builders import an_account, an_applicant_id
from tests.contract.stores.conftest import Stores
from tests.contract.stores.fresh import fresh
from tests.fakes import NOON


def stored(accounts: Accounts) -> Account:
    account = an_account(fresh(), challenge=Challenge("third", NOON, ("first", "second")))
    accounts.add(account)
    return replace(account, version=1)


def test_an_account_comes_back_as_it_was_stored(accounts: Accounts) -> None:
    account = stored(accounts)
    assert accounts.get(account.id) == account


def test_an_account_that_nobody_opened_is_not_there(accounts: Accounts) -> None:
    assert accounts.get(an_applicant_id(fresh())) is None


def test_an_account_is_opened_once(accounts: Accounts) -> None:
    account = stored(accounts)
    with pytest.raises(AlreadyDone):
        accounts.add(replace(account, email="other@contoh.example", version=0))
    assert accounts.get(account.id) == account


def test_a_lost_reply_does_not_make_a_new_account_a_duplicate(stores: Stores) -> None:
    account = an_account(fresh())
    with stores.one_reply_lost():
        stores.accounts.add(account)
    assert stores.accounts.get(account.id) == replace(account, version=1)


@pytest.mark.parametrize("stores", ["fake", "moto"], indirect=True)
def test_what_was_written_without_a_reply_is_there_for_whoever_comes_again(stores: Stores) -> None:
    account = an_account(fresh())
    with stores.no_reply_comes("accounts.add"), pytest.raises(StoreUnavailable):
        stores.accounts.add(account)
    with pytest.raises(AlreadyDone):
        stores.accounts.add(account)
    assert stores.accounts.get(account.id) == replace(account, version=1)


def test_a_stale_account_is_refused(accounts: Accounts) -> None:
    account = stored(accounts)
    active = activate(account, password_hash="hash")
    accounts.save(active)
    with pytest.raises(StaleWrite):
        accounts.save(replace(account, email="other@contoh.example"))
    assert accounts.get(account.id) == replace(active, version=2)


def test_a_lost_reply_does_not_make_a_save_stale(stores: Stores) -> None:
    account = stored(stores.accounts)
    with stores.one_reply_lost():
        stores.accounts.save(activate(account, password_hash="hash"))
    assert stores.accounts.get(account.id) == replace(activate(account, password_hash="hash"), version=2)


def test_a_session_is_known_until_it_is_ended(accounts: Accounts) -> None:
    token, session = Index(f"1.token-{fresh()}"), Session("somebody", Role.APPLICANT, NOON + timedelta(hours=12))
    assert accounts.session(token) is None
    accounts.add_session(token, session)
    assert accounts.session(token) == session
    accounts.end_session(token)
    assert accounts.session(token) is None


def test_an_ended_session_stays_ended(accounts: Accounts) -> None:
    token, session = Index(f"1.token-{fresh()}"), Session("somebody", Role.STAFF, NOON)
    accounts.add_session(token, session)
    accounts.end_session(token)
    accounts.end_session(token)
    with pytest.raises(AlreadyDone):
        accounts.add_session(token, session)
    assert accounts.session(token) is None


def test_ending_a_session_that_never_was_is_no_error(accounts: Accounts) -> None:
    token = Index(f"1.token-{fresh()}")
    accounts.end_session(token)
    assert accounts.session(token) is None


def test_failures_are_counted_from_none(accounts: Accounts) -> None:
    key = f"sign_in/{fresh()}"
    assert accounts.failures(key) == Failures(key)
    accounts.save_failures(Failures(key, times=1, since=NOON))
    assert accounts.failures(key) == Failures(key, times=1, since=NOON, version=1)


def test_two_failures_at_once_are_not_counted_as_one(accounts: Accounts) -> None:
    key = f"sign_in/{fresh()}"
    accounts.save_failures(Failures(key, times=1, since=NOON))
    with pytest.raises(StaleWrite):
        accounts.save_failures(Failures(key, times=1, since=NOON))


def newcomers(count: int) -> list[Account]:
    return [an_account(fresh()) for _ in range(count)]


def test_more_accounts_than_one_call_takes_are_all_opened(accounts: Accounts) -> None:
    new = newcomers(60)
    assert accounts.add_each(new) == {account.id for account in new}
    assert [accounts.get(account.id) for account in new] == [replace(account, version=1) for account in new]


def test_one_known_account_keeps_nobody_else_out_and_stays_as_it_is(accounts: Accounts) -> None:
    known, new = stored(accounts), newcomers(2)
    again = replace(known, email="other@contoh.example", version=0)
    assert accounts.add_each([new[0], again, new[1]]) == {account.id for account in new}
    assert accounts.get(known.id) == known


def test_no_accounts_are_no_call(accounts: Accounts) -> None:
    assert accounts.add_each([]) == frozenset()


def test_after_a_lost_reply_nothing_is_said_to_be_opened_and_nothing_is_lost(stores: Stores) -> None:
    new = newcomers(3)
    with stores.one_reply_lost():
        assert stores.accounts.add_each(new) == frozenset()
    for account in new:
        with pytest.raises(AlreadyDone):
            stores.accounts.add(account)
        assert stores.accounts.get(account.id) == replace(account, version=1)


def test_accounts_opened_together_move_on_like_any_other(accounts: Accounts) -> None:
    (new,) = newcomers(1)
    accounts.add_each([new])
    accounts.save(activate(replace(new, version=1), password_hash="hash"))
    found = accounts.get(new.id)
    assert found
    assert found.version == 2
