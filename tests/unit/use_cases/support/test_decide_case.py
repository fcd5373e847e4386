"""Decide a review: under the version that the officer saw, on record before it is done, once."""

from dataclasses import replace
from typing import Any

import pytest

from chalicelib.domain.audit import Act
from chalicelib.domain.cases import RefusalCode, RulingKind
from chalicelib.domain.errors import (
    AlreadyDone,
    Conflict,
    InvalidInput,
    NotAllowed,
    NotFound,
    StaleWrite,
    StoreUnavailable,
)
from chalicelib.domain.verification import IdentityState
from chalicelib.use_cases.support.decide_case import Decision, decide_case
from tests.builders import a_nik, an_applicant, an_applicant_id, an_identity
from tests.fakes import World
from tests.unit.use_cases.crashes import Workflow, assert_survives_every_accident, assert_twice_is_once
from tests.unit.use_cases.support.desk import (
    ANI,
    BUDI,
    REASON,
    acts,
    case,
    casework,
    decide,
    in_review,
    on_record,
    reference,
)

REFUSAL: dict[str, Any] = {"kind": RulingKind.REFUSE, "code": RefusalCode.NAME_DIFFERS}


def claims(world: World, number: int, nik_of: int = 1) -> None:
    """Another person claims this NIK."""
    other = an_applicant(number, identity=an_identity(number, nik=a_nik(nik_of)), state=IdentityState.CHECKING)
    world.applicants.save_claim(other)


def test_whoever_is_accepted_is_verified_and_holds_the_nik() -> None:
    world = in_review()
    assert decide(world).version == case(world).version == 3
    assert case(world).state is IdentityState.VERIFIED
    with pytest.raises(AlreadyDone):
        claims(world, 2)


def test_the_reason_is_kept_with_who_and_when() -> None:
    world = in_review()
    decide(world)
    (kept,) = case(world).rulings
    assert (kept.staff, kept.reason, kept.at, kept.version) == ("ani", REASON, world.clock.now(), 2)


@pytest.mark.parametrize("how", [REFUSAL, {"kind": RulingKind.REOPEN}])
def test_whoever_is_not_accepted_lets_go_of_the_nik(how: dict[str, Any]) -> None:
    world = in_review()
    decide(world, **how)
    claims(world, 2)
    nik = world.indexer.index("nik", a_nik(1))
    assert world.applicants.holders_of([nik]) == {nik: an_applicant_id(2)}


def held_by_another(**changes: object) -> World:
    """Person 2 claimed the NIK first; person 1, who states it too, waits for people."""
    world = World()
    claims(world, 2)
    case = an_applicant(identity=an_identity(), submission=1, state=IdentityState.IN_REVIEW, version=0)
    world.applicants.save(replace(case, reasons=("identity_needs_assistance",)))
    return world


def test_a_nik_that_another_account_holds_is_not_given_away() -> None:
    world = held_by_another()
    with pytest.raises(Conflict, match="nik_held_by_another"):
        decide(world, version=1)
    assert case(world).state is IdentityState.IN_REVIEW


@pytest.mark.parametrize("how", [REFUSAL, {"kind": RulingKind.REOPEN}])
def test_refusing_one_account_does_not_let_go_of_the_other_ones_nik(how: dict[str, Any]) -> None:
    world = held_by_another()
    decide(world, version=1, **how)
    with pytest.raises(AlreadyDone):
        claims(world, 3)


def test_the_nik_once_free_is_claimed_and_the_registries_are_asked() -> None:
    world = held_by_another()
    holder = world.applicants.get(an_applicant_id(2))
    world.applicants.save_release(replace(holder, state=IdentityState.FAILED))
    assert decide(world, version=1).state is IdentityState.SUBMITTED
    with pytest.raises(AlreadyDone):
        claims(world, 3)


def test_of_two_officers_at_once_one_is_told_that_the_case_has_moved() -> None:
    world = in_review()
    decide(world, officer=ANI)
    with pytest.raises(Conflict, match="case_moved"):
        decide(world, officer=BUDI)
    with pytest.raises(Conflict, match="case_moved"):
        decide(world, RulingKind.REOPEN, ANI)
    assert [ruling.staff for ruling in case(world).rulings] == ["ani"]


