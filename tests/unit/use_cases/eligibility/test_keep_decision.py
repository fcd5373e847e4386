"""Decide where it matters, and keep the receipt before anything rests on it."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest

from chalicelib.domain.eligibility import Decision
from chalicelib.domain.errors import AlreadyDone, StaleWrite
from chalicelib.domain.facts import Standing, facts_of
from chalicelib.domain.identifiers import WaveNumber
from chalicelib.domain.receipts import Occasion, SignedReceipt
from chalicelib.domain.schemes import scheme_named
from chalicelib.domain.verification import Applicant
from chalicelib.use_cases.eligibility.keep_decision import keep_decision
from chalicelib.use_cases.eligibility.sign_decision import Case
from infra.receipts import verify
from tests.builders import a_verified_applicant, checks
from tests.fakes import NOON, World
from tests.unit.papers import AIDED, KEYS, written
from tests.unit.use_cases.crashes import Workflow, assert_survives_every_accident, assert_twice_is_once

PERSON = a_verified_applicant()
STUDENT = a_verified_applicant(checks=checks(education=("student:DAPODIK",)))


def keep(world: World, person: Applicant = PERSON, *, wave: int = 1, occasion: Occasion = Occasion.JOINING) -> Decision:
    facts = facts_of(person, Standing(None, 0, world.clock.now()))
    return keep_decision(Case(PERSON.id, facts, scheme_named("2023"), occasion, WaveNumber(wave)), world.notary)


def kept(world: World) -> list[SignedReceipt]:
    return world.receipts.of(PERSON.id)


def test_a_decision_is_kept_with_all_that_it_rests_on_and_anybody_can_check_it(world: World) -> None:
    decision = keep(world, STUDENT)
    (receipt,) = kept(world)
    assert decision.reasons == ("student",)
    body = receipt.body
    assert (body["number"], body["occasion"], body["wave"], body["outcome"]) == (1, "joining", 1, "not_eligible")
    assert body["reasons"] == [{"code": "student", "owner": "school", "appeal": "ask_school_to_correct"}]
    assert {"fact": "student", "value": True, "source": "DAPODIK", "as_of": NOON.isoformat()} in body["inputs"]
    assert (body["decided_at"], body["scheme"], body["rules"]) == (NOON.isoformat(), "2023", decision.rules)
    assert verify(written(receipt), KEYS).holds


def test_whoever_asks_a_hundred_times_leaves_one_receipt(world: World) -> None:
    for _ in range(100):
        world.clock.passes(minutes=1)
        keep(world, STUDENT)
    assert [receipt.number for receipt in kept(world)] == [1]


def test_a_decision_that_changes_is_kept_again_and_the_earlier_ones_stay(world: World) -> None:
    for person in (STUDENT, PERSON, STUDENT):
        world.clock.passes(days=1)
        keep(world, person)
    assert [receipt.body["outcome"] for receipt in kept(world)] == ["not_eligible", "eligible", "not_eligible"]
    assert [receipt.number for receipt in kept(world)] == [1, 2, 3]


def test_each_wave_and_each_occasion_has_its_own(world: World) -> None:
    for _ in range(2):
        for wave in (1, 2):
            keep(world, wave=wave)
        keep(world, wave=1, occasion=Occasion.AWARD)
    told = [(receipt.body["wave"], receipt.body["occasion"]) for receipt in kept(world)]
    assert told == [(1, "joining"), (2, "joining"), (1, "award")]


def test_two_who_decide_at_once_keep_one_receipt_if_they_decide_the_same(world: World) -> None:
    with ThreadPoolExecutor(4) as pool:
        list(pool.map(lambda _: keep(world), range(4)))
    assert len(kept(world)) == 1


def test_a_number_that_another_decision_took_makes_way_for_the_next(world: World) -> None:
    with ThreadPoolExecutor(3) as pool:
        list(pool.map(lambda wave: keep(world, wave=wave), (1, 2, 3)))
    assert sorted(receipt.body["wave"] for receipt in kept(world)) == [1, 2, 3]
    assert [receipt.number for receipt in kept(world)] == [1, 2, 3]


def test_who_never_gets_a_number_comes_again(world: World) -> None:
    for _ in range(4):
        world.receipts.fails_before("add", AlreadyDone())
    with pytest.raises(StaleWrite, match="receipt_contended"):
        keep(world)


def test_a_receipt_is_about_a_pseudonym(world: World) -> None:
    keep(world)
    assert kept(world)[0].body["subject"] == world.indexer.index("receipt", PERSON.id)
    assert PERSON.id.encode() not in written(kept(world)[0])


def test_keeping_survives_every_accident() -> None:
    workflow = Workflow(World, lambda world: keep(world, a_verified_applicant(checks=AIDED)), _look)
    assert_survives_every_accident(workflow)
    assert_twice_is_once(workflow)


def _look(world: World) -> object:
    return [(receipt.number, receipt.body["outcome"]) for receipt in kept(world)]


def test_an_older_one_of_another_wave_does_not_hide_the_newest_of_this(world: World) -> None:
    keep(world, wave=1)
    for wave in range(2, 6):
        keep(world, wave=wave)
    world.clock.at += timedelta(hours=1)
    keep(world, wave=1)
    assert len(kept(world)) == 5
