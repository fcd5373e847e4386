"""The door of registration. What it does is ``intake.py``'s: there is a second, lighter door to it
(``registration_alone.py``).
"""

from http import HTTPStatus

from chalice.app import Blueprint
from pydantic import Field

from chalicelib.domain.mail import Language
from chalicelib.handlers.doors import Access, Body, SourceAddress
from chalicelib.handlers.intake import take_registration
from chalicelib.handlers.replies import replies

blueprint = Blueprint(__name__)


class Registration(Body):
    email: str = Field(max_length=320, examples=["siti@contoh.example"])
    language: Language | None = Field(None, description="Of the mails; else that of Accept-Language.")
    ticket: str | None = Field(None, max_length=200, description="Of `POST /v1/gate/tickets`, while the gate is on.")


class Notice(Body):
    message: str


@blueprint.route("/v1/registrations", methods=["POST"])
@replies(blueprint, access=Access.PUBLIC, status=HTTPStatus.ACCEPTED)
def register(body: Registration, language: Language, source: SourceAddress) -> Notice:
    """Register with an e-mail address. The answer is the same for every address; the mail is not."""
    return Notice(message=take_registration(body, language, source))
