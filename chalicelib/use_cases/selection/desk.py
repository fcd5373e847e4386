"""What freezing and drawing ask of the outside."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from chalicelib.domain.selection.work import DrawWork, Phase, PieceSizes
from chalicelib.ports import Beacon, Clock, DrawFiles, DrawWorks, Places, ReceiptSigner, Waves
from chalicelib.use_cases.selection.names import done_folder

Found = Mapping[str, Any]
"""What a piece found, as JSON."""


@dataclass(frozen=True, slots=True)
class DrawDesk:
    waves: Waves
    works: DrawWorks
    files: DrawFiles
    places: Places
    beacon: Beacon
    signer: ReceiptSigner
    clock: Clock
    sizes: PieceSizes = field(default_factory=PieceSizes)


def done_name(work: DrawWork, phase: Phase, piece: int) -> str:
    attempt = work.attempt if phase in (Phase.LOTS, Phase.DRAWS, Phase.PUBLISH) else 0
    return f"{done_folder(work.wave, work.run, attempt, phase)}{piece:05d}.json"


def found_by(files: DrawFiles, work: DrawWork, phase: Phase, pieces: int) -> list[Found]:
    """What the pieces of an earlier phase found, in their order."""
    return [read_json(files, done_name(work, phase, piece)) for piece in range(pieces)]


def pieces_done(files: DrawFiles, work: DrawWork, phase: Phase) -> int:
    return sum(1 for _ in files.names(done_name(work, phase, 0).rpartition("/")[0] + "/"))


def read_json(files: DrawFiles, name: str) -> Any:
    return json.loads(files.read(name))


def write_json(files: DrawFiles, name: str, content: object) -> None:
    files.write(name, json.dumps(content, sort_keys=True, separators=(",", ":")).encode())
