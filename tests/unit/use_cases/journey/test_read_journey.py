"""Read everything that one person's timeline is drawn from."""

from dataclasses import replace
from datetime import timedelta

import pytest

from chalicelib.domain import ledger
from chalicelib.domain.errors import NotFound, StoreUnavailable
from chalicelib.domain.identifiers import WaveNumber
from chalicelib.domain.journey import Journey, steps_of
from chalicelib.domain.money import Rupiah
from chalicelib.domain.waves import WaveState
from chalicelib.use_cases.journey.read_journey import read_journey
from chalicelib.use_cases.payouts.prepare_incentive import COMPLETION, FIRST, payout_id_of
from tests.builders import (
    a_course,
    a_membership,
    a_paid_purchase,
    a_schedule,
    a_verified_applicant,
    a_wave,
    an_account,
    an_applicant_id,
    an_entry,
    checks,
)
from tests.fakes import NOON, World
from tests.money import a_payout, a_payout_account, due_by
from tests.unit.domain.timelines import next_to_do

ME = an_applicant_id()


@pytest.fixture
def world() -> World:
    """Somebody with an account, wave 1 open."""
    world = World()
    world.accounts.add(an_account())
    world.waves.add(a_wave(1))
    return world


def read(world: World) -> Journey:
    return read_journey(
        ME,
        accounts=world.accounts,
        applicants=world.applicants,
        waves=world.waves,
        memberships=world.memberships,
        purchases=world.purchases,
        payouts=world.payouts,
        payout_accounts=world.payout_accounts,
        waiting_checks=world.waiting_checks,
        indexer=world.indexer,
        clock=world.clock,
    )


def award(world: World) -> None:
    posting = ledger.grant(ME, wave=1, amount=Rupiah(1_000_000), now=NOON)
    world.memberships.award(a_membership(), posting, most_per_family=2)


def test_whoever_has_no_account_has_no_journey() -> None:
    with pytest.raises(NotFound):
        read(World())


def test_a_new_account_begins_with_the_identity(world: World) -> None:
    journey = read(world)
    assert (journey.opened_at, journey.membership, journey.payout) == (NOON, None, None)
    assert next_to_do(journey) == "identity"


def test_the_open_wave_is_the_one_that_is_open_by_the_clock(world: World) -> None:
    world.waves.add(a_wave(2, opens_at=NOON + timedelta(days=9), closes_at=NOON + timedelta(days=12)))
    assert (read(world).open_wave or a_wave(99)).number == 1
    world.clock.moves_to(a_wave().closes_at)
    assert read(world).open_wave is None
    world.clock.moves_to(NOON + timedelta(days=9))
    assert (read(world).open_wave or a_wave(99)).number == 2


def test_eligibility_is_judged_by_the_open_waves_scheme_and_else_by_the_days(world: World) -> None:
    world.applicants.save(a_verified_applicant(checks=checks(social=("social_aid:DTKS",))))
    assert read(world).decision.reasons == ()
    world.waves.add(a_wave(2, scheme="2020"))
    assert (read(world).decision.scheme, read(world).decision.reasons) == ("2020", ("social_aid",))
    world.clock.moves_to(NOON + timedelta(days=30))
    assert read(world).decision.scheme == "2023"


def test_entries_are_told_with_their_waves_oldest_first(world: World) -> None:
    world.waves.add(a_wave(2))
    for wave in (2, 1):
        world.waves.add_entry(an_entry(wave=wave))
    world.waves.add_entry(an_entry(2, wave=2))
    told = [(wave.number, entry.wave, entry.applicant_id) for wave, entry in read(world).entries]
    assert told == [(1, 1, ME), (2, 2, ME)]


def test_a_year_and_more_planned_ahead_hides_neither_the_open_wave_nor_the_persons_last_entries(world: World) -> None:
    for wave in range(2, 106):
        opens_at = NOON + timedelta(weeks=wave - 1)
        world.waves.add(a_wave(wave, opens_at=opens_at, closes_at=opens_at + timedelta(days=4)))
    world.clock.moves_to(NOON + timedelta(weeks=2))
    for wave in (1, 2):
        world.waves.add_entry(an_entry(wave=wave))
    journey = read(world)
    assert (journey.open_wave or a_wave(99)).number == 3
    assert [int(wave.number) for wave, _ in journey.entries] == [1, 2]


def test_a_plan_that_nobody_approved_is_no_open_wave(world: World) -> None:
    world.clock.moves_to(a_wave().closes_at)
    world.waves.add(a_wave(2, opens_at=a_wave().closes_at, closes_at=NOON + timedelta(days=9), state=WaveState.PLANNED))
    assert read(world).open_wave is None


def test_a_recipients_purchases_account_and_incentive_are_told(world: World) -> None:
    world.applicants.save(a_verified_applicant())
    world.waves.add_entry(an_entry())
    award(world)
    world.courses.put(a_course())
    world.courses.put_schedule(a_schedule())
    paid = a_paid_purchase()
    world.purchases.add_offer(paid)
    price = ledger.purchase(ME, paid.id, partner=paid.platform, amount=paid.amount, now=NOON)
    world.purchases.pay(replace(paid, version=1), price)
    world.payout_accounts.save(a_payout_account())
    payout = a_payout(id=payout_id_of(ME, COMPLETION, FIRST, world.indexer))
    world.payouts.add(payout, due_by(payout))
    journey = read(world)
    assert [purchase.id for purchase in journey.purchases] == [paid.id]
    assert journey.payout_account == a_payout_account(version=1)
    assert (journey.payout or a_payout()).applicant_id == ME
    assert next_to_do(journey) == "training"


def test_of_whoever_is_no_recipient_nothing_further_is_read(world: World) -> None:
    """The page is asked for by millions: what cannot be there is not looked for."""
    read(world)
    assert not {"purchases.of_applicant", "payout_accounts.get", "payouts.get"} & set(world.trouble.calls)


def test_a_store_that_is_out_is_told_as_out_and_not_as_nothing(world: World) -> None:
    world.memberships.fails_before("get")
    with pytest.raises(StoreUnavailable):
        read(world)


def test_a_recipient_of_the_first_wave_is_not_told_to_join_the_fourteenth(world: World) -> None:
    world.applicants.save(a_verified_applicant())
    world.waves.add_entry(an_entry())
    award(world)
    over = {"opens_at": NOON - timedelta(days=9), "closes_at": NOON - timedelta(days=6), "state": WaveState.ANNOUNCED}
    for number in range(2, 14):
        world.waves.add(a_wave(number, **over))
    world.waves.add(a_wave(14))
    first = world.waves.get(WaveNumber(1))
    assert first
    world.waves.save(replace(first, closes_at=NOON))
    (wave,) = [step for step in steps_of(read(world)) if step.name == "wave"]
    assert wave.next_action != "join_wave"
