"""Recipients whose incentives are due, at any step of their way, over fakes."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta

from chalicelib.domain.commands import Queue
from chalicelib.domain.identifiers import BatchId, PayoutId, StaffId
from chalicelib.domain.ledger import OwnedAccount
from chalicelib.domain.officers import Officer
from chalicelib.domain.payout_batches import MOST_IN_BATCH, Batch, BatchState, content_of, line_of, lines_in
from chalicelib.domain.payouts import Payout, PayoutEvent, PayoutState
from chalicelib.domain.registration import Role
from chalicelib.use_cases.payouts.approve_batch import approve_batch
from chalicelib.use_cases.payouts.build_batches import build_batches
from chalicelib.use_cases.payouts.decide_payout import decide_payout
from chalicelib.use_cases.payouts.inquire_payout import inquire_payout
from chalicelib.use_cases.payouts.move_batch import move_batch
from chalicelib.use_cases.payouts.settle_group import settle_group
from chalicelib.use_cases.payouts.sweep_payouts import MOST_IN_SWEEP, sweep_payouts
from chalicelib.use_cases.support.casework import Casework
from tests.builders import CHECKER, MAKER, a_course, a_membership, a_schedule, a_verified_applicant, an_applicant_id
from tests.fakes import World
from tests.money import (
    BATCH,
    a_batch,
    a_payout,
    a_payout_account,
    a_ready_payout,
    a_reviewed_purchase,
    a_sent_payout,
    due_by,
)

ID = a_payout().id
AMOUNT = int(a_payout().amount)
DAY = timedelta(hours=24)


def with_payouts(*payouts: Payout) -> World:
    """As stored, with all that they rest on, and what is owed; those in the batch of ``tests/money.py`` approved."""
    world = World()
    world.courses.put(a_course())
    world.courses.put_schedule(a_schedule(seats=1_000))
    for number, payout in enumerate(payouts, start=1):
        a_person(world, number)
        world.payouts.add(payout, due_by(payout))
    mine = [each for each in payouts if each.batch == BATCH]
    if mine:
        world.payout_batches.add(a_batch(mine))
        world.batch_files.write(BATCH, content_of(map(line_of, mine)))
    return world


def a_person(world: World, number: int) -> None:
    world.payout_accounts.save(a_payout_account(number))
    world.memberships.save(a_membership(number))
    world.applicants.save(a_verified_applicant(number))
    world.purchases.save(a_reviewed_purchase(number))


def prepared(many: int = 1) -> World:
    return with_payouts(*(a_payout(number) for number in range(1, many + 1)))


def ready(many: int = 1) -> World:
    return with_payouts(*(a_ready_payout(number) for number in range(1, many + 1)))


def cut_off() -> World:
    """Somebody noted that they would send it, and was never heard of again."""
    return with_payouts(a_sent_payout())


def lost() -> World:
    return with_payouts(a_sent_payout(state=PayoutState.UNKNOWN))


def payout(world: World, number: int = 1) -> Payout:
    found = world.payouts.get(a_payout(number).id)
    assert found
    return found


def states(world: World) -> list[PayoutState]:
    return [each.state for each in sorted(world.payouts.all(), key=lambda each: each.id)]


def owed(world: World, number: int = 1) -> int:
    return world.ledger.balance(an_applicant_id(number), OwnedAccount.INCENTIVE_DUE)


def build(world: World, by: StaffId | None = None, *, most: int = MOST_IN_BATCH) -> list[Batch]:
    build_batches(
        by=by,
        payouts=world.payouts,
        payout_accounts=world.payout_accounts,
        batches=world.payout_batches,
        files=world.batch_files,
        clock=world.clock,
        most=most,
    )
    return world.payout_batches.all()


def built(many: int = 3) -> World:
    """Filled, and waiting for two people."""
    world = prepared(many)
    (batch,) = build(world)
    assert move(world, batch.id).state is BatchState.WAITING
    return world


def move(world: World, id: BatchId) -> Batch:
    move_batch(
        id,
        batches=world.payout_batches,
        files=world.batch_files,
        payouts=world.payouts,
        messages=world.messages,
        clock=world.clock,
    )
    moved = world.payout_batches.get(id)
    assert moved
    return moved


def approve(world: World, batch: Batch, *staff: StaffId) -> Batch:
    for each in staff or (MAKER, CHECKER):
        batch = approve_batch(batch.id, batch.checksum, each, batches=world.payout_batches)
    return batch


def settle(world: World, payouts: Sequence[Payout] | None = None) -> None:
    """As the message says that releases the batch."""
    lines = [line_of(each) for each in payouts or sorted(world.payouts.all(), key=lambda each: each.id)]
    settle_group(BATCH, lines, till=world.till)


def work_off(world: World) -> None:
    """Every message to settle that there is."""
    while world.messages.on(Queue.PAYOUTS_TO_SETTLE):
        body = world.messages.take(Queue.PAYOUTS_TO_SETTLE)
        settle_group(BatchId(body["batch"]), lines_in(body["lines"]), till=world.till)


def inquire(world: World, number: int = 1) -> None:
    inquire_payout(a_payout(number).id, payouts=world.payouts, bank=world.bank, clock=world.clock)


def sweep(world: World, *, most: int = MOST_IN_SWEEP) -> None:
    sweep_payouts(
        payouts=world.payouts,
        batches=world.payout_batches,
        files=world.batch_files,
        messages=world.messages,
        clock=world.clock,
        most=most,
    )


def decide(world: World, wish: PayoutEvent, *staff: StaffId, id: PayoutId = ID) -> None:
    casework = Casework(world.applicants, world.audit_log, world.clock)
    for each in staff:
        decide_payout(id, wish, Officer(each, Role.APPROVER), payouts=world.payouts, casework=casework)


def step(world: World) -> None:
    """What the sweep would have done."""
    if payout(world).state is PayoutState.READY:
        settle(world)
    else:
        inquire(world)


def paid(world: World) -> list[int]:
    """By the bank's own books."""
    return [int(amount) for amount in world.bank.paid().values()]


def changed(world: World, **changes: object) -> Payout:
    world.payouts.save(replace(payout(world), **changes))  # type: ignore[arg-type]
    return payout(world)


def batch_states(world: World) -> list[BatchState]:
    return [each.state for each in world.payout_batches.all()]
