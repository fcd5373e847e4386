"""A stream's records as Lambda hands them to a function: plain JSON."""

from base64 import b64encode
from datetime import UTC, datetime
from typing import Any


def as_lambda_gets_it(record: dict[str, Any], region: str) -> dict[str, Any]:
    change = dict(record["dynamodb"])
    change["ApproximateCreationDateTime"] = _epoch(change["ApproximateCreationDateTime"])
    for image in ("Keys", "NewImage", "OldImage"):
        if image in change:
            change[image] = {name: _plain(value) for name, value in change[image].items()}
    return {**record, "eventVersion": "1.1", "awsRegion": region, "dynamodb": change}


def _epoch(moment: datetime) -> int:
    # Moto's moments come without a zone, and are UTC.
    return int((moment if moment.tzinfo else moment.replace(tzinfo=UTC)).timestamp())


def _plain(value: dict[str, Any]) -> dict[str, Any]:
    """One attribute: binary values, which come as bytes, are in base 64 in the event."""
    ((kind, content),) = value.items()
    if kind == "B":
        return {kind: b64encode(content).decode()}
    if kind == "BS":
        return {kind: [b64encode(entry).decode() for entry in content]}
    if kind == "L":
        return {kind: [_plain(entry) for entry in content]}
    if kind == "M":
        return {kind: {name: _plain(entry) for name, entry in content.items()}}
    return value
