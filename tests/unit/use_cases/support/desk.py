"""Cases before people, over fakes, and officers who deal with them."""

from dataclasses import replace
from typing import Any

from chalicelib.domain.audit import Entry
from chalicelib.domain.cases import Document, DocumentKind, DocumentState, RulingKind
from chalicelib.domain.identifiers import StaffId
from chalicelib.domain.officers import Officer
from chalicelib.domain.references import LABEL, reference_from, spoken
from chalicelib.domain.registration import Role
from chalicelib.domain.verification import Applicant, Check, IdentityState, Outcome, Registry
from chalicelib.use_cases.support.casework import Casework
from chalicelib.use_cases.support.decide_case import Decision, decide_case
from tests.builders import an_applicant, an_applicant_id, an_identity, checks
from tests.fakes import NOON, World

ANI, BUDI = (Officer(StaffId(name), Role.STAFF) for name in ("ani", "budi"))
REASON = "The name on the card is the same."
KEY = f"documents/{an_applicant_id()}/id_card/1"
DOUBT = Check(Outcome.REVIEW, ("population_name_unclear",), NOON)


def in_review(**changes: Any) -> World:
    """Person 1 holds the NIK, a registry doubts the name, and an identity card came. The case is at version 2."""
    world = World()
    came = Document(DocumentKind.ID_CARD, DocumentState.RECEIVED, NOON, KEY)
    answers = {**checks(), Registry.POPULATION: DOUBT}
    case = an_applicant(state=IdentityState.CHECKING, identity=an_identity(), submission=1)
    world.applicants.save_claim(case)
    state = {"state": IdentityState.IN_REVIEW, "checks": answers, "reasons": DOUBT.reasons, "documents": (came,)}
    world.applicants.save(replace(case, version=1, **(state | changes)))
    return world


def reference(number: int = 1) -> str:
    """As the person reads it out."""
    return spoken(reference_from(World().indexer.derived(LABEL, an_applicant_id(number))))


def casework(world: World) -> Casework:
    return Casework(world.applicants, world.audit_log, world.clock)


def decide(
    world: World, kind: RulingKind = RulingKind.ACCEPT, officer: Officer = ANI, version: int = 2, **more: Any
) -> Applicant:
    return decide_case(reference(), Decision(kind, REASON, version, **more), officer, casework=casework(world))


def case(world: World, number: int = 1) -> Applicant:
    return world.applicants.get(an_applicant_id(number))


def on_record(world: World) -> list[Entry]:
    return world.audit_log.all()


def acts(world: World) -> set[tuple[str, str, tuple[str, ...]]]:
    """However often: whoever asks twice is twice on record."""
    return {(each.deed.staff, each.deed.act.value, each.deed.fields) for each in on_record(world)}
