"""Publish a frozen list whole, once its root is known."""

from collections.abc import Iterator
from typing import Any

from chalicelib.domain.errors import Misconfigured
from chalicelib.domain.identifiers import WaveNumber
from chalicelib.ports import DrawFiles
from chalicelib.use_cases.selection import names
from chalicelib.use_cases.selection.reading import document_in, in_parts


def publish_list(number: WaveNumber, *, files: DrawFiles) -> None:
    """The first lines of the bundle, and the sections *lists* and *families*."""
    settled = files.published(names.frozen_name(number))
    if settled is None:
        raise Misconfigured("frozen_list_missing", wave=int(number))
    files.publish(names.frozen_bundle_name(number), _bundle(number, settled, files))


def _bundle(number: WaveNumber, settled: bytes, files: DrawFiles) -> Iterator[bytes]:
    provinces: dict[str, Any] = document_in(settled, line=1)["provinces"]
    yield settled
    for code in sorted(provinces):
        yield from in_parts(files, names.list_name(number, code))
    yield from in_parts(files, names.families_name(number))
