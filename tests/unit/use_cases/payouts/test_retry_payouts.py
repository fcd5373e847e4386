"""A rejected or reversed payout is tried again under a new reference: when it is sure that it was not paid."""

from dataclasses import replace
from datetime import timedelta

import pytest

from chalicelib.domain.audit import Act
from chalicelib.domain.errors import Conflict, NotAllowed, NotFound
from chalicelib.domain.identifiers import PayoutId, StaffId
from chalicelib.domain.officers import Officer
from chalicelib.domain.payout_accounts import AccountState
from chalicelib.domain.payouts import Payout, PayoutState
from chalicelib.domain.registration import Role
from chalicelib.use_cases.payouts.inquire_payout import inquire_payout
from chalicelib.use_cases.payouts.prepare_incentive import payout_id_of
from chalicelib.use_cases.payouts.repeat_payout import repeat_payout
from chalicelib.use_cases.payouts.retry_payouts import MOST_PERIODS, PURPOSES, retry_payouts
from chalicelib.use_cases.support.casework import Casework
from tests.builders import an_applicant_id
from tests.fakes import Fate, World
from tests.money import a_bank_account, a_payout_account, a_ready_payout
from tests.unit.use_cases.crashes import Workflow, assert_survives_every_accident, assert_twice_is_once
from tests.unit.use_cases.payouts.cashier import AMOUNT, paid, settle, sweep, with_payouts, work_off

ME = an_applicant_id()
ANI = Officer(StaffId("ani"), Role.APPROVER)
ID = payout_id_of(ME, "completion", 1, World().indexer)
S = PayoutState


def found(world: World) -> Payout:
    payout = world.payouts.get(ID)
    assert payout
    return payout


def inquire(world: World) -> None:
    inquire_payout(ID, payouts=world.payouts, bank=world.bank, clock=world.clock)


def retry(world: World) -> None:
    accounts = world.payout_accounts
    retry_payouts(ME, payouts=world.payouts, payout_accounts=accounts, indexer=world.indexer, clock=world.clock)


def links_another(world: World) -> None:
    account = world.payout_accounts.get(ME)
    assert account
    other = replace(a_payout_account(), account=a_bank_account(9), linked_at=world.clock.now())
    world.payout_accounts.save(replace(other, version=account.version))


def rejected() -> World:
    world = with_payouts(a_ready_payout(id=ID))
    world.bank.will(Fate.REFUSED)
    settle(world)
    assert found(world).state is S.REJECTED
    return world


def confirmed() -> World:
    world = rejected()
    world.clock.passes(hours=24)
    inquire(world)
    assert found(world).confirmed_at
    return world


def test_with_another_account_it_is_paid_without_a_new_approval() -> None:
    world = confirmed()
    links_another(world)
    retry(world)
    assert (found(world).state, found(world).attempt) == (S.READY, 2)
    sweep(world)
    work_off(world)
    assert found(world).state is S.SETTLED
    first, second = world.bank.orders
    assert first.reference != second.reference
    assert (second.to, paid(world)) == (a_bank_account(9), [AMOUNT])


def test_with_the_same_account_it_is_not_tried_again() -> None:
    world = confirmed()
    retry(world)
    assert found(world).state is S.REJECTED


def test_before_the_bank_has_confirmed_it_is_not_tried_again() -> None:
    """It may say "closed" and pay all the same."""
    world = rejected()
    links_another(world)
    retry(world)
    assert (found(world).state, found(world).attempt) == (S.REJECTED, 1)


def test_whoever_linked_another_account_at_once_is_paid_when_the_bank_has_confirmed() -> None:
    world = rejected()
    world.clock.passes(minutes=1)
    links_another(world)
    world.clock.passes(hours=24)
    sweep(world)
    inquire(world)
    retry(world)
    assert found(world).state is S.READY


