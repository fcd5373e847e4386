"""Taking a registration, behind either door (``registration.py``, ``registration_alone.py``). A launch's first second
starts hundreds of new environments for it, and each waits for all that is imported here: no framework, no pydantic.
"""

from typing import TYPE_CHECKING, Protocol

from chalicelib import bootstrap
from chalicelib.domain.mail import Language
from chalicelib.handlers.wording import message
from chalicelib.use_cases.registration.request_registration import request_registration

if TYPE_CHECKING:
    from chalicelib.domain.admission import Gate


class Asked(Protocol):
    @property
    def email(self) -> str: ...

    @property
    def language(self) -> Language | None:
        """Of the mails; else the reader's."""

    @property
    def ticket(self) -> str | None: ...


def take_registration(asked: Asked, language: Language, source: str) -> str:
    """What to tell the one who asked."""
    gate = bootstrap.gate_look().gate()
    if gate is not None and gate.is_on(bootstrap.clock().now()):
        _check_turn(asked, gate)
    request_registration(
        asked.email,
        asked.language or language,
        source,
        chance=bootstrap.chance(),
        messages=bootstrap.messages(),
    )
    return message("registration_taken", language)


def _check_turn(asked: Asked, gate: "Gate") -> None:
    # Not imported, and no key asked for, until there is a rush.
    from chalicelib.use_cases.admission.check_turn import check_turn

    check_turn(asked.email, asked.ticket, gate, indexer=bootstrap.indexer(), clock=bootstrap.clock())
