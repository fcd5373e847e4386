"""Prepare the completion incentive, once everything it rests on is there."""

import pytest

from chalicelib.domain import ledger
from chalicelib.domain.money import Rupiah
from chalicelib.domain.payout_accounts import AccountState
from chalicelib.domain.payouts import Payout, PayoutState
from chalicelib.domain.training import PurchaseState
from chalicelib.use_cases.payouts.prepare_incentive import COMPLETION, FIRST, payout_id_of, prepare_incentive
from tests.builders import a_course, a_membership, a_paid_purchase, a_schedule, an_applicant_id
from tests.fakes import NOON, FakeIndexer, World
from tests.money import a_payout_account
from tests.unit.use_cases.crashes import Workflow, assert_survives_every_accident, assert_twice_is_once

ME = an_applicant_id()


def recipient(world: World, *, scheme: str = "2023") -> None:
    posting = ledger.grant(ME, wave=1, amount=Rupiah(1_000_000), now=NOON)
    world.memberships.award(a_membership(scheme=scheme), posting, most_per_family=2)


def bought(world: World, state: PurchaseState, number: int = 1) -> None:
    """A sale that has come this far."""
    purchase = a_paid_purchase(number, applicant_id=ME, state=state)
    world.purchases.add_offer(purchase)
    price = ledger.purchase(ME, purchase.id, partner=purchase.platform, amount=purchase.amount, now=NOON)
    world.purchases.pay(a_paid_purchase(number, applicant_id=ME, state=state, version=1), price)


def course(world: World) -> World:
    world.courses.put(a_course())
    world.courses.put_schedule(a_schedule())
    return world


def everything(scheme: str = "2023") -> World:
    world = course(World())
    recipient(world, scheme=scheme)
    bought(world, PurchaseState.REVIEWED)
    world.payout_accounts.save(a_payout_account())
    return world


def prepare(world: World) -> None:
    prepare_incentive(
        ME,
        memberships=world.memberships,
        purchases=world.purchases,
        payouts=world.payouts,
        payout_accounts=world.payout_accounts,
        indexer=world.indexer,
        clock=world.clock,
    )


def prepared(world: World) -> list[Payout]:
    prepare(world)
    return world.payouts.all()


@pytest.mark.parametrize("scheme", ["2020", "2023"])
def test_what_everything_speaks_for_is_prepared_for_approval(scheme: str) -> None:
    (payout,) = prepared(everything(scheme))
    assert (payout.state, payout.amount, payout.applicant_id) == (PayoutState.PREPARED, 600_000, ME)
    assert (payout.purpose, payout.period, payout.prepared_at) == (COMPLETION, FIRST, NOON)
    assert payout.evidence


def test_what_is_prepared_is_owed_in_the_same_transaction() -> None:
    world = everything()
    (payout,) = prepared(world)
    assert [posting.key for posting in world.ledger.all() if posting.key.startswith("incentive")] == [
        f"incentive-due/{payout.id}"
    ]


def test_an_incentive_prepared_already_stays_as_it_is() -> None:
    world = everything()
    (first,) = prepared(world)
    world.clock.passes(days=1)
    assert prepared(world) == [first]


def test_only_the_first_completed_training_pays() -> None:
    world = everything()
    (first,) = prepared(world)
    bought(world, PurchaseState.REVIEWED, 2)
    assert prepared(world) == [first]


@pytest.mark.parametrize("state", [state for state in PurchaseState if state is not PurchaseState.REVIEWED])
def test_without_a_review_nothing_is_prepared(state: PurchaseState) -> None:
    world = course(World())
    recipient(world)
    bought(world, state)
    world.payout_accounts.save(a_payout_account())
    assert not prepared(world)


def test_without_an_award_nothing_is_prepared() -> None:
    world = World()
    world.payout_accounts.save(a_payout_account())
    assert not prepared(world)


@pytest.mark.parametrize("state", [None, AccountState.LINKED, AccountState.REFUSED])
def test_without_a_verified_account_nothing_is_prepared(state: AccountState | None) -> None:
    world = course(World())
    recipient(world)
    bought(world, PurchaseState.REVIEWED)
    if state:
        world.payout_accounts.save(a_payout_account(state=state))
    assert not prepared(world)


def test_one_entitlement_has_one_id_and_two_have_two() -> None:
    indexer = FakeIndexer()
    ids = {payout_id_of(ME, COMPLETION, period, indexer) for period in (1, 2)}
    ids |= {payout_id_of(ME, "survey", 1, indexer), payout_id_of(an_applicant_id(2), COMPLETION, 1, indexer)}
    assert len(ids) == 4
    assert payout_id_of(ME, COMPLETION, 1, indexer) in ids


def look(world: World) -> object:
    return [(payout.id, payout.state, payout.amount) for payout in world.payouts.all()]


def test_preparing_survives_every_accident() -> None:
    workflow = Workflow(everything, prepare, look)
    assert_survives_every_accident(workflow)
    assert_twice_is_once(workflow)
