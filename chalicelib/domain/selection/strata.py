"""Strata of a province, and who of them gets a place: section 10 of ``docs/draw.md``."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Stratum:
    """Province, group and class. Its rows in the province's ``ORDER`` file are ``[start, start + standing)``; the first
    ``places`` of them won."""

    group: int
    class_: int
    entries: int
    standing: int
    places: int
    start: int
    cut_off: str | None = None
    """The ticket of the last winner, in hex."""
