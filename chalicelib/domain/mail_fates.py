"""What becomes of a mail after a provider took it, and to whom no mail goes any more because of it."""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum

from chalicelib.domain.identifiers import ApplicantId, SendKey
from chalicelib.domain.mail import ASKED_FOR, MailEvent, Template

QUICK = timedelta(minutes=5)


class Fate(StrEnum):
    DELIVERED = "delivered"
    BOUNCED = "bounced"
    """For good: there is no such mailbox. A full one or a server that is down is no bounce, the provider tries on."""
    COMPLAINED = "complained"


SUPPRESSING = {Fate.BOUNCED: MailEvent.BOUNCE, Fate.COMPLAINED: MailEvent.COMPLAIN}
BOUNCE_COUNTS_FOR = timedelta(days=30)
"""Then one mail may find out again: mailboxes are made anew, and a person may register only by theirs."""


@dataclass(frozen=True, slots=True)
class MailFate:
    """As a provider tells it. ``left_at``: when the mail left us, by our clock."""

    provider: str
    send_key: SendKey
    fate: Fate
    left_at: datetime
    at: datetime

    @property
    def is_quick(self) -> bool:
        return self.at - self.left_at <= QUICK


@dataclass(frozen=True, slots=True)
class Suppression:
    """An address, by its owner, to which mail is not to go."""

    applicant_id: ApplicantId
    because: Fate
    since: datetime
    lifted_at: datetime | None = None
    """When staff found that mail arrives again."""
    version: int = 0

    def stops(self, template: Template, *, now: datetime) -> bool:
        """Who complained still gets what they ask for themselves; what bounced gets nothing for a while."""
        if self.lifted_at is not None:
            return False
        if self.because is Fate.BOUNCED:
            return now < self.since + BOUNCE_COUNTS_FOR
        return template not in ASKED_FOR


def suppressed(known: Suppression | None, applicant_id: ApplicantId, *, because: Fate, now: datetime) -> Suppression:
    """A complaint outlives a bounce: the mailbox may come back, the wish not to be written to stays."""
    if known is None:
        return Suppression(applicant_id, because, now)
    if known.lifted_at is None and known.because is Fate.COMPLAINED:
        return known
    return replace(known, because=because, since=now, lifted_at=None)
