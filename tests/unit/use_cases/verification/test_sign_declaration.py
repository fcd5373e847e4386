"""Sign the declaration that everything stated is true."""

import pytest

from chalicelib.domain.errors import InvalidInput
from chalicelib.use_cases.verification.sign_declaration import sign_declaration
from tests.builders import an_applicant_id
from tests.fakes import NOON, World


def sign(world: World, accepted: bool = True) -> None:
    sign_declaration(an_applicant_id(), accepted, applicants=world.applicants, clock=world.clock)


def test_a_signature_bears_its_moment(world: World) -> None:
    sign(world)
    assert world.applicants.get(an_applicant_id()).declared_at == NOON


def test_the_first_signature_stands(world: World) -> None:
    sign(world)
    world.clock.passes(days=1)
    sign(world)
    assert world.applicants.get(an_applicant_id()).declared_at == NOON
    assert world.applicants.get(an_applicant_id()).version == 1


def test_no_is_no_signature(world: World) -> None:
    with pytest.raises(InvalidInput, match="declaration_not_accepted"):
        sign(world, accepted=False)
    assert world.applicants.get(an_applicant_id()).declared_at is None
