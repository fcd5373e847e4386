"""Do what time has brought to one membership."""

from datetime import timedelta

import pytest

from chalicelib.domain.errors import Misconfigured, NotFound, StaleWrite
from chalicelib.domain.membership import Due, MembershipState
from chalicelib.domain.selection.freed_places import PlaceState
from tests.fakes import World
from tests.unit.use_cases.crashes import Workflow, assert_survives_every_accident, assert_twice_is_once
from tests.unit.use_cases.membership.dues import (
    DEADLINE,
    GRANT,
    INSTANT,
    ME,
    WAVE,
    YEAR_END,
    balance,
    bought,
    held,
    keys,
    meet,
    welcome,
)


@pytest.fixture
def world(world: World) -> World:
    welcome(world)
    return world


def test_before_its_time_nothing_is_done(world: World) -> None:
    before = held(world)
    meet(world)
    world.clock.moves_to(DEADLINE - timedelta(days=3))
    meet(world)
    assert held(world) == before


def test_the_warning_comes_first_and_moves_nothing_but_what_is_due(world: World) -> None:
    world.clock.moves_to(DEADLINE - timedelta(days=2))
    meet(world)
    meet(world)
    assert (held(world).due, held(world).due_at, held(world).state) == (
        Due.REVOKE,
        DEADLINE,
        MembershipState.INDUCTED,
    )
    assert balance(world) == GRANT


def test_at_the_deadline_one_may_still_buy_and_after_it_the_membership_is_revoked(world: World) -> None:
    world.clock.moves_to(DEADLINE)
    meet(world)
    meet(world)
    assert held(world).state is MembershipState.INDUCTED
    world.clock.moves_to(DEADLINE + INSTANT)
    meet(world)
    assert held(world).state is MembershipState.REVOKED
    assert (balance(world), keys(world)) == (0, ["grant/1", "grant-returned/1/first_purchase_missed"])
    place = world.places.freed(WAVE, ME)
    assert place
    assert (place.state, place.province_code, world.places.lapsed(WAVE)) == (PlaceState.LAPSED, "31", 1)


def test_whoever_has_bought_keeps_balance_and_place(world: World) -> None:
    bought(world)
    world.clock.moves_to(DEADLINE + timedelta(days=100))
    meet(world)
    assert held(world).state is MembershipState.INDUCTED
    assert (balance(world), world.places.lapsed(WAVE)) == (GRANT, 0)


def test_at_the_years_end_what_is_left_goes_back_and_the_place_does_not(world: World) -> None:
    bought(world)
    world.clock.moves_to(YEAR_END - timedelta(days=13))
    meet(world)
    assert (held(world).due, held(world).warned_of) == (Due.END_BALANCE, GRANT)
    world.clock.moves_to(YEAR_END + INSTANT)
    meet(world)
    assert (held(world).state, held(world).returned) == (MembershipState.ENDED, GRANT)
    assert (balance(world), keys(world)) == (0, ["grant/1", "grant-returned/1/year_end"])
    assert world.places.lapsed(WAVE) == 0


def test_a_clock_an_hour_back_does_nothing_twice(world: World) -> None:
    world.clock.moves_to(DEADLINE + timedelta(minutes=30))
    meet(world)
    world.clock.passes(hours=-1)
    meet(world)
    world.clock.passes(hours=2)
    meet(world)
    assert keys(world) == ["grant/1", "grant-returned/1/first_purchase_missed"]
    assert world.places.lapsed(WAVE) == 1


def test_a_message_about_nobody_is_dropped(world: World) -> None:
    with pytest.raises(NotFound, match="not_a_recipient"):
        meet(world, number=2)


def test_a_recipient_whose_entry_is_gone_is_not_revoked_and_is_looked_at_once_a_day(world: World) -> None:
    """Without it nobody knows where the place lapses; and a message that came again for days would stop the sweep."""
    lost = World()
    lost.memberships = world.memberships
    lost.clock.moves_to(DEADLINE + INSTANT)
    with pytest.raises(Misconfigured, match="recipient_has_no_entry"):
        meet(lost)
    meet(lost)
    assert held(world).state is MembershipState.INDUCTED
    lost.clock.moves_to(DEADLINE + timedelta(days=1) + 2 * INSTANT)
    with pytest.raises(Misconfigured, match="recipient_has_no_entry"):
        meet(lost)
    lost.clock.moves_to(DEADLINE + timedelta(days=2) + 3 * INSTANT)
    lost.waves, lost.places, lost.ledger = world.waves, world.places, world.ledger
    meet(lost)
    assert held(world).state is MembershipState.REVOKED


def test_two_revocations_in_one_province_both_lapse(world: World) -> None:
    """The second finds the province's order moved, and looks again."""
    welcome(world, 2)
    world.clock.moves_to(DEADLINE + INSTANT)
    first = [True]

    def between(name: str, after: bool) -> BaseException | None:
        if name == "memberships.revoke" and not after and first:
            first.clear()
            meet(world, 2)
        return None

    world.trouble.stand(between)
    meet(world)
    assert world.places.lapsed(WAVE) == 2
    assert [held(world, number).state for number in (1, 2)] == [MembershipState.REVOKED] * 2


def test_whoever_is_overtaken_again_and_again_comes_back_later(world: World) -> None:
    world.clock.moves_to(DEADLINE + INSTANT)
    world.trouble.stand(lambda name, after: StaleWrite() if name == "memberships.revoke" and not after else None)
    with pytest.raises(StaleWrite, match="membership_contended"):
        meet(world)


def revoking() -> World:
    world = World()
    welcome(world)
    world.clock.moves_to(DEADLINE + INSTANT)
    return world


def warning() -> World:
    world = World()
    welcome(world)
    world.clock.moves_to(DEADLINE - timedelta(days=1))
    return world


def ending() -> World:
    world = World()
    welcome(world)
    bought(world)
    world.clock.moves_to(YEAR_END + INSTANT)
    return world


def look(world: World) -> object:
    kept = held(world)
    books = (balance(world), keys(world), world.places.lapsed(WAVE), len(world.places.all()))
    return kept.state, kept.due, kept.returned, kept.returns, books


@pytest.mark.parametrize("prepare", [warning, revoking, ending])
def test_cut_off_at_any_call_it_ends_as_if_nothing_had_happened(prepare: object) -> None:
    assert callable(prepare)
    workflow = Workflow(prepare, meet, look)
    assert_survives_every_accident(workflow)
    assert_twice_is_once(workflow)
