"""A launch, second by second. No chance and no clock: the same plan is the same day.

Whoever comes is either taken or comes again; what is taken lies in the queue until a worker opens the account; each
opened account has a mail to wait for. Nothing is lost on the way, and the tests count it.
"""

from collections import deque
from dataclasses import dataclass

from infra import prices
from infra.surge import cost
from infra.surge.arrivals import DAY, arrivals
from infra.surge.gates import (
    POLLERS_AT_FIRST,
    POLLERS_MORE_PER_SECOND,
    Environments,
    Flow,
    Gateway,
    Line,
    Returning,
    Table,
)
from infra.surge.patience import ONE_DAY, PATIENCE
from infra.surge.plan import (
    BATCH_SECONDS,
    VERIFICATION_WRITES,
    VERIFYING,
    VERIFYING_AFTER_SECONDS,
    Plan,
)

LONGEST_SECONDS = 60 * DAY


@dataclass(frozen=True, slots=True)
class Second:
    """How things stand at its end. Totals since the doors opened, but for ``refused``, ``queued``, ``unsent``."""

    at: int
    arrived: int
    taken: int
    refused: int
    outside: int
    queued: int
    opened: int
    unsent: int
    sent: int
    age_seconds: int
    after_patience: int
    after_a_day: int
    environments: int
    usd: float


class Launch:
    """Holds what is where; ``pass_second`` moves people one stage on, through each gate as far as it lets them."""

    def __init__(self, plan: Plan) -> None:
        self._plan = plan
        self._gateway = Gateway(plan.gateway_per_second, plan.gateway_burst)
        self._environments = Environments(plan)
        self._returning = Returning(plan.retry_after_seconds)
        self._table = Table(plan.table_writes)
        self._mails = Flow(plan.sent_per_second)
        self._verifying: deque[int] = deque([0] * VERIFYING_AFTER_SECONDS)
        self._askers, self._holders = Line(), Line()
        self._request_usd = cost.request(plan.front) + prices.QUEUE_REQUEST + cost.watching(plan.front)
        self._open_usd = cost.opening(plan.opener) + prices.TABLE_WRITE
        self._mail_usd = cost.mailing(plan.mailer.batch)
        self._verify_usd = cost.verification(plan.front)
        self.at = self.arrived = self.taken = self.opened = self.sent = 0
        self.after_patience = self.after_a_day = 0
        self.usd = 0.0

    def is_over(self) -> bool:
        return self.sent == self.arrived

    def pass_second(self, coming: int) -> Second:
        refused = self._take(coming)
        verified = self._verifying.popleft()
        self._open(verified)
        self._send()
        self.usd += verified * self._verify_usd
        self.at += 1
        return Second(
            self.at,
            self.arrived,
            self.taken,
            refused,
            self._returning.outside,
            self.taken - self.opened,
            self.opened,
            self.opened - self.sent,
            self.sent,
            self._askers.age(self.sent),
            self.after_patience,
            self.after_a_day,
            self._environments.warm,
            self.usd,
        )

    def _take(self, coming: int) -> int:
        self.arrived += coming
        asked = coming + self._returning.back()
        passed = self._environments.passed(self._gateway.passed(asked))
        self._returning.refuse(asked - passed)
        self.taken += passed
        self._askers.come(self.taken)
        self.usd += passed * self._request_usd
        return asked - passed

    def _open(self, verified: int) -> None:
        """People who verify write to the same table, and come first: their requests wait for an answer."""
        plan = self._plan
        pollers = min(plan.opener.most_at_once, POLLERS_AT_FIRST + POLLERS_MORE_PER_SECOND * self.at)
        by_workers = int(pollers * plan.opener.batch / BATCH_SECONDS)
        answers = verified * VERIFICATION_WRITES
        opened = min(self.taken - self.opened, by_workers, max(0, self._table.capacity - answers))
        self._table.took(opened + answers)
        self.opened += opened
        self._holders.come(self.opened)
        self.usd += opened * self._open_usd

    def _send(self) -> None:
        age = self._holders.age(self.sent)
        sent = self._mails.passed(self.opened - self.sent)
        self.after_patience += sent if age > PATIENCE.total_seconds() else 0
        self.after_a_day += sent if age > ONE_DAY.total_seconds() else 0
        self.sent += sent
        self._verifying.append(round(sent * VERIFYING))
        self.usd += sent * self._mail_usd


def play(plan: Plan) -> list[Second]:
    """Until the last mail is sent, or for two months."""
    launch = Launch(plan)
    seconds = [launch.pass_second(coming) for coming in arrivals(plan.minute_total, plan.day_total, plan.minutes * 60)]
    while not launch.is_over() and launch.at < LONGEST_SECONDS:
        seconds.append(launch.pass_second(0))
    return seconds
