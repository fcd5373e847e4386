"""The checkers are checked: each bug that is planted here is found by one of them, and named."""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

import pytest

from chalicelib.domain.commands import Queue
from chalicelib.domain.errors import StaleWrite
from chalicelib.domain.identifiers import ApplicantId, Index
from chalicelib.domain.limits import Allowance
from chalicelib.domain.mail import OutboxMail
from chalicelib.domain.registration import Account
from tests.fakes import FakeAccounts, FakeBuckets, FakeIndexer, FakeMessages, FakeOutbox, World
from tests.simulation.scenarios import Scenario, killing, overtaking, settle
from tests.simulation.site import Site

SEEDS = range(1, 4)
MANY_SEEDS = range(1, 41)
CROWD = Scenario(people=60, arriving_within=timedelta(seconds=1))
DOUBLED = replace(CROWD, duplicates=0.5, keeps_order=False, trouble_until=timedelta(hours=1))
IMPATIENT = Scenario(people=3, again=4, arriving_within=timedelta(minutes=2), verifying=1.0, trouble=overtaking(0.6))
"""Three people who register five times each, and verify in between."""
KILLED = replace(CROWD, people=40, trouble=killing(0.01, timedelta(minutes=5)), trouble_until=timedelta(minutes=5))


class AccountsWithoutCondition(FakeAccounts):
    def save(self, account: Account) -> None:
        current = next(each.version for each in self.all() if each.id == account.id)
        super().save(replace(account, version=current))


class AccountsOnlySaidToBeOpened(FakeAccounts):
    def add_each(self, accounts: Sequence[Account]) -> frozenset[ApplicantId]:
        super().add_each(accounts[1:])
        return frozenset(each.id for each in accounts)


class OutboxWithoutCondition(FakeOutbox):
    def save(self, mail: OutboxMail) -> None:
        try:
            super().save(mail)
        except StaleWrite:
            return


class BucketsThatAlwaysGrant(FakeBuckets):
    def take(
        self,
        key: str,
        allowance: Allowance,
        *,
        now: datetime,
        count: int = 1,
        ahead: timedelta = timedelta(),
        by: str = "",
    ) -> datetime | None:
        return now


class MessagesThatLoseSome(FakeMessages):
    def send(self, queue: Queue, *bodies: Mapping[str, object]) -> None:
        if len(self.trouble.calls) % 10:
            super().send(queue, *bodies)


class IndexerWhoseKeyTurns(FakeIndexer):
    """After a hundred questions, without a word to whoever asks."""

    def __init__(self) -> None:
        super().__init__()
        self._asked = 0

    def index(self, label: str, value: str) -> Index:
        self._asked += 1
        return super().index(label, f"{value}{self._asked > 100}")


def accounts_without_condition(world: World) -> None:
    world.accounts = AccountsWithoutCondition(world.trouble)


def accounts_only_said_to_be_opened(world: World) -> None:
    world.accounts = AccountsOnlySaidToBeOpened(world.trouble)


def outbox_without_condition(world: World) -> None:
    world.outbox = OutboxWithoutCondition(world.trouble)


def buckets_that_always_grant(world: World) -> None:
    world.buckets = BucketsThatAlwaysGrant(world.trouble)


def messages_that_lose_some(world: World) -> None:
    world.messages = MessagesThatLoseSome(world.trouble)


def an_indexer_whose_key_turns(world: World) -> None:
    world.indexer = IndexerWhoseKeyTurns()


@dataclass(frozen=True)
class Bug:
    """``found_by``: a pattern of what the checks may say."""

    plant: Callable[[World], None]
    scenario: Scenario
    found_by: str
    acknowledges_first: bool = False


BUGS = {
    "accounts.save without its condition": Bug(
        accounts_without_condition, IMPATIENT, "a stranger's again|changed nothing"
    ),
    "accounts.add_each that says opened and did not": Bug(accounts_only_said_to_be_opened, CROWD, "S1|changed nothing"),
    "outbox.save without its condition": Bug(outbox_without_condition, DOUBLED, "S2: more mails of a kind"),
    "buckets that always grant, in a rush": Bug(buckets_that_always_grant, CROWD, "mails in one second"),
    "messages that lose some": Bug(
        messages_that_lose_some, CROWD, "L1: .* waits for a mail|the newest code fails|changed nothing"
    ),
    "an index key that turns": Bug(an_indexer_whose_key_turns, CROWD, "S2: two accounts"),
    "a worker that acknowledges before it works": Bug(
        lambda _world: None, KILLED, "S1|L1|the newest code fails", acknowledges_first=True
    ),
}


def verdicts(bug: Bug) -> list[str]:
    """What the checks say of each seed's run; nothing where they find nothing."""
    found = []
    for seed in MANY_SEEDS if bug.scenario is IMPATIENT else SEEDS:
        site = Site(seed, duplicates=bug.scenario.duplicates, keeps_order=bug.scenario.keeps_order, plant=bug.plant)
        site.acknowledges_first = bug.acknowledges_first
        try:
            settle(site, bug.scenario)
        except AssertionError as error:
            found.append(str(error))
    return found


@pytest.mark.parametrize("bug", BUGS.values(), ids=BUGS)
def test_a_planted_bug_is_found_and_named(bug: Bug) -> None:
    found = verdicts(bug)
    assert found, "no check saw it"
    assert all(re.search(bug.found_by, verdict) for verdict in found), found


@pytest.mark.parametrize(
    "scenario", [CROWD, DOUBLED, IMPATIENT, KILLED], ids=["crowd", "doubled", "impatient", "killed"]
)
def test_where_nothing_is_planted_nothing_is_found(scenario: Scenario) -> None:
    assert verdicts(Bug(lambda _world: None, scenario, "")) == []
