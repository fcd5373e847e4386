"""Certify a completed training."""

import re
from datetime import UTC, datetime

import pytest

from chalicelib.domain.identifiers import PurchaseId
from chalicelib.domain.training import PurchaseState
from chalicelib.ports import Purchases
from chalicelib.use_cases.training.issue_certificate import issue_certificate
from tests.builders import a_paid_purchase, a_purchase
from tests.fakes import World
from tests.unit.use_cases.crashes import Workflow, assert_survives_every_accident, assert_twice_is_once

ID = a_purchase().id


def completed(state: PurchaseState = PurchaseState.COMPLETED) -> World:
    world = World()
    world.purchases.add_offer(a_paid_purchase(state=state))
    return world


def issue(world: World, id: PurchaseId = ID) -> None:
    issue_certificate(id, purchases=world.purchases, indexer=world.indexer, clock=world.clock)


def certificate(purchases: Purchases, id: PurchaseId = ID) -> str | None:
    found = purchases.get(id)
    assert found
    return found.certificate_no


def test_a_completed_training_gets_a_certificate() -> None:
    world = completed()
    issue(world)
    found = world.purchases.get(ID)
    assert found
    assert (found.state, found.certified_at) == (PurchaseState.CERTIFIED, world.clock.now())
    assert re.fullmatch(r"PRAKERJA-2026-[0-9]{12}", found.certificate_no or "")


def test_no_certificate_is_issued_under_two_numbers() -> None:
    world = completed()
    issue(world)
    first = certificate(world.purchases)
    world.clock.passes(days=400)
    issue(world)
    assert certificate(world.purchases) == first


def test_two_trainings_have_two_numbers() -> None:
    world = completed()
    other = a_paid_purchase(2, state=PurchaseState.COMPLETED)
    world.purchases.add_offer(other)
    for id in (ID, other.id):
        issue(world, id)
    assert certificate(world.purchases) != certificate(world.purchases, other.id)


def test_the_year_is_that_of_jakarta() -> None:
    world = completed()
    world.clock.moves_to(datetime(2026, 12, 31, 17, tzinfo=UTC))
    issue(world)
    assert (certificate(world.purchases) or "").startswith("PRAKERJA-2027-")


@pytest.mark.parametrize("state", [state for state in PurchaseState if state is not PurchaseState.COMPLETED])
def test_what_is_not_complete_is_not_certified(state: PurchaseState) -> None:
    world = completed(state)
    issue(world)
    assert certificate(world.purchases) is None


def test_what_was_never_bought_is_not_certified(world: World) -> None:
    issue(world)
    assert "purchases.save" not in world.trouble.calls


def test_certifying_survives_every_accident() -> None:
    workflow = Workflow(completed, issue, lambda world: certificate(world.purchases))
    assert_survives_every_accident(workflow)
    assert_twice_is_once(workflow)
