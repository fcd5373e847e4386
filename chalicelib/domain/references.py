"""A case's reference: twelve characters that survive being read over the telephone.

Crockford's base 32 has no I, L, O and U. The last character is a check over GF(32): it finds every single wrong
character and every two neighbours swapped. The reference follows from the applicant's id with a key: it tells nothing,
and opens nothing but a case, to officers.
"""

from functools import reduce

from chalicelib.domain.errors import InvalidInput
from chalicelib.domain.identifiers import Reference

LABEL = "reference"
"""Under which ``Indexer.derived`` makes the bytes."""

_ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
_LENGTH = 12
_HEARD_AS = str.maketrans("OIL", "011", "- ")
_FIELD = 0b100101  # x^5 + x^2 + 1


def reference_from(derived: bytes) -> Reference:
    """55 bits: of 40 million people, two share one with a chance of 2 %."""
    number = int.from_bytes(derived[:8], "big")
    letters = "".join(_ALPHABET[number >> 5 * place & 31] for place in range(_LENGTH - 1))
    return Reference(letters + _ALPHABET[_check(letters)])


def parse_reference(text: str) -> Reference:
    """As typed or heard: in any case, with or without hyphens, O for 0, I or L for 1."""
    letters = text.upper().translate(_HEARD_AS)
    is_lawful = len(letters) == _LENGTH and set(letters) <= set(_ALPHABET)
    if not (is_lawful and _ALPHABET[_check(letters[:-1])] == letters[-1]):
        raise InvalidInput("reference_mistyped", field="reference")
    return Reference(letters)


def spoken(reference: Reference) -> str:
    """In groups of four."""
    return "-".join(reference[place : place + 4] for place in range(0, _LENGTH, 4))


def _check(letters: str) -> int:
    return reduce(lambda check, letter: _doubled(check ^ _ALPHABET.index(letter)), letters, 0)


def _doubled(element: int) -> int:
    doubled = element << 1
    return doubled ^ _FIELD if doubled & 32 else doubled
