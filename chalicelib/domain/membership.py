"""From being chosen to being able to spend: the award, the card, the induction."""

from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum

from chalicelib.domain.errors import Conflict, InvalidInput
from chalicelib.domain.identifiers import ApplicantId, CardNumber, Index, WaveNumber
from chalicelib.domain.lifecycle import LifeCycle
from chalicelib.domain.schemes import Scheme

INDUCTION_VIDEOS = (1, 2, 3)
_CARD_PREFIX = "8"
_CARD_DIGITS = 16


class MembershipState(StrEnum):
    AWARDED = "awarded"
    INDUCTED = "inducted"


class MembershipEvent(StrEnum):
    FINISH_INDUCTION = "finish_induction"


MEMBERSHIP = LifeCycle(
    "membership", {(MembershipState.AWARDED, MembershipEvent.FINISH_INDUCTION): MembershipState.INDUCTED}
)


@dataclass(frozen=True, slots=True)
class Membership:
    """A recipient. ``decree`` names the award decree (SK) of the wave; ``family`` is the index of the KK."""

    applicant_id: ApplicantId
    wave: WaveNumber
    scheme: str
    decree: str
    card_number: CardNumber
    family: Index
    awarded_at: datetime
    first_purchase_by: datetime
    state: MembershipState = MembershipState.AWARDED
    videos_seen: tuple[int, ...] = ()
    version: int = 0


def award(
    applicant_id: ApplicantId, wave: WaveNumber, scheme: Scheme, *, family: Index, card: CardNumber, now: datetime
) -> Membership:
    return Membership(
        applicant_id=applicant_id,
        wave=wave,
        scheme=scheme.name,
        decree=f"SK-{int(wave):03d}/PRAKERJA",
        card_number=card,
        family=family,
        awarded_at=now,
        first_purchase_by=now + scheme.first_purchase_within,
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
    seen = tuple(sorted({*membership.videos_seen, video}))
    watched = replace(membership, videos_seen=seen)
    if seen != INDUCTION_VIDEOS or membership.state is MembershipState.INDUCTED:
        return watched
    return replace(watched, state=MEMBERSHIP.after(membership.state, MembershipEvent.FINISH_INDUCTION))


def check_may_buy(membership: Membership, *, is_first: bool, now: datetime) -> None:
    if membership.state is not MembershipState.INDUCTED:
        raise Conflict("induction_missing", field="prakerja_id")
    if is_first and now > membership.first_purchase_by:
        raise Conflict("first_purchase_too_late", field="prakerja_id")


def _luhn_digit(digits: str) -> str:
    doubled = [int(digit) * (2 if place % 2 == 0 else 1) for place, digit in enumerate(reversed(digits))]
    return str(-sum(each - 9 if each > 9 else each for each in doubled) % 10)
