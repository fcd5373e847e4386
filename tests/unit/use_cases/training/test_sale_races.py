"""A sale, a void and a revocation that meet: whoever comes second finds the other done."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date, datetime

import pytest

from chalicelib.domain.errors import Conflict, NotFound, Unavailable
from chalicelib.domain.identifiers import InvoiceCode, WaveNumber
from chalicelib.domain.ledger import OwnedAccount
from chalicelib.domain.membership import Due, Membership, MembershipState
from chalicelib.domain.training import PurchaseState
from chalicelib.domain.waves import EntryState
from chalicelib.use_cases.membership.meet_due import Treasury, meet_due
from chalicelib.use_cases.training.authorize_purchase import authorize_purchase
from chalicelib.use_cases.training.void_purchase import void_purchase
from tests.builders import PLATFORM, a_course, a_membership, a_schedule, an_applicant_id, an_entry
from tests.fakes import World
from tests.unit.use_cases.membership.dues import DEADLINE, INSTANT, YEAR_END
from tests.unit.use_cases.training.market import GRANT, Market

ME, WAVE = an_applicant_id(), WaveNumber(1)
PRICE = 500_000


class Slower:
    """The clock of a function that began a moment earlier."""

    def __init__(self, at: datetime) -> None:
        self._at = at

    def now(self) -> datetime:
        return self._at

    def wait_until(self, moment: datetime) -> None: ...


def offered(due: Due = Due.REVOKE, moment: datetime = DEADLINE, bought: int = 0) -> Market:
    """An offer in the very second of the due."""
    market = Market()
    world = market.world
    world.waves.add_entry(an_entry(state=EntryState.CHOSEN))
    all_year(market)
    world.clock.moves_to(moment)
    world.memberships.save(replace(held(world), due=due, due_at=moment, bought=bought))
    market.offer()
    world.clock.moves_to(moment + INSTANT)
    return market


def all_year(market: Market) -> None:
    """The course can be bought all year."""
    courses = market.world.courses
    schedule = courses.schedule(a_course().code, a_schedule().code)
    assert schedule
    courses.put_schedule(replace(schedule, ends_on=date(2026, 12, 31)))


def held(world: World) -> Membership:
    found = world.memberships.get(ME)
    assert found
    return found


def sell(market: Market, at: datetime) -> None:
    """Until it comes to an end, by its own clock: refused is an end as well."""
    world = market.world
    for _ in range(5):
        try:
            authorize_purchase(market.asked(), purchases=world.purchases, indexer=world.indexer, clock=Slower(at))
            return
        except Unavailable:
            continue
        except Conflict:
            return
    pytest.fail("the sale never comes to an end")


def void(market: Market, at: datetime) -> None:
    try:
        void_purchase(PLATFORM, InvoiceCode("INV-1"), purchases=market.world.purchases, clock=Slower(at))
    except (Conflict, NotFound):
        return


def meet(market: Market) -> None:
    world = market.world
    treasury = Treasury(world.memberships, world.waves, world.places, world.ledger, world.clock)
    for _ in range(5):
        try:
            return meet_due(ME, treasury)
        except Unavailable:
            continue
    pytest.fail("the due is never met")


def overtake(world: World, place: int, by: Callable[[], None]) -> None:
    first = len(world.trouble.calls)
    done: list[int] = []

    def between(_name: str, after: bool) -> BaseException | None:
        if not after and not done and len(world.trouble.calls) == first + place + 1:
            done.append(place)
            by()
        return None

    world.trouble.stand(between)


def calls_of(prepare: Callable[[], Market], step: Callable[[Market], None]) -> int:
    market = prepare()
    before = len(market.world.trouble.calls)
    step(market)
    return len(market.world.trouble.calls) - before


def assert_one_of_them(market: Market, *, place: int) -> None:
    """Sold and kept, or revoked and given back: never both, never neither, and no rupiah besides."""
    world, kept = market.world, held(market.world)
    is_sold = market.purchase().state is PurchaseState.PAID
    assert kept.bought == is_sold, place
    assert (kept.state is MembershipState.REVOKED) is not is_sold, place
    assert market.balance() == (GRANT - PRICE if is_sold else 0), place
    assert market.seats_left() == (9 if is_sold else 10), place
    assert world.places.lapsed(WAVE) == (0 if is_sold else 1), place


def test_a_revocation_at_any_call_of_a_sale() -> None:
    for place in range(calls_of(offered, lambda market: sell(market, DEADLINE))):
        market = offered()
        overtake(market.world, place, lambda market=market: meet(market))  # type: ignore[misc]
        sell(market, DEADLINE)
        assert_one_of_them(market, place=place)


def test_a_sale_at_any_call_of_a_revocation() -> None:
    for place in range(calls_of(offered, meet)):
        market = offered()
        overtake(market.world, place, lambda market=market: sell(market, DEADLINE))  # type: ignore[misc]
        meet(market)
        assert_one_of_them(market, place=place)


def at_the_years_end() -> Market:
    return offered(Due.END_BALANCE, YEAR_END, bought=1)


def assert_nothing_is_left(market: Market, *, place: int) -> None:
    world, is_sold = market.world, market.purchase().state is PurchaseState.PAID
    kept = held(world)
    assert (kept.state, kept.bought) == (MembershipState.ENDED, 1 + is_sold), place
    assert market.balance() == 0, place
    assert kept.returned == (GRANT - PRICE if is_sold else GRANT), place


def test_the_years_end_at_any_call_of_a_sale_in_its_last_second() -> None:
    for place in range(calls_of(at_the_years_end, lambda market: sell(market, YEAR_END))):
        market = at_the_years_end()
        overtake(market.world, place, lambda market=market: meet(market))  # type: ignore[misc]
        sell(market, YEAR_END)
        meet(market)
        assert_nothing_is_left(market, place=place)


def test_a_sale_in_its_last_second_at_any_call_of_the_years_end() -> None:
    for place in range(calls_of(at_the_years_end, meet)):
        market = at_the_years_end()
        overtake(market.world, place, lambda market=market: sell(market, YEAR_END))  # type: ignore[misc]
        meet(market)
        assert_nothing_is_left(market, place=place)


def sold_at_the_years_end() -> Market:
    """The only sale; its void meets the end."""
    market = at_the_years_end()
    sell(market, YEAR_END)
    return market


def test_a_void_at_any_call_of_the_years_end_leaves_nothing_behind() -> None:
    for place in range(calls_of(sold_at_the_years_end, meet)):
        market = sold_at_the_years_end()
        overtake(market.world, place, lambda market=market: void(market, YEAR_END))  # type: ignore[misc]
        meet(market)
        market.world.clock.passes(minutes=5)
        meet(market)
        assert market.purchase().state is PurchaseState.VOIDED, place
        assert (held(market.world).state, held(market.world).returned) == (MembershipState.ENDED, GRANT), place
        assert market.balance() == 0, place


def test_whoever_voids_the_only_sale_after_the_deadline_is_revoked_by_the_next_sweep() -> None:
    market = offered()
    sell(market, DEADLINE)
    later = YEAR_END.replace(month=6)
    market.world.clock.moves_to(later)
    void(market, later)
    assert held(market.world).due is Due.REVOKE
    meet(market)
    assert held(market.world).state is MembershipState.REVOKED
    assert (market.balance(), market.world.places.lapsed(WAVE)) == (0, 1)


def test_a_sale_voided_after_the_years_end_gives_its_money_to_the_treasury() -> None:
    market = offered()
    sell(market, DEADLINE)
    market.world.memberships.save(replace(held(market.world), due=Due.END_BALANCE, due_at=YEAR_END))
    market.world.clock.moves_to(YEAR_END + INSTANT)
    meet(market)
    later = market.world.clock.passes(days=3)
    void(market, later)
    market.world.clock.passes(minutes=5)
    for _ in range(2):
        meet(market)
    keys = [posting.key for posting in market.world.ledger.all() if posting.key.startswith("grant-returned")]
    assert keys == ["grant-returned/1/year_end", "grant-returned/1/year_end/2"]
    assert market.world.ledger.balance(ME, OwnedAccount.TRAINING_BALANCE) == 0
    assert held(market.world).returned == GRANT


def test_a_code_that_is_typed_after_the_deadline_buys_nothing(market: Market) -> None:
    all_year(market)
    market.world.clock.moves_to(a_membership().first_purchase_by)
    market.offer()
    market.world.clock.passes(seconds=1)
    with pytest.raises(Conflict, match="first_purchase_too_late"):
        market.authorize()
    assert (market.balance(), market.seats_left()) == (GRANT, 10)
