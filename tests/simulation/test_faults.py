"""Whatever goes wrong for a while: nothing acknowledged is lost, nobody gets two accounts or two mails of one kind, and
everything drains by itself.

``checks.py`` says how that is found out. A failing run tells its seed, its scenario and its last fifty events.
"""

from datetime import timedelta

import pytest

from tests.fakes import NOON
from tests.simulation.people import dot_variants, mailbox
from tests.simulation.scenarios import (
    Scenario,
    clock_wrong,
    killing,
    mood,
    overtaking,
    run,
    throttled,
    together,
)
from tests.simulation.site import Site

SEEDS = (1, 2)
A_SECOND, A_MINUTE, AN_HOUR = timedelta(seconds=1), timedelta(minutes=1), timedelta(hours=1)


def crowded(site: Site) -> None:
    """One network has asked for all that it may, and for five minutes more."""
    for network in range(40):
        key = site.world.indexer.index("network", f"10.0.{network}.0/24")
        site.world.buckets.full_at[f"network/{key}"] = site.clock.at + timedelta(seconds=800)


FAULTS: dict[str, Scenario] = {
    "calm": Scenario(),
    "duplicates and reordering": Scenario(people=150, duplicates=0.5, keeps_order=False, trouble_until=AN_HOUR),
    "the tables throttled for a minute": Scenario(
        people=80, trouble=throttled(5 * A_SECOND, A_MINUTE), trouble_until=2 * A_MINUTE
    ),
    "workers killed at one call in a hundred": Scenario(
        people=150, trouble=killing(0.01, 20 * A_MINUTE), trouble_until=20 * A_MINUTE
    ),
    "workers that overtake each other": Scenario(
        people=150, duplicates=0.3, keeps_order=False, verifying=0.6, trouble=overtaking(0.1), trouble_until=AN_HOUR
    ),
    "crowded networks": Scenario(trouble=crowded, trouble_until=14 * A_MINUTE),
    "clocks five minutes ahead": Scenario(
        trouble=clock_wrong(5 * A_MINUTE, begins=4 * A_SECOND, lasts=8 * A_SECOND), trouble_until=A_MINUTE
    ),
    "clocks an hour behind": Scenario(
        trouble=clock_wrong(-AN_HOUR, begins=4 * A_SECOND, lasts=8 * A_SECOND), trouble_until=A_MINUTE
    ),
    "clocks that step back an hour and stay there": Scenario(
        trouble=clock_wrong(-AN_HOUR, begins=4 * A_SECOND), trouble_until=A_MINUTE
    ),
    "everything at once": Scenario(
        people=50,
        duplicates=0.5,
        keeps_order=False,
        trouble=together(
            throttled(9 * A_SECOND, A_MINUTE),
            killing(0.001, 20 * A_MINUTE),
            mood(20 * A_MINUTE, refuses=0.5),
            clock_wrong(-5 * A_MINUTE, begins=6 * A_SECOND, lasts=A_MINUTE),
        ),
        trouble_until=AN_HOUR,
    ),
}


@pytest.mark.parametrize("seed", SEEDS)
@pytest.mark.parametrize("scenario", FAULTS.values(), ids=FAULTS)
def test_nothing_is_lost_or_doubled_and_everything_drains_by_itself(scenario: Scenario, seed: int) -> None:
    site = run(scenario, seed)
    waited = max(each.at for provider in site.providers for each in provider.handed) - NOON
    if scenario is FAULTS["the tables throttled for a minute"]:
        assert waited > A_MINUTE, "a fault that comes when all is done would prove nothing"


def test_the_same_seed_is_the_same_run() -> None:
    first, second = (run(FAULTS["workers that overtake each other"], 5) for _ in range(2))
    assert list(first.events) == list(second.events)
    assert first.world.trouble.calls == second.world.trouble.calls


def test_all_dot_variants_of_one_address_are_one_person() -> None:
    variants = {f"{local}@gmail.com" for local in dot_variants("sitiamina", 256)}
    assert len(variants) == 256
    assert {mailbox(each) for each in variants} == {"sitiamina@gmail"}
