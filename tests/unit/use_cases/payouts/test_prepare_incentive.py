"""Prepare the completion incentive, once everything it rests on is there."""

from dataclasses import replace

import pytest

from chalicelib.domain import ledger
from chalicelib.domain.incentives import COMPLETION, FIRST, SURVEY, months_after
from chalicelib.domain.money import Rupiah
from chalicelib.domain.payout_accounts import AccountState
from chalicelib.domain.payouts import Payout, PayoutState
from chalicelib.domain.surveys import FilledSurvey
from chalicelib.domain.time import wib_date
from chalicelib.domain.training import PurchaseState
from chalicelib.use_cases.payouts.prepare_incentive import Preparing, payout_id_of, prepare_incentive
from tests.builders import a_course, a_membership, a_paid_purchase, a_schedule, an_applicant_id
from tests.fakes import NOON, FakeIndexer, World
from tests.money import a_payout_account, a_reviewed_purchase
from tests.unit.use_cases.crashes import Workflow, assert_survives_every_accident, assert_twice_is_once

ME = an_applicant_id()


def recipient(world: World, *, scheme: str = "2023") -> None:
    posting = ledger.grant(ME, wave=1, amount=Rupiah(1_000_000), now=NOON)
    world.memberships.award(a_membership(scheme=scheme), posting, most_per_family=2)


def bought(world: World, state: PurchaseState, number: int = 1) -> None:
    """A sale that has come this far."""
    purchase = {
        PurchaseState.REVIEWED: a_reviewed_purchase(number),
        PurchaseState.CERTIFIED: a_reviewed_purchase(number, state=state, review=None),
    }.get(state, a_paid_purchase(number, state=state))
    purchase = replace(purchase, applicant_id=ME)
    world.purchases.add_offer(purchase)
    price = ledger.purchase(ME, purchase.id, partner=purchase.platform, amount=purchase.amount, now=NOON)
    world.purchases.pay(replace(purchase, version=1), price)


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


def fill(world: World, *numbers: int) -> None:
    """Once they are open."""
    world.clock.passes(days=60)
    for number in numbers:
        world.surveys.add(FilledSurvey(ME, "2023", number, {"useful": 5}, world.clock.now()))


def preparing(world: World) -> Preparing:
    return Preparing(
        memberships=world.memberships,
        purchases=world.purchases,
        surveys=world.surveys,
        payouts=world.payouts,
        payout_accounts=world.payout_accounts,
        indexer=world.indexer,
        clock=world.clock,
    )


def prepare(world: World) -> None:
    prepare_incentive(ME, preparing(world))


def prepared(world: World) -> list[Payout]:
    prepare(world)
    return world.payouts.all()


def test_what_everything_speaks_for_is_prepared_for_approval() -> None:
    (payout,) = prepared(everything())
    assert (payout.state, payout.amount, payout.applicant_id) == (PayoutState.PREPARED, 600_000, ME)
    assert (payout.purpose, payout.period, payout.prepared_at) == (COMPLETION, FIRST, NOON)
    assert payout.due_on == wib_date(NOON)
    assert payout.evidence


def test_what_is_paid_monthly_is_prepared_at_once_each_period_due_on_its_day() -> None:
    payouts = sorted(prepared(everything("2020")), key=lambda payout: payout.period)
    assert [payout.period for payout in payouts] == [1, 2, 3, 4]
    assert {payout.amount for payout in payouts} == {600_000}
    assert [payout.due_on for payout in payouts] == [months_after(wib_date(NOON), months) for months in range(4)]
    assert len({payout.reference for payout in payouts}) == 4


def test_two_equal_survey_incentives_are_two() -> None:
    world = everything()
    fill(world, 1, 2)
    survey = [payout for payout in prepared(world) if payout.purpose == SURVEY]
    assert [(payout.period, payout.amount) for payout in survey] == [(1, 50_000), (2, 50_000)]
    assert len({payout.id for payout in survey}) == 2


def test_a_survey_is_paid_although_the_training_was_not_reviewed() -> None:
    world = course(World())
    recipient(world)
    bought(world, PurchaseState.CERTIFIED)
    world.payout_accounts.save(a_payout_account())
    fill(world, 1)
    assert [payout.purpose for payout in prepared(world)] == [SURVEY]


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


def test_preparing_four_periods_survives_every_accident() -> None:
    assert_survives_every_accident(Workflow(lambda: everything("2020"), prepare, look))
