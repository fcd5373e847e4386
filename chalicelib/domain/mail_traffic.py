"""What providers did with our mail of late, counted in slots of ten seconds by when each mail left.

Two questions are asked of it. *Is the provider slow?* By what was delivered, not by what it took: a provider that takes
everything and delivers nothing is slow. *May one more mail leave for an address that nobody has proven?* Only while the
bounces that are on their way would keep us below four in a hundred of the last thousand: SES reviews an account at
five, and pauses it at ten.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from math import sqrt

from chalicelib.domain.mail_fates import QUICK

SLOT = timedelta(seconds=10)
HEALTH_WINDOW = timedelta(minutes=15)
SLOW_SHARE = 0.15
LEAST_KNOWN = 20
"""Fewer say nothing."""

BOUNCE_WINDOW = 1_000
MOST_BOUNCES = 40
"""In the window: four in a hundred."""
FATE_COMES_WITHIN = timedelta(minutes=10)
"""Mails without word for longer are no longer counted as being on their way."""
LATEST = 100
"""The fewest verdicts by which the present share of bounces is judged."""
BAD_LUCK = 3
"""Standard deviations that are allowed for. Of 36 storms on paper two passed four in a hundred, by one mail; with two,
one in four did; with four, a third of usual mail would be held back."""
CAUTIOUS = 0.3
"""The share expected while fewer verdicts are in than ``LATEST``: some sixty leave, then as many as do well."""


@dataclass(frozen=True, slots=True)
class Slot:
    """``taken`` by the provider; ``failed``: it was asked and did not take. The rest are fates of those taken;
    ``complained`` alone is counted when it came, which may be days later."""

    begins_at: datetime
    taken: int = 0
    failed: int = 0
    quick: int = 0
    late: int = 0
    bounced: int = 0
    complained: int = 0

    @property
    def verdicts(self) -> int:
        return self.quick + self.late + self.bounced

    def plus(self, **counts: int) -> "Slot":
        return replace(self, **{name: getattr(self, name) + count for name, count in counts.items()})


def slot_of(moment: datetime) -> datetime:
    seconds = int(moment.timestamp())
    return datetime.fromtimestamp(seconds - seconds % int(SLOT.total_seconds()), UTC)


def bounce_slot(left_at: datetime, *, now: datetime) -> datetime:
    """Where a bounce is counted: when its mail left; but one that comes when that slot is tallied already, as new."""
    return slot_of(left_at if now - left_at < FATE_COMES_WITHIN - SLOT else now)


def slow_share(slots: Sequence[Slot], *, now: datetime) -> float | None:
    """Of the last quarter of an hour's mail, how much took over five minutes, or failed; None when too little is known.
    Mail that left within the last five minutes counts once its fate is known."""
    slow = known = 0
    for slot in slots:
        if slot.begins_at <= now - HEALTH_WINDOW:
            continue
        is_due = slot.begins_at + SLOT <= now - QUICK
        known += slot.failed + (slot.taken if is_due else slot.verdicts)
        slow += slot.failed + (max(0, slot.taken - slot.quick - slot.bounced) if is_due else slot.late)
    return slow / known if known >= LEAST_KNOWN else None


def is_slow(share: float | None) -> bool:
    return share is not None and share >= SLOW_SHARE


@dataclass(frozen=True, slots=True)
class Tally:
    """Verdicts of older mails, gathered: no more is asked of them than how many there were, and how many bounced."""

    begins_at: datetime
    verdicts: int
    bounced: int


Verdicts = Sequence[Slot | Tally]
"""Newest first: slots whose fates still come in, then tallies. As far back as the last thousand."""


def may_leave_unproven(verdicts: Verdicts, *, now: datetime) -> bool:
    return _bounces_to_expect(verdicts, now) < MOST_BOUNCES


def is_calm(verdicts: Verdicts, *, now: datetime) -> bool:
    """So far from the brake that one need not look again for each mail."""
    known = sum(each.verdicts for each in verdicts)
    return known >= LATEST and _bounces_to_expect(verdicts, now) < MOST_BOUNCES / 2


def bounces_of_the_last_thousand(verdicts: Verdicts) -> float:
    return sum(bounces for _, bounces in _newest(verdicts, BOUNCE_WINDOW))


def latest_share(verdicts: Verdicts) -> float:
    return _latest_share(verdicts, LATEST)


def _bounces_to_expect(verdicts: Verdicts, now: datetime) -> float:
    """Among the last thousand, once the fates of those on their way and one more are known, at the latest share. They
    push the oldest verdicts out of the window."""
    coming = min(BOUNCE_WINDOW, 1 + _on_their_way(verdicts, now))
    judged = max(LATEST, coming)
    share = _latest_share(verdicts, judged)
    staying = sum(bounces for _, bounces in _newest(verdicts, BOUNCE_WINDOW - coming))
    # Those on their way may do worse than the share, and the share may be better than the truth.
    bad_luck = BAD_LUCK * sqrt(coming * share * (1 - share) * (1 + coming / judged))
    return staying + share * coming + bad_luck


def _on_their_way(verdicts: Verdicts, now: datetime) -> int:
    recent = (each for each in verdicts if isinstance(each, Slot) and each.begins_at > now - FATE_COMES_WITHIN)
    return sum(max(0, slot.taken - slot.verdicts) for slot in recent)


def _latest_share(verdicts: Verdicts, most: int) -> float:
    counted = list(_newest(verdicts, most))
    known, bounced = sum(count for count, _ in counted), sum(bounces for _, bounces in counted)
    unknown = max(0.0, LATEST - known)
    return (bounced + CAUTIOUS * unknown) / (known + unknown)


def _newest(verdicts: Verdicts, most: int) -> Iterator[tuple[float, float]]:
    """(verdicts, bounces) of each until there are ``most``: of the last its share."""
    left = float(most)
    for each in verdicts:
        if left <= 0:
            return
        if each.verdicts:
            count = min(left, each.verdicts)
            yield count, each.bounced * count / each.verdicts
            left -= count


_TALLY_OF = 50
TALLIES_COUNT_FOR = timedelta(days=1)


def tallied(tallies: Sequence[Tally], slots: Sequence[Slot], *, now: datetime) -> tuple[Tally, ...]:
    """``tallies`` and then ``slots``, both newest first, that are old enough to have all their verdicts."""
    made = list(tallies)
    for slot in reversed(slots):
        if made and made[0].verdicts < _TALLY_OF:
            made[0] = Tally(made[0].begins_at, made[0].verdicts + slot.verdicts, made[0].bounced + slot.bounced)
        elif slot.verdicts:
            made.insert(0, Tally(slot.begins_at, slot.verdicts, slot.bounced))
    return tuple(_of_the_last_thousand(each for each in made if each.begins_at > now - TALLIES_COUNT_FOR))


def _of_the_last_thousand(tallies: Iterable[Tally]) -> Iterator[Tally]:
    known = 0
    for each in tallies:
        if known >= BOUNCE_WINDOW:
            return
        known += each.verdicts
        yield each
