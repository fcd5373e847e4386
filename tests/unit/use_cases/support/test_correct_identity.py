"""Correct what was stated, with evidence: held to the person's rules, and asked about anew."""

from datetime import date
from typing import Any

import pytest

from chalicelib.domain.cases import RulingKind
from chalicelib.domain.errors import AlreadyDone, Conflict, InvalidInput, NotAllowed, StoreUnavailable
from chalicelib.domain.officers import Officer
from chalicelib.domain.verification import Applicant, IdentityState
from chalicelib.use_cases.support.correct_identity import Correction, correct_identity
from tests.builders import a_nik, an_applicant, an_applicant_id, an_identity
from tests.fakes import World
from tests.unit.use_cases.crashes import Workflow, assert_survives_every_accident, assert_twice_is_once
from tests.unit.use_cases.support.desk import (
    ANI,
    BUDI,
    KEY,
    REASON,
    acts,
    case,
    casework,
    in_review,
    on_record,
    reference,
)

NAME = {"full_name": "Siti Rachmawati"}


def correct(world: World, officer: Officer = ANI, version: int = 2, key: str = KEY, **changes: Any) -> Applicant:
    correction = Correction(changes or NAME, key, REASON, version)
    return correct_identity(reference(), correction, officer, casework=casework(world))


def test_a_correction_is_stated_for_the_person_and_asked_about_anew() -> None:
    world = in_review()
    left = case(world).attempts_left
    corrected = correct(world)
    assert corrected == case(world)
    assert corrected.identity == an_identity(full_name="Siti Rachmawati")
    assert (corrected.state, corrected.submission, corrected.checks) == (IdentityState.SUBMITTED, 2, {})
    assert (corrected.corrected_submission, corrected.attempts_left) == (2, left)
    assert corrected.rulings[-1].concerns == ("full_name",)


def test_the_record_names_fields_and_no_values() -> None:
    world = in_review()
    correct(world)
    assert acts(world) == {("ani", "correct", ("full_name",))}
    assert "Rachmawati" not in repr(on_record(world))


@pytest.mark.parametrize(
    ("changes", "code", "field"),
    [
        ({"nik": "3174"}, "number_not_16_digits", "nik"),
        ({"birth_date": date(1990, 1, 1)}, "nik_birth_date_differs", "birth_date"),
        ({"birth_date": date(2090, 1, 1)}, "birth_date_not_past", "birth_date"),
        ({"province_code": "99"}, "province_unknown", "province_code"),
        ({"regency_code": "5171"}, "regency_not_in_province", "regency_code"),
        ({"full_name": "Siti Rahmawati I"}, "correction_changes_nothing", "fields"),
    ],
)
def test_officers_are_held_to_the_same_rules(changes: dict[str, Any], code: str, field: str) -> None:
    world = in_review()
    with pytest.raises(InvalidInput) as refusal:
        correct(world, **changes)
    assert (refusal.value.code, refusal.value.field) == (code, field)
    assert on_record(world) == []


def test_nothing_is_corrected_without_a_document_that_came() -> None:
    world = in_review()
    with pytest.raises(InvalidInput, match="evidence_unknown"):
        correct(world, key=KEY.replace("id_card", "family_card"))


def test_the_new_name_stays_out_of_the_reason_too() -> None:
    world = in_review()
    correction = Correction(NAME, KEY, "It is siti rachmawati on it", 2)
    with pytest.raises(InvalidInput, match="reason_is_personal"):
        correct_identity(reference(), correction, ANI, casework=casework(world))


def claim(world: World, number: int, nik_of: int) -> None:
    identity = an_identity(number, nik=a_nik(nik_of))
    world.applicants.save_claim(an_applicant(number, identity=identity, state=IdentityState.CHECKING))


def test_a_mistyped_nik_is_let_go_of_and_the_right_one_not_yet_taken() -> None:
    world = in_review()
    correct(world, nik=a_nik(5))
    claim(world, 2, nik_of=1)
    claim(world, 3, nik_of=5)
    niks = [world.indexer.index("nik", a_nik(number)) for number in (1, 5)]
    assert list(world.applicants.holders_of(niks).values()) == [an_applicant_id(2), an_applicant_id(3)]


def test_a_nik_that_stays_stays_held() -> None:
    world = in_review()
    correct(world)
    with pytest.raises(AlreadyDone):
        claim(world, 2, nik_of=1)


def test_attempts_used_up_are_no_hindrance_to_a_correction() -> None:
    world = in_review(state=IdentityState.FAILED, submission=5)
    assert correct(world).attempts_left == 0


def test_of_two_officers_at_once_one_is_told_that_the_case_has_moved() -> None:
    world = in_review()
    correct(world)
    with pytest.raises(Conflict, match="case_moved"):
        correct(world, BUDI)


def test_another_value_under_the_same_version_is_no_repetition() -> None:
    world = in_review()
    correct(world)
    with pytest.raises(Conflict, match="case_moved"):
        correct(world, full_name="Siti Rahmah")


def test_officers_do_not_correct_themselves_nor_off_the_record() -> None:
    world = in_review()
    with pytest.raises(NotAllowed, match="own_case"):
        correct(world, Officer(ANI.staff, ANI.role, an_applicant_id()))
    world.audit_log.fails_before("append")
    with pytest.raises(StoreUnavailable):
        correct(world)
    assert case(world).rulings == ()


def look(world: World) -> object:
    found = case(world)
    kinds = [ruling.kind for ruling in found.rulings]
    assert kinds == [RulingKind.CORRECT] * len(kinds)
    return found.state, found.identity, found.submission, found.attempts_left, kinds, acts(world)


NEW_NAME = Workflow(in_review, correct, look)
NEW_NIK = Workflow(in_review, lambda world: correct(world, nik=a_nik(5)), look)


@pytest.mark.parametrize("workflow", [NEW_NAME, NEW_NIK], ids=["name", "nik"])
def test_a_correction_survives_every_accident(workflow: Workflow) -> None:
    assert_survives_every_accident(workflow)
    assert_twice_is_once(workflow)
