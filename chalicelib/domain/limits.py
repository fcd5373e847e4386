"""How often something may happen: a bucket of tokens that fills with time, kept as the one moment when it is full."""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta


@dataclass(frozen=True, slots=True)
class Allowance:
    """``most`` at once, and then one in every ``one_per``."""

    most: int
    one_per: timedelta


@dataclass(frozen=True, slots=True)
class Bucket:
    """``key`` says of what and whose, by index. ``full_at``: None and all that is past mean that it is full."""

    key: str
    full_at: datetime | None = None
    version: int = 0


def without_one(bucket: Bucket, allowance: Allowance, *, now: datetime) -> Bucket | None:
    """The bucket with one token less; None when it is empty."""
    full_at = max(bucket.full_at or now, now) + allowance.one_per
    if full_at - now > allowance.most * allowance.one_per:
        return None
    return replace(bucket, full_at=full_at)
