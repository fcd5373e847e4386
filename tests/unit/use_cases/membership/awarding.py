"""Whoever was drawn first is awarded, as the function does it."""

from chalicelib.domain.identifiers import WaveNumber
from chalicelib.use_cases.membership.make_award import make_award
from tests.builders import an_applicant_id
from tests.fakes import World

ME, NUMBER = an_applicant_id(), WaveNumber(1)


def award(world: World) -> None:
    make_award(
        ME,
        NUMBER,
        waves=world.waves,
        applicants=world.applicants,
        memberships=world.memberships,
        notary=world.notary,
    )
