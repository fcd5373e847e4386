"""Doors from a registration to a signed-in person: e-mail verification, sessions."""

from datetime import datetime
from http import HTTPStatus

from chalice.app import Blueprint
from pydantic import Field

from chalicelib import bootstrap
from chalicelib.handlers.doors import Access, Body, Caller, SourceAddress
from chalicelib.handlers.replies import replies
from chalicelib.use_cases.registration.limit_network import limit_network
from chalicelib.use_cases.registration.sign_in import sign_in
from chalicelib.use_cases.registration.sign_out import sign_out
from chalicelib.use_cases.registration.verify_email import Answer, verify_email

blueprint = Blueprint(__name__)


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


@blueprint.route("/v1/email-verifications", methods=["POST"])
@replies(blueprint, access=Access.PUBLIC, status=HTTPStatus.CREATED)
def verify(body: EmailVerification, source: SourceAddress) -> SessionOpened:
    """Prove the address with the mail's link or code, choose the password, and be signed in."""
    if body.token is None:
        _limit(source)
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
def open_session(body: Credentials, source: SourceAddress) -> SessionOpened:
    """Sign in."""
    _limit(source)
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


def _limit(source: SourceAddress) -> None:
    limit_network(source, buckets=bootstrap.buckets(), indexer=bootstrap.indexer(), clock=bootstrap.clock())
