"""Who a person is, and what the registries say of it.

An applicant states an identity once; three registries are asked about it; each answer becomes a check with its
source and as-of time. A registry that does not answer leaves its check pending: an outage refuses nobody.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from enum import StrEnum

from chalicelib.domain.cases import Document, Ruling
from chalicelib.domain.errors import AlreadyDone, Conflict
from chalicelib.domain.face_match import FaceMatch
from chalicelib.domain.identifiers import ApplicantId
from chalicelib.domain.identity_states import IDENTITY as IDENTITY
from chalicelib.domain.identity_states import IdentityEvent as IdentityEvent
from chalicelib.domain.identity_states import IdentityState as IdentityState
from chalicelib.domain.nik import FamilyCardNo, Nik


class Sex(StrEnum):
    MALE = "male"
    FEMALE = "female"


@dataclass(frozen=True, slots=True)
class Identity:
    """As stated by the applicant. Personal throughout: stored sealed, never logged."""

    nik: Nik
    family_card_no: FamilyCardNo
    full_name: str
    birth_date: date
    sex: Sex
    mother_name: str
    street: str
    province_code: str
    regency_code: str
    phone: str
    occupation: str
    disabled: bool = False


class Registry(StrEnum):
    """Who is asked: three neighbours and our own loaded lists, each through its own queue."""

    POPULATION = "population"
    EDUCATION = "education"
    SOCIAL = "social"
    LISTS = "lists"


class PersonStatus(StrEnum):
    """What the population registry says of a NIK as a whole."""

    FOUND = "found"
    DECEASED = "deceased"
    DUPLICATE = "duplicate"
    UNKNOWN = "unknown"
    INACTIVE = "inactive"
    BAD_FORMAT = "bad_format"


@dataclass(frozen=True, slots=True)
class PopulationAnswer:
    """``differs`` names fields of :class:`Identity`; the scores are 0-100, as the registry scored the names.
    ``digest``: SHA-256 in hex of its reply as it came. ``quota_left``: calls that it allows us yet today."""

    status: PersonStatus
    differs: frozenset[str]
    name_score: int
    as_of: datetime
    mother_name_score: int = 0
    digest: str = ""
    quota_left: int | None = None


@dataclass(frozen=True, slots=True)
class ListMatch:
    """One list on which the person stands, e.g. source ``DAPODIK``, category ``student``."""

    source: str
    category: str
    as_of: datetime


class Outcome(StrEnum):
    PENDING = "pending"
    PASSED = "passed"
    FAILED = "failed"
    REVIEW = "review"


@dataclass(frozen=True, slots=True)
class Check:
    """What one registry's answer means; ``reasons`` are stable codes (see ``domain/eligibility.py``). ``evidence``
    names the answer that was kept (``domain/registry_answers.py``)."""

    outcome: Outcome = Outcome.PENDING
    reasons: tuple[str, ...] = ()
    as_of: datetime | None = None
    evidence: str | None = None


class PhotoKind(StrEnum):
    ID_CARD = "id_card"
    SELFIE = "selfie"


class PhotoState(StrEnum):
    MISSING = "missing"
    ACCEPTED = "accepted"
    REFUSED = "refused"


@dataclass(frozen=True, slots=True)
class Photo:
    """``fingerprint`` is the same for nearly the same picture. ``alike`` are others who sent one: None until somebody
    looked, and for staff alone. ``looked_at``: when a person did."""

    state: PhotoState = PhotoState.MISSING
    reason: str | None = None
    object_key: str | None = None
    uploaded_at: datetime | None = None
    fingerprint: str | None = None
    alike: tuple[ApplicantId, ...] | None = None
    looked_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Applicant:
    """One person's way through verification. ``version`` counts writes; 0 has never been stored."""

    id: ApplicantId
    state: IdentityState = IdentityState.NONE
    identity: Identity | None = None
    submission: int = 0
    """How often an identity was stated: a check answers one submission and is void for the next."""
    reasons: tuple[str, ...] = ()
    checks: Mapping[Registry, Check] = field(default_factory=dict)
    photos: Mapping[PhotoKind, Photo] = field(default_factory=dict)
    face: FaceMatch = field(default_factory=FaceMatch)
    declared_at: datetime | None = None
    checking_since: datetime | None = None
    wave_closes_at: datetime | None = None
    """Of the wave that was to be joined next when the checks began: whose wave closes first is asked about first."""
    waiting_since: datetime | None = None
    """Since when people have to look into it."""
    attempts_given_back: int = 0
    corrected_submission: int = 0
    """The last submission that an officer made for the person; 0 for none."""
    documents: tuple[Document, ...] = ()
    rulings: tuple[Ruling, ...] = ()
    version: int = 0

    @property
    def attempts_left(self) -> int:
        return MOST_SUBMISSIONS + self.attempts_given_back - self.submission

    def check(self, registry: Registry) -> Check:
        return self.checks.get(registry, Check())

    def photo(self, kind: PhotoKind) -> Photo:
        return self.photos.get(kind, Photo())


