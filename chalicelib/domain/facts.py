"""What a decision about somebody rests on: facts, each with who says so and as of when.

A fact whose source has not answered yet has no value. It is not yet known, which refuses nobody.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from chalicelib.domain.identifiers import WaveNumber
from chalicelib.domain.verification import Applicant, Check, IdentityState, Outcome, Registry

FactValue = bool | int | date


class FactName(StrEnum):
    BIRTH_DATE = "birth_date"
    CITIZEN = "citizen"
    STUDENT = "student"
    SOCIAL_AID = "social_aid"
    WAGE_SUBSIDY = "wage_subsidy"
    MICRO_BUSINESS_AID = "micro_business_aid"
    EXCLUDED_PROFESSION = "excluded_profession"
    """State official, member of a parliament, ASN, TNI, POLRI, village head or staff, director, commissioner or
    supervisor of a BUMN or BUMD: which of them is the source."""
    BLOCKLIST = "blocklist"
    LAID_OFF = "laid_off"
    FURLOUGHED = "furloughed"
    EARLIER_RECIPIENT = "earlier_recipient"
    FAMILY_PLACES_TAKEN = "family_places_taken"


_KINDS: Mapping[FactName, type[FactValue]] = {FactName.BIRTH_DATE: date, FactName.FAMILY_PLACES_TAKEN: int}

_ON_LISTS: Mapping[FactName, Registry] = {
    FactName.STUDENT: Registry.EDUCATION,
    FactName.SOCIAL_AID: Registry.SOCIAL,
    FactName.WAGE_SUBSIDY: Registry.SOCIAL,
    FactName.MICRO_BUSINESS_AID: Registry.SOCIAL,
    FactName.EXCLUDED_PROFESSION: Registry.LISTS,
    FactName.BLOCKLIST: Registry.LISTS,
    FactName.LAID_OFF: Registry.LISTS,
    FactName.FURLOUGHED: Registry.LISTS,
}
"""Categories of lists, and who has to have answered before somebody is known to stand on none of that category."""

OUR_BOOKS = "MEMBERSHIPS"
"""The source of what is looked up at the moment of the decision."""
_ANSWERED = (Outcome.PASSED, Outcome.FAILED)
_FOREIGN = "foreign_citizen"
"""The category of those who hold a NIK as residents."""


@dataclass(frozen=True, slots=True)
class Fact:
    """``value`` is None while it is not yet known; then nobody said it, and of no time."""

    name: FactName
    value: FactValue | None = None
    source: str | None = None
    as_of: datetime | None = None


@dataclass(frozen=True, slots=True)
class Standing:
    """What our own books say of somebody at one moment."""

    recipient_of: WaveNumber | None
    """The wave in which they were awarded."""
    family_places_taken: int | None
    """None where the family is not known."""
    as_of: datetime


def kind_of(name: FactName) -> type[FactValue]:
    return _KINDS.get(name, bool)


def facts_of(applicant: Applicant, standing: Standing | None = None) -> tuple[Fact, ...]:
    """Every fact at least once; one that several sources state, once for each."""
    return (*_stated(applicant), *_listed(applicant), *_booked(standing))


def _stated(applicant: Applicant) -> Iterator[Fact]:
    """What the applicant stated counts once the population registry has matched it."""
    identity, matched = applicant.identity, applicant.check(Registry.POPULATION)
    is_matched = matched.outcome is Outcome.PASSED or applicant.state is IdentityState.VERIFIED
    if identity is None or not is_matched:
        yield Fact(FactName.BIRTH_DATE)
    else:
        yield Fact(FactName.BIRTH_DATE, identity.birth_date, "DUKCAPIL", matched.as_of)
    yield from _citizenship(applicant)


def _citizenship(applicant: Applicant) -> Iterator[Fact]:
    """A NIK says nothing of it: it is declared, unless a list says otherwise."""
    foreign = [Fact(FactName.CITIZEN, False, source, as_of) for source, as_of in _sources(applicant, _FOREIGN)]
    if foreign:
        yield from foreign
    elif applicant.declared_at:
        yield Fact(FactName.CITIZEN, True, "DECLARATION", applicant.declared_at)
    else:
        yield Fact(FactName.CITIZEN)


def _listed(applicant: Applicant) -> Iterator[Fact]:
    for name, registry in _ON_LISTS.items():
        found = [Fact(name, True, source, as_of) for source, as_of in _sources(applicant, name)]
        yield from found or [_absent(name, registry, applicant.check(registry))]


def _absent(name: FactName, registry: Registry, check: Check) -> Fact:
    if check.outcome not in _ANSWERED:
        return Fact(name)
    return Fact(name, False, registry.upper(), check.as_of)


def _sources(applicant: Applicant, category: str) -> Iterator[tuple[str, datetime | None]]:
    """Whose lists of this category the person stands on; a reason is ``category:SOURCE``."""
    for registry, check in applicant.checks.items():
        for reason in check.reasons:
            named, _, source = reason.partition(":")
            if named == category:
                yield source or registry.upper(), check.as_of


def _booked(standing: Standing | None) -> Iterator[Fact]:
    if standing is None:
        yield from (Fact(FactName.EARLIER_RECIPIENT), Fact(FactName.FAMILY_PLACES_TAKEN))
        return
    yield Fact(FactName.EARLIER_RECIPIENT, standing.recipient_of is not None, OUR_BOOKS, standing.as_of)
    if standing.family_places_taken is None:
        yield Fact(FactName.FAMILY_PLACES_TAKEN)
    else:
        yield Fact(FactName.FAMILY_PLACES_TAKEN, standing.family_places_taken, OUR_BOOKS, standing.as_of)
