"""From being chosen to being able to spend: the award, the card, the induction."""

from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from enum import StrEnum

from chalicelib.domain.errors import Conflict, InvalidInput
from chalicelib.domain.identifiers import ApplicantId, CardNumber, Index, WaveNumber
from chalicelib.domain.lifecycle import LifeCycle
from chalicelib.domain.money import NOTHING, Rupiah
from chalicelib.domain.schemes import Scheme

INDUCTION_VIDEOS = (1, 2, 3)
_CARD_PREFIX = "8"
_CARD_DIGITS = 16


class MembershipState(StrEnum):
    AWARDED = "awarded"
    INDUCTED = "inducted"
    REVOKED = "revoked"
    """No course was bought in time: the grant went back, the place is for a recovery wave."""
    ENDED = "ended"
    """The year's end has come. What was bought goes on; there is nothing left to buy with."""


class MembershipEvent(StrEnum):
    FINISH_INDUCTION = "finish_induction"
    REVOKE = "revoke"
    END = "end"


MEMBERSHIP = LifeCycle(
    "membership",
    {
        (MembershipState.AWARDED, MembershipEvent.FINISH_INDUCTION): MembershipState.INDUCTED,
        (MembershipState.AWARDED, MembershipEvent.REVOKE): MembershipState.REVOKED,
        (MembershipState.INDUCTED, MembershipEvent.REVOKE): MembershipState.REVOKED,
        (MembershipState.AWARDED, MembershipEvent.END): MembershipState.ENDED,
        (MembershipState.INDUCTED, MembershipEvent.END): MembershipState.ENDED,
    },
)


class Due(StrEnum):
    """What time brings to a membership, in this order (``domain/grant_dues.py``)."""

    WARN_FIRST_PURCHASE = "warn_first_purchase"
    REVOKE = "revoke"
    WARN_BALANCE_END = "warn_balance_end"
    END_BALANCE = "end_balance"


FIRST_PURCHASE_WARNING = timedelta(days=3)
BALANCE_END_WARNING = timedelta(days=14)
"""How long before, people are told."""


@dataclass(frozen=True, slots=True)
class Membership:
    """A recipient. ``decree`` names the award decree (SK) of the wave; ``family`` is the index of the KK.

    ``bought`` counts the sales that were not voided; ``due`` is what comes next, once ``due_at`` is past. ``returned``
    went back to the treasury, in ``returns`` postings; ``warned_of`` was the balance when its end was announced.
    """

    applicant_id: ApplicantId
    wave: WaveNumber
    scheme: str
    decree: str
    card_number: CardNumber
    family: Index
    awarded_at: datetime
    first_purchase_by: datetime
    balance_ends_at: datetime
    state: MembershipState = MembershipState.AWARDED
    videos_seen: tuple[int, ...] = ()
    bought: int = 0
    due: Due | None = None
    due_at: datetime | None = None
    warned_of: Rupiah = NOTHING
    returned: Rupiah = NOTHING
    returns: int = 0
    closed_at: datetime | None = None
    version: int = 0


def award(
    applicant_id: ApplicantId, wave: WaveNumber, scheme: Scheme, *, family: Index, card: CardNumber, now: datetime
) -> Membership:
    deadline = now + scheme.first_purchase_within
    return Membership(
        applicant_id=applicant_id,
        wave=wave,
        scheme=scheme.name,
        decree=f"SK-{int(wave):03d}/PRAKERJA",
        card_number=card,
        family=family,
        awarded_at=now,
        first_purchase_by=deadline,
        balance_ends_at=scheme.balance_ends.after(now, at_least=scheme.first_purchase_within).astimezone(UTC),
        due=Due.WARN_FIRST_PURCHASE,
        due_at=deadline - FIRST_PURCHASE_WARNING,
    )


def card_number_from(entropy: bytes) -> CardNumber:
    """16 digits, the last a Luhn check digit, so that a mistyped card is seen before it is looked up."""
    body = _CARD_PREFIX + f"{int.from_bytes(entropy, 'big') % 10 ** (_CARD_DIGITS - 2):014d}"
    return CardNumber(body + _luhn_digit(body))


def check_card_number(text: str) -> CardNumber:
    if not (len(text) == _CARD_DIGITS and text.isascii() and text.isdigit() and _luhn_digit(text[:-1]) == text[-1]):
        raise InvalidInput("card_number_invalid", field="prakerja_id")
    return CardNumber(text)


def watch_video(membership: Membership, video: int) -> Membership:
    """The membership after one induction video was seen to the end; the last of the three ends the induction."""
    if video not in INDUCTION_VIDEOS:
        raise InvalidInput("video_unknown", field="video", known=", ".join(map(str, INDUCTION_VIDEOS)))
    if membership.state is MembershipState.REVOKED:
        raise Conflict("membership_revoked")
    seen = tuple(sorted({*membership.videos_seen, video}))
    watched = replace(membership, videos_seen=seen)
    if seen != INDUCTION_VIDEOS or membership.state is not MembershipState.AWARDED:
        return watched
    return replace(watched, state=MEMBERSHIP.after(membership.state, MembershipEvent.FINISH_INDUCTION))


def check_may_buy(membership: Membership, *, now: datetime) -> None:
    """Each moment named is the last at which one may."""
    if membership.state is MembershipState.REVOKED:
        raise Conflict("membership_revoked", field="prakerja_id")
    if membership.state is MembershipState.AWARDED:
        raise Conflict("induction_missing", field="prakerja_id")
    if membership.bought == 0 and now > membership.first_purchase_by:
        raise Conflict("first_purchase_too_late", field="prakerja_id")
    if membership.state is MembershipState.ENDED or now > membership.balance_ends_at:
        raise Conflict("balance_ended", field="prakerja_id")


def _luhn_digit(digits: str) -> str:
    doubled = [int(digit) * (2 if place % 2 == 0 else 1) for place, digit in enumerate(reversed(digits))]
    return str(-sum(each - 9 if each > 9 else each for each in doubled) % 10)
