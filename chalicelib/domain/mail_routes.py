"""By which provider a mail leaves, how fast, and how that changes with what providers do.

Every minute somebody looks (``looked_at_again``). A slow provider loses a step of its share to one that is not; when
all are slow, nothing moves, for then it is not the provider. What was lost comes back a step at a time, each once the
mail of the step before has had time to show how it fares.
"""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from chalicelib.domain.identifiers import SendKey
from chalicelib.domain.limits import Allowance, per_second
from chalicelib.domain.mail_fates import QUICK
from chalicelib.domain.mail_traffic import (
    FATE_COMES_WITHIN,
    Slot,
    Tally,
    Verdicts,
    is_slow,
    may_leave_unproven,
    slot_of,
    slow_share,
    tallied,
)
from chalicelib.domain.mail_trials import Brake, braked

WHOLE = 100
STEP = 20
STEP_BACK = 10
STEP_SHOWS_AFTER = QUICK + timedelta(minutes=1)
HOUR, DAY = timedelta(hours=1), timedelta(days=1)
COMPLAINT_WINDOW = 10_000
MOST_COMPLAINT_SHARE = 0.0008
"""SES reviews an account at 0.1 %. Of a thousand mails one would be too many, so it is judged over ten thousand."""
KEPT_FOR_ASKED_FOR = 0.1
"""Of a day's mails: announcements stop before the day's last code does."""
_STEADY = 0.95
_AT_ONCE_SECONDS = 0.05
"""Together: in no second more than the quota, wherever it begins."""


@dataclass(frozen=True, slots=True)
class Quota:
    """What a provider allows us. ``per_day`` below 0: as many as one likes (as SES writes it)."""

    per_second: float
    per_day: int


FIRST_QUOTA = Quota(14, 50_000)
"""What accounts began with: taken for the present one until a provider says."""


@dataclass(frozen=True, slots=True)
class Hour:
    begins_at: datetime
    taken: int


@dataclass(frozen=True, slots=True)
class Route:
    """``hours``: what the provider took in the last day, up to the plan's ``as_of``; ``tallies``: what became of the
    last thousand of it. ``complaints``: of about its last ten thousand mails, older ones fading out."""

    provider: str
    share: int
    quota: Quota
    hours: tuple[Hour, ...] = ()
    tallies: tuple[Tally, ...] = ()
    complaints: float = 0.0
    brake: Brake | None = None

    @property
    def is_closed(self) -> bool:
        return self.quota.per_second <= 0

    @property
    def pace(self) -> Allowance:
        return per_second(self.quota.per_second * _STEADY, at_once=_AT_ONCE_SECONDS)

    @property
    def draws_complaints(self) -> bool:
        return self.complaints >= MOST_COMPLAINT_SHARE * COMPLAINT_WINDOW

    def has_room_today(self, taken_since: int, *, is_announcement: bool) -> bool:
        if self.quota.per_day < 0:
            return True
        most = self.quota.per_day * (1 - KEPT_FOR_ASKED_FOR if is_announcement else 1)
        return sum(hour.taken for hour in self.hours) + taken_since < most


@dataclass(frozen=True, slots=True)
class MailPlan:
    """``routes`` in the order in which we like them. ``as_of``: up to when their traffic is counted in; what left later
    may still be without its fate, or even uncounted."""

    routes: tuple[Route, ...]
    as_of: datetime
    moved_at: datetime
    version: int = 0

    def order_for(self, send_key: SendKey) -> tuple[Route, ...]:
        """The route that this mail's lot falls on, always the same one for the same shares; then the others."""
        lot = int.from_bytes(hashlib.sha256(send_key.encode()).digest()[:4], "big") % WHOLE
        for route in self.routes:
            if lot < route.share:
                return (route, *(each for each in self.routes if each is not route))
            lot -= route.share
        return self.routes


Quotas = Mapping[str, Quota | None]
"""By provider, in the order in which we like them; None where it did not say."""


