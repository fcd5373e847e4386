"""Take a registration: one message, whoever asks, whatever we know of the address."""

from chalicelib.domain.commands import Queue
from chalicelib.domain.mail import Language
from chalicelib.domain.registration import parse_email
from chalicelib.ports import Chance, Messages


def request_registration(email: str, language: Language, source: str, *, chance: Chance, messages: Messages) -> None:
    """``InvalidInput`` for what cannot be an address; else the registration is on its queue, not to be lost."""
    body = {
        "email": parse_email(email),
        "language": language.value,
        "registration_id": chance.token(),
        "source": source,
    }
    messages.send(Queue.REGISTRATIONS_TO_OPEN, body)
