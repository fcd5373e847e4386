"""Bundles of draws for tests, written as docs/draw.md says, plainly.

What is altered in a bundle may be :meth:`~Bundle.sealed` anew (roots and digests follow) and signed anew, as somebody
within the programme could.
"""

import json
import random
from collections.abc import Mapping, Sequence
from copy import deepcopy
from dataclasses import dataclass, field
from hashlib import sha256
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from tests import draw_rule
from tests.draw_rule import Conditions, Lots, Person

Document = dict[str, Any]
KEY = Ed25519PrivateKey.from_private_bytes(b"k" * 32)
OTHER_KEY = Ed25519PrivateKey.from_private_bytes(b"o" * 32)
SECRET = "a secret of 2026"
SIGNATURE = b"what drand signed".hex()


def canonical(document: Document) -> bytes:
    return json.dumps(document, sort_keys=True, separators=(",", ":")).encode()


def digest(content: bytes) -> str:
    return sha256(content).hexdigest()


def tree_root(leaves: Sequence[bytes]) -> bytes:
    """The root over leaves that are hashed already."""
    if not leaves:
        return sha256(b"").digest()
    level = list(leaves)
    while len(level) > 1:
        above = [sha256(b"\x01" + b"".join(pair)).digest() for pair in zip(level[::2], level[1::2], strict=False)]
        level = above + level[len(above) * 2 :]
    return level[0]


def leaf(content: bytes) -> bytes:
    return sha256(b"\x00" + content).digest()


def list_root(rows: bytes) -> bytes:
    return tree_root([leaf(rows[i : i + 256 * 18]) for i in range(0, len(rows), 256 * 18)])


@dataclass(frozen=True)
class Wave:
    """Who joined under which conditions. ``places_left`` is of the families in the section, by their pseudonym. All
    attempts before ``attempt`` were annulled."""

    conditions: Conditions
    people: Sequence[Person]
    places_left: Mapping[bytes, int] = field(default_factory=dict)
    attempt: int = 1
    recovered: int = 0


