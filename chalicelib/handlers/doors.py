"""The words in which a view says who may call it, what it takes and what it returns."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from enum import Enum
from http import HTTPStatus
from typing import Annotated, Any, NewType

from pydantic import BaseModel, ConfigDict, StringConstraints

from chalicelib.domain.identifiers import ApplicantId, StaffId
from chalicelib.domain.officers import Officer
from chalicelib.domain.registration import Role


class Access(Enum):
    """Who may call a route. Every route says so; ``PUBLIC`` ones stand on a list that a test compares."""

    PUBLIC = frozenset[Role]()
    APPLICANT = frozenset({Role.APPLICANT})
    STAFF = frozenset({Role.STAFF, Role.APPROVER, Role.CASEWORKER})
    APPROVER = frozenset({Role.APPROVER})
    CASEWORKER = frozenset({Role.CASEWORKER})
    SIGNED_IN = frozenset(Role)
    """Anybody with a session: what one does to the session itself."""
    PARTNER = frozenset({"partner"})
    """By signature instead of session: see ``partners.py``."""


class Body(BaseModel):
    """A JSON body or reply: unknown fields are refused, because a misspelt one would be silently lost."""

    # Built at first use: 46 models built at import would double the cold start.
    model_config = ConfigDict(extra="forbid", frozen=True, defer_build=True)


Line = Annotated[str, StringConstraints(pattern=r"^[^\x00-\x1f\x7f]+$", strip_whitespace=True)]
"""One line that a person typed: no control characters, and not empty."""
Paragraphs = Annotated[str, StringConstraints(pattern=r"^[^\x00-\x08\x0b-\x1f\x7f]+$", strip_whitespace=True)]
"""The same with line breaks."""


@dataclass(frozen=True, slots=True)
class Caller:
    """Whoever is signed in."""

    subject: str
    role: Role
    token: str
    own_account: ApplicantId | None = None

    @property
    def applicant_id(self) -> ApplicantId:
        return ApplicantId(self.subject)

    @property
    def staff_id(self) -> StaffId:
        return StaffId(self.subject)

    @property
    def officer(self) -> Officer:
        return Officer(self.staff_id, self.role, self.own_account)


@dataclass(frozen=True, slots=True)
class Page:
    """A place in a list: rows after ``after`` (None: from the start), at most ``limit``."""

    after: str | None = None
    limit: int = 50


SourceAddress = NewType("SourceAddress", str)
"""The IP address that asks, as the gateway saw it. Personal: it goes no further than a message's body."""


@dataclass(frozen=True, slots=True)
class Signed:
    """A request that is proven by a signature over its bytes. Header names are in lower case."""

    body: bytes = field(repr=False)
    headers: Mapping[str, str] = field(repr=False)


PERSONAL = "private, no-store"
"""Not left behind on a computer that others use next. Whoever keeps the tag themselves may still ask by it."""
PAGE = "public, max-age=300, stale-while-revalidate=86400"


def public_for(seconds: int) -> str:
    """For everybody alike, and so for every cache on the way."""
    return f"public, max-age={seconds}"


@dataclass(frozen=True, slots=True)
class Html:
    """A page for people."""

    text: str


@dataclass(frozen=True, slots=True)
class Program:
    """A Python program, to be kept and run."""

    name: str
    text: str


@dataclass(frozen=True, slots=True)
class Door:
    """What ``@replies`` knows of a view: for the OpenAPI document and for the tests of who may call what."""

    access: Access
    status: HTTPStatus
    view: Callable[..., Any]
    hints: Mapping[str, Any] = field(default_factory=dict)
    keep: str | None = None
    """`Cache-Control` of an answer that may be kept and asked for again by its tag; None: ``no-store``."""
    ask_again: Callable[[Any], int] | None = None
    """From what the view returned to the seconds after which there may be news."""
