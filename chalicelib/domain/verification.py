"""Who a person is, and what the registries say of it.

An applicant states an identity once; three registries are asked about it; each answer becomes a check with its
source and as-of time. A registry that does not answer leaves its check pending: an outage refuses nobody.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from enum import StrEnum

from chalicelib.domain.errors import AlreadyDone, Conflict
from chalicelib.domain.identifiers import ApplicantId
from chalicelib.domain.lifecycle import LifeCycle
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
    """``differs`` names fields of :class:`Identity`; ``name_score`` is 0-100, as the registry scored the name."""

    status: PersonStatus
    differs: frozenset[str]
    name_score: int
    as_of: datetime


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
    """What one registry's answer means; ``reasons`` are stable codes (see ``domain/eligibility.py``)."""

    outcome: Outcome = Outcome.PENDING
    reasons: tuple[str, ...] = ()
    as_of: datetime | None = None


class IdentityState(StrEnum):
    NONE = "none"
    SUBMITTED = "submitted"
    CHECKING = "checking"
    VERIFIED = "verified"
    FAILED = "failed"
    IN_REVIEW = "in_review"


class IdentityEvent(StrEnum):
    SUBMIT = "submit"
    CLAIM = "claim"
    PASS = "pass"  # noqa: S105
    FAIL = "fail"
    DOUBT = "doubt"


IDENTITY = LifeCycle(
    "identity",
    {
        (IdentityState.NONE, IdentityEvent.SUBMIT): IdentityState.SUBMITTED,
        (IdentityState.SUBMITTED, IdentityEvent.CLAIM): IdentityState.CHECKING,
        (IdentityState.SUBMITTED, IdentityEvent.DOUBT): IdentityState.IN_REVIEW,
        (IdentityState.CHECKING, IdentityEvent.PASS): IdentityState.VERIFIED,
        (IdentityState.CHECKING, IdentityEvent.FAIL): IdentityState.FAILED,
        (IdentityState.CHECKING, IdentityEvent.DOUBT): IdentityState.IN_REVIEW,
        (IdentityState.FAILED, IdentityEvent.SUBMIT): IdentityState.SUBMITTED,
    },
)


class PhotoKind(StrEnum):
    ID_CARD = "id_card"
    SELFIE = "selfie"


class PhotoState(StrEnum):
    MISSING = "missing"
    ACCEPTED = "accepted"
    REFUSED = "refused"


@dataclass(frozen=True, slots=True)
class Photo:
    state: PhotoState = PhotoState.MISSING
    reason: str | None = None
    object_key: str | None = None


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
    declared_at: datetime | None = None
    version: int = 0

    def check(self, registry: Registry) -> Check:
        return self.checks.get(registry, Check())

    def photo(self, kind: PhotoKind) -> Photo:
        return self.photos.get(kind, Photo())


MOST_SUBMISSIONS = 5
"""Typos are forgiven this often; then a person helps (2 million failed on typos in 2020)."""


def submit_identity(applicant: Applicant, identity: Identity) -> Applicant:
    if applicant.submission >= MOST_SUBMISSIONS:
        raise Conflict("identity_attempts_used_up")
    state = IDENTITY.after(applicant.state, IdentityEvent.SUBMIT)
    return replace(
        applicant, state=state, identity=identity, submission=applicant.submission + 1, reasons=(), checks={}
    )


def claim_identity(applicant: Applicant, *, is_free: bool) -> Applicant:
    """The NIK is this applicant's from here on, unless it is another's: then people look into it."""
    if is_free:
        return replace(applicant, state=IDENTITY.after(applicant.state, IdentityEvent.CLAIM))
    state = IDENTITY.after(applicant.state, IdentityEvent.DOUBT)
    return replace(applicant, state=state, reasons=("identity_needs_assistance",))


def record_check(applicant: Applicant, registry: Registry, check: Check) -> Applicant:
    """The applicant after one registry's answer; the last answer decides."""
    if applicant.check(registry).outcome is not Outcome.PENDING:
        raise AlreadyDone("check_already_recorded")
    checked = replace(applicant, checks={**applicant.checks, registry: check})
    population = checked.check(Registry.POPULATION)
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


NAME_SCORE_THRESHOLD = 90
"""Sent as ``TRESHOLD``; from here up the names are the same person's."""
NAME_SCORE_REVIEW = 70
"""From here up to the threshold a person decides; below, the names differ."""

_STATUS_REASONS = {
    PersonStatus.DECEASED: "population_deceased",
    PersonStatus.UNKNOWN: "population_nik_unknown",
    PersonStatus.INACTIVE: "population_inactive",
    PersonStatus.BAD_FORMAT: "population_nik_unknown",
}


def judge_population(answer: PopulationAnswer) -> Check:
    """The check that follows from the registry's answer."""
    if answer.status is PersonStatus.DUPLICATE:
        return Check(Outcome.REVIEW, ("population_duplicate",), answer.as_of)
    if answer.status is not PersonStatus.FOUND:
        return Check(Outcome.FAILED, (_STATUS_REASONS[answer.status],), answer.as_of)
    if answer.differs == {"full_name"} and answer.name_score >= NAME_SCORE_REVIEW:
        return Check(Outcome.REVIEW, ("population_name_unclear",), answer.as_of)
    if answer.differs:
        return Check(Outcome.FAILED, ("population_differs",), answer.as_of)
    return Check(Outcome.PASSED, (), answer.as_of)


def judge_lists(matches: tuple[ListMatch, ...], *, now: datetime) -> Check:
    """Standing on a list refuses nobody by itself: the wave's scheme decides what a list means."""
    reasons = tuple(sorted({f"{match.category}:{match.source}" for match in matches}))
    return Check(Outcome.PASSED, reasons, min((match.as_of for match in matches), default=now))
