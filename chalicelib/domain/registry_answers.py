"""What a registry once answered is kept with its evidence, and the same question is not asked again while it is valid.

The key is a keyed index of the whole question, so that it finds and never tells; what is kept beside it holds no value
of the person, only verdicts.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from chalicelib.domain.identifiers import Index
from chalicelib.domain.verification import Check, Identity, Outcome, Registry

VALID_FOR: Mapping[Registry, timedelta] = {
    Registry.POPULATION: timedelta(days=30),
    Registry.EDUCATION: timedelta(days=7),
    Registry.SOCIAL: timedelta(days=7),
}
"""A wave and the one after it; lists move faster than people."""
FAILED_VALID_FOR = timedelta(hours=6)
"""Whoever has it mended at the registry may come again on the same day."""


@dataclass(frozen=True, slots=True)
class KeptAnswer:
    """``evidence``: what the registry said, in words of its own or of ours, without any value of the person."""

    question: Index
    registry: Registry
    check: Check
    evidence: Mapping[str, str]
    valid_until: datetime


def question_text(registry: Registry, identity: Identity) -> str:
    """Everything that the answer depends on."""
    asked = [identity.nik, identity.birth_date.isoformat()]
    if registry is Registry.POPULATION:
        asked += [
            identity.full_name,
            identity.sex,
            identity.family_card_no,
            identity.mother_name,
            identity.province_code,
        ]
    return "\0".join(asked)


def valid_for(registry: Registry, check: Check) -> timedelta:
    """Less where it stands in the person's way."""
    return FAILED_VALID_FOR if check.outcome is Outcome.FAILED or check.reasons else VALID_FOR[registry]


def may_be_kept(check: Check) -> bool:
    """A doubt is not: people look into it, and may have it asked again."""
    return check.outcome in (Outcome.PASSED, Outcome.FAILED)
