"""Places that fall free after the draw, and who is next: the end of section 10 of ``docs/draw.md``.

A place falls free when whoever was chosen may not have it after all. A recipient's membership that is revoked later
frees a place too: for a recovery wave, so as one that nobody is left to take.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from enum import StrEnum

from chalicelib.domain.identifiers import ApplicantId, WaveNumber
from chalicelib.domain.selection.stratum import Stratum
from chalicelib.domain.waves import WaveEntry


class PlaceState(StrEnum):
    PASSED_ON = "passed_on"
    LAPSED = "lapsed"
    """Nobody was left in the province: it is for a recovery wave."""


@dataclass(frozen=True, slots=True)
class FreedPlace:
    """One place, by who could not have it. Whoever moves up and is excluded too frees it again, under their name."""

    wave: WaveNumber
    freed_by: ApplicantId
    province_code: str
    passed_to: ApplicantId | None = None

    @property
    def state(self) -> PlaceState:
        return PlaceState.LAPSED if self.passed_to is None else PlaceState.PASSED_ON


@dataclass(frozen=True, slots=True)
class WaitingOrder:
    """How far a province's order has been gone through behind its winners. ``passed``: how many, by stratum
    (:func:`key_of`); ``lapsed``: places that nobody was left to take."""

    wave: WaveNumber
    province_code: str
    passed: Mapping[str, int] = field(default_factory=dict)
    lapsed: int = 0
    version: int = 0

    def next_of(self, stratum: Stratum) -> int:
        """The row in the province's order of whoever is next; it may be the first of another stratum."""
        return stratum.start + stratum.places + self.passed.get(key_of(stratum.group, stratum.class_), 0)

    def has_more(self, stratum: Stratum) -> bool:
        return self.next_of(stratum) < stratum.start + stratum.standing

    def gone_past(self, stratum: Stratum) -> "WaitingOrder":
        key = key_of(stratum.group, stratum.class_)
        return replace(self, passed={**self.passed, key: self.passed.get(key, 0) + 1})

    def with_lapsed(self) -> "WaitingOrder":
        return replace(self, lapsed=self.lapsed + 1)


def key_of(group: int, class_: int) -> str:
    return f"{group}/{class_}"


def class_of(entry: WaveEntry) -> int:
    return entry.is_woman + 2 * entry.is_disabled


def next_strata(freed: WaveEntry, strata: Sequence[Stratum], order: WaitingOrder) -> list[Stratum]:
    """The strata of which the first in waiting may be next: that of whoever was to have the place, or when nobody is
    left there, those of the first group in which anybody is. Of several, the lowest ticket is ahead."""
    waiting = [each for each in strata if order.has_more(each)]
    own = [each for each in waiting if (each.group, each.class_) == (freed.group, class_of(freed))]
    first_group = min((each.group for each in waiting), default=0)
    return own or [each for each in waiting if each.group == first_group]
