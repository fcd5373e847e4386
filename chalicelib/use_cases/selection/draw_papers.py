"""What a draw left behind, read again: its published documents, and the strata of a province."""

import json
from typing import Any

from chalicelib.domain.errors import Misconfigured, NotFound
from chalicelib.domain.identifiers import WaveNumber
from chalicelib.domain.selection.stratum import Stratum
from chalicelib.domain.waves import Wave
from chalicelib.ports import DrawFiles
from chalicelib.use_cases.selection.names import draw_record_name, frozen_name, strata_name
from chalicelib.use_cases.selection.reading import document_in

_FROZEN_LINE, _DRAW_LINE = 1, 0
"""The frozen list's document comes after the file's own first line."""


def frozen_list_of(wave: WaveNumber, *, files: DrawFiles) -> dict[str, Any]:
    return _document(files.published(frozen_name(wave)), _FROZEN_LINE)


def draw_record_of(wave: WaveNumber, attempt: int, *, files: DrawFiles) -> dict[str, Any]:
    return _document(files.published(draw_record_name(wave, attempt)), _DRAW_LINE)


def strata_of(wave: Wave, province: str, *, files: DrawFiles) -> list[Stratum]:
    """Of a province in which somebody joined: it has some."""
    try:
        content = files.read(strata_name(wave.number, wave.draw_attempt, province))
    except NotFound:
        raise Misconfigured("draw_differs_from_published", province=province) from None
    return [Stratum(**each) for each in json.loads(content)]


def rows_read(files: DrawFiles, name: str, row_bytes: int, first: int, count: int) -> bytes:
    return files.read_part(name, start=first * row_bytes, length=count * row_bytes)


def _document(content: bytes | None, line: int) -> dict[str, Any]:
    if content is None:
        # The wave says that it was published. Nobody's result is made of what is not there.
        raise Misconfigured("draw_not_published")
    document: dict[str, Any] = document_in(content, line=line)
    return document
