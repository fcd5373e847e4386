"""Buckets of tokens, and the traffic of mail, in memory."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from chalicelib.domain.identifiers import ApplicantId
from chalicelib.domain.limits import NONE_AHEAD, Allowance, after_taking
from chalicelib.domain.mail_fates import Suppression
from chalicelib.domain.mail_routes import MailPlan
from chalicelib.domain.mail_traffic import Slot
from tests.fakes.shelves import FakeStore, Shelf
from tests.fakes.trouble import Fake, Trouble, outside


class FakeBuckets(Fake):
    name = "buckets"

    def __init__(self, trouble: Trouble | None = None) -> None:
        super().__init__(trouble)
        self.full_at: dict[str, datetime] = {}
        self._last_by: dict[str, str] = {}

    @outside
    def take(
        self,
        key: str,
        allowance: Allowance,
        *,
        now: datetime,
        count: int = 1,
        ahead: timedelta = NONE_AHEAD,
        by: str = "",
    ) -> datetime | None:
        taken = after_taking(self.full_at.get(key), allowance, now=now, count=count, ahead=ahead)
        if taken is None:
            return now if by and self._last_by.get(key) == by else None
        self.full_at[key], self._last_by[key] = taken.full_at, by
        return taken.usable_at


class FakeMailTraffic(FakeStore):
    name = "traffic"

    def __init__(self, trouble: Trouble | None = None) -> None:
        super().__init__(trouble)
        self._slots: dict[tuple[str, datetime], Slot] = {}
        self._plans: Shelf[str, MailPlan] = Shelf()

    @outside
    def count(self, provider: str, slot: datetime, /, **counts: int) -> None:
        known = self._slots.get((provider, slot), Slot(slot))
        self._slots[provider, slot] = known.plus(**counts)

    @outside
    def newest(self, provider: str, *, since: datetime, limit: int = 100) -> Sequence[Slot]:
        of_provider = [slot for (name, _), slot in self._slots.items() if name == provider and slot.begins_at >= since]
        return sorted(of_provider, key=lambda slot: slot.begins_at, reverse=True)[:limit]

    @outside
    def plan(self) -> MailPlan | None:
        return self._plans.get("plan")

    @outside
    def save_plan(self, plan: MailPlan) -> None:
        self._save(self._plans.put("plan", replace(plan, version=plan.version + 1), plan.version))


class FakeSuppressions(FakeStore):
    name = "suppressions"

    def __init__(self, trouble: Trouble | None = None) -> None:
        super().__init__(trouble)
        self._suppressions: Shelf[ApplicantId, Suppression] = Shelf()

    @outside
    def get(self, applicant_id: ApplicantId) -> Suppression | None:
        return self._suppressions.get(applicant_id)

    @outside
    def save(self, suppression: Suppression) -> None:
        moved = replace(suppression, version=suppression.version + 1)
        self._save(self._suppressions.put(suppression.applicant_id, moved, suppression.version))

    def all(self) -> list[Suppression]:
        """For whoever checks: looking is no call outside."""
        return self._suppressions.values()


class FakeDisposableDomains:
    """Lends addresses: ``sekali.example`` alone."""

    def has(self, domain: str) -> bool:
        return domain == "sekali.example"
