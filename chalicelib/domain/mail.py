"""A mail: asked for by template and send key, sent once."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from enum import StrEnum

from chalicelib.domain.commands import Queue
from chalicelib.domain.identifiers import ApplicantId, SendKey
from chalicelib.domain.lifecycle import LifeCycle


class Language(StrEnum):
    INDONESIAN = "id"
    ENGLISH = "en"


class Template(StrEnum):
    """Each has four files in ``web/templates/mail``: two languages, text and HTML."""

    VERIFY_EMAIL = "verify_email"
    ACCOUNT_EXISTS = "account_exists"
    IDENTITY_VERIFIED = "identity_verified"
    IDENTITY_FAILED = "identity_failed"
    IDENTITY_IN_REVIEW = "identity_in_review"
    IDENTITY_CORRECTED = "identity_corrected"
    IDENTITY_REOPENED = "identity_reopened"
    DOCUMENTS_WANTED = "documents_wanted"
    AWARDED = "awarded"
    NOT_AWARDED = "not_awarded"
    PURCHASE_CODE = "purchase_code"
    CERTIFICATE = "certificate"
    INCENTIVE_PAID = "incentive_paid"
    INCENTIVE_REFUSED = "incentive_refused"
    FIRST_PURCHASE_SOON = "first_purchase_soon"
    MEMBERSHIP_REVOKED = "membership_revoked"
    BALANCE_ENDS_SOON = "balance_ends_soon"
    BALANCE_ENDED = "balance_ended"
    INVITATION = "invitation"
    """The only one to somebody who has no account: see ``use_cases/mail/addressee.py``."""


ASKED_FOR = frozenset({Template.VERIFY_EMAIL, Template.ACCOUNT_EXISTS, Template.PURCHASE_CODE})
"""Somebody sits before the screen and waits for it. All others are announcements, and go when these have gone."""


def queue_for(template: Template) -> Queue:
    return Queue.MAILS_TO_SEND if template in ASKED_FOR else Queue.ANNOUNCEMENTS_TO_SEND


@dataclass(frozen=True, slots=True)
class MailOrder:
    """What the queue carries: no address, no code, no name. Blanks hold amounts, numbers of waves, reason codes."""

    send_key: SendKey
    template: Template
    applicant_id: ApplicantId
    blanks: Mapping[str, str | int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Mail:
    """Ready to leave."""

    send_key: SendKey
    to: str
    subject: str
    text: str
    html: str
    language: Language
    correlation_id: str
    left_at: datetime
    """When it was handed over, or is about to be: comes back with its fate."""


class MailState(StrEnum):
    SENDING = "sending"
    WAITING = "waiting"
    """Every provider was out: whoever looks next may take it up at once."""
    SENT = "sent"
    REFUSED = "refused"
    BOUNCED = "bounced"
    """The provider took it, and the address did not, for good."""
    COMPLAINED = "complained"
    """It arrived, and whoever got it called it spam."""


class MailEvent(StrEnum):
    TAKE_UP = "take_up"
    LET_GO = "let_go"
    SENT = "sent"
    REFUSE = "refuse"
    BOUNCE = "bounce"
    COMPLAIN = "complain"


MAIL = LifeCycle(
    "mail",
    {
        (MailState.SENDING, MailEvent.TAKE_UP): MailState.SENDING,
        (MailState.SENDING, MailEvent.LET_GO): MailState.WAITING,
        (MailState.WAITING, MailEvent.TAKE_UP): MailState.SENDING,
        (MailState.SENDING, MailEvent.SENT): MailState.SENT,
        (MailState.SENDING, MailEvent.REFUSE): MailState.REFUSED,
        (MailState.SENT, MailEvent.BOUNCE): MailState.BOUNCED,
        (MailState.SENT, MailEvent.COMPLAIN): MailState.COMPLAINED,
        # Whoever sent it was cut off before noting it, or heard no answer: its fate proves that it left.
        (MailState.SENDING, MailEvent.BOUNCE): MailState.BOUNCED,
        (MailState.SENDING, MailEvent.COMPLAIN): MailState.COMPLAINED,
        (MailState.WAITING, MailEvent.BOUNCE): MailState.BOUNCED,
        (MailState.WAITING, MailEvent.COMPLAIN): MailState.COMPLAINED,
    },
)


SENDING_LEASE = timedelta(minutes=2)
"""A mail that was taken up longer ago was cut off. It is sent again: two of a kind are better than none, and both bear
the same ``X-Prakerja-Send-Key`` (SES puts a Message-ID of its own)."""


@dataclass(frozen=True, slots=True)
class OutboxMail:
    """The record that a mail was begun and how it ended; keeps neither address nor text."""

    send_key: SendKey
    template: Template
    applicant_id: ApplicantId
    state: MailState
    taken_up_at: datetime
    provider: str | None = None
    provider_message_id: str | None = None
    version: int = 0

    def is_over(self) -> bool:
        return self.state not in (MailState.SENDING, MailState.WAITING)

    def is_in_hands(self, now: datetime) -> bool:
        """Whether somebody is sending it at this moment, for all we know."""
        return self.state is MailState.SENDING and now < self.taken_up_at + SENDING_LEASE

    @property
    def left_at(self) -> datetime | None:
        """When it was taken up for the last time, seconds before the provider had it; None while nobody has."""
        return self.taken_up_at if self.is_over() and self.state is not MailState.REFUSED else None


def taken_up(mail: OutboxMail, *, now: datetime) -> OutboxMail:
    return replace(mail, state=MAIL.after(mail.state, MailEvent.TAKE_UP), taken_up_at=now)


def let_go(mail: OutboxMail) -> OutboxMail:
    return replace(mail, state=MAIL.after(mail.state, MailEvent.LET_GO))


def sent(mail: OutboxMail, *, provider: str, message_id: str) -> OutboxMail:
    state = MAIL.after(mail.state, MailEvent.SENT)
    return replace(mail, state=state, provider=provider, provider_message_id=message_id)


def refused(mail: OutboxMail) -> OutboxMail:
    return replace(mail, state=MAIL.after(mail.state, MailEvent.REFUSE))


def came_back(mail: OutboxMail, event: MailEvent) -> OutboxMail:
    return replace(mail, state=MAIL.after(mail.state, event))
