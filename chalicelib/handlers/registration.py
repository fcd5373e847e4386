"""Doors of registration: accounts, e-mail verification, sessions."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from http import HTTPStatus
from typing import Any

from chalice.app import Blueprint
from pydantic import Field

from chalicelib import bootstrap
from chalicelib.domain.mail import Language
from chalicelib.handlers.batches import each_message_after
from chalicelib.handlers.doors import Access, Body, Caller
from chalicelib.handlers.replies import replies
from chalicelib.handlers.wording import message
from chalicelib.settings import queue_name
from chalicelib.use_cases.registration.open_account import Asked, open_account, open_new_accounts
from chalicelib.use_cases.registration.request_registration import request_registration
from chalicelib.use_cases.registration.sign_in import sign_in
from chalicelib.use_cases.registration.sign_out import sign_out
from chalicelib.use_cases.registration.verify_email import Answer, verify_email

blueprint = Blueprint(__name__)


class Registration(Body):
    email: str = Field(max_length=320, examples=["siti@contoh.example"])
    language: Language | None = Field(None, description="Of the mails; else that of Accept-Language.")


class Notice(Body):
    message: str


class EmailVerification(Body):
    """The link's token, or the address with the code that was typed."""

    token: str | None = Field(None, max_length=200)
    email: str | None = Field(None, max_length=320)
    code: str | None = Field(None, pattern=r"^[0-9]{6}$")
    password: str = Field(max_length=1024)


class Credentials(Body):
    email: str = Field(max_length=320)
    password: str = Field(max_length=1024)


class SessionOpened(Body):
    token: str = Field(description="Send it as `Authorization: Bearer <token>`.")
    expires_at: datetime


@blueprint.route("/v1/registrations", methods=["POST"])
@replies(blueprint, access=Access.PUBLIC, status=HTTPStatus.ACCEPTED)
def register(body: Registration, language: Language) -> Notice:
    """Register with an e-mail address. The answer is the same for every address; the mail is not."""
    chosen = body.language or language
    request_registration(body.email, chosen, chance=bootstrap.chance(), messages=bootstrap.registration_messages())
    return Notice(message=message("registration_taken", language))


@blueprint.route("/v1/email-verifications", methods=["POST"])
@replies(blueprint, access=Access.PUBLIC, status=HTTPStatus.CREATED)
def verify(body: EmailVerification) -> SessionOpened:
    """Prove the address with the mail's link or code, choose the password, and be signed in."""
    token, session = verify_email(
        Answer(body.token, body.email, body.code),
        body.password,
        accounts=bootstrap.accounts(),
        indexer=bootstrap.indexer(),
        passwords=bootstrap.passwords(),
        outbox=bootstrap.outbox(),
        chance=bootstrap.chance(),
        clock=bootstrap.clock(),
    )
    return SessionOpened(token=token, expires_at=session.expires_at)


@blueprint.route("/v1/sessions", methods=["POST"])
@replies(blueprint, access=Access.PUBLIC, status=HTTPStatus.CREATED)
def open_session(body: Credentials) -> SessionOpened:
    """Sign in."""
    token, session = sign_in(
        body.email,
        body.password,
        accounts=bootstrap.accounts(),
        indexer=bootstrap.indexer(),
        passwords=bootstrap.passwords(),
        chance=bootstrap.chance(),
        clock=bootstrap.clock(),
    )
    return SessionOpened(token=token, expires_at=session.expires_at)


@blueprint.route("/v1/sessions/current", methods=["DELETE"])
@replies(blueprint, access=Access.SIGNED_IN, status=HTTPStatus.NO_CONTENT)
def close_session(caller: Caller) -> None:
    """Sign out, here and now."""
    sign_out(caller.token, accounts=bootstrap.accounts(), indexer=bootstrap.indexer())


def _asked(body: Mapping[str, Any]) -> Asked:
    return Asked(body["email"], Language(body["language"]), body["registration_id"])


def _open_new(bodies: Sequence[Mapping[str, Any]]) -> frozenset[str]:
    return open_new_accounts(
        [_asked(body) for body in bodies],
        accounts=bootstrap.accounts(),
        indexer=bootstrap.indexer(),
        clock=bootstrap.clock(),
    )


@blueprint.on_sqs_message(
    queue=queue_name("registrations-to-open"),
    batch_size=25,
    maximum_batching_window_in_seconds=1,
    maximum_concurrency=50,
)
@each_message_after(_open_new)
def open_accounts(body: dict[str, Any], opened: frozenset[str] | None) -> None:
    open_account(
        _asked(body),
        is_new=opened is not None and body["registration_id"] in opened,
        accounts=bootstrap.accounts(),
        indexer=bootstrap.indexer(),
        messages=bootstrap.messages(),
        clock=bootstrap.clock(),
    )
