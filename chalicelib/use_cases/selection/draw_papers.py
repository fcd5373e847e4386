"""What a draw left behind, read again: its published documents, and rows of its files."""

from typing import Any

from chalicelib.domain.errors import Misconfigured
from chalicelib.domain.identifiers import WaveNumber
from chalicelib.ports import DrawFiles
from chalicelib.use_cases.selection.names import draw_record_name, frozen_name
from chalicelib.use_cases.selection.reading import document_in

_FROZEN_LINE, _DRAW_LINE = 1, 0
"""The frozen list's document comes after the file's own first line."""


def frozen_list_of(wave: WaveNumber, *, files: DrawFiles) -> dict[str, Any]:
    return _document(files.published(frozen_name(wave)), _FROZEN_LINE)


def draw_record_of(wave: WaveNumber, attempt: int, *, files: DrawFiles) -> dict[str, Any]:
    return _document(files.published(draw_record_name(wave, attempt)), _DRAW_LINE)


def rows_read(files: DrawFiles, name: str, row_bytes: int, first: int, count: int) -> bytes:
    return files.read_part(name, start=first * row_bytes, length=count * row_bytes)


def _document(content: bytes | None, line: int) -> dict[str, Any]:
    if content is None:
        # The wave says that it was published. Nobody's result is made of what is not there.
        raise Misconfigured("draw_not_published")
    document: dict[str, Any] = document_in(content, line=line)
    return document
