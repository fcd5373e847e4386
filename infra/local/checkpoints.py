"""Small JSON files that say how far a function has come, so that a restart goes on from there."""

import json
from pathlib import Path
from typing import Any


class Checkpoint:
    def __init__(self, folder: Path, name: str) -> None:
        self._file = folder / f"{name}.json"

    def load(self) -> dict[str, Any]:
        if not self._file.exists():
            return {}
        found: dict[str, Any] = json.loads(self._file.read_text())
        return found

    def save(self, state: dict[str, Any]) -> None:
        self._file.parent.mkdir(parents=True, exist_ok=True)
        draft = self._file.with_suffix(".draft")
        draft.write_text(json.dumps(state))
        # A rename is whole or not at all, so a kill leaves the old state or the new one.
        draft.replace(self._file)
