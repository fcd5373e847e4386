"""Share the feed's files among pieces, so that each puts about as many rows in order."""

from chalicelib.domain.identifiers import WaveNumber
from chalicelib.domain.selection.work import PieceSizes
from chalicelib.ports import DrawFiles
from chalicelib.use_cases.selection.desk import write_json
from chalicelib.use_cases.selection.names import feed_folder, plan_name


def plan_gathering(wave: WaveNumber, run: int, *, files: DrawFiles, sizes: PieceSizes) -> int:
    """How many pieces there are. What comes into the feed later belongs to the next run."""
    pieces: list[list[str]] = [[]]
    rows = 0
    for name in files.names(feed_folder(wave)):
        if rows and (rows + _rows_in(name) > sizes.gathered or len(pieces[-1]) >= sizes.files):
            pieces.append([])
            rows = 0
        pieces[-1].append(name)
        rows += _rows_in(name)
    write_json(files, plan_name(wave, run), pieces)
    return len(pieces)


def _rows_in(name: str) -> int:
    """A file of the feed says it in its name: ``<batch>-<rows>.rows``."""
    return int(name.rpartition("-")[2].removesuffix(".rows"))
