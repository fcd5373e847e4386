"""Another account in the place of a verified one: asked for, confirmed, stopped, or taking effect after three days."""

from dataclasses import replace

import pytest

from chalicelib.domain.banking import BankAccount
from chalicelib.domain.errors import Conflict, InvalidInput, TooManyAttempts
from chalicelib.domain.payout_accounts import AccountState, PayoutAccount, masked_number
from chalicelib.domain.payouts import PayoutState
from chalicelib.use_cases.payouts.account_change_proofs import change_code_of, stop_token_of
from chalicelib.use_cases.payouts.change_payout_account import change_payout_account
from chalicelib.use_cases.payouts.confirm_account_change import confirm_account_change
from chalicelib.use_cases.payouts.stop_account_change import stop_account_change
from chalicelib.use_cases.payouts.stop_change_by_link import stop_change_by_link
from chalicelib.use_cases.payouts.sweep_account_changes import sweep_account_changes
from tests.builders import an_applicant_id
from tests.fakes import World
from tests.money import a_bank_account, a_payout, due_by
from tests.unit.use_cases.payouts.test_payout_account import MINE, NUMBER, link, linked, payout_id, recipients, verify

ME = an_applicant_id()
NEW = BankAccount("dana", "081200000001")


def settled() -> World:
    """With a verified account."""
    world = linked(MINE)
    verify(world)
    world.bank.opens(BankAccount(NEW.bank, NEW.account_no, MINE))
    return world


def account(world: World) -> PayoutAccount:
    found = world.payout_accounts.get(ME)
    assert found
    return found


def ask(world: World, new: BankAccount = NEW, consent: str | None = None) -> None:
    change_payout_account(
        ME,
        new,
        masked_number(NUMBER) if consent is None else consent,
        payout_accounts=world.payout_accounts,
        memberships=world.memberships,
        payouts=world.payouts,
        buckets=world.buckets,
        indexer=world.indexer,
        clock=world.clock,
    )


def confirm(world: World, code: str | None = None) -> None:
    confirm_account_change(
        ME,
        change_code_of(ME, account(world).changes, world.indexer) if code is None else code,
        payout_accounts=world.payout_accounts,
        memberships=world.memberships,
        payouts=world.payouts,
        indexer=world.indexer,
        clock=world.clock,
    )


def confirmed() -> World:
    world = settled()
    ask(world)
    confirm(world)
    return world


def sweep(world: World) -> int:
    before = len(world.messages.sent)
    sweep_account_changes(payout_accounts=world.payout_accounts, messages=world.messages, clock=world.clock)
    found = len(world.messages.sent) - before
    for _ in range(found):
        verify(world)
    return found


def test_a_change_takes_effect_after_three_days_and_a_reminder() -> None:
    world = confirmed()
    assert account(world).state is AccountState.CHANGING
    for hours, found in ((47.9, 0), (0.1, 1), (0.1, 0), (23.8, 0), (0.1, 1)):
        world.clock.passes(hours=hours)
        assert sweep(world) == found, hours
    changed = account(world)
    assert (changed.state, changed.account.account_no, changed.change) == (AccountState.LINKED, NEW.account_no, None)
    verify(world)
    assert (account(world).state, account(world).claimed) == (AccountState.VERIFIED, None)


def test_the_old_account_serves_on_until_the_code_was_typed() -> None:
    world = settled()
    ask(world)
    assert (account(world).state, account(world).account.account_no) == (AccountState.VERIFIED, NUMBER.account_no)


@pytest.mark.parametrize("consent", ["", NUMBER.account_no, "******9999", masked_number(NEW)])
def test_whoever_cannot_name_the_old_account_changes_nothing(consent: str) -> None:
    world = settled()
    with pytest.raises(InvalidInput, match="old_account_differs"):
        ask(world, consent=consent)
    assert account(world).change is None


@pytest.mark.parametrize(
    ("new", "code"),
    [
        (NUMBER, "account_is_the_same"),
        (a_bank_account(bank="bca"), "bank_unknown"),
        (BankAccount("bni", "1234567"), "account_no_invalid"),
        (BankAccount("bni", "8" * 21), "account_no_invalid"),
        (BankAccount("bni", "88-0000 0001"), "account_no_invalid"),
        (BankAccount("bni", "\u0668" * 10), "account_no_invalid"),
    ],
)
def test_what_is_no_other_account_is_refused(new: BankAccount, code: str) -> None:
    with pytest.raises(InvalidInput, match=code):
        ask(settled(), new)


def test_without_a_verified_account_there_is_nothing_to_change() -> None:
    for world in (recipients(1), linked(MINE)):
        with pytest.raises(Conflict, match="payout_account_not_verified"):
            ask(world)


