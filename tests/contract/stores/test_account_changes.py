"""A change of account: found when its time comes, its old number let go of with the new one's claim."""

from dataclasses import replace
from datetime import timedelta

import pytest

from chalicelib.domain.account_changes import REMIND_BEFORE, ask_change, confirm_change, move_change
from chalicelib.domain.account_namings import AccountNaming, named_by
from chalicelib.domain.errors import AlreadyDone, InvalidInput, StaleWrite
from chalicelib.domain.payout_accounts import COOLING_OFF, AccountState, PayoutAccount, masked_number
from chalicelib.ports import PayoutAccounts
from tests.builders import an_applicant_id
from tests.contract.stores.conftest import Stores
from tests.contract.stores.fresh import fresh
from tests.fakes import NOON
from tests.money import a_bank_account, a_payout_account


def verified(accounts: PayoutAccounts) -> PayoutAccount:
    account = a_payout_account(fresh())
    accounts.save_verified(account)
    return replace(account, version=1)


def changing(accounts: PayoutAccounts) -> PayoutAccount:
    old = verified(accounts)
    asked = ask_change(old, a_bank_account(fresh()), consent=masked_number(old.account), now=NOON)
    moved = confirm_change(asked, matches=True, now=NOON)
    accounts.save(moved)
    return replace(moved, version=moved.version + 1)


def test_a_change_comes_back_as_it_was_confirmed(payout_accounts: PayoutAccounts) -> None:
    account = changing(payout_accounts)
    assert payout_accounts.get(account.applicant_id) == account


def test_a_change_is_found_when_its_next_step_is_due_and_not_before(payout_accounts: PayoutAccounts) -> None:
    mine = changing(payout_accounts)

    def found(hours: float) -> bool:
        due = payout_accounts.to_look_at(now=NOON + timedelta(hours=hours), limit=1000)
        return mine.applicant_id in due

    assert (found(47.9), found(48)) == (False, True)
    reminded = move_change(mine, now=NOON + COOLING_OFF - REMIND_BEFORE)
    payout_accounts.save(reminded)
    assert (found(71.9), found(72)) == (False, True)
    effective = move_change(replace(reminded, version=reminded.version + 1), now=NOON + COOLING_OFF)
    payout_accounts.save(effective)
    assert not found(1000)


def test_no_more_are_told_than_asked_for(payout_accounts: PayoutAccounts) -> None:
    for _ in range(3):
        changing(payout_accounts)
    assert len(payout_accounts.to_look_at(now=NOON + COOLING_OFF, limit=2)) == 2


def test_the_old_number_stays_claimed_until_the_new_one_is(payout_accounts: PayoutAccounts) -> None:
    old = verified(payout_accounts)
    number = fresh()
    stranger = a_payout_account(number, account=old.account)
    payout_accounts.save(replace(old, state=AccountState.LINKED, account=a_bank_account(fresh()), claimed=old.account))
    with pytest.raises(AlreadyDone):
        payout_accounts.save_verified(stranger)
    linked = payout_accounts.get(old.applicant_id)
    assert linked
    payout_accounts.save_verified(replace(linked, state=AccountState.VERIFIED, claimed=None), released=old.account)
    payout_accounts.save_verified(stranger)
    found = payout_accounts.get(stranger.applicant_id)
    assert found
    assert found.account.account_no == old.account.account_no


def test_whoever_takes_back_their_old_number_keeps_it(payout_accounts: PayoutAccounts) -> None:
    old = verified(payout_accounts)
    payout_accounts.save_verified(old, released=old.account)
    with pytest.raises(AlreadyDone):
        payout_accounts.save_verified(a_payout_account(fresh(), account=old.account))


def test_nobody_lets_go_of_anothers_number(payout_accounts: PayoutAccounts) -> None:
    theirs, mine = verified(payout_accounts), a_payout_account(fresh())
    payout_accounts.save_verified(mine, released=theirs.account)
    with pytest.raises(AlreadyDone):
        payout_accounts.save_verified(a_payout_account(fresh(), account=theirs.account))


def suspicious(accounts: PayoutAccounts, account: PayoutAccount, people: int, seconds: float = 0) -> AccountNaming:
    naming = accounts.naming(account.account)
    for _ in range(people):
        naming = named_by(naming, an_applicant_id(fresh()), now=NOON + timedelta(seconds=seconds))
    accounts.save_refused(replace(account, state=AccountState.REFUSED), naming)
    return replace(naming, version=naming.version + 1)


def test_who_named_an_account_comes_back(payout_accounts: PayoutAccounts) -> None:
    account = a_payout_account(fresh())
    assert payout_accounts.naming(account.account) == AccountNaming("bni")
    naming = suspicious(payout_accounts, account, 2)
    assert payout_accounts.naming(account.account) == naming
    assert payout_accounts.naming(replace(account.account, bank="dana")) == AccountNaming("dana")
    found = payout_accounts.get(account.applicant_id)
    assert found
    assert found.state is AccountState.REFUSED


def test_two_who_note_the_same_account_at_once_do_not_lose_one(payout_accounts: PayoutAccounts) -> None:
    account = a_payout_account(fresh())
    before = payout_accounts.naming(account.account)
    suspicious(payout_accounts, account, 1)
    with pytest.raises(StaleWrite):
        payout_accounts.save_refused(a_payout_account(fresh(), account=account.account), before)


def test_suspicious_accounts_are_listed_newest_first_page_by_page(payout_accounts: PayoutAccounts) -> None:
    later = [suspicious(payout_accounts, a_payout_account(fresh()), 3, seconds=10_000 + fresh()) for _ in range(3)]
    suspicious(payout_accounts, a_payout_account(fresh()), 2, seconds=99_999_999)
    first, place = payout_accounts.suspicious(after=None, limit=2)
    assert list(first) == [later[2], later[1]]
    second, _ = payout_accounts.suspicious(after=place, limit=1)
    assert list(second) == [later[0]]


def test_a_mistyped_place_in_the_list_is_refused(payout_accounts: PayoutAccounts) -> None:
    with pytest.raises(InvalidInput):
        payout_accounts.suspicious(after="nowhere", limit=1)


def test_a_lost_reply_is_no_second_naming(stores: Stores) -> None:
    account = a_payout_account(fresh())
    naming = named_by(stores.payout_accounts.naming(account.account), account.applicant_id, now=NOON)
    with stores.one_reply_lost():
        stores.payout_accounts.save_verified(account, naming=naming)
    assert stores.payout_accounts.naming(account.account) == replace(naming, version=1)