def first_plan(quotas: Quotas, *, now: datetime) -> MailPlan:
    """All by the first."""
    return MailPlan(_routes((), quotas), as_of=slot_of(now - FATE_COMES_WITHIN), moved_at=now)


def _routes(known: Sequence[Route], quotas: Quotas) -> tuple[Route, ...]:
    """One for each provider that there is now; what a provider had that is gone falls to the first."""
    by_name = {route.provider: route for route in known}
    routes = [by_name.get(name, Route(name, 0, FIRST_QUOTA)) for name in quotas]
    routes = [replace(route, quota=quotas[route.provider] or route.quota) for route in routes]
    routes[0] = replace(routes[0], share=WHOLE - sum(route.share for route in routes[1:]))
    return tuple(routes)


def looked_at_again(
    plan: MailPlan, traffic: Mapping[str, Sequence[Slot]], quotas: Quotas, *, now: datetime
) -> MailPlan:
    """``traffic``: each provider's slots, at least those since ``plan.as_of`` and of the last quarter of an hour."""
    until = max(plan.as_of, slot_of(now - FATE_COMES_WITHIN))
    counted = [
        _counted_in(route, traffic[route.provider], plan.as_of, until, now) for route in _routes(plan.routes, quotas)
    ]
    slow = {name: is_slow(slow_share(slots, now=now)) for name, slots in traffic.items()}
    shares = _moved(counted, slow, has_shown=now >= plan.moved_at + STEP_SHOWS_AFTER)
    moved_at = plan.moved_at if shares == [route.share for route in counted] else now
    routes = tuple(replace(route, share=share) for route, share in zip(counted, shares, strict=True))
    return replace(plan, routes=routes, as_of=until, moved_at=moved_at)


def _counted_in(route: Route, slots: Sequence[Slot], since: datetime, until: datetime, now: datetime) -> Route:
    new = [slot for slot in slots if since <= slot.begins_at < until]
    taken, complained = sum(slot.taken for slot in new), sum(slot.complained for slot in new)
    fading = max(0.0, 1 - taken / COMPLAINT_WINDOW)
    tallies = tallied(route.tallies, new, now=now)
    verdicts: Verdicts = [*(slot for slot in slots if slot.begins_at >= until), *tallies]
    stops = not may_leave_unproven(verdicts, now=now)
    brake = braked(route.brake, verdicts, slots, stops=stops, now=now)
    is_let_go = route.brake is not None and brake is None
    return replace(
        route,
        hours=_hours(route.hours, new, until),
        tallies=() if is_let_go else tallies,
        complaints=route.complaints * fading + complained,
        brake=brake,
    )


def _hours(hours: Sequence[Hour], new: Sequence[Slot], now: datetime) -> tuple[Hour, ...]:
    taken = {hour.begins_at: hour.taken for hour in hours}
    for slot in new:
        begins_at = slot.begins_at.replace(minute=0, second=0)
        taken[begins_at] = taken.get(begins_at, 0) + slot.taken
    return tuple(Hour(begins_at, taken[begins_at]) for begins_at in sorted(taken) if begins_at + HOUR > now - DAY)


def _moved(routes: Sequence[Route], slow: Mapping[str, bool], *, has_shown: bool) -> list[int]:
    shares = [route.share for route in routes]
    well = [place for place, route in enumerate(routes) if not slow[route.provider]]
    ill = [place for place, route in enumerate(routes) if slow[route.provider] and shares[place]]
    if ill and well:
        step = min(STEP, shares[ill[0]])
        shares[ill[0]] -= step
        shares[well[0]] += step
    elif has_shown and len(well) == len(routes) and shares[0] < WHOLE:
        giving = max(range(1, len(shares)), key=lambda place: shares[place])
        step = min(STEP_BACK, shares[giving])
        shares[giving] -= step
        shares[0] += step
    return shares
