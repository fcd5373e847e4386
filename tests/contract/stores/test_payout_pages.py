"""``Payouts.page``: whoever looks for payouts that stand still finds each of them, once, and comes to an end."""

from collections import Counter
from dataclasses import replace
from datetime import timedelta

import pytest

from chalicelib.domain.errors import InvalidInput
from chalicelib.domain.identifiers import PayoutId
from chalicelib.domain.payouts import Payout, PayoutState
from chalicelib.ports import Payouts
from tests.contract.stores.fresh import fresh
from tests.fakes import NOON
from tests.money import a_payout, due_by

MOST_PAGES = 500
FINAL = (PayoutState.SETTLED, PayoutState.CANCELLED)
UNDER_WAY = [state for state in PayoutState if state not in FINAL]


def pages(payouts: Payouts, state: PayoutState, limit: int) -> list[list[PayoutId]]:
    found: list[list[PayoutId]] = []
    after: str | None = None
    for _ in range(MOST_PAGES):
        ids, after = payouts.page(state, after=after, limit=limit)
        found.append(list(ids))
        if after is None:
            return found
    raise AssertionError("the walk does not end")


def walked(payouts: Payouts, state: PayoutState, limit: int) -> Counter[PayoutId]:
    return Counter(id for page in pages(payouts, state, limit) for id in page)


def prepared(payouts: Payouts, state: PayoutState, many: int) -> list[Payout]:
    """A minute apart, so that which is older is known; with accounts beside them, which are none."""
    made = []
    for minutes in range(many):
        number = fresh()
        payout = a_payout(number, state=state, retry_at=NOON + timedelta(minutes=minutes))
        payouts.add(payout, due_by(payout))
        made.append(replace(payout, version=1))
    return made


@pytest.mark.parametrize("limit", [1, 2, 100])
def test_a_walk_meets_every_payout_exactly_once(payouts: Payouts, limit: int) -> None:
    mine = prepared(payouts, PayoutState.UNKNOWN, 20)
    met = walked(payouts, PayoutState.UNKNOWN, limit)
    assert {payout.id for payout in mine} <= met.keys()
    assert max(met.values()) == 1
    assert all(len(page) <= limit for page in pages(payouts, PayoutState.UNKNOWN, limit))


@pytest.mark.parametrize("limit", [1, 2, 100])
def test_a_single_payout_is_found(payouts: Payouts, limit: int) -> None:
    (mine,) = prepared(payouts, PayoutState.SUBMITTING, 1)
    assert walked(payouts, PayoutState.SUBMITTING, limit)[mine.id] == 1


@pytest.mark.parametrize("limit", [1, 2, 100])
def test_a_walk_where_there_is_nothing_ends_at_once(payouts: Payouts, limit: int) -> None:
    assert payouts.page(PayoutState.CANCELLED, after=None, limit=limit) == ([], None)


def test_a_walk_through_one_state_meets_no_payout_of_another(payouts: Payouts) -> None:
    mine = {state: {payout.id for payout in prepared(payouts, state, 3)} for state in UNDER_WAY[2:]}
    for state, ids in mine.items():
        others = {id for other, each in mine.items() if other is not state for id in each}
        met = walked(payouts, state, 100).keys()
        assert ids <= met
        assert not met & others


def test_a_payout_that_moves_on_is_met_where_it_went(payouts: Payouts) -> None:
    (mine,) = prepared(payouts, PayoutState.READY, 1)
    payouts.save(replace(mine, state=PayoutState.SUBMITTING))
    assert mine.id not in walked(payouts, PayoutState.READY, 100)
    assert walked(payouts, PayoutState.SUBMITTING, 100)[mine.id] == 1


@pytest.mark.parametrize("state", FINAL)
def test_what_is_over_is_not_looked_for(payouts: Payouts, state: PayoutState) -> None:
    (mine,) = prepared(payouts, PayoutState.UNKNOWN, 1)
    payouts.save(replace(mine, state=state))
    assert payouts.page(state, after=None, limit=100) == ([], None)
    assert mine.id not in walked(payouts, PayoutState.UNKNOWN, 100)


def test_of_a_page_the_oldest_comes_first(payouts: Payouts) -> None:
    mine = {payout.id: payout.turn_at for payout in prepared(payouts, PayoutState.HELD, 20)}
    for page in pages(payouts, PayoutState.HELD, 100):
        moments = [mine[id] for id in page if id in mine]
        assert moments == sorted(moments)


def test_a_walk_goes_on_where_it_was_when_payouts_leave_behind_it(payouts: Payouts) -> None:
    mine = prepared(payouts, PayoutState.READY, 6)
    met: list[PayoutId] = []
    after: str | None = None
    while True:
        ids, after = payouts.page(PayoutState.READY, after=after, limit=1)
        for payout in mine:
            if payout.id in ids:
                payouts.save(replace(payout, state=PayoutState.SUBMITTING))
        met.extend(ids)
        assert len(met) < MOST_PAGES, "the walk does not end"
        if after is None:
            break
    assert Counter(id for id in met if id in {payout.id for payout in mine}) == Counter(each.id for each in mine)


@pytest.mark.parametrize("cursor", ["nonsense", "99", "-1"])
def test_a_place_that_no_page_gave_is_refused(payouts: Payouts, cursor: str) -> None:
    with pytest.raises(InvalidInput):
        payouts.page(PayoutState.READY, after=cursor, limit=10)


def test_only_those_are_met_whose_turn_has_come(payouts: Payouts) -> None:
    now, later = (a_payout(fresh(), state=PayoutState.READY, retry_at=NOON + timedelta(hours=h)) for h in (1, 3))
    for payout in (now, later):
        payouts.add(payout, due_by(payout))
    met: list[PayoutId] = []
    after: str | None = None
    for _ in range(MOST_PAGES):
        ids, after = payouts.page(PayoutState.READY, after=after, limit=100, until=NOON + timedelta(hours=2))
        met.extend(ids)
        if after is None:
            break
    assert now.id in met
    assert later.id not in met


def test_of_more_than_are_asked_for_each_shard_gives_those_whose_turn_came_first(payouts: Payouts) -> None:
    mine = prepared(payouts, PayoutState.REJECTED, 40)
    at = NOON + timedelta(hours=1)
    all_due = [id for id in payouts.due(PayoutState.REJECTED, at=at, most=100_000) if id in {each.id for each in mine}]
    assert sorted(all_due) == sorted(each.id for each in mine)
    left = set(all_due)
    for turn in range(40):
        due = payouts.due(PayoutState.REJECTED, at=at, most=8)
        assert len(due) <= 8
        for payout in payouts.get_each([*due]).values():
            payouts.save(replace(payout, retry_at=at + timedelta(minutes=turn + 1)))
        left -= set(due)
    assert not left
    assert not set(payouts.due(PayoutState.REJECTED, at=NOON - timedelta(days=1), most=8)) & set(all_due)
