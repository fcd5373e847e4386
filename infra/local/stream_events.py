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


def _epoch(moment: datetime | float) -> int:
    if not isinstance(moment, datetime):
        return int(moment)  # as the service writes it
    # Moto's moments come without a zone, and are UTC.
    return int((moment if moment.tzinfo else moment.replace(tzinfo=UTC)).timestamp())


def _plain(value: dict[str, Any]) -> dict[str, Any]:
    """One attribute: binary values are in base 64 in the event, and come so unless boto3 made bytes of them."""
    ((kind, content),) = value.items()
    if kind == "B":
        return {kind: _text(content)}
    if kind == "BS":
        return {kind: [_text(entry) for entry in content]}
    if kind == "L":
        return {kind: [_plain(entry) for entry in content]}
    if kind == "M":
        return {kind: {name: _plain(entry) for name, entry in content.items()}}
    return value


def _text(content: bytes | str) -> str:
    return content if isinstance(content, str) else b64encode(content).decode()
