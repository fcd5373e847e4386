"""How far somebody of the cast has come."""

from enum import IntEnum, auto


class Stage(IntEnum):
    """How far somebody has come."""

    OPENED = auto()
    ACTIVE = auto()
    SUBMITTED = auto()
    CHECKING = auto()
    VERIFIED = auto()
    PHOTOGRAPHED = auto()
    COMPLETE = auto()
    """The face is recognised, the declaration signed: a wave may be joined."""
    JOINED = auto()
    CHOSEN = auto()
    AWARDED = auto()
    INDUCTED = auto()
    OFFERED = auto()
    PAID = auto()
    REDEEMED = auto()
    TRAINED = auto()
    CERTIFIED = auto()
    REVIEWED = auto()
    LINKED = auto()
    ACCOUNT_VERIFIED = auto()
    PREPARED = auto()
    BATCHED = auto()
    APPROVED = auto()
    OUT_OF_SIGHT = auto()
