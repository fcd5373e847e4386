"""The brake of one provider: when it is on, how strangers are tried, how long a storm can go on."""

from collections import deque
from collections.abc import Callable
from datetime import datetime, timedelta
from random import Random

import pytest

from chalicelib.domain.mail_routes import MailPlan, Quota, first_plan, looked_at_again
from chalicelib.domain.mail_traffic import Slot, Tally, Verdicts, may_leave_unproven, slot_of, tallied
from chalicelib.domain.mail_trials import FIRST_TRIAL, LAST_TRIAL, TRIAL_LASTS, Brake, braked
from tests.fakes import NOON

SECOND, MINUTE, HOUR = timedelta(seconds=1), timedelta(minutes=1), timedelta(hours=1)
STORM = [Slot(NOON - MINUTE, taken=130, quick=90, bounced=40)]


def next_brake(brake: Brake | None, *, bounced: int = 0, after: timedelta = TRIAL_LASTS) -> Brake | None:
    """A trial later, of which so many came back."""
    begins_at = brake.begins_at if brake else NOON
    slots = [Slot(slot_of(begins_at + SECOND * 10), taken=10, quick=0, bounced=bounced)]
    return braked(brake, slots, slots, stops=True, now=begins_at + after)


def test_the_brake_goes_on_when_mail_stops_because_of_what_came_back() -> None:
    on = braked(None, STORM, STORM, stops=True, now=NOON)
    assert on == Brake(begins_at=NOON + TRIAL_LASTS)
    assert braked(None, STORM, STORM, stops=False, now=NOON) is None
    few: list[Slot] = [Slot(NOON, taken=130, quick=1, bounced=1)]
    assert braked(None, few, few, stops=True, now=NOON) is None, "mail waits for the fates of what is on its way"


def test_trials_that_do_well_double_until_the_brake_is_off() -> None:
    brake: Brake | None = Brake(begins_at=NOON)
    trials = []
    while brake is not None:
        trials.append(brake.trial)
        brake = next_brake(brake)
    assert trials == [10, 20, 40, 80, 160]


def test_a_trial_is_let_run_until_its_fates_are_known() -> None:
    brake = Brake(begins_at=NOON)
    assert next_brake(brake, bounced=9, after=MINUTE) == brake
    assert next_brake(brake, bounced=10, after=MINUTE) != brake


def test_who_has_merely_had_bad_luck_is_tried_at_once_and_with_more() -> None:
    unlucky: Verdicts = [Slot(NOON - MINUTE, taken=200, quick=194, bounced=6), Tally(NOON - HOUR, 800, 33)]
    assert braked(None, unlucky, [], stops=True, now=NOON) == Brake(begins_at=NOON, trial=80, pause=MINUTE)


def test_after_a_trial_that_failed_the_pause_doubles_and_the_next_is_small_again() -> None:
    brake = Brake(begins_at=NOON, trial=40)
    failed = next_brake(brake, bounced=3)
    assert failed == Brake(begins_at=NOON + TRIAL_LASTS + 2 * TRIAL_LASTS, trial=FIRST_TRIAL, pause=2 * TRIAL_LASTS)
    again = next_brake(failed, bounced=1)
    assert again
    assert again.pause == 4 * TRIAL_LASTS


