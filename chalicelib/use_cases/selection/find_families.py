"""Find families of which more joined than they have places left, wherever their members live."""

import numpy as np

from chalicelib.domain.selection.families import crowded
from chalicelib.domain.selection.rows import KIN, read_rows
from chalicelib.domain.selection.sorting import in_byte_order, same_as_before
from chalicelib.domain.selection.work import DrawWork
from chalicelib.ports import DrawFiles
from chalicelib.use_cases.selection.desk import Found
from chalicelib.use_cases.selection.names import crowded_name, kin_name

_PREFIXES = 256


def find_families(work: DrawWork, piece: int, gathered: list[Found], *, files: DrawFiles) -> Found:
    """Of the families whose first byte is in this piece's span. ``gathered``: what the gathering pieces found."""
    begin, end = _PREFIXES * piece // work.pieces, _PREFIXES * (piece + 1) // work.pieces
    parts = []
    for number, found in enumerate(gathered):
        start, stop = found["families"][begin], found["families"][end]
        name = kin_name(work.wave, work.run, number)
        content = files.read_part(name, start=start * KIN.itemsize, length=(stop - start) * KIN.itemsize)
        parts.append(read_rows(content, KIN))
    kin = np.concatenate(parts) if parts else np.empty(0, KIN)
    kin = kin[in_byte_order(kin, "pseudonym")]
    rows = crowded(kin[~same_as_before(kin["pseudonym"])])
    files.write(crowded_name(work.wave, work.run, piece), rows.tobytes())
    return {"rows": len(rows)}
