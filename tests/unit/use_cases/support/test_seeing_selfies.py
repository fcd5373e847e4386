"""Photos come with a case for who decides on its selfie: on record first, within the officer's allowance."""

from collections.abc import Mapping
from dataclasses import replace

import pytest

from chalicelib.domain.errors import StoreUnavailable
from chalicelib.domain.identifiers import StaffId
from chalicelib.domain.officers import Officer
from chalicelib.domain.registration import Role
from chalicelib.domain.support import DISCLOSURES
from chalicelib.use_cases.support.see_case import see_case
from tests.builders import a_nik, an_applicant, an_applicant_id, an_identity
from tests.fakes import World
from tests.unit.use_cases.crashes import Workflow, assert_survives_every_accident
from tests.unit.use_cases.support.desk import ANI, acts, casework, on_record, reference
from tests.unit.use_cases.support.test_decide_selfie import KNOWN, before_people, both, decide

CITRA = Officer(StaffId("citra"), Role.CASEWORKER)


def photos(world: World, officer: Officer = CITRA) -> Mapping[str, str]:
    seen = see_case(reference(), officer, casework=casework(world), documents=world.documents, buckets=world.buckets)
    return seen.photos


def test_a_caseworker_sees_both_photos_and_that_is_on_record() -> None:
    world = both()
    assert photos(world) == {kind: f"https://views.example/photos/{kind}.jpg" for kind in ("id_card", "selfie")}
    (entry,) = on_record(world)
    assert "photos" in entry.deed.fields


@pytest.mark.parametrize("role", [role for role in Role if role is not Role.CASEWORKER])
def test_who_may_not_decide_sees_none(role: Role) -> None:
    world = both()
    assert photos(world, replace(CITRA, role=role)) == {}
    (entry,) = on_record(world)
    assert "photos" not in entry.deed.fields


def test_there_is_nothing_to_see_when_nothing_waits() -> None:
    assert photos(before_people(KNOWN)) == {}
    world = both()
    decide(world, officer=ANI)
    assert photos(world) == {}


def test_nobody_sees_their_own_however_they_signed_up() -> None:
    world = both()
    world.applicants.save(an_applicant(7, identity=an_identity(7, nik=a_nik(1))))
    for own in (an_applicant_id(), an_applicant_id(7)):
        assert photos(world, replace(CITRA, own_account=own)) == {}
    assert photos(world, replace(CITRA, own_account=an_applicant_id(8))) != {}


def test_after_so_many_the_case_is_shown_without_them() -> None:
    world = both()
    shown = [bool(photos(world)) for _ in range(DISCLOSURES.most + 2)]
    assert shown == [True] * DISCLOSURES.most + [False] * 2
    world.clock.passes(minutes=1)
    assert photos(world)


@pytest.mark.parametrize("fail", ["fails_before", "fails_after"])
def test_without_an_entry_nothing_is_shown(fail: str) -> None:
    world = both()
    getattr(world.audit_log, fail)("append")
    with pytest.raises(StoreUnavailable):
        photos(world)


def test_looking_survives_every_accident() -> None:
    assert_survives_every_accident(Workflow(both, photos, acts))
