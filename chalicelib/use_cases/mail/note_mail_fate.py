"""Note what became of mails: for the health of whoever took them, and so that nothing goes where nothing arrives."""

from collections import Counter
from collections.abc import Sequence
from contextlib import suppress
from datetime import datetime

from chalicelib.domain.errors import MailUnavailable, NotFound, Unavailable
from chalicelib.domain.mail import MAIL, OutboxMail, came_back
from chalicelib.domain.mail_fates import SUPPRESSING, Fate, MailFate, suppressed
from chalicelib.domain.mail_traffic import bounce_slot, slot_of
from chalicelib.ports import Clock, MailTraffic, Outbox, Suppressions


def count_deliveries(fates: Sequence[MailFate], *, traffic: MailTraffic) -> None:
    """Of a whole batch: of a million mails nearly all are delivered, and each alone is worth no write."""
    counts: dict[tuple[str, datetime], Counter[str]] = {}
    for fate in fates:
        if fate.fate is Fate.DELIVERED:
            slot = counts.setdefault((fate.provider, slot_of(fate.left_at)), Counter())
            slot["quick" if fate.is_quick else "late"] += 1
    for (provider, begins_at), each in counts.items():
        with suppress(Unavailable):  # told again, the slots that were counted would be counted twice
            traffic.count(provider, begins_at, **each)


def note_mail_fate(
    fate: MailFate, *, outbox: Outbox, suppressions: Suppressions, traffic: MailTraffic, clock: Clock
) -> None:
    """What did not arrive, or was not wanted: its address is suppressed and it is counted, then the mail's record
    moves, which ends it however often we are told. Cut off in between, it is counted twice: a brake may err to that
    side, and to no other. ``NotFound`` for a mail that we do not know."""
    event = SUPPRESSING.get(fate.fate)
    if event is None:
        return
    mail = outbox.get(fate.send_key)
    if mail is None:
        raise NotFound("mail_unknown")
    if mail.is_in_hands(clock.now()):
        raise MailUnavailable("mail_not_yet_noted")  # its fate was quicker than our own record of having sent it
    if not MAIL.allows(mail.state, event):
        return
    _suppress(mail, fate, suppressions)
    now = clock.now()
    if fate.fate is Fate.COMPLAINED:
        traffic.count(fate.provider, slot_of(now), complained=1)
    else:
        traffic.count(fate.provider, bounce_slot(fate.left_at, now=now), bounced=1)
    outbox.save(came_back(mail, event))


def _suppress(mail: OutboxMail, fate: MailFate, suppressions: Suppressions) -> None:
    known = suppressions.get(mail.applicant_id)
    now_known = suppressed(known, mail.applicant_id, because=fate.fate, now=fate.left_at)
    if now_known != known:
        suppressions.save(now_known)
