"""A recipient whose incentive is due, at any step of its way, over fakes."""

from dataclasses import replace
from datetime import timedelta

from chalicelib.domain import ledger
from chalicelib.domain.identifiers import StaffId
from chalicelib.domain.ledger import OwnedAccount
from chalicelib.domain.payouts import Payout, PayoutState
from chalicelib.use_cases.payouts.approve_payout import approve_payout
from chalicelib.use_cases.payouts.inquire_payout import inquire_payout
from chalicelib.use_cases.payouts.settle_payout import settle_payout
from tests.builders import CHECKER, MAKER, an_applicant_id
from tests.fakes import NOON, World
from tests.money import a_payout, a_payout_account, a_ready_payout

ID = a_payout().id
AMOUNT = int(a_payout().amount)


def with_payout(payout: Payout) -> World:
    """As stored, with a verified account and, once approved, the money owed."""
    world = World()
    world.payout_accounts.save(a_payout_account())
    world.payouts.add(payout)
    if payout.state is not PayoutState.AWAITING_APPROVAL:
        due = ledger.incentive_due(payout.applicant_id, payout.id, amount=payout.amount, now=NOON)
        world.payouts.save_with(replace(payout, version=1), due)
    return world


def awaiting() -> World:
    return with_payout(a_payout())


def ready() -> World:
    return with_payout(a_ready_payout())


def cut_off() -> World:
    """Somebody noted that they would send it, and was never heard of again."""
    return with_payout(a_ready_payout(state=PayoutState.SUBMITTING, submitted_at=NOON))


def lost() -> World:
    return with_payout(a_ready_payout(state=PayoutState.UNKNOWN, submitted_at=NOON))


def payout(world: World) -> Payout:
    found = world.payouts.get(ID)
    assert found
    return found


def owed(world: World) -> int:
    return int(world.ledger.balance(an_applicant_id(), OwnedAccount.INCENTIVE_DUE))


def approve(world: World, staff: StaffId = MAKER) -> Payout:
    return approve_payout(ID, staff, payouts=world.payouts, clock=world.clock)


def approve_by_both(world: World) -> Payout:
    approve(world, MAKER)
    return approve(world, CHECKER)


def settle(world: World) -> None:
    settle_payout(ID, payouts=world.payouts, payout_accounts=world.payout_accounts, bank=world.bank, clock=world.clock)


def inquire(world: World) -> None:
    inquire_payout(ID, payouts=world.payouts, payout_accounts=world.payout_accounts, bank=world.bank, clock=world.clock)


def step(world: World) -> None:
    """What the message on its way would do: the queue follows from the state."""
    if payout(world).state is PayoutState.UNKNOWN:
        inquire(world)
    else:
        settle(world)


def paid(world: World) -> list[int]:
    """By the bank's own books."""
    return [int(amount) for amount in world.bank.paid().values()]


DAY = timedelta(hours=24)
