"""What is known of a stratum, and of a province's places."""

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


@dataclass(frozen=True, slots=True)
class Allotment:
    """Of one province: its places, and how many of them are reserved."""

    places: int
    disabled: int = 0
    women: int = 0
