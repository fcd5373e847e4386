"""Places of each province and what of them is reserved, from who stands where: sections 8 and 9 of ``docs/draw.md``."""

from collections.abc import Mapping
from typing import Any

from chalicelib.domain.selection.layout import Flag
from chalicelib.domain.selection.quota import filled_places, reserved_places
from chalicelib.domain.selection.stratum import Allotment

Standing = Mapping[str, Mapping[tuple[int, int], int]]
"""By province: how many of each group and class stand."""


def allot(conditions: Mapping[str, Any], standing: Standing, *, recovered: int = 0) -> dict[str, Allotment]:
    """``recovered``: places of earlier waves, on top of the quota."""
    everybody = {code: sum(counts.values()) for code, counts in standing.items()}
    quota = conditions["quota"] + recovered
    filled = filled_places(quota, conditions["floor"], conditions["labour_force"], everybody)
    total, reserved = sum(filled.values()), conditions["reserved_permille"]
    disabled = reserved_places(
        total * reserved.get("disabled", 0) // 1000, filled, _caps(filled, _of_class(standing, Flag.DISABLED))
    )
    free = {code: filled[code] - disabled[code] for code in filled}
    women = reserved_places(
        total * reserved.get("women", 0) // 1000, filled, _caps(free, _of_class(standing, Flag.WOMAN))
    )
    return {code: Allotment(filled[code], disabled=disabled[code], women=women[code]) for code in filled}


def _of_class(standing: Standing, flag: Flag) -> dict[str, int]:
    return {
        code: sum(count for (_, class_), count in counts.items() if class_ & flag) for code, counts in standing.items()
    }


def _caps(most: Mapping[str, int], there: Mapping[str, int]) -> dict[str, int]:
    return {code: min(places, there.get(code, 0)) for code, places in most.items()}
