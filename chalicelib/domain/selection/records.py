"""The published documents: sections 4, 5, 11, 12 and 16 of ``docs/draw.md``."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import sha256
from typing import Any

from chalicelib.domain.provinces import Basis
from chalicelib.domain.receipts import canonical
from chalicelib.domain.selection.beacon import RandomValue
from chalicelib.domain.selection.merkle import families_leaf, province_leaf, root_of
from chalicelib.domain.selection.stratum import Allotment, Stratum
from chalicelib.domain.time import WIB
from chalicelib.domain.waves import Annulment, Wave

RULE_VERSION = "2"
CODE_VERSION = "1"
"""Raised when the same list would be drawn otherwise than before, under the same rule: never on purpose."""
BUNDLE_LINE = b"prakerja-draw 1\n"
LATE_BY = timedelta(minutes=45)
"""How far ahead a newly named round lies when the list comes too late for the one that was named: longer than it takes
until a message comes again whose worker was killed."""
Document = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class FrozenProvince:
    entries: int
    root: str


@dataclass(frozen=True, slots=True)
class FrozenList:
    """What is known of a list when it is frozen. ``families``: rows of that section, and its SHA-256 in hex."""

    provinces: Mapping[str, FrozenProvince]
    families: tuple[int, str]

    @property
    def root(self) -> str:
        leaves = [province_leaf(code, bytes.fromhex(each.root)) for code, each in sorted(self.provinces.items())]
        return root_of([*leaves, families_leaf(bytes.fromhex(self.families[1]))]).hex()

    @property
    def entries(self) -> int:
        return sum(each.entries for each in self.provinces.values())


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a draw comes to. ``winners``: by province, how many and the SHA-256 of their section."""

    allotments: Mapping[str, Allotment]
    excluded: Mapping[str, int]
    strata: Sequence[tuple[str, Stratum]]
    winners: Mapping[str, tuple[int, str]]


def conditions_of(wave: Wave, basis: Basis, *, chain: str, family_limit: int) -> Document:
    """Public before the wave opens, and part of the frozen list."""
    return {
        "announces_at": _told(wave.announces_at),
        "basis": basis.name,
        "beacon": {"chain": chain, "round": wave.beacon_round},
        "closes_at": _told(wave.closes_at),
        "code_version": CODE_VERSION,
        "commitment": wave.commitment,
        "family_limit": family_limit,
        "floor": wave.floor,
        "groups": list(wave.groups),
        "labour_force": dict(basis.labour_force),
        "opens_at": _told(wave.opens_at),
        "quota": wave.quota,
        "recovers": list(wave.recovers),
        "reserved_permille": dict(wave.reserved_permille),
        "rule": RULE_VERSION,
        "scheme": wave.scheme,
        "training_starts_at": _told(wave.training_starts_at or wave.announces_at),
        "wave": int(wave.number),
    }


def conditions_digest(conditions: Document) -> str:
    """In hex: by it, conditions are found that were published before their wave opened."""
    return sha256(canonical(dict(conditions))).hexdigest()


def conditions_document(conditions: Document, wave: Wave) -> Document:
    return {
        "conditions": conditions,
        "document": "conditions",
        "version": wave.version,
        "wave": conditions["wave"],
    }


def annulment_document(wave: Wave, annulment: Annulment, *, chain: str, round: int, now: datetime) -> Document:
    """``round``: of which the next attempt is drawn."""
    return {
        "annulled_at": _told(annulment.annulled_at or now),
        "attempt": annulment.attempt,
        "beacon": {"chain": chain, "round": round},
        "document": "annulment",
        "draw_sha256": annulment.draw_digest,
        "reason": annulment.reason,
        "wave": int(wave.number),
    }


def frozen_document(conditions: Document, frozen: FrozenList, *, round: int, recovered: int, now: datetime) -> Document:
    """``recovered``: places of earlier waves, on top of the quota of the conditions."""
    rows, digest = frozen.families
    return {
        "beacon": {"chain": conditions["beacon"]["chain"], "round": round},
        "conditions": conditions,
        "document": "frozen-list",
        "entries": frozen.entries,
        "families": {"rows": rows, "sha256": digest},
        "frozen_at": _told(now),
        "provinces": {code: {"entries": each.entries, "root": each.root} for code, each in frozen.provinces.items()},
        "recovered": recovered,
        "root": frozen.root,
        "wave": conditions["wave"],
    }


def draw_document(
    wave: Wave, outcome: Outcome, value: RandomValue, *, seed: bytes, frozen_sha256: str, now: datetime
) -> Document:
    return {
        "attempt": wave.draw_attempt,
        "beacon": {
            "chain": value.chain,
            "randomness": value.randomness,
            "round": value.round,
            "signature": value.signature,
        },
        "document": "draw",
        "drawn_at": _told(now),
        "excluded": dict(outcome.excluded),
        "frozen_sha256": frozen_sha256,
        "places": {code: each.places for code, each in outcome.allotments.items()},
        "reserved": {
            kind: {code: getattr(each, kind) for code, each in outcome.allotments.items()}
            for kind in sorted(wave.reserved_permille)
        },
        "secret": wave.secret,
        "seed": seed.hex(),
        "strata": [_stratum(code, each) for code, each in outcome.strata],
        "wave": int(wave.number),
        "winners": {code: {"count": count, "sha256": digest} for code, (count, digest) in outcome.winners.items()},
    }


def _stratum(province: str, stratum: Stratum) -> Document:
    return {
        "class": stratum.class_,
        "cut_off": stratum.cut_off,
        "entries": stratum.entries,
        "group": stratum.group,
        "places": stratum.places,
        "province": province,
        "standing": stratum.standing,
    }


def line_of(document: Document) -> bytes:
    return canonical(dict(document)) + b"\n"


def signed_message(key: str, line: bytes) -> bytes:
    """What is signed under a key of this name."""
    return f"prakerja-draw {key}\n".encode() + line.removesuffix(b"\n")


def signature_line(key: str, public_key: bytes, signature: bytes) -> bytes:
    return f"{key} {public_key.hex()} {signature.hex()}\n".encode()


def lines_of(content: bytes, count: int) -> Iterable[bytes]:
    """The first lines of a published text, without their ends."""
    return content.split(b"\n", count)[:count]


def _told(moment: datetime) -> str:
    return moment.astimezone(WIB).isoformat(timespec="seconds")
