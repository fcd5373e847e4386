"""Repeats a published draw from its file alone, without any code of the platform: what any outsider could write."""

import hashlib
import json
from collections import defaultdict
from typing import Any


def _sha256(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


def problem_with(content: bytes, *, sha256: str, commitment: str) -> str | None:
    """None when the file is the announced one and its winners are those that the rule gives; else what is wrong."""
    if hashlib.sha256(content).hexdigest() != sha256:
        return "the file is not the one that was announced"
    draw: dict[str, Any] = json.loads(content)
    if _sha256(draw["secret"]) != commitment:
        return "the secret is not the one committed to before the wave opened"
    rows = [tuple(row) for row in draw["entries"]]
    if rows != sorted(set(rows)):
        return "the list is not in order, or has someone twice"
    digest = _sha256("".join(f"{pseudonym} {province}\n" for pseudonym, province in rows))
    seed = _sha256(f"{draw['secret']}|{digest}")
    if (digest, seed) != (draw["list_digest"], draw["seed"]):
        return "list digest or seed do not follow from list and secret"
    if _winners(draw["wave"], seed, draw["places"], rows) != draw["winners"]:
        return "the winners are not the lowest tickets of their provinces"
    return None


def _winners(wave: int, seed: str, places: dict[str, int], rows: list[tuple[str, ...]]) -> list[str]:
    provinces: dict[str, list[tuple[str, str]]] = defaultdict(list)
    for pseudonym, province in rows:
        provinces[province].append((_sha256(f"{seed}|{wave}|{pseudonym}"), pseudonym))
    won = [who for code, tickets in provinces.items() for _, who in sorted(tickets)[: places.get(code, 0)]]
    return sorted(won)
