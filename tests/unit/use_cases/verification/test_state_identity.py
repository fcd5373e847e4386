"""Take an identity as the applicant states it."""

from datetime import date, timedelta
from typing import Any

import pytest

from chalicelib.domain.errors import Conflict, IllegalTransition, InvalidInput, StaleWrite
from chalicelib.domain.nik import FamilyCardNo, Nik
from chalicelib.domain.time import wib_date
from chalicelib.domain.verification import IdentityState, Sex
from chalicelib.use_cases.verification.state_identity import state_identity
from tests.builders import a_nik, an_applicant, an_applicant_id, an_identity
from tests.fakes import World


def state(world: World, number: int = 1, **changes: Any) -> None:
    identity = an_identity(number, **changes)
    state_identity(an_applicant_id(number), identity, applicants=world.applicants, clock=world.clock)


def test_an_identity_is_kept_as_it_was_stated(world: World) -> None:
    state(world)
    applicant = world.applicants.get(an_applicant_id())
    assert (applicant.state, applicant.identity) == (IdentityState.SUBMITTED, an_identity())


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"nik": Nik("123")}, "nik"),
        ({"nik": Nik("0074015203950001")}, "nik"),
        ({"family_card_no": FamilyCardNo("123")}, "family_card_no"),
        ({"nik": a_nik(birth_date=date(1995, 3, 13))}, "birth_date"),
        ({"nik": a_nik(sex=Sex.MALE)}, "sex"),
        ({"province_code": "00"}, "province_code"),
        ({"province_code": "32"}, "regency_code"),
        ({"birth_date": date(2030, 3, 12)}, "birth_date"),
    ],
)
def test_what_cannot_be_is_refused_by_its_field(world: World, changes: dict[str, Any], field: str) -> None:
    with pytest.raises(InvalidInput) as refusal:
        state(world, **changes)
    assert refusal.value.field == field
    assert world.applicants.get(an_applicant_id()).state is IdentityState.NONE


def test_nobody_is_born_today_as_it_is_today_in_jakarta(world: World) -> None:
    today = wib_date(world.clock.now())
    with pytest.raises(InvalidInput, match="birth_date_not_past"):
        state(world, birth_date=today)
    state(world, birth_date=today - timedelta(days=1))


def test_one_may_live_elsewhere_than_where_the_number_was_issued(world: World) -> None:
    state(world, province_code="93", regency_code="9301")
    assert world.applicants.get(an_applicant_id()).state is IdentityState.SUBMITTED


def test_a_nik_that_another_stated_is_taken_in_the_same_words(world: World) -> None:
    state(world, 1)
    state(world, 2, nik=a_nik(1))
    assert world.applicants.get(an_applicant_id(2)).state is IdentityState.SUBMITTED


def test_an_identity_under_way_is_not_stated_again(world: World) -> None:
    state(world)
    with pytest.raises(IllegalTransition):
        state(world, full_name="Somebody Else")
    assert world.applicants.get(an_applicant_id()).identity == an_identity()


def test_after_five_failures_people_help(world: World) -> None:
    world.applicants.save(an_applicant(state=IdentityState.FAILED, submission=5))
    with pytest.raises(Conflict, match="identity_attempts_used_up"):
        state(world)


def test_two_statements_at_once_are_one(world: World) -> None:
    world.applicants.fails_before("save", StaleWrite())
    with pytest.raises(StaleWrite):
        state(world)
