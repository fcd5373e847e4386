"""Shares of places that are reserved, in places of a thousand by class. How they are given: ``docs/draw.md``."""

from collections.abc import Mapping
from enum import StrEnum

CLASSES = ("disabled", "women")
WHOLE = 1000


class ShareFlaw(StrEnum):
    CLASS_UNKNOWN = "a class is none of disabled, women"
    OUT_OF_RANGE = "a share is no whole number from 0 to 1000"
    OVER_WHOLE = "shares are over 1000 together"


def flaw_of_shares(permille: Mapping[str, object]) -> ShareFlaw | None:
    """What is wrong with them, if anything is."""
    if permille.keys() - set(CLASSES):
        return ShareFlaw.CLASS_UNKNOWN
    shares = [share for share in permille.values() if type(share) is int and 0 <= share <= WHOLE]
    if len(shares) < len(permille):
        return ShareFlaw.OUT_OF_RANGE
    return ShareFlaw.OVER_WHOLE if sum(shares) > WHOLE else None