def test_of_two_officers_in_the_same_instant_one_wins() -> None:
    """budi decides between the moment in which ani's decision is on record and the one in which it is written."""
    world = in_review()
    came: list[str] = []

    def budi_comes(name: str, after: bool) -> None:
        if name == "audit_log.append" and after and not came:
            came.append(name)
            decide(world, RulingKind.REOPEN, BUDI)

    world.trouble.stand(budi_comes)
    with pytest.raises(StaleWrite):
        decide(world, officer=ANI)
    with pytest.raises(Conflict, match="case_moved"):  # as the door asks once more by itself
        decide(world, officer=ANI)
    assert case(world).state is IdentityState.REOPENED
    assert [ruling.staff for ruling in case(world).rulings] == ["budi"]


def test_the_same_officer_may_press_twice() -> None:
    world = in_review()
    assert decide(world) == decide(world)
    assert len(case(world).rulings) == 1
    assert len(on_record(world)) == 1


def test_nothing_is_decided_that_is_not_on_record() -> None:
    world = in_review()
    world.audit_log.fails_before("append")
    with pytest.raises(StoreUnavailable):
        decide(world)
    assert case(world).state is IdentityState.IN_REVIEW


def test_it_is_on_record_before_it_is_done() -> None:
    world = in_review()
    world.applicants.fails_before("save_claim")
    with pytest.raises(StoreUnavailable):
        decide(world)
    (entry,) = on_record(world)
    assert (entry.deed.act, entry.deed.fields, entry.deed.reason) == (Act.DECIDE, ("accept",), REASON)
    assert entry.deed.subject == reference().replace("-", "")


def test_an_officer_does_not_decide_about_themselves() -> None:
    world = in_review()
    with pytest.raises(NotAllowed, match="own_case"):
        decide(world, officer=replace(ANI, own_account=an_applicant_id()))
    world.applicants.save(an_applicant(7, identity=an_identity(7, nik=a_nik(1))))
    with pytest.raises(NotAllowed, match="own_case"):
        decide(world, officer=replace(ANI, own_account=an_applicant_id(7)))
    assert on_record(world) == []
    decide(world, officer=replace(ANI, own_account=an_applicant_id(8)))


def test_what_is_wrong_is_told_before_anything_is_put_on_record() -> None:
    world = in_review()
    decision = Decision(RulingKind.ACCEPT, "Siti Rahmawati I called us", 2)
    with pytest.raises(InvalidInput, match="reason_is_personal"):
        decide_case(reference(), decision, ANI, casework=casework(world))
    with pytest.raises(InvalidInput, match="refusal_code_not_expected"):
        decide(world, code=RefusalCode.NAME_DIFFERS)
    with pytest.raises(NotFound, match="case_unknown"):
        decide_case(reference(99), Decision(RulingKind.ACCEPT, REASON, 1), ANI, casework=casework(world))
    assert on_record(world) == []


def look(world: World) -> object:
    found = case(world)
    return found.state, found.reasons, found.attempts_left, [ruling.kind for ruling in found.rulings], acts(world)


ACCEPT = Workflow(in_review, decide, look)
REFUSE = Workflow(in_review, lambda world: decide(world, **REFUSAL), look)
REOPEN = Workflow(in_review, lambda world: decide(world, RulingKind.REOPEN), look)
TAKEN = Workflow(held_by_another, lambda world: decide(world, version=1), look)


@pytest.mark.parametrize("workflow", [ACCEPT, REFUSE, REOPEN, TAKEN], ids=["accept", "refuse", "reopen", "taken"])
def test_a_decision_survives_every_accident(workflow: Workflow) -> None:
    """An officer, or their browser, asks again after each."""
    assert_survives_every_accident(workflow)
    assert_twice_is_once(workflow)


def test_a_lost_reply_decides_once() -> None:
    world = in_review()
    world.trouble.lose_reply()
    decide(world)
    assert len(case(world).rulings) == len(on_record(world)) == 1
