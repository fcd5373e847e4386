"""A recipient who waits for time to come to something, over fakes."""

from dataclasses import replace
from datetime import datetime, timedelta

from chalicelib.domain import ledger
from chalicelib.domain.identifiers import WaveNumber
from chalicelib.domain.ledger import OwnedAccount
from chalicelib.domain.membership import Due, Membership
from chalicelib.domain.money import Rupiah
from chalicelib.domain.waves import EntryState
from chalicelib.use_cases.membership.meet_due import Treasury, meet_due
from tests.builders import a_membership, an_applicant_id, an_entry
from tests.fakes import NOON, World

ME, WAVE = an_applicant_id(), WaveNumber(1)
GRANT = Rupiah(1_000_000)
DEADLINE = a_membership().first_purchase_by
YEAR_END = a_membership().balance_ends_at
INSTANT = timedelta(microseconds=1)


def welcome(world: World, number: int = 1) -> None:
    """As ``award`` leaves them, with the videos seen."""
    due_at = DEADLINE - timedelta(days=3)
    held = a_membership(number, due=Due.WARN_FIRST_PURCHASE, due_at=due_at)
    grant = ledger.grant(held.applicant_id, wave=1, amount=GRANT, now=NOON)
    world.memberships.award(held, grant, most_per_family=2)
    world.waves.add_entry(an_entry(number, state=EntryState.CHOSEN))


def meet(world: World, number: int = 1) -> None:
    treasury = Treasury(world.memberships, world.waves, world.places, world.ledger, world.clock)
    meet_due(an_applicant_id(number), treasury)


def held(world: World, number: int = 1) -> Membership:
    found = world.memberships.get(an_applicant_id(number))
    assert found
    return found


def balance(world: World, number: int = 1) -> int:
    return world.ledger.balance(an_applicant_id(number), OwnedAccount.TRAINING_BALANCE)


def keys(world: World) -> list[str]:
    return [posting.key for posting in world.ledger.all()]


def bought(world: World, many: int = 1) -> None:
    """As if: the sale's money is left out."""
    world.memberships.save(replace(held(world), bought=many, due=Due.WARN_BALANCE_END, due_at=_warning()))


def _warning() -> datetime:
    return YEAR_END - timedelta(days=14)
