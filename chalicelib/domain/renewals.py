"""Asking registries again about somebody who is verified: what they said may have been mended since."""

from dataclasses import replace
from datetime import datetime

from chalicelib.domain.errors import Conflict
from chalicelib.domain.registry_answers import valid_for
from chalicelib.domain.verification import Applicant, Check, IdentityState, Outcome, Registry

RENEWED = (Registry.EDUCATION, Registry.SOCIAL)
"""Our own lists are looked up anew when they change, and nobody need ask."""


def ask_again(applicant: Applicant, *, now: datetime) -> Applicant:
    """With those checks open whose answers are no longer valid; until they are answered nothing is refused for them."""
    if applicant.state is not IdentityState.VERIFIED:
        raise Conflict("identity_not_verified")
    old = [registry for registry in RENEWED if _is_old(applicant.check(registry), registry, now)]
    if not old:
        raise Conflict("checks_are_fresh")
    return replace(applicant, checks={**applicant.checks, **dict.fromkeys(old, Check())}, checking_since=now)


def _is_old(check: Check, registry: Registry, now: datetime) -> bool:
    if check.outcome is Outcome.PENDING or check.as_of is None:
        return False
    return now >= check.as_of + valid_for(registry, check)
