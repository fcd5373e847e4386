"""Mail's providers throttle, pause, keep silent, bounce, or are both down: mail goes by the other or waits, leaves
once, and finds its way back by itself. What must always hold is checked in every run (``checks.py``).
"""

from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from chalicelib.domain.mail import Language
from chalicelib.domain.registration import activate, open_account
from chalicelib.use_cases.registration.account_of import account_id_of
from tests.fakes import NOON
from tests.simulation.checks import MOST_BOUNCES, worst_of_a_thousand
from tests.simulation.people import Registration
from tests.simulation.scenarios import Scenario, mood, run, together
from tests.simulation.site import Site

A_SECOND, A_MINUTE, AN_HOUR = timedelta(seconds=1), timedelta(minutes=1), timedelta(hours=1)
TEN_MINUTES, QUARTER = 10 * A_MINUTE, 15 * A_MINUTE
each_seed = pytest.mark.parametrize("seed", [1, 2])


def share_of_ses(site: Site) -> int:
    plan = site.world.mail_traffic.plan()
    assert plan
    return plan.routes[0].share


def longest_wait(site: Site) -> timedelta:
    """From the registration of those who registered once to their mail."""
    came = {each.id: at for each, at in zip(site.acknowledged, site.acknowledged_at, strict=True)}
    left = {str(each.mail.send_key): each.at for provider in site.providers for each in provider.handed}
    return max(left[f"verify_email/{id}"] - at for id, at in came.items() if f"verify_email/{id}" in left)


def share_at(site: Site, seen: list[int], moment: timedelta) -> None:
    site.after(moment, lambda: seen.append(share_of_ses(site)))


@each_seed
def test_when_ses_turns_half_away_the_second_takes_them_at_once_and_the_routes_shift(seed: int) -> None:
    seen: list[int] = []
    trouble = together(mood(TEN_MINUTES, refuses=0.5), lambda site: share_at(site, seen, TEN_MINUTES))
    site = run(Scenario(arriving_within=TEN_MINUTES, trouble=trouble, trouble_until=TEN_MINUTES), seed)
    assert longest_wait(site) < 10 * A_SECOND
    assert seen[0] < 100


@each_seed
def test_when_ses_is_paused_the_second_takes_all_at_once_and_gives_back_when_it_is_well_again(seed: int) -> None:
    seen: list[int] = []
    trouble = together(mood(TEN_MINUTES, refuses=1.0), lambda site: share_at(site, seen, TEN_MINUTES))
    site = run(Scenario(arriving_within=TEN_MINUTES, trouble=trouble, trouble_until=TEN_MINUTES), seed)
    assert not site.ses.handed
    assert longest_wait(site) < 10 * A_SECOND
    assert seen == [0]
    site.tick_on(2 * AN_HOUR)
    assert share_of_ses(site) == 100


@each_seed
def test_when_ses_takes_all_and_tells_nothing_the_routes_shift(seed: int) -> None:
    seen: list[int] = []
    trouble = together(mood(QUARTER, is_silent=True), lambda site: share_at(site, seen, QUARTER))
    site = run(Scenario(arriving_within=QUARTER, trouble=trouble, trouble_until=QUARTER), seed)
    assert seen == [0]
    assert len(site.sendgrid.handed) > 50


@each_seed
def test_when_ses_is_slow_the_routes_shift(seed: int) -> None:
    seen: list[int] = []
    trouble = together(mood(QUARTER, is_slow=True), lambda site: share_at(site, seen, QUARTER))
    run(Scenario(arriving_within=QUARTER, trouble=trouble, trouble_until=QUARTER), seed)
    assert seen == [0]


@each_seed
@pytest.mark.parametrize("shuffled", [False, True])
def test_when_both_are_down_for_an_hour_mails_wait_and_leave_once(seed: int, shuffled: bool) -> None:
    trouble = together(mood(AN_HOUR, refuses=1.0), mood(AN_HOUR, refuses=1.0, of="sendgrid"))
    scenario = Scenario(people=12 if shuffled else 300, trouble=trouble, trouble_until=AN_HOUR)
    if shuffled:
        scenario = replace(scenario, duplicates=0.5, keeps_order=False)
    site = run(scenario, seed)
    handed = [each for provider in site.providers for each in provider.handed]
    assert min(each.at for each in handed) >= NOON + AN_HOUR
    assert len({each.mail.send_key for each in handed}) == len(handed)


# --- The storm ---------------------------------------------------------------------------------------------------

REVIEWED_AT = 50
PROVEN, SHARE = 60, 0.3


def proven_people_ask_again(site: Site) -> None:
    """Sixty whose addresses are proven: a mail to each in every second minute of an hour."""
    for person in range(PROVEN):
        address = f"lama{person}@gmail.com"
        id = account_id_of(address, site.world.indexer)
        opened = open_account(id, address, Language.INDONESIAN, challenge=f"of-{person}", is_disposable=False, now=NOON)
        site.world.accounts.add(activate(opened, password_hash="hash"))
        for turn in range(3):
            asked = Registration(f"lama-{person}-{turn}", 1_000 + person, address, None)
            site.after(A_SECOND * person + 20 * A_MINUTE * turn, lambda asked=asked: site.register(asked))  # type: ignore[misc]


def waits_of_the_proven(site: Site) -> list[timedelta]:
    came: dict[str, datetime] = {
        f"account_exists/{each.id}": at
        for each, at in zip(site.acknowledged, site.acknowledged_at, strict=True)
        if each.id.startswith("lama-")
    }
    handed = [each for provider in site.providers for each in provider.handed]
    return [each.at - came[each.mail.send_key] for each in handed if each.mail.send_key in came]


def a_storm(lasts: timedelta, most_bounces: float) -> Scenario:
    bounces = [mood(lasts, bounces=SHARE, of=provider) for provider in ("ses", "sendgrid")]
    return Scenario(
        people=500,
        arriving_within=lasts,
        trouble=together(proven_people_ask_again, *bounces),
        trouble_until=lasts,
        most_bounces=most_bounces,
    )


@pytest.mark.parametrize(("minutes", "seed"), [(10, 1), (20, 2)])
def test_a_storm_of_bounces_is_braked_the_proven_get_their_mail_and_all_drains_after_it(
    seed: int, minutes: int
) -> None:
    site = run(a_storm(minutes * A_MINUTE, MOST_BOUNCES), seed)
    assert all(worst_of_a_thousand(provider.handed) > 20 for provider in site.providers), "it was a storm"
    waits = waits_of_the_proven(site)
    assert len(waits) == 3 * PROVEN
    assert max(waits) < 10 * A_SECOND


@each_seed
def test_a_storm_of_an_hour_stays_below_what_ses_looks_at_closer(seed: int) -> None:
    """Fifty of a thousand. After an hour the first bounces are forgotten, and some strangers are tried again."""
    site = run(a_storm(AN_HOUR, REVIEWED_AT), seed)
    assert all(20 < worst_of_a_thousand(provider.handed) < REVIEWED_AT for provider in site.providers)
