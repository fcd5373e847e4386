"""The conditions of a wave, as they are published."""

from chalicelib.domain.provinces import basis_named
from chalicelib.domain.schemes import scheme_named
from chalicelib.domain.selection.records import Document, conditions_of
from chalicelib.domain.waves import Wave


def conditions_for(wave: Wave, *, chain: str) -> Document:
    """``chain``: of the beacon."""
    limit = scheme_named(wave.scheme).most_recipients_per_family
    return conditions_of(wave, basis_named(wave.basis), chain=chain, family_limit=limit)
