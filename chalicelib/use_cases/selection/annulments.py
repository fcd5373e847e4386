"""The annulments that were published before a draw."""

from collections.abc import Sequence

from chalicelib.domain.errors import Misconfigured
from chalicelib.domain.identifiers import WaveNumber
from chalicelib.ports import DrawFiles
from chalicelib.use_cases.selection.names import annulment_name


def annulments_of(wave: WaveNumber, attempt: int, *, files: DrawFiles) -> Sequence[bytes]:
    """Those of all attempts before this one, in order. ``Misconfigured`` when one was never published: then nobody
    could tell that the next random value was named before it came."""
    found = []
    for earlier in range(1, attempt):
        content = files.published(annulment_name(wave, earlier))
        if content is None:
            raise Misconfigured("annulment_not_published", wave=int(wave), attempt=earlier)
        found.append(content)
    return found
