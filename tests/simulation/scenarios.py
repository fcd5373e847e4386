"""What is to happen, and a run of it from the first registration until all is drained."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta

from chalicelib.domain.errors import StoreUnavailable
from chalicelib.domain.mail import Mail
from tests.fakes import Killed
from tests.simulation.checks import MOST_BOUNCES, Checks, code_in
from tests.simulation.people import registrations
from tests.simulation.site import Site

NONE = timedelta()
DRAINED_WITHIN = timedelta(hours=2)
MOST_EVENTS = 200_000
_STORES = ("accounts.", "outbox.", "buckets.", "suppressions.", "traffic.")


def nothing(_site: Site) -> None:
    """Goes wrong."""


@dataclass(frozen=True)
class Scenario:
    """``trouble`` sets up what goes wrong, and ``trouble_until`` is when the last of it is over, also of duplicates.
    ``verifying`` is the share of people who type their code a while after it came; ``most_bounces`` may lie
    among a provider's worst thousand mails."""

    people: int = 300
    arriving_within: timedelta = timedelta(seconds=20)
    duplicates: float = 0.0
    keeps_order: bool = True
    again: float = 0.1
    verifying: float = 0.2
    trouble: Callable[[Site], None] = nothing
    trouble_until: timedelta = NONE
    most_bounces: float = MOST_BOUNCES


def run(scenario: Scenario, seed: int) -> Site:
    site = Site(seed, duplicates=scenario.duplicates, keeps_order=scenario.keeps_order)
    with told_when_it_fails(site, f"seed {seed}, {scenario}"):
        settle(site, scenario)
    return site


def settle(site: Site, scenario: Scenario) -> None:
    for each in registrations(scenario.people, site.chance, again=scenario.again):
        site.after(scenario.arriving_within * site.chance.random(), lambda each=each: site.register(each))  # type: ignore[misc]
    _let_people_verify(site, scenario.verifying)
    site.queues.copies_until = site.clock.at + scenario.trouble_until
    scenario.trouble(site)
    checks = Checks(site, most_bounces=scenario.most_bounces)
    deadline = site.clock.at + max(scenario.arriving_within, scenario.trouble_until) + DRAINED_WITHIN
    for _ in range(MOST_EVENTS):
        if not site.move():
            break
        checks.as_it_goes()
        assert site.clock.at <= deadline, f"L1: not drained: {[each.body for each in site.queues.all()][:5]}"
    checks.at_the_end()


@contextmanager
def told_when_it_fails(site: Site, what: str) -> Iterator[None]:
    try:
        yield
    except AssertionError as error:
        raise AssertionError("\n".join([f"{error}", what, *site.events])) from error


def _let_people_verify(site: Site, share: float) -> None:
    def arrives(mail: Mail) -> None:
        if mail.send_key.startswith("verify_email/") and site.chance.random() < share:
            delay = timedelta(seconds=30) + timedelta(minutes=3) * site.chance.random()
            site.after(delay, lambda: _verify(site, mail))

    for provider in site.providers:
        provider.arrives = arrives


def _verify(site: Site, mail: Mail) -> None:
    site.verify(mail.to, code_in(mail.text))


# --- What may go wrong -------------------------------------------------------------------------------------------


def throttled(begins: timedelta, lasts: timedelta) -> Callable[[Site], None]:
    """Every call of every table fails, for so long."""

    def trouble(site: Site) -> None:
        since = site.clock.at + begins

        def rule(name: str, after: bool) -> BaseException | None:
            is_now = not after and since <= site.clock.at < since + lasts
            return StoreUnavailable() if is_now and name.startswith(_STORES) else None

        site.world.trouble.stand(rule)

    return trouble


def killing(share: float, until: timedelta) -> Callable[[Site], None]:
    """Of all calls outside, before or after them, so many are somebody's last."""

    def trouble(site: Site) -> None:
        end = site.clock.at + until

        def rule(_name: str, _after: bool) -> BaseException | None:
            return Killed() if site.clock.at < end and site.chance.random() < share else None

        site.world.trouble.stand(rule)

    return trouble


def overtaking(share: float) -> Callable[[Site], None]:
    """Between any two calls of one worker another may go a step: what was read may be old when it is written."""

    def trouble(site: Site) -> None:
        def rule(_name: str, after: bool) -> BaseException | None:
            if not after and not site.is_overtaken and site.chance.random() < share:
                site.overtake()
            return None

        site.world.trouble.stand(rule)

    return trouble


def mood(during: timedelta, *, begins: timedelta = NONE, of: str = "ses", **moods: float) -> Callable[[Site], None]:
    """A provider is not itself for a while: ``refuses=1.0``, ``bounces=0.3``, ``is_silent=True`` ..."""

    def trouble(site: Site) -> None:
        (provider,) = (each for each in site.providers if each.name == of)

        def change(**changed: float) -> None:
            for name, value in changed.items():
                setattr(provider, name, value)

        usual = {name: getattr(provider, name) for name in moods}
        site.after(begins, lambda: change(**moods))
        site.after(begins + during, lambda: change(**usual))

    return trouble


def clock_wrong(by: timedelta, *, begins: timedelta, lasts: timedelta | None = None) -> Callable[[Site], None]:
    """All our machines' clocks step, and step back (or stay as they are)."""

    def trouble(site: Site) -> None:
        site.after(begins, lambda: site.clock.step(by))
        if lasts is not None:
            site.after(begins + lasts, lambda: site.clock.step(NONE))

    return trouble


def together(*troubles: Callable[[Site], None]) -> Callable[[Site], None]:
    def trouble(site: Site) -> None:
        for each in troubles:
            each(site)

    return trouble
