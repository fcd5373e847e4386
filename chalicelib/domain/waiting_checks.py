"""Checks that wait for a registry: whose turn is first, how many stand ahead of one, and when one's turn will come.

They wait in a table and not on a queue: so that those whose wave closes first go first, nothing circles while a
registry is down or its quota used up, and each person can be told when their check is expected.
"""

from bisect import bisect_left
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from hashlib import sha256
from itertools import accumulate, count

from chalicelib.domain.identifiers import ApplicantId
from chalicelib.domain.registry_budget import Budget
from chalicelib.domain.time import next_midnight

SHARDS = 8
"""Checks of one registry wait in so many partitions: 8,000 arrivals a second before one grows warm."""
RELEASED_FOR = timedelta(minutes=10)
"""A check that was released and not done within this time is released again: its message was lost, or is late."""
RELEASED_AHEAD = timedelta(minutes=3)
"""How much work may lie on a registry's queue. The next look comes in a minute, but a registry that recovers is asked
ten times as much within that minute, and must not be left without work."""
FIRST_RETRY, LONGEST_RETRY = timedelta(minutes=1), timedelta(hours=1)
PROBE_RESTS = timedelta(minutes=2)
"""So that the next probe is another person's: nobody's own trouble keeps a registry closed to all."""
MOST_TRIES = 12
"""A check that failed so often while the registry answered others is looked at by people: after some seven hours."""


@dataclass(frozen=True, slots=True)
class WaitingCheck:
    """``closes_at``: of the wave that the person could join. Where none is planned, who comes now goes before those who
    come when one is. ``not_before``: it is in hand,
    or is to rest, until then. ``said``: an answer that is to be confirmed (see ``domain/verification.py``)."""

    registry: str
    applicant_id: ApplicantId
    submission: int
    since: datetime
    closes_at: datetime | None = None
    not_before: datetime | None = None
    tries: int = 0
    said: str | None = None

    @property
    def place(self) -> str:
        """Sorts by whose turn is first. The same for the same submission, however often it is put there."""
        closes = (self.closes_at or self.since).astimezone(UTC).isoformat(timespec="seconds")
        since = self.since.astimezone(UTC).isoformat(timespec="milliseconds")
        return f"{closes}#{since}#{self.applicant_id}#{self.submission}"

    @property
    def shard(self) -> int:
        return int.from_bytes(sha256(self.applicant_id.encode()).digest()[:2], "big") % SHARDS

    @property
    def body(self) -> dict[str, str | int]:
        """Of the message by which it goes to a worker."""
        body: dict[str, str | int | None] = {
            "applicant_id": self.applicant_id,
            "submission": self.submission,
            "since": self.since.isoformat(),
            "closes_at": self.closes_at.isoformat() if self.closes_at else None,
            "tries": self.tries or None,
            "said": self.said,
        }
        return {name: value for name, value in body.items() if value is not None}

    def is_due(self, now: datetime) -> bool:
        return self.not_before is None or now >= self.not_before


def rest_after(tries: int) -> timedelta:
    """Twice as long each time."""
    doubled: timedelta = FIRST_RETRY * 2 ** max(0, tries - 1)
    return min(doubled, LONGEST_RETRY)


@dataclass(frozen=True, slots=True)
class Landmark:
    """``count`` checks of one shard wait from the landmark before up to this ``place``."""

    shard: int
    place: str
    count: int


class Pause(StrEnum):
    DOWN = "registry_is_down"
    USED_UP = "registry_quota_used_up"


@dataclass(frozen=True, slots=True)
class Backlog:
    """A picture of one registry's waiting checks, made each minute. ``per_second``: its pace in the last minutes;
    ``usual_per_second``: in the last hours. ``down_since``: when it stopped answering, while it does not."""

    registry: str
    as_of: datetime
    per_second: float
    usual_per_second: float
    landmarks: tuple[Landmark, ...] = ()
    looks: int = 1
    """So many paces are known."""
    quota_left: int | None = None
    quota_per_day: int | None = None
    used_up_until: datetime | None = None
    down_since: datetime | None = None
    version: int = 0

    @property
    def waiting(self) -> int:
        return sum(landmark.count for landmark in self.landmarks)

    def pause(self, now: datetime) -> Pause | None:
        if self.used_up_until is not None and now < self.used_up_until:
            return Pause.USED_UP
        return Pause.DOWN if self.down_since else None


PAGES_OF_A_SIZE = 8


