"""Who may take part, under which scheme, and whose it is to mend a refusal.

A decision is a pure function of facts, a day and a scheme; it can be made again for any past day.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from chalicelib.domain.schemes import Scheme
from chalicelib.domain.time import age_on
from chalicelib.domain.verification import Applicant, Identity, IdentityState, PhotoKind, PhotoState, Registry

_EXCLUDING_CATEGORIES = {"student": "student", "excluded_profession": "excluded_profession", "blocklist": "blocklist"}
_AID_CATEGORIES = {
    "social_aid": "social_aid",
    "wage_subsidy": "wage_subsidy",
    "micro_business_aid": "micro_business_aid",
}

OWNERS = {
    "student": "school (Dapodik, PDDikti, EMIS)",
    "social_aid": "Ministry of Social Affairs (DTKS)",
    "wage_subsidy": "Ministry of Manpower, BPJS Ketenagakerjaan",
    "micro_business_aid": "Ministry of Cooperatives and SMEs",
    "population_nik_unknown": "Dukcapil (call 1500-538)",
    "population_differs": "applicant, or Dukcapil (call 1500-538)",
    "population_deceased": "Dukcapil (call 1500-538)",
    "population_inactive": "Dukcapil (call 1500-538)",
    "excluded_profession": "programme office",
    "blocklist": "programme office",
    "age": "nobody: the rule of the scheme",
    "family_limit": "nobody: the rule of the scheme",
    "earlier_recipient": "nobody: the rule of the programme",
}
"""Refusal code -> who can mend what it rests on."""


@dataclass(frozen=True, slots=True)
class Decision:
    """``reasons`` is empty exactly when the person may take part."""

    scheme: str
    reasons: tuple[str, ...]

    @property
    def is_eligible(self) -> bool:
        return not self.reasons


def decide_eligibility(applicant: Applicant, scheme: Scheme, *, on: date) -> Decision:
    """May this person take part in a wave under ``scheme`` that is joined on day ``on``?"""
    return Decision(scheme.name, tuple(dict.fromkeys(_reasons(applicant, scheme, on))))


def missing_steps(applicant: Applicant) -> tuple[str, ...]:
    """What the person has yet to do before joining a wave; distinct from being refused."""
    steps = {
        "identity": applicant.state is IdentityState.VERIFIED,
        "photo_id_card": applicant.photo(PhotoKind.ID_CARD).state is PhotoState.ACCEPTED,
        "photo_selfie": applicant.photo(PhotoKind.SELFIE).state is PhotoState.ACCEPTED,
        "declaration": applicant.declared_at is not None,
    }
    return tuple(step for step, is_done in steps.items() if not is_done)


def _reasons(applicant: Applicant, scheme: Scheme, on: date) -> Iterable[str]:
    if applicant.identity is not None:
        yield from _age_reason(applicant.identity, scheme, on)
    for reason in _list_entries(applicant):
        category = reason.partition(":")[0]
        if category in _EXCLUDING_CATEGORIES:
            yield _EXCLUDING_CATEGORIES[category]
        if category in _AID_CATEGORIES and scheme.other_aid_excludes:
            yield _AID_CATEGORIES[category]


def _age_reason(identity: Identity, scheme: Scheme, on: date) -> Iterable[str]:
    if not scheme.youngest <= age_on(on, identity.birth_date) <= scheme.oldest:
        yield "age"


def _list_entries(applicant: Applicant) -> Iterable[str]:
    for registry in (Registry.EDUCATION, Registry.SOCIAL, Registry.LISTS):
        yield from applicant.check(registry).reasons
