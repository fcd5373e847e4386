"""What somebody is owed is one balance: several payouts of theirs must be covered together."""

import pytest

from chalicelib.domain import ledger
from chalicelib.domain.identifiers import BatchId, PayoutId
from chalicelib.domain.ledger import CorrectionReason
from chalicelib.domain.money import Rupiah
from chalicelib.domain.payouts import Payout, PayoutState
from chalicelib.use_cases.payouts.prepare_incentive import payout_id_of
from tests.builders import an_applicant_id
from tests.fakes import NOON, World
from tests.money import a_ready_payout, due_by
from tests.unit.use_cases.payouts.cashier import paid, settle, with_payouts

ME = an_applicant_id()
OTHER_BATCH = BatchId("2026-03-02-bni-111111111111-1")
S = PayoutState


def mine(period: int, **changes: object) -> Payout:
    """Of one person, as the scheme names them."""
    id = payout_id_of(ME, "survey", period, World().indexer)
    survey = {"id": id, "applicant_id": ME, "purpose": "survey", "period": period, "amount": Rupiah(50_000)}
    return a_ready_payout(1, **(survey | changes))


def owed(*payouts: Payout, short_by: int = 0) -> World:
    """All of them, and a mistake in the books by which they are not all covered."""
    world = with_payouts(payouts[0])
    for payout in payouts[1:]:
        world.payouts.add(payout, due_by(payout))
    if short_by:
        slip = ledger.incentive_cancelled(ME, PayoutId("0.slip"), amount=Rupiah(short_by), now=NOON)
        world.ledger.post(slip)
    return world


def told(world: World) -> list[tuple[PayoutState, str | None]]:
    return sorted((each.state, each.reason) for each in world.payouts.all())


HELD = (S.HELD, "not_owed")


def test_what_the_books_cover_is_paid_together() -> None:
    world = owed(mine(1), mine(2))
    settle(world)
    assert paid(world) == [50_000, 50_000]


def test_of_two_in_a_group_that_are_not_covered_together_one_is_held() -> None:
    world = owed(mine(1), mine(2), short_by=50_000)
    settle(world)
    assert told(world) == [HELD, (S.SETTLED, None)]
    assert paid(world) == [50_000]


IN_THE_AIR: dict[str, object] = {"batch": OTHER_BATCH, "bank": "bni", "submitted_at": NOON}


@pytest.mark.parametrize(
    "other",
    [
        mine(2, state=S.READY, batch=OTHER_BATCH),
        mine(2, state=S.BATCHED, batch=OTHER_BATCH),
        mine(2, state=S.SUBMITTING, **IN_THE_AIR),
        mine(2, state=S.UNKNOWN, **IN_THE_AIR),
        mine(2, state=S.REJECTED, **IN_THE_AIR),
        mine(2, state=S.HELD, may_be_paid=True, **IN_THE_AIR),
    ],
    ids=lambda other: str(other.state),
)
def test_what_is_on_its_way_in_another_batch_counts(other: Payout) -> None:
    world = owed(mine(1), other, short_by=50_000)
    settle(world, [mine(1)])
    assert (found(world, 1).state, found(world, 1).reason) == HELD
    assert paid(world) == []
    covered = owed(mine(1), other)
    settle(covered, [mine(1)])
    assert paid(covered) == [50_000]


@pytest.mark.parametrize("state", [S.PREPARED, S.SETTLED, S.CANCELLED, S.HELD, S.REVERSED])
def test_what_is_not_on_its_way_does_not_count(state: PayoutState) -> None:
    world = owed(mine(1), mine(2, state=state, batch=None), short_by=50_000)
    settle(world, [mine(1)])
    assert paid(world) == [50_000]


def test_what_was_corrected_and_will_be_held_itself_keeps_nobody_else() -> None:
    world = owed(mine(1), mine(2))
    wrong = due_by(mine(2))
    world.ledger.post(ledger.correction(wrong, reason=CorrectionReason.NEVER_HAPPENED, now=NOON))
    settle(world)
    assert (found(world, 1).state, found(world, 2).state) == (S.SETTLED, S.HELD)


def found(world: World, period: int) -> Payout:
    payout = world.payouts.get(mine(period).id)
    assert payout
    return payout
