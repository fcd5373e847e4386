"""What officers may do with a case, and what they may see of it.

Whoever is stuck is helped by a person, with a reason that is kept. Nobody is verified by an officer's word alone: where
a registry was not asked yet it is asked first, and where it said no the identity is corrected and asked about again.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum

from chalicelib.domain.cases import Document, DocumentKind, DocumentState, Ruling, RulingKind
from chalicelib.domain.errors import Conflict, InvalidInput, NotAllowed
from chalicelib.domain.identifiers import Reference
from chalicelib.domain.limits import Allowance
from chalicelib.domain.nik import masked
from chalicelib.domain.selfie_review import selfie_reasons
from chalicelib.domain.verification import (
    IDENTITY,
    MOST_SUBMISSIONS,
    Applicant,
    Identity,
    IdentityEvent,
    IdentityState,
    Outcome,
    Registry,
)


class Disclosable(StrEnum):
    """What may be told in full, each on its own; photos and documents as links."""

    NIK = "nik"
    FAMILY_CARD_NO = "family_card_no"
    FULL_NAME = "full_name"
    BIRTH_DATE = "birth_date"
    MOTHER_NAME = "mother_name"
    STREET = "street"
    PHONE = "phone"
    OCCUPATION = "occupation"
    EMAIL = "email"
    PHOTOS = "photos"
    DOCUMENTS = "documents"


class Waiting(StrEnum):
    """For what a case is before people: each is a list of its own."""

    IN_REVIEW = "in_review"
    SELFIE_IN_REVIEW = "selfie_in_review"
    DOCUMENTS_WANTED = "documents_wanted"
    """For the person, who is to hand them in."""


MOST_RULINGS = 40
"""On one case: a bound, and far above what an honest case needs."""
ATTEMPTS_GIVEN_BACK = 2
MOST_REOPENINGS = 3
"""Whoever still does not match then is corrected with evidence, not left to guess."""
DISCLOSURES = Allowance(most=60, one_per=timedelta(minutes=1))
"""To one officer: more than a desk can read, and far less than somebody who carries off the register would want."""
_SHORTEST_REASON_WORDS = 3
_LOOKS_PERSONAL = re.compile(r"@|\d(?:[ .-]?\d){5,}")


@dataclass(frozen=True, slots=True)
class WaitingCase:
    """A line of the list of those who wait: nothing personal."""

    reference: Reference
    waiting: Waiting
    reasons: tuple[str, ...]
    selfie_reasons: tuple[str, ...]
    since: datetime


def waiting_for(applicant: Applicant) -> Waiting | None:
    """One list at a time, so that one place in the index will do: who they are comes first, and what an officer can do
    comes before what the person has to. When the one is settled, the case goes on to the next."""
    if applicant.state is IdentityState.IN_REVIEW:
        return Waiting.IN_REVIEW
    if selfie_reasons(applicant):
        return Waiting.SELFIE_IN_REVIEW
    return Waiting.DOCUMENTS_WANTED if applicant.state is IdentityState.DOCUMENTS_WANTED else None


def stamped(applicant: Applicant, *, now: datetime) -> Applicant:
    """With the moment since when people have to look into it, and without one where they need not."""
    since = (applicant.waiting_since or now) if waiting_for(applicant) else None
    return replace(applicant, waiting_since=since)


def check_is_not_own(applicant: Applicant, own: Applicant | None) -> None:
    """Nobody decides about themselves; an officer's second account is known by its NIK."""
    if own is not None and is_own(applicant, own):
        raise NotAllowed("own_case")


def is_own(applicant: Applicant, own: Applicant) -> bool:
    mine = {each.identity.nik for each in (own, applicant) if each.identity}
    return own.id == applicant.id or (len(mine) == 1 and bool(own.identity and applicant.identity))


def check_reason(reason: str, identity: Identity | None) -> None:
    """It is kept for ever and shown to the person: some words, and none that are personal."""
    if len(reason.split()) < _SHORTEST_REASON_WORDS:
        raise InvalidInput("reason_too_short", field="reason", words=_SHORTEST_REASON_WORDS)
    names = (identity.full_name, identity.mother_name, identity.street) if identity else ()
    if _LOOKS_PERSONAL.search(reason) or any(_names(reason, each) for each in names):
        raise InvalidInput("reason_is_personal", field="reason")


def _names(reason: str, value: str) -> bool:
    """As words of their own: many are called Ani, and many words hold those letters."""
    return re.search(rf"(?<!\w){re.escape(value.casefold())}(?!\w)", reason.casefold()) is not None


def check_version(applicant: Applicant, ruling: Ruling) -> None:
    if applicant.version != ruling.version:
        raise Conflict("case_moved")
    if len(applicant.rulings) >= MOST_RULINGS:
        raise Conflict("case_has_too_many_rulings", most=MOST_RULINGS)


def is_repeated(applicant: Applicant, ruling: Ruling) -> bool:
    return any(ruling.repeats(each) for each in applicant.rulings)


