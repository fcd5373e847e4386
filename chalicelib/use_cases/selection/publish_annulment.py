"""Publish that a draw was annulled, and which random value the next one is drawn with, before that value comes."""

from dataclasses import replace
from datetime import timedelta

from chalicelib.domain.errors import Misconfigured
from chalicelib.domain.selection.records import LATE_BY, annulment_document
from chalicelib.domain.waves import Annulment, Wave
from chalicelib.use_cases.selection.desk import DrawDesk
from chalicelib.use_cases.selection.names import annulment_name
from chalicelib.use_cases.selection.reading import document_in, signed_lines

_MARGIN = timedelta(minutes=5)
"""Between the publication and the value that it names, at least: nobody can know it yet, and everybody can see that."""


def publish_annulment(wave: Wave, desk: DrawDesk) -> Wave:
    """The wave as the document has it. What was settled first stands, and the wave follows it; asked again, nothing
    happens."""
    annulled = _annulled(wave)
    name = annulment_name(wave.number, annulled.attempt)
    settled = desk.files.published(name) or desk.files.settle(name, _lines(wave, annulled, desk))
    round = document_in(settled, line=0)["beacon"]["round"]
    named = replace(wave, beacon_round=round, draws_at=desk.beacon.comes_at(round))
    if named == wave:
        return wave
    desk.waves.save(named)
    return replace(named, version=wave.version + 1)


def _annulled(wave: Wave) -> Annulment:
    """Of the attempt before this one."""
    latest = wave.annulments[-1] if wave.annulments else None
    if latest is None or latest.attempt != wave.draw_attempt - 1:
        raise Misconfigured("annulment_missing", wave=int(wave.number), attempt=wave.draw_attempt - 1)
    return latest


def _lines(wave: Wave, annulled: Annulment, desk: DrawDesk) -> bytes:
    now, round = desk.clock.now(), wave.beacon_round
    if now + _MARGIN > desk.beacon.comes_at(round):
        round = desk.beacon.round_at(now + LATE_BY)
    document = annulment_document(wave, annulled, chain=desk.beacon.chain, round=round, now=now)
    return b"".join(signed_lines(document, desk.signer))