def test_during_a_change_nothing_else_is_linked_or_asked_for() -> None:
    world = confirmed()
    with pytest.raises(Conflict, match="account_change_under_way"):
        ask(world)
    with pytest.raises(Conflict, match="account_change_under_way"):
        link(world, account=a_bank_account(7))
    with pytest.raises(Conflict, match="no_account_change_asked"):
        confirm(world)


def test_a_wrong_code_is_counted_and_five_end_it() -> None:
    world = settled()
    ask(world)
    for _ in range(5):
        with pytest.raises(InvalidInput, match="code_wrong_or_expired"):
            confirm(world, "000000")
    with pytest.raises(TooManyAttempts):
        confirm(world)
    assert account(world).state is AccountState.VERIFIED


def test_a_code_is_good_for_ten_minutes_and_for_its_own_change_only() -> None:
    world = settled()
    ask(world)
    first = change_code_of(ME, 1, world.indexer)
    world.clock.passes(minutes=10.1)
    with pytest.raises(InvalidInput, match="code_wrong_or_expired"):
        confirm(world)
    ask(world)
    with pytest.raises(InvalidInput, match="code_wrong_or_expired"):
        confirm(world, first)
    confirm(world)


def test_asking_again_and_again_is_bounded() -> None:
    world = settled()
    for _ in range(3):
        ask(world)
    with pytest.raises(TooManyAttempts, match="account_changes_too_many"):
        ask(world)
    world.clock.passes(hours=8)
    ask(world)


def test_the_link_stops_it_and_the_old_account_stays() -> None:
    world = confirmed()
    token = stop_token_of(ME, 1, world.indexer)
    for wrong in (
        token[:-2] + "AA",
        stop_token_of(ME, 2, world.indexer),
        "nobody~x",
        "",
        stop_token_of(ME, 0, world.indexer),
    ):
        with pytest.raises(InvalidInput, match="stop_link_not_valid"):
            stop_change_by_link(wrong, payout_accounts=world.payout_accounts, indexer=world.indexer)
    stop_change_by_link(token, payout_accounts=world.payout_accounts, indexer=world.indexer)
    assert (account(world).state, account(world).account.account_no) == (AccountState.VERIFIED, NUMBER.account_no)
    with pytest.raises(Conflict, match="account_change_over"):
        stop_change_by_link(token, payout_accounts=world.payout_accounts, indexer=world.indexer)
    world.clock.passes(hours=80)
    assert sweep(world) == 0


def test_whoever_is_signed_in_stops_it_too_even_before_the_code() -> None:
    world = settled()
    with pytest.raises(Conflict, match="account_change_over"):
        stop_account_change(ME, payout_accounts=world.payout_accounts)
    ask(world)
    stop_account_change(ME, payout_accounts=world.payout_accounts)
    with pytest.raises(Conflict, match="no_account_change_asked"):
        confirm(world)


@pytest.mark.parametrize("state", [PayoutState.SUBMITTING, PayoutState.UNKNOWN])
def test_while_money_is_in_the_air_nothing_is_changed(state: PayoutState) -> None:
    world = settled()
    ask(world)
    in_the_air = a_payout(id=payout_id(world), state=state)
    world.payouts.add(in_the_air, due_by(in_the_air))
    for step in (ask, confirm):
        with pytest.raises(Conflict, match="payout_under_way"):
            step(world)


@pytest.mark.parametrize("state", [PayoutState.SUBMITTING, PayoutState.UNKNOWN])
def test_a_change_that_is_due_waits_for_money_in_the_air(state: PayoutState) -> None:
    world = confirmed()
    in_the_air = a_payout(id=payout_id(world), state=state)
    world.payouts.add(in_the_air, due_by(in_the_air))
    world.clock.passes(hours=100)
    assert sweep(world) == 1
    assert (account(world).state, account(world).account.account_no) == (AccountState.CHANGING, NUMBER.account_no)
    world.payouts.save(replace(world.payouts.all()[0], state=PayoutState.SETTLED))
    assert [sweep(world), sweep(world)] == [1, 1]
    assert account(world).account.account_no == NEW.account_no


def test_a_refused_account_after_a_change_may_give_way_to_the_old_one_at_once() -> None:
    world = confirmed()
    world.bank.opens(BankAccount(NEW.bank, NEW.account_no, "Somebody Else"))
    world.clock.passes(hours=72)
    sweep(world)
    sweep(world)
    verify(world)
    assert (account(world).state, account(world).reason) == (AccountState.REFUSED, "account_name_differs")
    link(world)
    verify(world)
    assert (account(world).state, account(world).account.account_no) == (AccountState.VERIFIED, NUMBER.account_no)
