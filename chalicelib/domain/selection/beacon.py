"""Public random values by name: rounds of drand."""

import hashlib
from dataclasses import dataclass
from datetime import datetime, timedelta


@dataclass(frozen=True, slots=True)
class RandomValue:
    """One round. ``randomness`` is the SHA-256 of ``signature``; both in hex."""

    chain: str
    round: int
    randomness: str
    signature: str

    def is_whole(self) -> bool:
        return hashlib.sha256(bytes.fromhex(self.signature)).hexdigest() == self.randomness


@dataclass(frozen=True, slots=True)
class Timetable:
    """When a chain's rounds come: the first at ``began_at``, then one each ``period``."""

    began_at: datetime
    period: timedelta

    def round_at(self, moment: datetime) -> int:
        """The first round at ``moment`` or later."""
        return max(1, 1 - (self.began_at - moment) // self.period)

    def comes_at(self, round: int) -> datetime:
        return self.began_at + (round - 1) * self.period
