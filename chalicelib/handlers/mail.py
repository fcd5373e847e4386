"""Doors of mail: what is to be sent, what became of it, and a look at it every minute."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import datetime
from http import HTTPStatus
from typing import Any

from chalice.app import Blueprint, CloudWatchEvent
from pydantic import Field

from chalicelib import bootstrap
from chalicelib.domain.commands import Queue
from chalicelib.domain.errors import InvalidInput
from chalicelib.domain.identifiers import ApplicantId, SendKey
from chalicelib.domain.mail import MailOrder, Template
from chalicelib.domain.mail_fates import Fate, MailFate
from chalicelib.handlers.batches import each_message_after, each_message_within
from chalicelib.handlers.doors import Access, Body, Signed
from chalicelib.handlers.replies import replies
from chalicelib.observability import correlated, correlation_id, gauge, new_correlation_id
from chalicelib.settings import queue_name, settings
from chalicelib.use_cases.mail.lift_suppression import lift_suppression
from chalicelib.use_cases.mail.mailing import Mailing
from chalicelib.use_cases.mail.note_mail_fate import count_deliveries, note_mail_fate
from chalicelib.use_cases.mail.rounds import MailRound
from chalicelib.use_cases.mail.send_mail import send_mail
from chalicelib.use_cases.mail.watch_mail import watch_mail

blueprint = Blueprint(__name__)

LONGEST_MAIL_MILLISECONDS = 28_000
"""Three turns, of domain and providers, at 5 s each; SES does not answer (5 s), nor SendGrid (8 s)."""
LARGEST_NOTICE_BYTES = 1024 * 1024
"""SendGrid gathers events for half a minute, or up to 768 KB."""


def _mailing() -> Mailing:
    return Mailing(
        outbox=bootstrap.outbox(),
        accounts=bootstrap.accounts(),
        suppressions=bootstrap.suppressions(),
        lists=bootstrap.lists(),
        list_entries=bootstrap.list_entries(),
        buckets=bootstrap.buckets(),
        traffic=bootstrap.mail_traffic(),
        writer=bootstrap.mail_writer(),
        providers=bootstrap.mail_providers(),
        indexer=bootstrap.indexer(),
        clock=bootstrap.clock(),
        public_url=settings().public_url,
    )


@contextmanager
def _round(bodies: Sequence[Mapping[str, Any]]) -> Iterator[MailRound | None]:
    begun = MailRound(_mailing()) if bodies else None  # an empty batch asks for nothing
    yield begun
    if begun:
        begun.close()


def _send(body: Mapping[str, Any], in_round: MailRound | None) -> None:
    order = MailOrder(
        send_key=SendKey(body["send_key"]),
        template=Template(body["template"]),
        applicant_id=ApplicantId(body["applicant_id"]),
        blanks=body.get("blanks", {}),
    )
    if in_round is None:
        with _round([body]) as alone:
            return _send(body, alone)
    send_mail(order, correlation_id(), in_round)


@blueprint.on_sqs_message(queue=queue_name("mails-to-send"), batch_size=5, maximum_concurrency=50)
@each_message_within(_round, longest_milliseconds=LONGEST_MAIL_MILLISECONDS)
def send_mails(body: dict[str, Any], in_round: MailRound | None) -> None:
    """Somebody waits for these: how many go at a time is decided by the providers' pace, not by how many we are."""
    _send(body, in_round)


@blueprint.on_sqs_message(queue=queue_name("announcements-to-send"), batch_size=5, maximum_concurrency=20)
@each_message_within(_round, longest_milliseconds=LONGEST_MAIL_MILLISECONDS)
def send_announcements(body: dict[str, Any], in_round: MailRound | None) -> None:
    _send(body, in_round)


@blueprint.route("/v1/mail-notices/sendgrid", methods=["POST"])
@replies(blueprint, access=Access.PUBLIC, status=HTTPStatus.NO_CONTENT)
def take_sendgrid_notices(signed: Signed) -> None:
    """SendGrid's event webhook: signed by its key. What became of mails goes to the same queue as SES's notices."""
    if len(signed.body) > LARGEST_NOTICE_BYTES:
        raise InvalidInput("body_too_large", most=LARGEST_NOTICE_BYTES)
    fates = bootstrap.sendgrid_notices().read(signed.body, signed.headers)
    if fates:
        bootstrap.messages().send(Queue.MAIL_FATES_TO_NOTE, *map(_as_body, fates))


class SuppressionLifted(Body):
    email: str = Field(max_length=320, examples=["siti@contoh.example"])


@blueprint.route("/v1/staff/mail-suppressions/lifts", methods=["POST"])
@replies(blueprint, access=Access.STAFF, status=HTTPStatus.NO_CONTENT)
def lift(body: SuppressionLifted) -> None:
    """Let mail go to an address again from which it came back. The answer is the same for every address."""
    lift_suppression(
        body.email, suppressions=bootstrap.suppressions(), indexer=bootstrap.indexer(), clock=bootstrap.clock()
    )


def _as_body(fate: MailFate) -> dict[str, object]:
    return {
        "provider": fate.provider,
        "send_key": fate.send_key,
        "fate": fate.fate.value,
        "left_at": fate.left_at.isoformat(),
        "at": fate.at.isoformat(),
    }


def _fates_in(body: Mapping[str, Any]) -> Sequence[MailFate]:
    """``InvalidInput`` for what neither SES nor we could have written."""
    if "eventType" in body:
        return bootstrap.ses_notices().read(body)
    left_at, at = datetime.fromisoformat(body["left_at"]), datetime.fromisoformat(body["at"])
    return [MailFate(body["provider"], SendKey(body["send_key"]), Fate(body["fate"]), left_at, at)]


def _readable(bodies: Sequence[Mapping[str, Any]]) -> Iterator[MailFate]:
    for body in bodies:
        try:
            yield from _fates_in(body)
        except (InvalidInput, KeyError, ValueError, TypeError):
            continue  # each says so when its own turn comes


def _count(bodies: Sequence[Mapping[str, Any]]) -> bool:
    count_deliveries(list(_readable(bodies)), traffic=bootstrap.mail_traffic())
    return True


@blueprint.on_sqs_message(
    queue=queue_name("mail-fates-to-note"),
    batch_size=100,
    maximum_batching_window_in_seconds=1,
    maximum_concurrency=10,
)
@each_message_after(_count)
def note_mail_fates(body: dict[str, Any], counted: bool | None) -> None:
    fates = _fates_in(body)
    if not counted:
        count_deliveries(fates, traffic=bootstrap.mail_traffic())
    for fate in fates:
        note_mail_fate(
            fate,
            outbox=bootstrap.outbox(),
            suppressions=bootstrap.suppressions(),
            traffic=bootstrap.mail_traffic(),
            clock=bootstrap.clock(),
        )


@blueprint.schedule("rate(1 minute)")
def watch_mails(_event: CloudWatchEvent) -> None:
    """Looks at how mail fares, and plans the next minute's."""
    with correlated(new_correlation_id()):
        all_fares = watch_mail(
            traffic=bootstrap.mail_traffic(), providers=bootstrap.mail_providers(), clock=bootstrap.clock()
        )
    for fares in all_fares:
        gauge("MailShare", fares.share, provider=fares.provider)
        gauge("MailSlowShare", fares.slow_share, provider=fares.provider)
        gauge("MailBraked", int(fares.brakes_unproven or fares.brakes_announcements), provider=fares.provider)
