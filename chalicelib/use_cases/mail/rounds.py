"""What the mails of one batch share: the plan, a look at the traffic, and what is to be counted.

In calm weather a round looks once and counts once. Otherwise every mail does, so that all workers see what each
has sent: fifty workers with five mails each would else be 250 mails ahead of what comes back.
"""

from collections import Counter, defaultdict
from collections.abc import Sequence
from contextlib import suppress
from datetime import datetime
from functools import cached_property

from chalicelib.domain.errors import Unavailable
from chalicelib.domain.mail_routes import MailPlan, Route, first_plan
from chalicelib.domain.mail_traffic import Slot, Verdicts, is_calm, slot_of
from chalicelib.use_cases.mail.mailing import Mailing

_MOST_SLOTS = 400
"""An hour's and a little: the plan is made anew each minute, and counts what is older than ten."""


class MailRound:
    def __init__(self, mailing: Mailing) -> None:
        self.mailing = mailing
        self._seen: dict[str, Sequence[Slot]] = {}
        self._counts: defaultdict[tuple[str, datetime], Counter[str]] = defaultdict(Counter)

    @cached_property
    def plan(self) -> MailPlan:
        plan = self.mailing.traffic.plan()
        if plan is not None:
            return plan
        quotas = {provider.name: provider.quota() for provider in self.mailing.providers}
        return first_plan(quotas, now=self.mailing.clock.now())

    def slots(self, route: Route) -> Sequence[Slot]:
        """Newest first: those that the plan does not count yet."""
        seen = self._seen.get(route.provider)
        if seen is None or not self._is_calm(route):
            seen = self.mailing.traffic.newest(route.provider, since=self.plan.as_of, limit=_MOST_SLOTS)
            self._seen[route.provider] = seen
        return seen

    def count(self, provider: str, left_at: datetime, **counts: int) -> None:
        self._counts[provider, slot_of(left_at)].update(counts)
        route = next((route for route in self.plan.routes if route.provider == provider), None)
        if route is None or not self._is_calm(route):
            self.close()

    def _is_calm(self, route: Route) -> bool:
        verdicts: Verdicts = [*self._seen.get(route.provider, ()), *route.tallies]
        return is_calm(verdicts, now=self.mailing.clock.now())

    def close(self) -> None:
        """A mail that left must not be sent again because it could not be counted."""
        while self._counts:
            (provider, slot), counts = self._counts.popitem()
            with suppress(Unavailable):
                self.mailing.traffic.count(provider, slot, **counts)
