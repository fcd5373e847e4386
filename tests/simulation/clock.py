"""Time that only events move, and what workers take it for."""

from datetime import datetime, timedelta

from tests.fakes import FakeClock


class SteppingClock(FakeClock):
    """``at`` is the time by which queues and neighbours go; ``now`` is what our own machines show, wrong by
    ``wrong_by``."""

    def __init__(self) -> None:
        super().__init__()
        self.wrong_by = timedelta()
        self.steps = 0

    def step(self, wrong_by: timedelta) -> None:
        self.steps += wrong_by != self.wrong_by
        self.wrong_by = wrong_by

    def now(self) -> datetime:
        return self.at + self.wrong_by

    def wait_until(self, moment: datetime) -> None:
        self.at = max(self.at, moment - self.wrong_by)
