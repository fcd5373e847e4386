"""Say where one's incentive shall go, and have the bank say whose account it is."""

import pytest

from chalicelib.domain import ledger
from chalicelib.domain.banking import BankAccount
from chalicelib.domain.errors import BankUnavailable, Conflict, InvalidInput, NotFound
from chalicelib.domain.identifiers import PayoutId
from chalicelib.domain.incentives import COMPLETION, FIRST
from chalicelib.domain.money import Rupiah
from chalicelib.domain.payout_accounts import AccountState, PayoutAccount
from chalicelib.use_cases.payouts.link_payout_account import link_payout_account
from chalicelib.use_cases.payouts.prepare_incentive import payout_id_of
from chalicelib.use_cases.payouts.verify_payout_account import verify_payout_account
from tests.builders import a_membership, a_verified_applicant, an_applicant_id, an_identity
from tests.fakes import NOON, World
from tests.money import a_bank_account
from tests.unit.use_cases.crashes import Workflow, assert_survives_every_accident, assert_twice_is_once

NUMBER = BankAccount("bni", "8000000001")


def recipients(*numbers: int) -> World:
    """Recipients with verified identities."""
    world = World()
    for number in numbers:
        posting = ledger.grant(an_applicant_id(number), wave=1, amount=Rupiah(1), now=NOON)
        world.memberships.award(a_membership(number), posting, most_per_family=2)
        world.applicants.save(a_verified_applicant(number))
    return world


def link(world: World, number: int = 1, account: BankAccount = NUMBER) -> None:
    id = an_applicant_id(number)
    link_payout_account(
        id, account, payout_accounts=world.payout_accounts, memberships=world.memberships, clock=world.clock
    )


def linked(holder: str | None) -> World:
    """Recipient 1 linked an account that is this holder's at the bank, or nobody's."""
    world = recipients(1)
    if holder is not None:
        world.bank.opens(BankAccount(NUMBER.bank, NUMBER.account_no, holder))
    link(world)
    return world


def judged(world: World, number: int = 1) -> bool:
    return verify_payout_account(
        an_applicant_id(number),
        payout_accounts=world.payout_accounts,
        applicants=world.applicants,
        memberships=world.memberships,
        payouts=world.payouts,
        bank=world.bank,
        indexer=world.indexer,
        clock=world.clock,
    )


def verify(world: World, number: int = 1) -> PayoutAccount | None:
    judged(world, number)
    return world.payout_accounts.get(an_applicant_id(number))


def state(world: World, number: int = 1) -> tuple[AccountState, str | None]:
    account = world.payout_accounts.get(an_applicant_id(number))
    assert account
    return account.state, account.reason


MINE = an_identity().full_name


def test_a_linked_account_waits_for_the_bank() -> None:
    assert state(linked(MINE)) == (AccountState.LINKED, None)


def test_only_recipients_link_accounts(world: World) -> None:
    with pytest.raises(NotFound, match="not_a_recipient"):
        link(world)


def test_what_is_no_account_is_refused() -> None:
    with pytest.raises(InvalidInput, match="bank_unknown"):
        link(recipients(1), account=a_bank_account(bank="bca"))


def test_an_account_under_way_or_verified_is_not_replaced() -> None:
    world = linked(MINE)
    with pytest.raises(Conflict, match="payout_account_under_check"):
        link(world, account=a_bank_account(2))
    verify(world)
    with pytest.raises(Conflict, match="payout_account_verified"):
        link(world, account=a_bank_account(2))
    link(world)  # the very same again is no change
    assert state(world) == (AccountState.VERIFIED, None)


def test_an_account_in_the_persons_name_is_verified() -> None:
    account = verify(linked(MINE.upper()))
    assert account
    assert (account.state, account.account.holder_name) == (AccountState.VERIFIED, MINE.upper())


@pytest.mark.parametrize(("holder", "reason"), [(None, "account_invalid"), ("Somebody Else", "account_name_differs")])
def test_another_account_is_refused_with_a_reason_and_may_be_replaced(holder: str | None, reason: str) -> None:
    world = linked(holder)
    verify(world)
    assert state(world) == (AccountState.REFUSED, reason)
    link(world, account=a_bank_account(2))
    assert state(world) == (AccountState.LINKED, None)


def test_an_account_has_one_person() -> None:
    """Two people of one name: the first who is verified keeps it."""
    world = recipients(1)
    namesake = a_verified_applicant(2, identity=an_identity(2, full_name=MINE))
    posting = ledger.grant(namesake.id, wave=1, amount=Rupiah(1), now=NOON)
    world.memberships.award(a_membership(2), posting, most_per_family=2)
    world.applicants.save(namesake)
    world.bank.opens(BankAccount(NUMBER.bank, NUMBER.account_no, MINE))
    for number in (1, 2):
        link(world, number)
        verify(world, number)
    assert state(world, 1) == (AccountState.VERIFIED, None)
    assert state(world, 2) == (AccountState.REFUSED, "account_not_usable")


def test_a_refused_account_is_nobodys() -> None:
    """Whoever states another's number does not keep it from them."""
    world = linked("Budi Santoso")
    verify(world)
    owner = a_verified_applicant(2, identity=an_identity(2, full_name="Budi Santoso"))
    posting = ledger.grant(owner.id, wave=1, amount=Rupiah(1), now=NOON)
    world.memberships.award(a_membership(2), posting, most_per_family=2)
    world.applicants.save(owner)
    link(world, 2)
    verify(world, 2)
    assert state(world, 2) == (AccountState.VERIFIED, None)


def test_a_bank_that_is_out_refuses_nobody() -> None:
    world = linked(MINE)
    world.bank.is_out = True
    with pytest.raises(BankUnavailable):
        verify(world)
    assert state(world) == (AccountState.LINKED, None)


def test_what_is_judged_is_not_asked_about_again() -> None:
    world = linked(MINE)
    for _ in range(3):
        verify(world)
    assert world.trouble.calls.count("bank.holder_name") == 1


def test_nobodys_account_is_not_asked_about(world: World) -> None:
    assert verify(world) is None
    assert "bank.holder_name" not in world.trouble.calls


@pytest.mark.parametrize("holder", [MINE, "Somebody Else", None])
def test_verifying_survives_every_accident(holder: str | None) -> None:
    workflow = Workflow(lambda: linked(holder), verify, state)
    assert_survives_every_accident(workflow)
    assert_twice_is_once(workflow)


def payout_id(world: World) -> PayoutId:
    return payout_id_of(an_applicant_id(), COMPLETION, FIRST, world.indexer)


def test_an_account_that_three_people_named_is_marked_and_told_once() -> None:
    world = recipients(1, 2, 3, 4)
    world.bank.opens(BankAccount(NUMBER.bank, NUMBER.account_no, MINE))
    told = []
    for number in (1, 2, 3, 4):
        link(world, number)
        told.append(judged(world, number))
    assert told == [False, False, True, False]
    (suspicious,), _ = world.payout_accounts.suspicious(after=None, limit=10)
    assert len(suspicious.people) == 4
    assert [state(world, number)[0] for number in (1, 2, 3)] == [AccountState.VERIFIED, *[AccountState.REFUSED] * 2]
