"""The samples of ``events/``: what comes through each door, good and bad."""

import json
from pathlib import Path
from typing import Any

EVENTS = Path(__file__).parents[2] / "events"
FOLDERS = ("api", "queues", "streams", "schedules")
KINDS = ("good", "bad")


def sample(folder: str, door: str, kind: str) -> dict[str, Any]:
    found: dict[str, Any] = json.loads((EVENTS / folder / f"{door}.{kind}.json").read_text("utf-8"))
    return found


def doors(folder: str) -> list[str]:
    """Every door that has a sample of some kind."""
    return sorted({path.name.partition(".")[0] for path in (EVENTS / folder).iterdir()})


def kinds_of(folder: str, door: str) -> set[str]:
    """What lies there under this door's name; something else than the two kinds where a file is misnamed."""
    return {path.name.removeprefix(f"{door}.") for path in (EVENTS / folder).glob(f"{door}.*")}


def body_of(event: dict[str, Any]) -> Any:
    """The JSON body of a request's sample."""
    return json.loads(event["body"] or "null")
