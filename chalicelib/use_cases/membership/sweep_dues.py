"""Find memberships for which time has come to something, and send a message for each."""

from chalicelib.domain.commands import Queue
from chalicelib.ports import Clock, Memberships, Messages, QueueDepths

PAGE = 250
MOST_PAGES = 2_000
"""Half a million: more than a wave has recipients, who all have the same day."""


def sweep_dues(*, memberships: Memberships, messages: Messages, depths: QueueDepths, clock: Clock) -> None:
    """While the queue is not worked off, nothing: what lies there is due too, and would only be sent once more. In an
    outage all of it is put back; it counts until it is done. So each sweep reaches everybody."""
    if depths.unfinished(Queue.DUES_TO_MEET):
        return
    now, after = clock.now(), None
    for _ in range(MOST_PAGES):
        ids, after = memberships.due(now=now, after=after, limit=PAGE)
        if ids:
            messages.send(Queue.DUES_TO_MEET, *({"applicant_id": id} for id in ids))
        if after is None:
            return
