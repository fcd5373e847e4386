"""What is looked at once more on the day: whoever may not be paid today is held, and why is told."""

from dataclasses import replace
from typing import Any

import pytest

from chalicelib.domain.errors import NotAllowed
from chalicelib.domain.identifiers import ListName
from chalicelib.domain.ledger import OwnedAccount
from chalicelib.domain.list_entries import ListEntry
from chalicelib.domain.lists import ListHead
from chalicelib.domain.payout_accounts import AccountState
from chalicelib.domain.payout_channels import ChannelState
from chalicelib.domain.payouts import PayoutEvent, PayoutState
from chalicelib.domain.training import PurchaseState
from chalicelib.use_cases.payouts.move_channel import move_channel
from tests.builders import CHECKER, MAKER, a_verified_applicant, an_applicant_id
from tests.fakes import NOON, World
from tests.money import a_bank_account, a_payout_account, a_reviewed_purchase
from tests.unit.use_cases.crashes import Workflow, assert_survives_every_accident, assert_twice_is_once
from tests.unit.use_cases.payouts.cashier import AMOUNT, changed, decide, owed, paid, payout, ready, settle

BLOCKLIST = ListName("BLOCKLIST")


def blocklisted(world: World) -> None:
    identity = a_verified_applicant().identity
    assert identity
    nik = world.indexer.index("nik", identity.nik)
    world.list_entries.add_each([ListEntry(nik, BLOCKLIST, 1, "blocklist")])
    head = ListHead(BLOCKLIST, activated=(1,), as_of=NOON)
    world.lists._heads.rows.clear()
    world.lists._save(world.lists._put_head(head))


def unreviewed(world: World) -> None:
    world.purchases.save(a_reviewed_purchase(version=1, state=PurchaseState.CERTIFIED))


def unattended(world: World) -> None:
    world.purchases.save(a_reviewed_purchase(version=1, attended={1: NOON}))


def anothers_training(world: World) -> None:
    world.purchases.save(a_reviewed_purchase(version=1, applicant_id=an_applicant_id(2)))


def unexplained(world: World) -> None:
    """Though the person has a reviewed training: nothing says that it is paid for that one."""
    changed(world, evidence=None)


def nobody(world: World) -> None:
    applicant = world.applicants.get(an_applicant_id())
    world.applicants.save(replace(applicant, identity=None))


@pytest.mark.parametrize(
    ("befalls", "reason"),
    [
        (blocklisted, "blocklisted"),
        (unreviewed, "training_not_reviewed"),
        (unattended, "training_not_reviewed"),
        (anothers_training, "training_not_reviewed"),
        (unexplained, "training_not_reviewed"),
        (nobody, "identity_missing"),
    ],
)
def test_whoever_may_not_be_paid_today_is_held(befalls: Any, reason: str) -> None:
    world = ready(2)
    befalls(world)
    settle(world)
    assert (payout(world).state, payout(world).reason) == (PayoutState.HELD, reason)
    assert payout(world, 2).state is PayoutState.SETTLED, "the others of the group are not"
    assert paid(world) == [AMOUNT]


def test_who_is_no_recipient_is_not_paid() -> None:
    world = ready()
    world.memberships._memberships.rows.clear()
    settle(world)
    assert (payout(world).state, payout(world).reason) == (PayoutState.HELD, "not_a_recipient")


@pytest.mark.parametrize("state", [state for state in AccountState if state is not AccountState.VERIFIED])
def test_while_an_account_is_not_verified_its_payout_waits(state: AccountState) -> None:
    world = ready()
    world.payout_accounts.save(a_payout_account(version=1, state=state))
    settle(world)
    assert (payout(world).state, payout(world).reason) == (PayoutState.READY, "payout_account_not_verified")
    assert payout(world).turn_at > world.clock.now()
    assert not world.bank.orders


def test_what_may_be_paid_by_one_bank_is_not_sent_through_another() -> None:
    world = ready()
    changed(world, may_be_paid=True, bank="ovo")
    settle(world)
    assert (payout(world).state, payout(world).reason) == (PayoutState.HELD, "account_changed")


def test_when_funds_are_spent_the_channel_is_paused_until_staff_open_it() -> None:
    world = ready(3)
    world.bank.takes_none("insufficient_funds")
    settle(world)
    channel = world.payout_channels.get("bni")
    assert (channel.state, channel.reason) == (ChannelState.PAUSED, "insufficient_funds")
    assert world.trouble.calls.count("bank.transfer") == 1, "the others are not even tried"
    world.clock.passes(hours=2)
    settle(world)
    assert world.trouble.calls.count("bank.transfer") == 1
    assert {payout(world, number).reason for number in (1, 2, 3)} == {"channel_paused"}
    move_channel("bni", ChannelState.OPEN, MAKER, channels=world.payout_channels, clock=world.clock)
    world.clock.passes(hours=2)
    settle(world)
    assert paid(world) == [AMOUNT] * 3


def test_another_banks_channel_stays_open() -> None:
    world = ready(2)
    account = a_payout_account(2, version=1, account=a_bank_account(2, bank="ovo"))
    world.payout_accounts.save(account)
    move_channel("bni", ChannelState.PAUSED, MAKER, channels=world.payout_channels, clock=world.clock)
    settle(world)
    assert [payout(world, number).state for number in (1, 2)] == [PayoutState.READY, PayoutState.SETTLED]


def held() -> World:
    world = ready()
    world.bank.takes_none("our_request")
    settle(world)
    assert (payout(world).state, payout(world).reason) == (PayoutState.HELD, "our_request")
    return world


def test_two_people_let_a_held_payout_go() -> None:
    world = held()
    with pytest.raises(NotAllowed, match="approver_must_differ"):
        decide(world, PayoutEvent.LET_GO, MAKER, MAKER)
    decide(world, PayoutEvent.LET_GO, CHECKER)
    settle(world)
    assert paid(world) == [AMOUNT]


def test_nobody_can_wave_a_listed_person_through() -> None:
    world = ready()
    blocklisted(world)
    settle(world)
    decide(world, PayoutEvent.LET_GO, MAKER, CHECKER)
    settle(world)
    assert (payout(world).state, payout(world).reason) == (PayoutState.HELD, "blocklisted")
    assert not world.bank.orders


def test_two_people_cancel_a_held_payout_and_it_is_owed_no_more() -> None:
    world = held()
    decide(world, PayoutEvent.CANCEL, MAKER, CHECKER)
    assert (payout(world).state, owed(world)) == (PayoutState.CANCELLED, 0)
    settle(world)
    assert not paid(world)


def look(world: World) -> object:
    keys = sorted(posting.key.partition("/")[0] for posting in world.ledger.all())
    return payout(world).state, owed(world), keys, world.ledger.balance(an_applicant_id(), OwnedAccount.INCENTIVE_DUE)


@pytest.mark.parametrize("wish", [PayoutEvent.LET_GO, PayoutEvent.CANCEL])
def test_deciding_survives_every_accident(wish: PayoutEvent) -> None:
    def prepare() -> World:
        world = held()
        decide(world, wish, MAKER)
        return world

    workflow = Workflow(prepare, lambda world: decide(world, wish, CHECKER), look)
    assert_survives_every_accident(workflow)
    assert_twice_is_once(workflow)