def test_one_in_twenty_may_come_back() -> None:
    assert next_brake(Brake(begins_at=NOON, trial=LAST_TRIAL), bounced=LAST_TRIAL // 20) is None


def test_tallies_keep_the_last_thousand_of_a_day() -> None:
    slots = [Slot(NOON - place * SECOND * 10, taken=30, quick=28, bounced=2) for place in range(60)]
    tallies = tallied((), slots, now=NOON)
    assert 1_000 <= sum(each.verdicts for each in tallies) < 1_100
    assert [each.begins_at for each in tallies] == sorted((each.begins_at for each in tallies), reverse=True)
    assert tallied((Tally(NOON - 25 * HOUR, 60, 1),), [], now=NOON) == ()


# --- A day of it ------------------------------------------------------------------------------------------------------


class Day:
    """Strangers who come all the time to one provider, and somebody who looks every minute."""

    def __init__(self, share: Callable[[float], float], per_second: float, seed: int) -> None:
        self.share, self.per_second, self.chance = share, per_second, Random(seed)
        self.plan: MailPlan = first_plan({"ses": Quota(14, -1)}, now=NOON)
        self.slots: dict[datetime, Slot] = {}
        self.bounces: list[bool] = []
        self.left: list[datetime] = []
        self._coming: deque[tuple[datetime, datetime, bool]] = deque()
        self._tried: dict[datetime, int] = {}

    def runs(self, hours: float) -> None:
        for second in range(int(hours * 3600)):
            now = NOON + second * SECOND
            self._hear(now)
            if second % 60 == 0:
                newest = list(self.slots.values())[::-1][:2_000]
                self.plan = looked_at_again(self.plan, {"ses": newest}, {"ses": None}, now=now)
            for _ in range(self._arriving()):
                self._send(now, second)

    def _arriving(self) -> int:
        whole = int(self.per_second)
        return whole + (self.chance.random() < self.per_second - whole)

    def _send(self, now: datetime, second: int) -> None:
        if self._may_leave(now):
            self._note(now, taken=1)
            self.left.append(now)
            self._coming.append((now + 5 * SECOND, now, self.chance.random() < self.share(second / 3600)))

    def _may_leave(self, now: datetime) -> bool:
        (route,) = self.plan.routes
        if route.brake is None:
            live = [slot for slot in list(self.slots.values())[::-1][:100] if slot.begins_at >= self.plan.as_of]
            return may_leave_unproven([*live, *route.tallies], now=now)
        tried = self._tried.get(route.brake.begins_at, 0)
        self._tried[route.brake.begins_at] = tried + (now >= route.brake.begins_at)
        return now >= route.brake.begins_at and tried < route.brake.trial

    def _hear(self, now: datetime) -> None:
        while self._coming and self._coming[0][0] <= now:
            _, left, bounced = self._coming.popleft()
            self.bounces.append(bounced)
            self._note(left, **({"bounced": 1} if bounced else {"quick": 1}))

    def _note(self, moment: datetime, **counts: int) -> None:
        at = slot_of(moment)
        self.slots[at] = self.slots.get(at, Slot(at)).plus(**counts)

    def worst_of_a_thousand(self) -> int:
        starts = range(0, max(1, len(self.bounces) - 999), 10)
        return max(sum(self.bounces[start : start + 1000]) for start in starts)


@pytest.mark.parametrize(("share", "per_second"), [(0.3, 14), (0.3, 0.1), (0.1, 0.1), (0.07, 0.15)])
def test_a_storm_of_half_a_day_costs_some_dozens_of_bounces(share: float, per_second: float) -> None:
    """SES pauses an account at a hundred in a thousand."""
    day = Day(lambda _: share, per_second, seed=3)
    day.runs(12)
    assert 25 < day.worst_of_a_thousand() <= 80


def test_when_a_storm_is_over_strangers_get_mail_within_two_hours() -> None:
    day = Day(lambda hour: 0.3 if hour < 0.5 else 0.01, 1, seed=3)
    day.runs(3)
    last_hour = [moment for moment in day.left if moment >= NOON + 2.5 * HOUR]
    assert len(last_hour) > 0.95 * 1_800


@pytest.mark.parametrize("per_second", [0.1, 5])
def test_a_usual_day_is_hardly_braked(per_second: float) -> None:
    """Two in a hundred mistype their address; now and then that makes forty of a thousand."""
    day = Day(lambda _: 0.02, per_second, seed=3)
    day.runs(6)
    assert len(day.left) > 0.85 * 6 * 3600 * per_second
