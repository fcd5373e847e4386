"""A case as officers are shown it: states, reasons and history; personal values masked."""

from collections.abc import Mapping
from datetime import datetime

from chalicelib.domain.cases import Document, DocumentState, Ruling
from chalicelib.domain.references import parse_reference, spoken
from chalicelib.domain.support import WaitingCase, masked_values
from chalicelib.domain.verification import Applicant, IdentityState, PhotoKind, PhotoState, Registry
from chalicelib.handlers.doors import Body
from chalicelib.handlers.selfie_replies import SelfieReply, selfie
from chalicelib.use_cases.support.disclose_values import Value


class WaitingReply(Body):
    reference: str
    reasons: list[str]
    selfie_reasons: list[str]
    since: datetime


class WaitingCases(Body):
    cases: list[WaitingReply]
    next: str | None


class CheckReply(Body):
    registry: str
    outcome: str
    reasons: list[str]
    as_of: datetime | None


class PhotoReply(Body):
    kind: PhotoKind
    state: PhotoState
    reason: str | None


class DocumentReply(Body):
    kind: str
    state: DocumentState
    at: datetime
    key: str | None


class RulingReply(Body):
    kind: str
    by: str
    reason: str
    at: datetime
    code: str | None
    concerns: list[str]


class CaseReply(Body):
    """`review_version` goes with every decision: whoever saw an older one is told to look again."""

    reference: str
    state: IdentityState
    reasons: list[str]
    since: datetime | None
    attempts_left: int
    masked: dict[str, str]
    checks: list[CheckReply]
    photos: list[PhotoReply]
    selfie: SelfieReply
    documents: list[DocumentReply]
    history: list[RulingReply]
    review_version: int


class Disclosed(Body):
    """By field; null for what was never stated. Photos and documents are links that live for minutes."""

    values: dict[str, Value]


def waiting_case(case: WaitingCase) -> WaitingReply:
    return WaitingReply(
        reference=spoken(case.reference),
        reasons=list(case.reasons),
        selfie_reasons=list(case.selfie_reasons),
        since=case.since,
    )


def case(applicant: Applicant, reference: str, photos: Mapping[str, str] | None = None) -> CaseReply:
    """``photos`` are links, for who may see them."""
    return CaseReply(
        reference=spoken(parse_reference(reference)),
        state=applicant.state,
        reasons=list(applicant.reasons),
        since=applicant.waiting_since,
        attempts_left=max(0, applicant.attempts_left),
        masked=dict(masked_values(applicant.identity)) if applicant.identity else {},
        checks=[_check(applicant, registry) for registry in Registry],
        photos=[_photo(applicant, kind) for kind in PhotoKind],
        selfie=selfie(applicant, photos or {}),
        documents=[_document(each) for each in applicant.documents],
        history=[_ruling(each) for each in applicant.rulings],
        review_version=applicant.version,
    )


def _check(applicant: Applicant, registry: Registry) -> CheckReply:
    check = applicant.check(registry)
    return CheckReply(
        registry=registry.value, outcome=check.outcome.value, reasons=list(check.reasons), as_of=check.as_of
    )


def _photo(applicant: Applicant, kind: PhotoKind) -> PhotoReply:
    photo = applicant.photo(kind)
    return PhotoReply(kind=kind, state=photo.state, reason=photo.reason)


def _document(document: Document) -> DocumentReply:
    return DocumentReply(kind=document.kind.value, state=document.state, at=document.at, key=document.object_key)


def _ruling(ruling: Ruling) -> RulingReply:
    return RulingReply(
        kind=ruling.kind.value,
        by=ruling.staff,
        reason=ruling.reason,
        at=ruling.at,
        code=ruling.code.value if ruling.code else None,
        concerns=list(ruling.concerns),
    )
