"""A worker killed before or after any call outside, and any call that fails before or after its effect: for a few
people, every call of the whole way from registration to a verified address. The calls are counted, not listed.
"""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from functools import cache

import pytest

from chalicelib.domain.errors import MailUnavailable, StoreUnavailable
from tests.fakes import Killed
from tests.simulation.scenarios import Scenario, settle, told_when_it_fails
from tests.simulation.site import Site

SEED = 11
FEW = Scenario(people=6, arriving_within=timedelta(seconds=8), verifying=0.5)


@dataclass(frozen=True)
class Accident:
    number: int
    call: str
    after: bool
    killed: bool

    @property
    def error(self) -> BaseException:
        if self.killed:
            return Killed()
        return MailUnavailable() if self.call.endswith((".send", ".quota")) else StoreUnavailable()


@cache
def calls() -> tuple[str, ...]:
    site = Site(SEED)
    settle(site, FEW)
    return tuple(site.world.trouble.calls)


def accidents(*, killed: bool) -> Iterator[Accident]:
    for number, call in enumerate(calls()):
        for after in (False, True):
            yield Accident(number, call, after, killed)


def survives(accident: Accident) -> Site:
    site = Site(SEED)
    with told_when_it_fails(site, f"seed {SEED}, {accident}, {FEW}"):
        site.world.trouble.fail_at(accident.number, accident.error, after=accident.after)
        settle(site, FEW)
    return site


def test_the_way_asks_for_everything_that_registration_and_mail_ask_for() -> None:
    found = {name.partition(".")[0] for name in calls()}
    assert found >= {"accounts", "buckets", "messages", "outbox", "suppressions", "traffic", "ses"}


@pytest.mark.parametrize("killed", [True, False], ids=["killed", "failing"])
def test_no_accident_at_any_call_loses_or_doubles_anything(killed: bool) -> None:
    kills: Counter[bool] = Counter()
    for accident in accidents(killed=killed):
        kills[survives(accident).outcomes.kills > 0] += 1
    assert not killed or kills[True] > kills[False], "most calls are workers' own"


def test_a_worker_killed_while_a_mail_leaves_costs_at_most_one_more_of_the_same() -> None:
    """The excuse by which the checks let two pass: it is needed, and nowhere but between provider and outbox."""
    twice = {accident.call for accident in accidents(killed=True) if most_of_a_kind(survives(accident)) > 1}
    assert twice, "a mail that left and was not noted is sent again"
    assert twice <= {"ses.send", "traffic.count", "outbox.save"}


def most_of_a_kind(site: Site) -> int:
    return max(sum((provider.left for provider in site.providers), Counter[str]()).values())
