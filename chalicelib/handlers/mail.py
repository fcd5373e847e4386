"""Doors of mail."""

from typing import Any

from chalice.app import Blueprint

from chalicelib import bootstrap
from chalicelib.domain.identifiers import ApplicantId, SendKey
from chalicelib.domain.mail import MailOrder, Template
from chalicelib.handlers.batches import each_message
from chalicelib.observability import correlation_id
from chalicelib.settings import queue_name, settings
from chalicelib.use_cases.mail.send_mail import send_mail

blueprint = Blueprint(__name__)


@blueprint.on_sqs_message(queue=queue_name("mails-to-send"), batch_size=10, maximum_concurrency=10)
@each_message
def send_mails(body: dict[str, Any]) -> None:
    send_mail(
        MailOrder(
            send_key=SendKey(body["send_key"]),
            template=Template(body["template"]),
            applicant_id=ApplicantId(body["applicant_id"]),
            blanks=body.get("blanks", {}),
        ),
        correlation_id(),
        outbox=bootstrap.outbox(),
        accounts=bootstrap.accounts(),
        writer=bootstrap.mail_writer(),
        providers=bootstrap.mail_providers(),
        indexer=bootstrap.indexer(),
        clock=bootstrap.clock(),
        public_url=settings().public_url,
    )
