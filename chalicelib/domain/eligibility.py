"""Who may take part, under which scheme, and why not.

A decision is a pure function of facts, a scheme and a day; it can be made again for any past day.
"""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import TypeVar

from chalicelib.domain.face_match import FaceState
from chalicelib.domain.faces import face_state
from chalicelib.domain.facts import Fact, FactName, facts_of
from chalicelib.domain.rules import holds
from chalicelib.domain.schemes import Scheme
from chalicelib.domain.verification import Applicant, IdentityState, PhotoKind, PhotoState

Text = TypeVar("Text", bound=str)

CODE_VERSION = "1"
"""Of this interpreter. Raised when the same facts and rules would be decided otherwise than before;
``tests/unit/domain/test_replay.py`` holds it to receipts of earlier days."""


class Verdict(StrEnum):
    ELIGIBLE = "eligible"
    NOT_ELIGIBLE = "not_eligible"
    NOT_YET_KNOWN = "not_yet_known"
    """Nothing known speaks against it, and something has yet to be answered. Not a refusal."""


@dataclass(frozen=True, slots=True)
class Decision:
    """``not_yet_known`` are the facts on which a refusal could still rest; ``priorities`` refuse nobody."""

    scheme: str
    rules: str
    """The digest of the scheme's rules as they were."""
    on: date
    reasons: tuple[str, ...] = ()
    not_yet_known: tuple[FactName, ...] = ()
    priorities: tuple[str, ...] = ()

    @property
    def verdict(self) -> Verdict:
        if self.reasons:
            return Verdict.NOT_ELIGIBLE
        return Verdict.NOT_YET_KNOWN if self.not_yet_known else Verdict.ELIGIBLE


def decide(facts: Iterable[Fact], scheme: Scheme, *, on: date) -> Decision:
    """May somebody of whom these are the facts take part under ``scheme`` on day ``on``?"""
    stated: defaultdict[FactName, list[Fact]] = defaultdict(list)
    for fact in facts:
        stated[fact.name].append(fact)
    found = [(rule, holds(rule, stated[rule.fact], on=on)) for rule in scheme.rules]
    return Decision(
        scheme=scheme.name,
        rules=scheme.rules_digest,
        on=on,
        reasons=_each_once(rule.reason for rule, is_true in found if is_true and rule.reason),
        not_yet_known=_each_once(rule.fact for rule, is_true in found if is_true is None and rule.reason),
        priorities=_each_once(rule.priority for rule, is_true in found if is_true and rule.priority),
    )


def decide_eligibility(applicant: Applicant, scheme: Scheme, *, on: date) -> Decision:
    """By what the registries say alone: our own books (earlier awards, the family's places) are not looked at."""
    return decide(facts_of(applicant), scheme, on=on)


def missing_steps(applicant: Applicant, scheme: Scheme) -> tuple[str, ...]:
    """What the person has yet to do before joining a wave under ``scheme``; distinct from being refused."""
    steps = {
        "identity": applicant.state is IdentityState.VERIFIED,
        "photo_id_card": applicant.photo(PhotoKind.ID_CARD).state is PhotoState.ACCEPTED,
        "photo_selfie": applicant.photo(PhotoKind.SELFIE).state is PhotoState.ACCEPTED,
        "face_match": not scheme.face_match_required or face_state(applicant) is FaceState.PASSED,
        "declaration": applicant.declared_at is not None,
    }
    return tuple(step for step, is_done in steps.items() if not is_done)


def _each_once(values: Iterable[Text]) -> tuple[Text, ...]:
    return tuple(dict.fromkeys(values))
