"""Look at the queues once a minute, and switch the gate by what is seen."""

from datetime import timedelta

from chalicelib.domain.admission import Gate, steered
from chalicelib.domain.commands import Queue
from chalicelib.ports import Clock, Gates, MailTraffic, QueueDepths

_FIRST_MAILS_PER_SECOND = 14.0
"""Until a plan of mail says better: what an account begins with."""


def steer_gate(*, gates: Gates, depths: QueueDepths, traffic: MailTraffic, clock: Clock) -> tuple[Gate, Gate]:
    """The gate before and after."""
    before = gates.get()
    waiting, mails = depths.waiting(Queue.REGISTRATIONS_TO_OPEN), depths.waiting(Queue.MAILS_TO_SEND)
    plan = traffic.plan()
    mails_per_second = sum(route.quota.per_second for route in plan.routes) if plan else _FIRST_MAILS_PER_SECOND
    mail_wait = timedelta(seconds=mails / mails_per_second)
    after = steered(before, waiting=waiting, mail_wait=mail_wait, now=clock.now())
    gates.save(after)
    return before, after
