"""Payout accounts: one a person, one person each."""

from dataclasses import replace

import pytest

from chalicelib.domain.errors import AlreadyDone, StaleWrite
from chalicelib.domain.payout_accounts import AccountState, PayoutAccount
from chalicelib.ports import PayoutAccounts
from tests.builders import an_applicant_id
from tests.contract.stores.conftest import Stores
from tests.contract.stores.fresh import fresh
from tests.contract.stores.rivals import THREADS, who_won
from tests.money import a_bank_account, a_payout_account


def linked(number: int, account_of: int | None = None) -> PayoutAccount:
    return a_payout_account(number, account=a_bank_account(account_of or number), state=AccountState.LINKED)


def test_an_account_comes_back_as_it_was_linked(payout_accounts: PayoutAccounts) -> None:
    account = a_payout_account(fresh(), state=AccountState.REFUSED, reason="account_invalid")
    payout_accounts.save(account)
    assert payout_accounts.get(account.applicant_id) == replace(account, version=1)


def test_who_linked_no_account_has_none(payout_accounts: PayoutAccounts) -> None:
    assert payout_accounts.get(an_applicant_id(fresh())) is None


def test_a_stale_account_is_refused(payout_accounts: PayoutAccounts) -> None:
    account = linked(fresh())
    payout_accounts.save(account)
    with pytest.raises(StaleWrite):
        payout_accounts.save(replace(account, reason="account_invalid"))
    assert payout_accounts.get(account.applicant_id) == replace(account, version=1)


def test_an_account_belongs_to_one_person(payout_accounts: PayoutAccounts) -> None:
    mine, number = linked(fresh()), fresh()
    payout_accounts.save_verified(mine)
    theirs = replace(linked(number), account=mine.account)
    payout_accounts.save(theirs)
    with pytest.raises(AlreadyDone):
        payout_accounts.save_verified(replace(theirs, state=AccountState.VERIFIED, version=1))
    assert payout_accounts.get(theirs.applicant_id) == replace(theirs, version=1)


def test_the_same_number_at_another_bank_is_another_account(payout_accounts: PayoutAccounts) -> None:
    mine, theirs = linked(fresh()), linked(fresh())
    payout_accounts.save_verified(mine)
    elsewhere = replace(theirs, account=replace(mine.account, bank="dana"))
    payout_accounts.save_verified(elsewhere)
    assert payout_accounts.get(theirs.applicant_id) == replace(elsewhere, version=1)


def test_an_account_claimed_by_many_at_once_goes_to_one(payout_accounts: PayoutAccounts) -> None:
    account_of = fresh()
    rivals = [linked(fresh(), account_of) for _ in range(THREADS)]
    won = who_won(payout_accounts.save_verified, rivals)
    assert sum(won) == 1
    assert [payout_accounts.get(rival.applicant_id) is not None for rival in rivals] == won


def test_a_lost_reply_does_not_take_an_account_from_its_holder(stores: Stores) -> None:
    account = linked(fresh())
    with stores.one_reply_lost():
        stores.payout_accounts.save_verified(account)
    assert stores.payout_accounts.get(account.applicant_id) == replace(account, version=1)
