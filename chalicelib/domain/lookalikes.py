"""Nearly the same selfie from two people: a sign for staff, never a verdict.

A fingerprint has 64 bits, in four bands of 16. It is found again by any two of its bands, so that a key names few
pictures among 40 million (one band alone names hundreds), and what differs in up to two bits is always found.
"""

from collections.abc import Iterable
from itertools import combinations

from chalicelib.domain.identifiers import ApplicantId

BANDS = 4
MOST_BITS_APART = 4
"""The same picture saved again differs in 0 to 2 bits, one slightly cropped in 4 and more; two people's in about 30."""
MOST_NAMED = 5
"""Of so many others a person is told; more change nothing about what there is to do."""

Seen = tuple[ApplicantId, str]
"""Whose selfie, and its fingerprint."""


def look_keys(fingerprint: str) -> tuple[str, ...]:
    """The six keys under which a fingerprint (16 hex digits) is kept, and looked for."""
    size = len(fingerprint) // BANDS
    bands = [fingerprint[place * size : (place + 1) * size] for place in range(BANDS)]
    return tuple(f"{one}{other}#{bands[one]}{bands[other]}" for one, other in combinations(range(BANDS), 2))


def bits_apart(one: str, other: str) -> int:
    return (int(one, 16) ^ int(other, 16)).bit_count()


def others_alike(applicant_id: ApplicantId, fingerprint: str, seen: Iterable[Seen]) -> tuple[ApplicantId, ...]:
    """The nearest first; nobody is like themselves."""
    distances: dict[ApplicantId, int] = {}
    for other, print_of_other in seen:
        apart = bits_apart(fingerprint, print_of_other)
        if other != applicant_id and apart <= MOST_BITS_APART:
            distances[other] = min(apart, distances.get(other, apart))
    return tuple(sorted(distances, key=lambda other: (distances[other], other))[:MOST_NAMED])