def page_sizes(first: int) -> Iterator[int]:
    """Of landmarks: close to each other at the front, twice as far apart after every eight. So a million wait in some
    hundred stretches a shard, and each is short beside all that stands before it."""
    for page in count():
        yield first * 2 ** (page // PAGES_OF_A_SIZE)


def ahead_of(place: str, landmarks: Iterable[Landmark]) -> int:
    """How many stand ahead of ``place``: whole stretches, and half of the one that it lies in."""
    by_shard: dict[int, list[Landmark]] = {}
    for landmark in landmarks:
        by_shard.setdefault(landmark.shard, []).append(landmark)
    return sum(_ahead_in_shard(place, stretches) for stretches in by_shard.values())


def _ahead_in_shard(place: str, stretches: Sequence[Landmark]) -> int:
    found = bisect_left([stretch.place for stretch in stretches], place)
    passed = list(accumulate((stretch.count for stretch in stretches), initial=0))
    inside = stretches[found].count // 2 if found < len(stretches) else 0
    return passed[found] + inside


@dataclass(frozen=True, slots=True)
class Promise:
    """``because``: why it takes longer than the others ahead would."""

    expected_at: datetime
    ahead: int
    because: Pause | None = None


ONE_ANSWER = timedelta(seconds=10)
"""From a released check to its mark on the timeline, when nobody stands ahead."""
ROUNDED_TO = timedelta(minutes=1)
AS_NOW_FOR = timedelta(minutes=15)


def promise_for(check: WaitingCheck, backlog: Backlog | None, *, now: datetime) -> Promise:
    """When the check is expected to be done. A registry that is down is taken to be so for as long again as it has
    been, a used-up quota until midnight, and what the quota of a day does not reach for waits for the next."""
    if backlog is None:
        return Promise(_rounded(now + ONE_ANSWER), 0)
    pause = backlog.pause(now)
    done_since = 0 if pause else int((now - backlog.as_of).total_seconds() * backlog.per_second)
    ahead = max(0, ahead_of(check.place, backlog.landmarks) - done_since)
    begins_at = now
    if pause is Pause.USED_UP and backlog.used_up_until:
        begins_at = max(begins_at, backlog.used_up_until)
    elif pause is Pause.DOWN and backlog.down_since:
        begins_at = now + (now - backlog.down_since)
    expected_at = _after_quotas(begins_at, ahead, backlog, is_fresh=pause is Pause.USED_UP) + ONE_ANSWER
    return Promise(_rounded(expected_at), ahead, pause)


def _after_quotas(begins_at: datetime, ahead: int, backlog: Backlog, *, is_fresh: bool) -> datetime:
    per_day = backlog.quota_per_day
    left = per_day if is_fresh else backlog.quota_left
    if left is None or per_day is None or ahead < left or per_day <= 0:
        return begins_at + _time_for(ahead, backlog)
    days, rest = divmod(ahead - left, per_day)
    return next_midnight(begins_at) + timedelta(days=days) + _time_for(rest, backlog)


def _time_for(ahead: int, backlog: Backlog) -> timedelta:
    """As fast as now for a while, and as usual from then on: a registry's good or bad hour does not last."""
    now, usual = max(backlog.per_second, 0.1), max(backlog.usual_per_second, 0.1)
    soon = now * AS_NOW_FOR.total_seconds()
    if ahead <= soon:
        return timedelta(seconds=ahead / now)
    return AS_NOW_FOR + timedelta(seconds=(ahead - soon) / usual)


def _rounded(moment: datetime) -> datetime:
    """Up to the whole minute: nobody can keep a promise of seconds."""
    past = timedelta(seconds=moment.second, microseconds=moment.microsecond)
    return moment - past + ROUNDED_TO if past else moment


def is_reached_at_once(backlog: Backlog | None) -> bool:
    """Whether what comes now need not wait for its release."""
    if backlog is None:
        return True
    is_open = backlog.pause(backlog.as_of) is None
    return is_open and backlog.waiting < backlog.per_second * RELEASED_AHEAD.total_seconds()


OF_LATE, USUALLY = 0.3, 0.003
"""What each minute's pace counts for: some three minutes are remembered, and some five hours."""


def smoothed(before: float, now: float, weight: float, *, looks: int) -> float:
    """The plain mean until there is more to remember: the first pace is a guess, and must not count for hours."""
    return before + max(weight, 1 / looks) * (now - before)


def most_to_release(budget: Budget, on_queue: int, *, now: datetime) -> int:
    """How many more checks may go to the workers, who have ``on_queue`` of them."""
    if budget.is_closed(now):
        return 1 if budget.may_probe(now) and on_queue == 0 else 0
    room = int(budget.per_second * RELEASED_AHEAD.total_seconds()) - on_queue
    left = budget.quota_left
    return max(0, room if not left else min(room, left - on_queue))
