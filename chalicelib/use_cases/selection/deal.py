"""How many pieces a phase has, from what the phase before it found."""

from chalicelib.domain.selection.work import DrawWork, Phase, PieceSizes
from chalicelib.domain.waves import SHARDS
from chalicelib.ports import DrawFiles
from chalicelib.use_cases.selection.desk import Found, found_by, read_json, write_json
from chalicelib.use_cases.selection.names import deal_name
from chalicelib.use_cases.selection.plan_gathering import gathering_plan

_MOST_FAMILY_PIECES = 256


def pieces_of_next(work: DrawWork, files: DrawFiles, sizes: PieceSizes) -> int:
    """Of the phase that follows ``work``'s, whose pieces are all done."""
    if work.state is Phase.GATHER:
        rows: int = sum(found["rows"] for found in _gathered(work, files))
        return min(_MOST_FAMILY_PIECES, 1 + rows // sizes.gathered)
    if work.state is Phase.FAMILIES:
        return _dealt(work, files, sizes.provinces)
    if work.state is Phase.LISTS:
        rows = sum(found["rows"] for found in _gathered(work, files))
        return min(SHARDS, 1 + rows // sizes.gathered)
    if work.state is Phase.LOTS:
        dealt: list[list[str]] = read_json(files, deal_name(work.wave, work.run))
        return len(dealt)
    return 0 if work.state in (Phase.SEAL, Phase.PUBLISH) else 1


def _dealt(work: DrawWork, files: DrawFiles, most_rows: int) -> int:
    """Provinces in their order, as many together as stay below ``most_rows``."""
    sizes: dict[str, int] = {}
    for found in _gathered(work, files):
        for province, offsets in found["provinces"].items():
            sizes[province] = sizes.get(province, 0) + offsets[-1] - offsets[0]
    pieces: list[list[str]] = [[]]
    rows = 0
    for province in sorted(sizes):
        if rows and rows + sizes[province] > most_rows:
            pieces.append([])
            rows = 0
        pieces[-1].append(province)
        rows += sizes[province]
    write_json(files, deal_name(work.wave, work.run), pieces)
    return len(pieces)


def _gathered(work: DrawWork, files: DrawFiles) -> list[Found]:
    return found_by(files, work, Phase.GATHER, work.pieces if work.state is Phase.GATHER else _pieces(work, files))


def _pieces(work: DrawWork, files: DrawFiles) -> int:
    return len(gathering_plan(work, files).pieces)
