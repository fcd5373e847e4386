"""Places of each province: sections 8 and 9 of ``docs/draw.md``. Whole numbers throughout."""

from collections.abc import Iterable, Mapping

Shares = Mapping[str, int]
"""By province code."""


def largest_remainder(total: int, weights: Shares) -> dict[str, int]:
    """Hamilton's method, exact in total; equal remainders go to the lower code. Nothing where all weights are 0."""
    whole = sum(weights.values())
    if whole == 0:
        return dict.fromkeys(weights, 0)
    shares = {code: total * weight // whole for code, weight in weights.items()}
    by_remainder = sorted(weights, key=lambda code: (-(total * weights[code] % whole), code))
    for code in by_remainder[: total - sum(shares.values())]:
        shares[code] += 1
    return shares


def province_quotas(quota: int, floor: int, labour_force: Shares) -> dict[str, int]:
    """``quota`` over all provinces by labour force, each at least ``floor`` while there is enough for that."""
    if quota < floor * len(labour_force):
        return largest_remainder(quota, labour_force)
    small: set[str] = set()
    while True:
        rest = {code: force for code, force in labour_force.items() if code not in small}
        shares = dict.fromkeys(small, floor) | largest_remainder(quota - floor * len(small), rest)
        below = {code for code, share in shares.items() if share < floor}
        if not below:
            return {code: shares[code] for code in labour_force}
        small |= below


def filled_places(quota: int, floor: int, labour_force: Shares, standing: Shares) -> dict[str, int]:
    """Places that each province fills: its share of the quota, and of what other provinces leave over."""
    demand = {code: standing.get(code, 0) for code in labour_force}
    filled = {code: min(share, demand[code]) for code, share in province_quotas(quota, floor, labour_force).items()}
    return _shared_out(quota, filled, weights=labour_force, caps=demand)


def reserved_places(total: int, filled: Shares, caps: Shares) -> dict[str, int]:
    """``total`` over the provinces by places filled, each at most its cap."""
    return _shared_out(total, dict.fromkeys(filled, 0), weights=filled, caps=caps)


def _shared_out(total: int, given: dict[str, int], *, weights: Shares, caps: Shares) -> dict[str, int]:
    """What is left is shared again among those who can take more, until nothing is left or nobody can."""
    left, open_ = total - sum(given.values()), _open(given, weights, caps)
    while left and open_:
        for code, share in largest_remainder(left, {code: weights[code] for code in open_}).items():
            given[code] += min(share, caps[code] - given[code])
        left, open_ = total - sum(given.values()), _open(given, weights, caps)
    return given


def _open(given: Shares, weights: Shares, caps: Shares) -> Iterable[str]:
    """Those without weight would wait for ever: they get nothing of what is shared."""
    return [code for code in given if weights[code] and given[code] < caps[code]]