@dataclass
class Bundle:
    frozen: Document
    draw: Document
    lists: dict[str, bytes]
    families: bytes
    winners: dict[str, bytes]
    annulments: list[Document] = field(default_factory=list)

    def sealed(self) -> "Bundle":
        """With the roots and digests that belong to what is in it; the draw's outcome stays as it was stated."""
        sealed = deepcopy(self)
        leaves = []
        for code in sorted(self.lists):
            root = list_root(self.lists[code])
            sealed.frozen["provinces"][code] = {"entries": len(self.lists[code]) // 18, "root": root.hex()}
            leaves.append(leaf(code.encode() + root))
        families = sha256(self.families).digest()
        sealed.frozen["entries"] = sum(map(len, self.lists.values())) // 18
        sealed.frozen["families"] = {"rows": len(self.families) // 36, "sha256": families.hex()}
        sealed.frozen["root"] = tree_root([*leaves, leaf(b"families" + families)]).hex()
        sealed.draw["frozen_sha256"] = digest(canonical(sealed.frozen))
        for code, section in self.winners.items():
            sealed.draw["winners"][code] = {"count": len(section) // 16, "sha256": digest(section)}
        return sealed

    def written(self, key: Ed25519PrivateKey = KEY, *, name: str = "receipts-1") -> bytes:
        lines = [b"prakerja-draw 1\n"]
        for document in (self.frozen, *self.annulments, self.draw):
            line = canonical(document)
            public, signature = key.public_key().public_bytes_raw(), key.sign(f"prakerja-draw {name}\n".encode() + line)
            lines += [line + b"\n", f"{name} {public.hex()} {signature.hex()}\n".encode()]
        lists = [self.lists[code] for code in sorted(self.lists)]
        return b"".join([*lines, *lists, self.families, *(self.winners[code] for code in sorted(self.winners))])

    def frozen_alone(self) -> bytes:
        lines = self.written().split(b"\n", 3)[:3]
        return b"\n".join(lines) + b"\n" + b"".join(self.lists[code] for code in sorted(self.lists)) + self.families


def conditions(**changes: Any) -> Document:
    return {
        "announces_at": "2026-03-10T05:00:00+00:00",
        "basis": "2024",
        "beacon": {"chain": "52db", "round": 123},
        "closes_at": "2026-03-05T09:00:00Z",
        "code_version": "1.0",
        "commitment": digest(SECRET.encode()),
        "family_limit": 2,
        "floor": 1,
        "groups": ["laid_off", "furloughed"],
        "labour_force": {"11": 300, "32": 1000, "91": 20},
        "opens_at": "2026-03-01T12:00:00+00:00",
        "quota": 30,
        "recovers": [3],
        "reserved_permille": {"disabled": 30, "women": 500},
        "rule": "2",
        "scheme": "2020",
        "training_starts_at": "2026-03-11T00:00:00+00:00",
        "wave": 4,
    } | changes


def family_section(wave: Wave) -> bytes:
    rows = []
    for each in wave.people:
        if each.family is not None:
            places = bytes([each.group, wave.places_left[each.family]])
            rows.append(each.family + each.pseudonym + each.province.encode() + places)
    return b"".join(sorted(rows))


def seed(frozen: Document, attempt: int) -> bytes:
    value = digest(bytes.fromhex(SIGNATURE))
    return sha256(f"{SECRET}\n{value}\n{frozen['root']}\n{attempt}".encode()).digest()


def bundle(wave: Wave) -> Bundle:
    codes = sorted(wave.conditions["labour_force"])
    lists = {code: b"".join(sorted(each.row for each in wave.people if each.province == code)) for code in codes}
    number = wave.conditions["wave"]
    frozen = {"beacon": wave.conditions["beacon"], "conditions": wave.conditions, "document": "frozen-list"}
    frozen |= {"frozen_at": "2026-03-05T10:00:00.250+00:00", "provinces": {}, "wave": number}
    frozen["recovered"] = wave.recovered
    annulments = [annulment(frozen, attempt) for attempt in range(1, wave.attempt)]
    named = [frozen, *annulments][-1]["beacon"]
    draw: Document = {
        "beacon": {**named, "signature": SIGNATURE},
        "document": "draw",
        "winners": {},
    }
    draw |= {"attempt": wave.attempt, "drawn_at": "2026-03-06T10:00:00+00:00", "secret": SECRET, "wave": number}
    draw["beacon"]["randomness"] = digest(bytes.fromhex(SIGNATURE))
    found = Bundle(frozen, draw, lists, family_section(wave), {}, annulments).sealed()
    draw_into(found, wave)
    return found.sealed()


def annulment(frozen: Document, attempt: int) -> Document:
    """Of that attempt; it names the round of the next."""
    return {
        "annulled_at": f"2026-03-06T0{attempt}:00:00+00:00",
        "attempt": attempt,
        "beacon": {**frozen["beacon"], "round": frozen["beacon"]["round"] + 5 * attempt},
        "document": "annulment",
        "draw_sha256": digest(f"attempt {attempt}".encode()),
        "reason": f"Daftar provinsi keliru \u2013 {attempt}.",
        "wave": frozen["wave"],
    }


def draw_into(found: Bundle, wave: Wave) -> None:
    """Sections 7 to 11."""
    lots = Lots(seed(found.frozen, wave.attempt), wave.conditions["wave"])
    out = draw_rule.left_out(wave.people, wave.places_left, lots)
    standing = [each for each in wave.people if each.pseudonym not in out]
    places = draw_rule.places(wave.conditions, standing, wave.recovered)
    reserved = draw_rule.reserved(wave.conditions, places, standing)
    reasons = list(out.values())
    found.draw |= {
        "excluded": {reason: reasons.count(reason) for reason in ("family_limit", "family_lot")},
        "places": places,
        "reserved": reserved,
        "seed": lots.seed.hex(),
        "strata": [],
    }
    for code in sorted(places):
        in_order = lots.ordered([each for each in standing if each.province == code])
        kept = (reserved.get(name, {}).get(code, 0) for name in ("disabled", "women"))
        won = draw_rule.winners(in_order, places[code], *kept)
        found.winners[code] = b"".join(sorted(each.pseudonym for each in won))
        listed = [each for each in wave.people if each.province == code]
        for key in sorted({(each.group, each.of_class) for each in listed}):
            counts = (sum((each.group, each.of_class) == key for each in those) for those in (listed, in_order, won))
            tickets = [lots.ticket(each) for each in won if (each.group, each.of_class) == key]
            stratum = {"province": code, "group": key[0], "class": key[1]}
            stratum |= dict(zip(("entries", "standing", "places"), counts, strict=True))
            found.draw["strata"].append({**stratum, "cut_off": max(tickets).hex() if tickets else None})


def random_wave(chance: random.Random, most_people: int = 60) -> Wave:
    """Any shape: nobody, one, more places than people, provinces that nobody joined, families across provinces."""
    codes = chance.sample(["11", "12", "31", "32", "33", "64", "91", "95"], chance.randint(1, 6))
    groups = ["laid_off", "furloughed", "poor"][: chance.randint(0, 3)]
    wave = conditions(
        labour_force={code: chance.choice([0, 5, 40, 300, 900]) for code in codes},
        quota=chance.choice([0, 1, 5, 20, 45, 200, most_people // 3]),
        floor=chance.randint(0, 3),
        groups=groups,
        reserved_permille=chance.choice(
            [{}, {"women": 500}, {"disabled": 30}, {"disabled": 300, "women": 700}, {"disabled": 0, "women": 990}]
        ),
    )
    peopled = chance.sample(codes, chance.randint(1, len(codes)))
    women, disabled = chance.choice([0.0, 0.1, 0.5, 0.9]), chance.choice([0.0, 0.05, 0.5])
    places_left = {chance.randbytes(16): chance.randint(0, 2) for _ in range(chance.randint(0, 5))}
    sizes = {family: places + chance.randint(1, 3) for family, places in places_left.items()}
    membership = [family for family, size in sizes.items() for _ in range(size)]
    alone = [None] * chance.choice([0, 1, 2, chance.randint(0, most_people)])
    people = [
        Person(
            chance.randbytes(16),
            chance.choice(peopled),
            chance.randint(0, len(groups)),
            chance.random() < women,
            chance.random() < disabled,
            family,
        )
        for family in [*membership, *alone]
    ]
    attempt, recovered = chance.choice([1, 1, 2, 3]), chance.choice([0, 0, 1, 7, 40])
    return Wave(wave, people, places_left, attempt=attempt, recovered=recovered)
