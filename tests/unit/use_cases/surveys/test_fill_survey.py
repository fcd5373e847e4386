"""Fill a survey, once; the incentive follows."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta

import pytest

from chalicelib.domain import ledger
from chalicelib.domain.commands import Change, Queue
from chalicelib.domain.errors import AlreadyDone, Conflict, InvalidInput, NotFound
from chalicelib.domain.money import Rupiah
from chalicelib.use_cases.surveys.fill_survey import fill_survey
from chalicelib.use_cases.surveys.follow_survey import follow_survey
from chalicelib.use_cases.surveys.list_surveys import OwnSurvey, list_surveys
from tests.builders import a_course, a_membership, a_schedule, an_applicant_id
from tests.fakes import NOON, World
from tests.money import a_reviewed_purchase
from tests.unit.use_cases.crashes import Workflow, assert_survives_every_accident, assert_twice_is_once

ME = an_applicant_id()
ANSWERS: dict[str, object] = {"useful": 5, "harder_than_expected": "right", "work_now": "seeking"}


def certified() -> World:
    """Three days ago: the first survey is open, the second is not."""
    world = World()
    grant = ledger.grant(ME, wave=1, amount=Rupiah(1_000_000), now=NOON)
    world.memberships.award(a_membership(), grant, most_per_family=2)
    world.courses.put(a_course())
    world.courses.put_schedule(a_schedule())
    done = replace(a_reviewed_purchase(review=None), applicant_id=ME)
    world.purchases.add_offer(done)
    price = ledger.purchase(ME, done.id, partner=done.platform, amount=done.amount, now=NOON)
    world.purchases.pay(replace(done, version=1), price)
    world.clock.passes(days=3)
    return world


def fill(world: World, number: int = 1, answers: dict[str, object] = ANSWERS) -> None:
    fill_survey(
        ME,
        number,
        answers,
        memberships=world.memberships,
        purchases=world.purchases,
        surveys=world.surveys,
        clock=world.clock,
    )


def test_a_filled_survey_is_kept_with_its_moment() -> None:
    world = certified()
    fill(world)
    assert world.surveys.filled(ME) == {1: NOON + timedelta(days=3)}


def test_the_same_answers_again_are_no_mistake_and_others_are() -> None:
    world = certified()
    fill(world)
    world.clock.passes(days=1)
    fill(world)
    with pytest.raises(AlreadyDone, match="survey_already_filled"):
        fill(world, answers={**ANSWERS, "useful": 1})
    kept = world.surveys.get(ME, 1)
    assert kept
    assert (kept.answers, kept.filled_at) == (ANSWERS, NOON + timedelta(days=3))


def test_what_is_not_open_yet_or_unknown_or_wrong_is_refused() -> None:
    world = certified()
    with pytest.raises(Conflict, match="survey_not_open"):
        fill(world, 2)
    with pytest.raises(NotFound, match="survey_unknown"):
        fill(world, 3)
    with pytest.raises(InvalidInput, match="answer_missing"):
        fill(world, answers={})
    assert world.surveys.filled(ME) == {}


def test_surveys_are_for_recipients_with_a_certificate() -> None:
    world = World()
    with pytest.raises(NotFound, match="not_a_recipient"):
        fill(world)
    with pytest.raises(NotFound, match="not_a_recipient"):
        listed(world)
    grant = ledger.grant(ME, wave=1, amount=Rupiah(1_000_000), now=NOON)
    world.memberships.award(a_membership(), grant, most_per_family=2)
    with pytest.raises(Conflict, match="survey_not_open"):
        fill(world)
    assert [own.opens_at for own in listed(world)] == [None, None]


def listed(world: World) -> Sequence[OwnSurvey]:
    return list_surveys(ME, memberships=world.memberships, purchases=world.purchases, surveys=world.surveys)


def test_ones_surveys_are_told_with_amount_opening_and_when_they_were_filled() -> None:
    world = certified()
    fill(world)
    first, second = listed(world)
    assert (first.opens_at, first.filled_at) == (NOON + timedelta(days=3), NOON + timedelta(days=3))
    assert (second.opens_at, second.filled_at) == (NOON + timedelta(days=60), None)
    assert first.incentive
    assert first.incentive.amount == 50_000


def test_a_filled_survey_has_the_incentive_prepared(world: World) -> None:
    follow_survey(Change("survey", ME, None, "filled", {}), messages=world.messages)
    follow_survey(Change("survey", ME, "filled", "filled", {}), messages=world.messages)
    assert world.messages.sent == [(Queue.INCENTIVES_TO_PREPARE, {"applicant_id": ME})]


def test_filling_survives_every_accident() -> None:
    workflow = Workflow(certified, fill, lambda world: world.surveys.filled(ME).keys())
    assert_survives_every_accident(workflow)
    assert_twice_is_once(workflow)