def test_what_came_back_is_paid_to_another_account() -> None:
    world = with_payouts(a_ready_payout(id=ID))
    settle(world)
    world.bank.sends_back(found(world).reference)
    inquire(world)
    assert found(world).state is S.REVERSED
    retry(world)
    assert found(world).state is S.REVERSED
    world.clock.passes(hours=1)
    links_another(world)
    retry(world)
    sweep(world)
    work_off(world)
    assert (found(world).state, found(world).attempt) == (S.SETTLED, 2)
    keys = [posting.key.partition("/")[0] for posting in world.ledger.all()]
    assert keys == ["incentive-due", "incentive-paid", "incentive-reversed", "incentive-paid"]


def test_what_waited_for_the_account_goes_on_when_it_is_verified() -> None:
    world = with_payouts(a_ready_payout(id=ID))
    linked = replace(a_payout_account(), state=AccountState.CHANGING, version=1)
    world.payout_accounts.save(linked)
    settle(world)
    retry(world)
    sweep(world)
    work_off(world)
    assert (found(world).state, paid(world)) == (S.READY, []), "still thought over"
    world.payout_accounts.save(replace(linked, state=AccountState.VERIFIED, version=2))
    retry(world)
    sweep(world)
    work_off(world)
    assert paid(world) == [AMOUNT]


def test_what_was_confirmed_while_the_account_was_about_to_change_is_tried_when_it_stays() -> None:
    """Not for the account's sake: the same one will do."""
    world = confirmed()
    world.payouts.save(replace(found(world), reason="cancelled"))
    changing = replace(a_payout_account(), state=AccountState.CHANGING, version=1)
    world.payout_accounts.save(changing)
    retry(world)
    assert found(world).state is S.REJECTED
    world.payout_accounts.save(replace(changing, state=AccountState.VERIFIED, version=2))
    retry(world)
    assert (found(world).state, found(world).attempt) == (S.READY, 2)


def test_staff_have_it_tried_again_with_the_same_account_once_it_is_confirmed() -> None:
    world = rejected()
    with pytest.raises(Conflict, match="payout_not_to_be_repeated"):
        repeated(world)
    world.clock.passes(hours=24)
    inquire(world)
    with pytest.raises(NotAllowed, match="own_case"):
        repeated(world, by=Officer(StaffId("rika"), Role.APPROVER, found(world).applicant_id))
    assert repeated(world).attempt == 2
    (entry,) = world.audit_log.all()
    assert (entry.deed.staff, entry.deed.act, entry.deed.subject) == ("ani", Act.REPEAT_PAYOUT, f"payout-{ID}")
    with pytest.raises(NotFound):
        repeated(world, PayoutId("0.none"))


def repeated(world: World, id: PayoutId = ID, *, by: Officer = ANI) -> Payout:
    accounts, casework = world.payout_accounts, Casework(world.applicants, world.audit_log, world.clock)
    return repeat_payout(id, by, payouts=world.payouts, payout_accounts=accounts, casework=casework)


def test_every_entitlement_that_a_scheme_may_have_is_looked_for() -> None:
    assert {"completion", "survey"} == set(PURPOSES)
    assert MOST_PERIODS >= 4


@pytest.mark.parametrize("state", [S.UNKNOWN, S.SUBMITTING, S.HELD, S.READY, S.SETTLED, S.CANCELLED])
def test_nothing_else_is_tried_again(state: PayoutState) -> None:
    world = with_payouts(a_ready_payout(id=ID, state=state, bank="bni", submitted_at=None))
    world.clock.passes(hours=48)
    links_another(world)
    retry(world)
    assert (found(world).state, found(world).attempt) == (state, 1)


def look(world: World) -> object:
    for _ in range(3):
        world.clock.moves_to(world.clock.now() + timedelta(hours=25))
        sweep(world)
        work_off(world)
        inquire(world)
    return found(world).state, found(world).attempt, paid(world)


def test_retrying_survives_every_accident() -> None:
    def prepare() -> World:
        world = confirmed()
        links_another(world)
        return world

    workflow = Workflow(prepare, retry, look)
    assert look_once(prepare()) == (S.SETTLED, 2, [AMOUNT])
    assert_survives_every_accident(workflow)
    assert_twice_is_once(workflow)


def look_once(world: World) -> object:
    retry(world)
    return look(world)
