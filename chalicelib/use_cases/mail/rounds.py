"""What the mails of one batch share: the plan, a look at the traffic, and what is to be counted.

In calm weather a round looks once and counts once. Otherwise every mail does, so that all workers see what each
has sent: fifty workers with ten mails each would else be five hundred mails ahead of what comes back.
"""

from collections import Counter, defaultdict
from collections.abc import Sequence
from contextlib import suppress
from datetime import datetime
from functools import cached_property

from chalicelib.domain.errors import Unavailable
from chalicelib.domain.mail_routes import HOUR, MailPlan, first_plan
from chalicelib.domain.mail_traffic import Slot, is_calm, slot_of
from chalicelib.use_cases.mail.mailing import Mailing


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

    def slots(self, provider: str) -> Sequence[Slot]:
        """Newest first, of the last hour at least."""
        now = self.mailing.clock.now()
        seen = self._seen.get(provider)
        if seen is None or not is_calm(seen, now=now):
            seen = self.mailing.traffic.newest(provider, since=min(self.plan.as_of, now - HOUR))
            self._seen[provider] = seen
        return seen

    def count(self, provider: str, left_at: datetime, **counts: int) -> None:
        self._counts[provider, slot_of(left_at)].update(counts)
        if not is_calm(self._seen.get(provider, ()), now=left_at):
            self.close()

    def close(self) -> None:
        """A mail that left must not be sent again because it could not be counted."""
        while self._counts:
            (provider, slot), counts = self._counts.popitem()
            with suppress(Unavailable):
                self.mailing.traffic.count(provider, slot, **counts)