def accept(applicant: Applicant, ruling: Ruling) -> Applicant:
    outcomes = {applicant.check(registry).outcome for registry in Registry}
    if Outcome.FAILED in outcomes:
        raise Conflict("case_needs_correction")
    if Outcome.PENDING in outcomes:
        # From the start, so that the registries are asked as everybody's are. No correction: no mail says so again.
        return replace(_ruled(applicant, IdentityEvent.ASK, ruling), reasons=(), corrected_submission=0)
    return replace(_ruled(applicant, IdentityEvent.ACCEPT, ruling), reasons=())


def refuse(applicant: Applicant, ruling: Ruling) -> Applicant:
    if ruling.code is None:
        raise InvalidInput("refusal_code_missing", field="code")
    return replace(_ruled(applicant, IdentityEvent.REFUSE, ruling), reasons=(ruling.code.value,))


def reopen(applicant: Applicant, ruling: Ruling) -> Applicant:
    """As many attempts as are missing from two."""
    if sum(each.kind is RulingKind.REOPEN for each in applicant.rulings) >= MOST_REOPENINGS:
        raise Conflict("case_reopened_too_often", most=MOST_REOPENINGS)
    given_back = max(applicant.attempts_given_back, applicant.submission + ATTEMPTS_GIVEN_BACK - MOST_SUBMISSIONS)
    reopened = _ruled(applicant, IdentityEvent.REOPEN, ruling)
    return replace(reopened, reasons=("identity_reopened",), attempts_given_back=given_back)


def correct(applicant: Applicant, identity: Identity, ruling: Ruling) -> Applicant:
    """A new submission, about which all registries are asked; it costs the person no attempt."""
    submission = applicant.submission + 1
    return replace(
        _ruled(applicant, IdentityEvent.CORRECT, ruling),
        identity=identity,
        submission=submission,
        corrected_submission=submission,
        attempts_given_back=applicant.attempts_given_back + 1,
        reasons=(),
        checks={},
    )


def request_documents(applicant: Applicant, kinds: Sequence[DocumentKind], ruling: Ruling) -> Applicant:
    """What was received of other kinds stays."""
    kept = tuple(each for each in applicant.documents if each.kind not in kinds)
    wanted = tuple(Document(kind, DocumentState.WANTED, ruling.at) for kind in dict.fromkeys(kinds))
    return replace(_ruled(applicant, IdentityEvent.REQUEST_DOCUMENTS, ruling), documents=kept + wanted)


def wanted_documents(applicant: Applicant) -> tuple[DocumentKind, ...]:
    if applicant.state is not IdentityState.DOCUMENTS_WANTED:
        return ()
    return tuple(each.kind for each in applicant.documents if each.state is not DocumentState.RECEIVED)


def receive_document(applicant: Applicant, kind: DocumentKind, object_key: str, *, now: datetime) -> Applicant:
    """The last one that is wanted brings the case back before people."""
    handed_in = _with_document(applicant, Document(kind, DocumentState.RECEIVED, now, object_key))
    if wanted_documents(handed_in):
        return handed_in
    return replace(handed_in, state=IDENTITY.after(applicant.state, IdentityEvent.RECEIVE_DOCUMENTS))


def refuse_document(applicant: Applicant, kind: DocumentKind, *, now: datetime) -> Applicant:
    return _with_document(applicant, Document(kind, DocumentState.NOT_READABLE, now))


def evidence_of(applicant: Applicant, object_key: str) -> Document:
    """The document that was handed in under this key, for this very case."""
    for each in applicant.documents:
        if each.state is DocumentState.RECEIVED and each.object_key == object_key:
            return each
    raise InvalidInput("evidence_unknown", field="evidence_key")


def _with_document(applicant: Applicant, document: Document) -> Applicant:
    others = tuple(each for each in applicant.documents if each.kind is not document.kind)
    return replace(applicant, documents=(*others, document))


def masked_values(identity: Identity) -> Mapping[str, str]:
    """Enough to recognise the person on the line, too little to be them."""
    return {
        "nik": masked(identity.nik),
        "family_card_no": masked(identity.family_card_no),
        "full_name": _initials(identity.full_name),
        "birth_date": str(identity.birth_date.year),
        "mother_name": _initials(identity.mother_name),
        "phone": masked(identity.phone),
        "province_code": identity.province_code,
        "regency_code": identity.regency_code,
    }


def _initials(name: str) -> str:
    return " ".join(f"{word[0]}." for word in name.split())


def _ruled(applicant: Applicant, event: IdentityEvent, ruling: Ruling) -> Applicant:
    state = IDENTITY.after(applicant.state, event)
    return stamped(replace(applicant, state=state, rulings=(*applicant.rulings, ruling)), now=ruling.at)


RULINGS = {RulingKind.ACCEPT: accept, RulingKind.REFUSE: refuse, RulingKind.REOPEN: reopen}
"""What an officer may decide of a review by one word."""