MOST_SUBMISSIONS = 5
"""Typos are forgiven this often; then a person helps (2 million failed on typos in 2020)."""


def submit_identity(applicant: Applicant, identity: Identity) -> Applicant:
    if applicant.attempts_left <= 0:
        raise Conflict("identity_attempts_used_up")
    state = IDENTITY.after(applicant.state, IdentityEvent.SUBMIT)
    return replace(
        applicant, state=state, identity=identity, submission=applicant.submission + 1, reasons=(), checks={}
    )


def claim_identity(
    applicant: Applicant, *, is_free: bool, now: datetime | None = None, wave_closes_at: datetime | None = None
) -> Applicant:
    """The NIK is this applicant's from here on, unless it is another's: then people look into it."""
    if is_free:
        state = IDENTITY.after(applicant.state, IdentityEvent.CLAIM)
        return replace(applicant, state=state, checking_since=now, wave_closes_at=wave_closes_at)
    state = IDENTITY.after(applicant.state, IdentityEvent.DOUBT)
    return replace(applicant, state=state, reasons=("identity_needs_assistance",))


def record_check(applicant: Applicant, registry: Registry, check: Check) -> Applicant:
    """The applicant after one registry's answer; the last answer decides."""
    if applicant.check(registry).outcome is not Outcome.PENDING:
        raise AlreadyDone("check_already_recorded")
    checked = replace(applicant, checks={**applicant.checks, registry: check})
    population = checked.check(Registry.POPULATION)
    if checked.state is IdentityState.VERIFIED:
        return checked  # asked again: what it says now counts, and the identity stays as it was
    if any(checked.check(each).outcome is Outcome.PENDING for each in Registry):
        return checked
    event = {
        Outcome.PASSED: IdentityEvent.PASS,
        Outcome.FAILED: IdentityEvent.FAIL,
        Outcome.REVIEW: IdentityEvent.DOUBT,
    }[population.outcome]
    return replace(checked, state=IDENTITY.after(checked.state, event), reasons=population.reasons)


def renew_check(applicant: Applicant, registry: Registry, check: Check) -> Applicant:
    """The applicant after a registry was asked again: what it says now counts, and the identity stays as it was."""
    return replace(applicant, checks={**applicant.checks, registry: check})


def record_photo(applicant: Applicant, kind: PhotoKind, photo: Photo) -> Applicant:
    return replace(applicant, photos={**applicant.photos, kind: photo})


def sign_declaration(applicant: Applicant, *, now: datetime) -> Applicant:
    """Signing twice is signing once: the first moment stands."""
    return applicant if applicant.declared_at else replace(applicant, declared_at=now)


def judge_lists(matches: tuple[ListMatch, ...], *, now: datetime) -> Check:
    """Standing on a list refuses nobody by itself: the wave's scheme decides what a list means."""
    reasons = tuple(sorted({f"{match.category}:{match.source}" for match in matches}))
    return Check(Outcome.PASSED, reasons, min((match.as_of for match in matches), default=now))
