"""Who named an account as theirs: one number named by several people is a sign of somebody who gathers incentives."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from chalicelib.domain.identifiers import ApplicantId

SUSPICIOUS_FROM = 3
WITHIN = timedelta(days=30)
MOST_KEPT = 20


@dataclass(frozen=True, slots=True)
class AccountNaming:
    """Of one account: the newest people by whom it was named, and when. ``suspicious_at``: since when there were too
    many of them within a month; it stays, for an officer to look at."""

    bank: str
    people: Mapping[ApplicantId, datetime] = field(default_factory=dict)
    suspicious_at: datetime | None = None
    version: int = 0


def named_by(naming: AccountNaming, person: ApplicantId, *, now: datetime) -> AccountNaming:
    """Bounded: of very many people the newest are kept, which are as suspicious as all."""
    since = {**naming.people, person: now}
    recent = {each: at for each, at in since.items() if at > now - WITHIN}
    newest = dict(sorted(recent.items(), key=lambda item: item[1], reverse=True)[:MOST_KEPT])
    suspicious_at = naming.suspicious_at or (now if len(newest) >= SUSPICIOUS_FROM else None)
    return replace(naming, people=newest, suspicious_at=suspicious_at)
