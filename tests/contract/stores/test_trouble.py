"""What a fake can be told: it fails once, where it was told to, and is whole again."""

from dataclasses import replace

import pytest

from chalicelib.domain import ledger
from chalicelib.domain.errors import AlreadyDone, BankUnavailable, Conflict, StoreUnavailable
from chalicelib.domain.money import Rupiah
from tests.builders import a_membership, an_account, an_applicant_id
from tests.fakes import NOON, Killed, World
from tests.money import a_bank_account, a_payout, due_by

ME = an_account()


@pytest.fixture
def world() -> World:
    return World()


def test_what_fails_before_has_no_effect_and_fails_once(world: World) -> None:
    world.accounts.fails_before("add")
    with pytest.raises(StoreUnavailable):
        world.accounts.add(ME)
    assert world.accounts.get(ME.id) is None
    world.accounts.add(ME)
    assert world.accounts.get(ME.id) == replace(ME, version=1)


def test_what_fails_after_has_its_effect(world: World) -> None:
    world.accounts.fails_after("add")
    with pytest.raises(StoreUnavailable):
        world.accounts.add(ME)
    assert world.accounts.get(ME.id) == replace(ME, version=1)


def test_a_refusal_may_be_lost_on_its_way_back_as_well(world: World) -> None:
    world.accounts.add(ME)
    world.accounts.fails_after("add")
    with pytest.raises(StoreUnavailable):
        world.accounts.add(ME)
    with pytest.raises(AlreadyDone):
        world.accounts.add(ME)


def test_only_the_call_that_was_meant_fails(world: World) -> None:
    world.accounts.fails_before("save")
    world.accounts.add(ME)
    world.outbox.fails_before("get")
    assert world.accounts.get(ME.id)
    assert not world.trouble.is_over()


def test_a_call_may_fail_by_its_number_among_all_calls_of_a_world(world: World) -> None:
    world.trouble.fail_at(1, Killed(), after=False)
    world.accounts.add(ME)
    with pytest.raises(Killed):
        world.payouts.add(a_payout(), due_by(a_payout()))
    assert world.trouble.calls == ["accounts.add", "payouts.add"]
    assert world.payouts.all() == []


def test_who_is_killed_cannot_catch_it() -> None:
    assert not issubclass(Killed, Exception)


def test_a_neighbour_is_out_in_its_own_words(world: World) -> None:
    world.bank.fails_before("holder_name")
    with pytest.raises(BankUnavailable):
        world.bank.holder_name(a_bank_account())


def test_a_transaction_that_fails_leaves_nothing_behind_in_any_fake(world: World) -> None:
    """The card is another's: neither membership nor place nor money."""
    first, second = a_membership(1), a_membership(2, card_number=a_membership(1).card_number)
    grants = [ledger.grant(each.applicant_id, wave=1, amount=Rupiah(1), now=NOON) for each in (first, second)]
    world.memberships.award(first, grants[0], most_per_family=2)
    with pytest.raises(Conflict, match="card_number_taken"):
        world.memberships.award(second, grants[1], most_per_family=2)
    assert world.memberships.get(an_applicant_id(2)) is None
    assert [posting.owner for posting in world.ledger.all()] == [an_applicant_id(1)]
