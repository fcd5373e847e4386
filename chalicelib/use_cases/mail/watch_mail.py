"""Look at how mail fares, once a minute, and plan the next minute's."""

from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import timedelta

from chalicelib.domain.errors import StaleWrite
from chalicelib.domain.mail_routes import first_plan, looked_at_again
from chalicelib.domain.mail_traffic import HEALTH_WINDOW, SLOT, slow_share
from chalicelib.ports import Clock, MailProvider, MailTraffic

_LONGEST_BEHIND = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Fares:
    """How one provider does: for whoever is called."""

    provider: str
    share: int
    slow_share: float
    brakes_unproven: bool
    brakes_announcements: bool


def watch_mail(*, traffic: MailTraffic, providers: Sequence[MailProvider], clock: Clock) -> list[Fares]:
    now = clock.now()
    quotas = {provider.name: provider.quota() for provider in providers}
    plan = traffic.plan() or first_plan(quotas, now=now)
    trials = [route.brake.begins_at for route in plan.routes if route.brake]
    since = max(min(now - HEALTH_WINDOW - SLOT, plan.as_of, *trials), now - _LONGEST_BEHIND)
    slots = {name: traffic.newest(name, since=since, limit=(now - since) // SLOT + 1) for name in quotas}
    moved = looked_at_again(plan, slots, quotas, now=now)
    with suppress(StaleWrite):  # another tick looked at the same minute
        traffic.save_plan(moved)
    return [
        Fares(
            provider=route.provider,
            share=route.share,
            slow_share=slow_share(slots[route.provider], now=now) or 0.0,
            brakes_unproven=route.brake is not None,
            brakes_announcements=route.draws_complaints,
        )
        for route in moved.routes
    ]
