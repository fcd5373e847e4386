"""Publish the conditions of an approved wave, before it opens."""

from chalicelib.domain.selection.records import conditions_digest, conditions_document
from chalicelib.domain.waves import Wave
from chalicelib.use_cases.selection.conditions import conditions_for
from chalicelib.use_cases.selection.desk import DrawDesk
from chalicelib.use_cases.selection.names import conditions_name
from chalicelib.use_cases.selection.reading import signed_lines


def publish_conditions(wave: Wave, desk: DrawDesk) -> None:
    """The same conditions are published once; others, after a change, beside them."""
    conditions = conditions_for(wave, chain=desk.beacon.chain)
    name = conditions_name(wave.number, conditions_digest(conditions))
    if desk.files.published(name) is None:
        desk.files.settle(name, b"".join(signed_lines(conditions_document(conditions, wave), desk.signer)))
