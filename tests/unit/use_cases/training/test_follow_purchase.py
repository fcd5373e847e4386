"""What follows when a purchase has moved."""

import pytest

from chalicelib.domain.commands import Change, Queue
from chalicelib.domain.training import PurchaseState
from chalicelib.use_cases.training.follow_purchase import follow_purchase
from tests.fakes import World

FACTS: dict[str, str | int] = {"applicant_id": "0.a", "amount": 500_000, "certificate_no": "PRAKERJA-1"}


def follow(world: World, after: str, *, before: str | None = "x", kind: str = "purchase") -> None:
    change = Change(kind=kind, id="0.p", before=before, after=after, facts=FACTS)
    follow_purchase(change, messages=world.messages)


def test_an_offer_has_its_code_mailed_to_the_holder(world: World) -> None:
    follow(world, PurchaseState.OFFERED, before=None)
    (mail,) = world.messages.on(Queue.MAILS_TO_SEND)
    assert (mail["send_key"], mail["applicant_id"]) == ("purchase_code/0.p", "0.a")
    assert mail["blanks"] == {"purchase_id": "0.p", "amount": 500_000}


def test_whoever_pays_a_part_is_told_both_parts_before_they_agree(world: World) -> None:
    facts = {**FACTS, "amount": 4_000_000, "by_buyer": 2_000_000}
    follow_purchase(Change("purchase", "0.p", None, "offered", facts), messages=world.messages)
    (mail,) = world.messages.on(Queue.MAILS_TO_SEND)
    shares = {"by_grant": 2_000_000, "by_buyer": 2_000_000}
    assert mail["blanks"] == {"purchase_id": "0.p", "amount": 4_000_000, **shares}


def test_a_completed_training_is_certified(world: World) -> None:
    follow(world, PurchaseState.COMPLETED)
    assert world.messages.sent == [(Queue.CERTIFICATES_TO_ISSUE, {"purchase_id": "0.p"})]


def test_a_certificate_is_told_by_mail(world: World) -> None:
    follow(world, PurchaseState.CERTIFIED)
    (mail,) = world.messages.on(Queue.ANNOUNCEMENTS_TO_SEND)
    assert (mail["send_key"], mail["blanks"]) == ("certificate/0.p", {"certificate_no": "PRAKERJA-1"})


def test_a_review_may_be_the_last_thing_that_the_incentive_waited_for(world: World) -> None:
    follow(world, PurchaseState.REVIEWED)
    assert world.messages.sent == [(Queue.INCENTIVES_TO_PREPARE, {"applicant_id": "0.a"})]


@pytest.mark.parametrize("state", [PurchaseState.PAID, PurchaseState.VOIDED, PurchaseState.REDEEMED])
def test_nothing_follows_from_the_steps_between(world: World, state: PurchaseState) -> None:
    follow(world, state)
    assert not world.messages.sent


@pytest.mark.parametrize("state", PurchaseState)
def test_nothing_follows_where_nothing_moved(world: World, state: PurchaseState) -> None:
    """A wrong code, one session of three."""
    follow(world, state, before=state)
    follow(world, state, kind="course")
    assert not world.messages.sent
