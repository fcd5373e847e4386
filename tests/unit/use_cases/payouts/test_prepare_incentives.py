"""Prepare the incentives of many people at once."""

from dataclasses import replace

import pytest

from chalicelib.domain import ledger
from chalicelib.domain.errors import StaleWrite
from chalicelib.domain.identifiers import ApplicantId
from chalicelib.domain.money import Rupiah
from chalicelib.domain.payouts import Payout
from chalicelib.use_cases.payouts.prepare_incentive import prepare_incentive
from chalicelib.use_cases.payouts.prepare_incentives import prepare_incentives
from tests.builders import a_course, a_membership, a_schedule, an_applicant_id
from tests.fakes import NOON, World
from tests.money import a_payout_account, a_reviewed_purchase
from tests.unit.use_cases.crashes import Workflow, assert_survives_every_accident
from tests.unit.use_cases.payouts.test_prepare_incentive import preparing

PEOPLE = [an_applicant_id(number) for number in (1, 2, 3)]


def a_world(scheme: str = "2023") -> World:
    """In which three people have earned something."""
    world = World()
    world.courses.put(a_course())
    world.courses.put_schedule(a_schedule())
    for number, id in enumerate(PEOPLE, start=1):
        posting = ledger.grant(id, wave=1, amount=Rupiah(1_000_000), now=NOON)
        world.memberships.award(a_membership(number, scheme=scheme), posting, most_per_family=3)
        purchase = replace(a_reviewed_purchase(number), applicant_id=id)
        world.purchases.add_offer(purchase)
        price = ledger.purchase(id, purchase.id, partner=purchase.platform, amount=purchase.amount, now=NOON)
        world.purchases.pay(replace(purchase, version=1), price)
        world.payout_accounts.save(a_payout_account(number))
    return world


def prepare(world: World) -> frozenset[ApplicantId]:
    return prepare_incentives(PEOPLE, preparing(world))


def look(world: World) -> list[tuple[str, str]]:
    due = sorted(each.key for each in world.ledger.all() if each.key.startswith("incentive-due"))
    return [*sorted((each.applicant_id, each.id) for each in world.payouts.all()), *(("posted", key) for key in due)]


def test_all_are_prepared_in_one_transaction() -> None:
    world = a_world()
    before = len(world.trouble.calls)
    assert prepare(world) == frozenset(PEOPLE)
    made = world.trouble.calls[before:]
    assert made.count("payouts.save_each") == 1
    assert "payouts.add" not in made
    assert {each.applicant_id for each in world.payouts.all()} == set(PEOPLE)


def test_together_is_as_one_by_one() -> None:
    together, alone = a_world("2020"), a_world("2020")
    prepare(together)
    for id in PEOPLE:
        prepare_incentive(id, preparing(alone))
    assert look(together) == look(alone)
    assert len(together.payouts.all()) == 12


def test_what_is_prepared_already_stays_as_it_is() -> None:
    world = a_world()
    prepare_incentive(PEOPLE[1], preparing(world))
    first = kept(world)
    world.clock.passes(days=1)
    prepare(world)
    assert kept(world) == first
    assert len(world.payouts.all()) == 3


def kept(world: World) -> Payout:
    return next(each for each in world.payouts.all() if each.applicant_id == PEOPLE[1])


def test_who_is_named_twice_is_prepared_once() -> None:
    world = a_world()
    prepare_incentives([PEOPLE[0], PEOPLE[0]], preparing(world))
    assert len(world.payouts.all()) == 1


def test_of_nobody_nothing_is_asked() -> None:
    world = World()
    assert prepare_incentives([PEOPLE[0]], preparing(world)) == {PEOPLE[0]}
    assert "payouts.get_each" not in world.trouble.calls


def test_where_somebody_else_wrote_all_is_left_to_be_done_one_by_one() -> None:
    world = a_world()
    world.payouts.fails_before("save_each", StaleWrite())
    with pytest.raises(StaleWrite):
        prepare(world)
    assert not world.payouts.all()


def test_preparing_many_survives_every_accident() -> None:
    """As the handler does it: who was not done together is done alone."""

    def work(world: World) -> None:
        try:
            prepare(world)
        except Exception:
            for id in PEOPLE:
                prepare_incentive(id, preparing(world))

    assert_survives_every_accident(Workflow(a_world, work, look))
