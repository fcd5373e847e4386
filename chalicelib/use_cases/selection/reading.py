"""Published lines and the files behind them."""

import json
from collections.abc import Iterator
from typing import Any

from chalicelib.domain.selection.records import Document, line_of, signature_line, signed_message
from chalicelib.ports import DrawFiles, ReceiptSigner

_PART_BYTES = 8 * 1024 * 1024


def signed_lines(document: Document, signer: ReceiptSigner) -> tuple[bytes, bytes]:
    line = line_of(document)
    signature = signer.sign(signed_message(signer.key, line))
    return line, signature_line(signer.key, signer.public_keys()[signer.key], signature)


def document_in(content: bytes, *, line: int) -> Any:
    return json.loads(content.split(b"\n")[line])


def in_parts(files: DrawFiles, name: str) -> Iterator[bytes]:
    """However large; nothing where there is no such file."""
    size = files.size(name) or 0
    for start in range(0, size, _PART_BYTES):
        yield files.read_part(name, start=start, length=min(_PART_BYTES, size - start))
