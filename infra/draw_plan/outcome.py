"""What many trials come down to: who joined, who stood, how many places and how many rupiah, by each thing asked."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from chalicelib.domain.provinces import PROVINCES
from infra.draw_plan.people import People
from infra.draw_plan.terms import Terms
from infra.draw_plan.trial import RESERVED, Listing, Trial, joined

CLASSES = ("men", "women", "men with disabilities", "women with disabilities")
"""By class number."""
NO_GROUP = "no priority"


@dataclass(frozen=True, slots=True)
class Share:
    """Of some people. ``stood`` and ``won`` are sums over all draws, so that nothing is rounded before it is told."""

    joined: int
    stood: int
    won: int
    draws: int
    rupiah_a_place: int

    @property
    def standing(self) -> float:
        return self.stood / self.draws

    @property
    def places(self) -> float:
        return self.won / self.draws

    @property
    def odds(self) -> float:
        """Of whoever joins."""
        return self.places / self.joined if self.joined else 0.0

    @property
    def rupiah(self) -> float:
        return self.won * self.rupiah_a_place / self.draws

    def told(self) -> dict[str, float]:
        return {
            "joined": self.joined,
            "standing": round(self.standing, 2),
            "places": round(self.places, 2),
            "odds": round(self.odds, 6),
            "rupiah": round(self.rupiah),
        }


@dataclass(frozen=True, slots=True)
class ReservedPlaces:
    """Of one class. ``wanted`` by its permille of all places, ``set_aside`` where such people stand, and ``held``:
    places of all sorts that such people won. On average."""

    wanted: float
    set_aside: float
    held: float


@dataclass(frozen=True, slots=True)
class Outcome:
    terms: Terms
    draws: int
    total: Share
    by: Mapping[str, Mapping[str, Share]] = field(default_factory=dict)
    reserved: Mapping[str, ReservedPlaces] = field(default_factory=dict)

    def told(self) -> dict[str, Any]:
        terms = self.terms
        return {
            "terms": {
                "name": terms.name,
                "quota": terms.quota,
                "floor": terms.floor,
                "basis": terms.basis.name,
                "groups": list(terms.groups),
                "reserved_permille": dict(terms.reserved_permille),
                "family_limit": terms.family_limit,
                "training_grant": terms.training_grant,
                "completion_incentive": terms.completion_incentive,
                "survey_incentives": terms.survey_incentives,
                "refuses_aid": terms.refuses_aid,
            },
            "draws": self.draws,
            "total": self.total.told(),
            "by": {name: {each: share.told() for each, share in shares.items()} for name, shares in self.by.items()},
            "reserved": {
                name: {"wanted": each.wanted, "set_aside": each.set_aside, "held": each.held}
                for name, each in self.reserved.items()
            },
        }


def outcome_of(people: People, listing: Listing, trials: Iterable[Trial]) -> Outcome:
    done = list(trials)
    cells = len(done[0].places)
    sums = (
        joined(listing, cells),
        np.sum([each.standing for each in done], axis=0),
        np.sum([each.places for each in done], axis=0),
    )
    counts = _Counts(people.priorities, sums, len(done), listing.terms.rupiah_a_place)
    return Outcome(
        terms=listing.terms,
        draws=len(done),
        total=counts.share(np.ones(cells, np.bool_)),
        by=counts.by(has_aid=bool(people.has_aid.any())),
        reserved={name: _reserved(name, done, counts) for name in RESERVED},
    )


class _Counts:
    """Sums by cell, and what each cell is of."""

    def __init__(self, priorities: tuple[str, ...], sums: tuple[Any, ...], draws: int, rupiah_a_place: int) -> None:
        self._priorities, self._sums, self._draws, self._rupiah = priorities, sums, draws, rupiah_a_place
        cells = np.arange(len(sums[0]))
        self.class_, self.has_aid = cells % 4, cells // 4 % 2
        self.priority, self.province = cells // 8 % (len(priorities) + 1), cells // 8 // (len(priorities) + 1)

    def share(self, of: Any) -> Share:
        joined, stood, won = (int(each[of].sum()) for each in self._sums)
        return Share(joined, stood, won, self._draws, self._rupiah)

    def by(self, *, has_aid: bool) -> dict[str, dict[str, Share]]:
        groups = [*enumerate([*self._priorities, NO_GROUP])]
        found = {
            "sex": {"women": self.share(self.class_ & 1 == 1), "men": self.share(self.class_ & 1 == 0)},
            "disability": {"with": self.share(self.class_ >= 2), "without": self.share(self.class_ < 2)},
            "group": {name: self.share(self.priority == number) for number, name in groups},
            "group and class": self._present(
                (f"{name}: {of_class}", (self.priority == number) & (self.class_ == class_))
                for number, name in groups
                for class_, of_class in enumerate(CLASSES)
            ),
        }
        if has_aid:
            found["other aid"] = {"yes": self.share(self.has_aid == 1), "no": self.share(self.has_aid == 0)}
        provinces = ((each.name, self.province == int(each.code)) for each in PROVINCES.values())
        return found | {"province": self._present(provinces)}

    def _present(self, cells: Iterable[tuple[str, Any]]) -> dict[str, Share]:
        shares = {name: self.share(of) for name, of in cells}
        return {name: share for name, share in shares.items() if share.joined}


_OF: Mapping[str, Callable[[_Counts], Any]] = {
    "women": lambda counts: counts.class_ & 1 == 1,
    "disabled": lambda counts: counts.class_ >= 2,
}


def _reserved(name: str, done: list[Trial], counts: _Counts) -> ReservedPlaces:
    def mean(values: Iterable[int]) -> float:
        return round(sum(values) / len(done), 2)

    return ReservedPlaces(
        wanted=mean(each.wanted.get(name, 0) for each in done),
        set_aside=mean(each.reserved[name] for each in done),
        held=round(counts.share(_OF[name](counts)).places, 2),
    )


NOBODY = Share(0, 0, 0, 1, 0)


def pairs(one: Outcome, other: Outcome | None) -> dict[str, dict[str, tuple[Share, Share | None]]]:
    """By thing and name: both shares. Somebody who may join under one of them only is nobody under the other."""
    found: dict[str, dict[str, tuple[Share, Share | None]]] = {}
    for thing, shares in one.by.items():
        others = other.by.get(thing, {}) if other else {}
        names = [*shares, *(each for each in others if each not in shares)]
        found[thing] = {name: (shares.get(name, NOBODY), others.get(name, NOBODY) if other else None) for name in names}
    return found
