"""The brake of one provider, and how it is let go again.

While it is on, mail to unproven addresses leaves in trials only: ten, then twice as many, as long as hardly any comes
back; after one that failed the pause doubles. So a storm that lasts all day costs some dozens of bounces, and one that
is over is over within the hour. A provider that has merely had bad luck begins with a greater trial, and at once.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from chalicelib.domain.limits import Allowance
from chalicelib.domain.mail_traffic import MOST_BOUNCES, Slot, Verdicts, bounces_of_the_last_thousand, latest_share

BRAKED_FROM = 0.8 * MOST_BOUNCES
"""Bounces in the last thousand. A little below where mail stops by itself: else both could wait for each other."""
TRIAL_LASTS = timedelta(minutes=10)
"""At most: it is over when as many fates are known."""
FIRST_TRIAL, LAST_TRIAL = 10, 160
ONE_IN = 20
"""May bounce."""
BAD_LUCK_SHARE, BAD_LUCK_TRIAL, BAD_LUCK_PAUSE = 0.04, 80, timedelta(minutes=1)
"""While no more than this bounces of late, it is no storm that fills the window."""
LONGEST_PAUSE = timedelta(hours=6)


@dataclass(frozen=True, slots=True)
class Brake:
    """``trial`` mails may leave from ``begins_at`` on; before that, none."""

    begins_at: datetime
    trial: int = FIRST_TRIAL
    pause: timedelta = TRIAL_LASTS

    @property
    def allowance(self) -> Allowance:
        """Of one trial: what is taken does not come back in its time."""
        return Allowance(self.trial, LONGEST_PAUSE)


def braked(
    brake: Brake | None, verdicts: Verdicts, slots: Sequence[Slot], *, stops: bool, now: datetime
) -> Brake | None:
    """``stops``: whether mail to strangers stands still by what came back so far. ``slots``: those of the last trial at
    least. None: the brake is off."""
    if brake is None:
        if not stops or bounces_of_the_last_thousand(verdicts) < BRAKED_FROM:
            return None
        if latest_share(verdicts) <= BAD_LUCK_SHARE:
            return Brake(begins_at=now, trial=BAD_LUCK_TRIAL, pause=BAD_LUCK_PAUSE)
        return Brake(begins_at=now + TRIAL_LASTS)
    tried = [slot for slot in slots if slot.begins_at >= brake.begins_at]
    is_over = sum(slot.verdicts for slot in tried) >= brake.trial or now >= brake.begins_at + TRIAL_LASTS
    return _next(brake, sum(slot.bounced for slot in tried), now) if is_over else brake


def _next(brake: Brake, bounced: int, now: datetime) -> Brake | None:
    if bounced > brake.trial // ONE_IN:
        pause = min(brake.pause * 2, LONGEST_PAUSE)
        is_near = brake.trial >= BAD_LUCK_TRIAL and bounced <= 2 * brake.trial // ONE_IN
        return Brake(begins_at=now + pause, trial=BAD_LUCK_TRIAL if is_near else FIRST_TRIAL, pause=pause)
    if brake.trial >= LAST_TRIAL:
        return None
    return replace(brake, begins_at=now, trial=brake.trial * 2)
