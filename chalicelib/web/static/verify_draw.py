#!/usr/bin/env python3
"""Check a draw of Prakerja with nothing but its published file: ``python3 verify_draw.py BUNDLE [--ticket CODE]``.

Written from docs/draw.md alone (numbers in brackets are its sections); needs Python 3.9 or later and nothing else. It
repeats the whole draw, and ends with 0 when everything holds, with 1 and one sentence that names the first thing wrong,
or with 2 when it could not begin. It cannot know whether the random value is drand's: it says where to look that up.
Pages and rows are counted from 0.
"""

from __future__ import annotations

import argparse
import json
import mmap
import os
import re
import struct
import sys
import time
from bisect import bisect_left
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from datetime import datetime
from hashlib import sha256, sha512
from itertools import chain, compress, groupby, islice, zip_longest
from math import isqrt
from operator import lt
from typing import Any, BinaryIO, NamedTuple

Json = dict[str, Any]
Shares = dict[str, int]
Stratum = tuple[int, int]
Point = tuple[int, int, int, int]

PAGE_ROWS, ROW, FAMILY_ROW, PSEUDONYM = 256, 18, 36, 16
LONGEST_LINE, ABSENT, ALL = 1 << 24, 255, -1
CLASSES = {"disabled": (2, 3), "women": (1, 3)}
"""Who is meant, in the order in which places are reserved [9]."""
ONLY = [bytes(each == wanted for each in range(256)) for wanted in range(256)]
OF_FAMILY, TO_CLASS = bytes(each >> 2 & 1 for each in range(256)), bytes(each & 3 for each in range(256))

HEX, ANY_HEX, NAME, PROVINCE, TEXT = "[0-9a-f]{64}", "(?:[0-9a-f]{2})+", "[!-~]+", "[0-9]{2}", ".+"
MOMENT = r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?(?:Z|[+-]\d\d:\d\d)"
COUNT, FROM_ONE, BYTE = (0, 1 << 53), (1, (1 << 32) - 1), (0, 255)
ROUND = {"chain": ANY_HEX, "round": (1, 1 << 53)}
# What fields look like: text by its pattern, a number by its least and its most, a list by its members.
# fmt: off
CONDITIONS = {
    "announces_at": MOMENT, "basis": TEXT, "beacon": ROUND, "closes_at": MOMENT, "code_version": TEXT,
    "commitment": HEX, "family_limit": BYTE, "floor": COUNT, "groups": [TEXT], "labour_force": {PROVINCE: COUNT},
    "opens_at": MOMENT, "quota": COUNT, "recovers": [FROM_ONE], "reserved_permille": {"disabled|women": (0, 1000)},
    "rule": "2", "scheme": TEXT, "training_starts_at": MOMENT, "wave": FROM_ONE,
}
FROZEN = {
    "beacon": ROUND, "conditions": CONDITIONS, "document": "frozen-list", "entries": COUNT,
    "families": {"rows": COUNT, "sha256": HEX}, "frozen_at": MOMENT,
    "provinces": {PROVINCE: {"entries": COUNT, "root": HEX}}, "recovered": COUNT, "root": HEX, "wave": FROM_ONE,
}
ANNULMENT = {
    "annulled_at": MOMENT, "attempt": FROM_ONE, "beacon": ROUND, "document": "annulment", "draw_sha256": HEX,
    "reason": TEXT, "wave": FROM_ONE,
}
STRATUM = {
    "class": (0, 3), "cut_off": f"{HEX}|null", "entries": FROM_ONE, "group": BYTE, "places": COUNT,
    "province": PROVINCE, "standing": COUNT,
}
DRAW = {
    "attempt": FROM_ONE, "beacon": {**ROUND, "randomness": HEX, "signature": ANY_HEX}, "document": "draw",
    "drawn_at": MOMENT, "excluded": {"family_limit": COUNT, "family_lot": COUNT}, "frozen_sha256": HEX,
    "places": {PROVINCE: COUNT}, "reserved": {"disabled|women": {PROVINCE: COUNT}}, "secret": TEXT, "seed": HEX,
    "strata": [STRATUM], "wave": FROM_ONE, "winners": {PROVINCE: {"count": COUNT, "sha256": HEX}},
}
# fmt: on


class Wrong(Exception):
    """The first thing wrong, as a sentence."""


def must(holds: object, sentence: str) -> None:
    if not holds:
        raise Wrong(sentence)


def same(what: str, stated: object, found: object) -> None:
    must(stated == found, f"{what}: {stated} is stated, {found} is right.")


# Documents [12]


def fits(value: Any, pattern: Any, where: str) -> None:
    if isinstance(pattern, dict):
        must(isinstance(value, dict), f"{where}: fields were expected.")
        fields_fit(value, pattern, where)
    elif isinstance(pattern, list):
        must(isinstance(value, list), f"{where}: a list was expected.")
        for number, each in enumerate(value):
            fits(each, pattern[0], f"{where}, number {number}")
    elif isinstance(pattern, tuple):
        holds = type(value) is int and pattern[0] <= value <= pattern[1]
        must(holds, f"{where}: a whole number from {pattern[0]} to {pattern[1]} was expected.")
    else:
        text = "null" if value is None else value
        must(isinstance(text, str) and re.fullmatch(pattern, text), f"{where}: text like {pattern} was expected.")


def fields_fit(value: Json, pattern: Json, where: str) -> None:
    for name in pattern:
        must(name in value or not name.isidentifier(), f"{where}: the field {name} is missing.")
    for name, each in value.items():
        known = next((key for key in pattern if re.fullmatch(key, name)), "")
        must(known, f"{where}: the field {name!a} should not be there.")
        fits(each, pattern[known], f"{where}, {name}")


class Document(NamedTuple):
    what: str
    fields: Json
    sha256: str
    signer: str
    key: str


class Reader:
    """The file, from its beginning."""

    def __init__(self, view: mmap.mmap) -> None:
        self.view, self.at = view, 0

    def line(self, what: str) -> bytes:
        end = self.view.find(b"\n", self.at, self.at + LONGEST_LINE)
        must(end >= 0, f"The file has no line of text where {what} was expected.")
        begun, self.at = self.at, end + 1
        return self.view[begun:end]

    def document(self, what: str, pattern: Json) -> Document:
        line = self.line(what)
        try:
            fields = json.loads(line.decode("ascii"))
            canonical = json.dumps(fields, sort_keys=True, separators=(",", ":")).encode()
        except (ValueError, RecursionError):
            raise Wrong(f"The line of {what} is not a JSON document.") from None
        must(canonical == line, f"The line of {what} is not canonical JSON.")
        found = re.fullmatch(f"({NAME}) ({HEX}) ({HEX}{HEX})", self.line(f"the signature of {what}").decode("latin-1"))
        if not found:
            raise Wrong(f"The signature of {what} is not a key's name, a key and a signature.")
        name, key, signature = found.groups()
        holds = is_signed(bytes.fromhex(key), f"prakerja-draw {name}\n".encode() + line, bytes.fromhex(signature))
        must(holds, f"The signature of {what} does not fit it and the key {key}.")
        fits(fields, pattern, what)
        return Document(what, fields, sha256(line).hexdigest(), name, key)

    def has_next(self, word: bytes) -> bool:
        """Whether a word stands in the next line. In quotation marks it is of the document itself: within a text of
        the document these would be escaped."""
        return self.view.find(word, self.at, max(self.view.find(b"\n", self.at, self.at + LONGEST_LINE), 0)) >= 0

    def sections(self, lengths: Sequence[tuple[str, int]]) -> dict[str, slice]:
        """Where they lie; whether the file is as long is for the caller to see before anything is read of them."""
        found = {}
        for name, length in lengths:
            found[name] = slice(self.at, self.at + length)
            self.at += length
        return found


# Signatures: Ed25519 (RFC 8032)

PRIME, ORDER = 2**255 - 19, 2**252 + 27742317777372353535851937790883648493
CURVE = -121665 * pow(121666, -1, PRIME) % PRIME


def point(encoded: bytes) -> Point | None:
    y, sign = int.from_bytes(encoded, "little") % 2**255, encoded[31] >> 7
    square = (y * y - 1) * pow(CURVE * y * y + 1, -1, PRIME) % PRIME
    x = pow(square, (PRIME + 3) // 8, PRIME)
    if (x * x - square) % PRIME:
        x = x * pow(2, (PRIME - 1) // 4, PRIME) % PRIME
    if (x * x - square) % PRIME or y >= PRIME or x < sign:
        return None
    x = x if x & 1 == sign else PRIME - x
    return x, y, 1, x * y % PRIME


def plus(one: Point, other: Point) -> Point:
    a, b = (one[1] - one[0]) * (other[1] - other[0]) % PRIME, (one[1] + one[0]) * (other[1] + other[0]) % PRIME
    c, d = 2 * one[3] * other[3] % PRIME * CURVE % PRIME, 2 * one[2] * other[2] % PRIME
    e, f, g, h = b - a, d - c, d + c, b + a
    return e * f % PRIME, g * h % PRIME, f * g % PRIME, e * h % PRIME


def is_signed(key: bytes, message: bytes, signature: bytes) -> bool:
    """Whether R is S·B - k·A: both products at once, bit by bit."""
    generator, public = point((4 * pow(5, -1, PRIME) % PRIME).to_bytes(32, "little")), point(key)
    s = int.from_bytes(signature[32:], "little")
    if generator is None or public is None or s >= ORDER:
        return False
    k = int.from_bytes(sha512(signature[:32] + key + message).digest(), "little") % ORDER
    less = (PRIME - public[0], public[1], 1, PRIME - public[3])
    total: Point = (0, 1, 1, 0)
    terms = (total, generator, less, plus(generator, less))
    for bit in range(252, -1, -1):
        total = plus(plus(total, total), terms[(s >> bit & 1) + 2 * (k >> bit & 1)])
    scale = pow(total[2], -1, PRIME)
    x, y = total[0] * scale % PRIME, total[1] * scale % PRIME
    return (y | (x & 1) << 255).to_bytes(32, "little") == signature[:32]


# Arithmetic of places [8, 9]


def share(total: int, weights: Shares) -> Shares:
    """By largest remainder; of equal ones to the lower code."""
    whole = sum(weights.values())
    if not whole:
        return dict.fromkeys(weights, 0)
    given = {code: total * weight // whole for code, weight in weights.items()}
    by_remainder = sorted(weights, key=lambda code: (-(total * weights[code] % whole), code))
    for code in by_remainder[: total - sum(given.values())]:
        given[code] += 1
    return given


def fill(total: int, weights: Shares, room: Shares) -> Shares:
    """Shared again and again among those that have room, until nothing is left or nobody has room."""
    filled = dict.fromkeys(weights, 0)
    while total:
        offered = share(total, {code: weights[code] for code in weights if filled[code] < room[code]})
        taken = {code: min(places, room[code] - filled[code]) for code, places in offered.items()}
        if not any(taken.values()):
            break
        for code, places in taken.items():
            filled[code] += places
            total -= places
    return filled


def quotas(quota: int, floor: int, labour_force: Shares) -> Shares:
    floor = floor if quota >= floor * len(labour_force) else 0
    lifted: Shares = {}
    while True:
        others = {code: force for code, force in labour_force.items() if code not in lifted}
        shares = share(quota - floor * len(lifted), others)
        below = [code for code, places in shares.items() if places < floor]
        if not below:
            return {**shares, **lifted}
        lifted.update(dict.fromkeys(below, floor))


def places_of(frozen: Json, standing: Shares) -> Shares:
    conditions, force = frozen["conditions"], frozen["conditions"]["labour_force"]
    total = conditions["quota"] + frozen["recovered"]
    own = quotas(total, conditions["floor"], force)
    filled = {code: min(own[code], standing[code]) for code in force}
    waiting = {code: standing[code] - filled[code] for code in force}
    more = fill(total - sum(filled.values()), force, waiting)
    return {code: filled[code] + more[code] for code in force}


def reserved_of(conditions: Json, places: Shares, provinces: dict[str, Province]) -> dict[str, Shares]:
    reserved: dict[str, Shares] = {}
    for name in (name for name in CLASSES if name in conditions["reserved_permille"]):
        total = sum(places.values()) * conditions["reserved_permille"][name] // 1000
        before = reserved.get("disabled", {})
        caps = {
            code: min(each.people(CLASSES[name]), places[code] - before.get(code, 0))
            for code, each in provinces.items()
        }
        reserved[name] = fill(total, places, caps)
    return reserved


# The list [2, 3]


def merkle_root(leaves: list[bytes]) -> bytes:
    while len(leaves) > 1:
        pairs = [sha256(b"\1" + leaves[i] + leaves[i + 1]).digest() for i in range(0, len(leaves) - 1, 2)]
        leaves = pairs + leaves[2 * len(pairs) :]
    return leaves[0] if leaves else sha256().digest()


PAGE = struct.Struct("16s2x" * PAGE_ROWS)


def pseudonyms_of(rows: bytes) -> list[bytes]:
    whole = len(rows) // PAGE.size * PAGE.size
    rest = struct.iter_unpack("16s2x", rows[whole:])
    return [*chain.from_iterable(PAGE.iter_unpack(rows[:whole])), *chain.from_iterable(rest)]


class Reading(NamedTuple):
    """The root of a province's list, how many are in each stratum, and the rows of those with flag 4."""

    root: bytes
    listed: Counter[Stratum]
    marked: dict[bytes, bytes]


class Province:
    """The list of one province, and who stands there."""

    def __init__(self, code: str, view: mmap.mmap, section: slice) -> None:
        self.code, self.view, self.section = code, view, section
        self.entries = (section.stop - section.start) // ROW
        self.lost: dict[bytes, str] = {}
        """Whom the lot of their family puts out, and why [7]."""

    def read(self, last_group: int) -> Reading:
        rows = self.view[self.section]
        groups, flags = rows[16::ROW], rows[17::ROW]
        self.check("group", groups, last_group)
        self.check("flags", flags, 7)
        self.check_order()
        listed: Counter[Stratum] = Counter()
        for group in groups_in(groups):
            kinds = bytes(compress(flags, groups.translate(ONLY[group]))).translate(TO_CLASS)
            listed.update({(group, kind): kinds.count(kind) for kind in range(4) if kind in kinds})
        starts = (i * ROW for i in compress(range(self.entries), flags.translate(OF_FAMILY)))
        marked = {rows[i : i + PSEUDONYM]: rows[i : i + ROW] for i in starts}
        pages = (rows[i : i + PAGE.size] for i in range(0, len(rows), PAGE.size))
        return Reading(merkle_root([sha256(b"\0" + page).digest() for page in pages]), listed, marked)

    def take(self, reading: Reading) -> None:
        self.listed, self.standing, self.marked = reading.listed, Counter(reading.listed), reading.marked

    def check(self, what: str, column: bytes, most: int) -> None:
        if column.translate(None, bytes(range(most + 1))):
            row = next(row for row, each in enumerate(column) if each > most)
            raise Wrong(f"{self.place(row)}: {what} {column[row]} is stated, {most} is the most.")

    def place(self, row: int) -> str:
        return f"The list of province {self.code}, page {row // PAGE_ROWS}, row {row % PAGE_ROWS}"

    def pseudonyms(self) -> list[bytes]:
        return pseudonyms_of(self.view[self.section])

    def check_order(self) -> None:
        found = self.pseudonyms()
        if not all(map(lt, found, islice(found, 1, None))):
            row = next(row for row in range(1, len(found)) if found[row - 1] >= found[row])
            raise Wrong(f"{self.place(row)}: the pseudonym does not come after the one before it.")

    def leave(self, person: bytes, reason: str) -> None:
        self.lost[person] = reason
        self.standing[self.marked[person][16], self.marked[person][17] & 3] -= 1

    def columns(self, people: list[bytes]) -> tuple[bytes, bytearray]:
        """Groups and classes of all rows; those who do not stand have no class."""
        rows = self.view[self.section]
        kinds = bytearray(rows[17::ROW].translate(TO_CLASS))
        for person in self.lost:
            kinds[bisect_left(people, person)] = ABSENT
        return rows[16::ROW], kinds

    def people(self, classes: Sequence[int] = (0, 1, 2, 3)) -> int:
        return sum(count for (_, kind), count in self.standing.items() if kind in classes)


def check_nobody_twice(provinces: Sequence[Province]) -> None:
    """Across provinces too; by first bytes, so that little has to be remembered at a time."""
    reached = {each.code: each.section.start for each in provinces}
    counts = {each.code: Counter(each.view[each.section][::ROW]) for each in provinces}
    for first in range(256):
        rows = []
        for each in provinces:
            begun = reached[each.code]
            reached[each.code] += counts[each.code][first] * ROW
            rows.append(each.view[begun : reached[each.code]])
        people = pseudonyms_of(b"".join(rows))
        if len(set(people)) < len(people):
            twice = Counter(people).most_common(1)[0][0]
            raise Wrong(f"The lists: {twice.hex()} stands in more than one province.")


class Family(NamedTuple):
    places_left: int
    members: list[tuple[int, bytes, str]]
    """Group, pseudonym, province."""


def families_in(rows: bytes, limit: int, provinces: dict[str, Province]) -> list[Family]:
    each_row = [rows[i : i + FAMILY_ROW] for i in range(0, len(rows), FAMILY_ROW)]
    must(all(map(lt, each_row, each_row[1:])), "The families section is not in ascending order.")
    found = []
    for pseudonym, of_family in groupby(each_row, key=lambda row: row[:PSEUDONYM]):
        family, name = list(of_family), f"The families section, family {pseudonym.hex()}"
        left = family[0][35]
        must(all(row[35] == left for row in family), f"{name}: its rows state different places left.")
        must(left <= limit, f"{name}: {left} places left are stated, the conditions allow {limit}.")
        must(len(family) > left, f"{name}: {len(family)} people have {left} places, and should not be there.")
        found.append(Family(left, [member_in(row, name, provinces) for row in family]))
    check_marks(found, provinces)
    return found


def member_in(row: bytes, name: str, provinces: dict[str, Province]) -> tuple[int, bytes, str]:
    person, code, group = row[16:32], row[32:34].decode("latin-1"), row[34]
    must(code in provinces, f"{name}: there is no province {code!a}.")
    listed = provinces[code].marked.get(person)
    if listed is None:
        raise Wrong(f"{name}: the list of province {code} does not have {person.hex()} with flag 4.")
    must(listed[16] == group, f"{name}: group {group} is stated of {person.hex()}, {listed[16]} in the list.")
    return group, person, code


def check_marks(families: Sequence[Family], provinces: dict[str, Province]) -> None:
    there = Counter((code, person) for family in families for _, person, code in family.members)
    twice = next((person for (_, person), times in there.items() if times > 1), b"")
    must(not twice, f"The families section: {twice.hex()} stands there twice.")
    for code, each in provinces.items():
        alone = next((person for person in each.marked if (code, person) not in there), b"")
        must(not alone, f"The list of province {code}: {alone.hex()} has flag 4 and stands in no family.")


# The draw [6, 7, 10]


def leave_by_family(families: Sequence[Family], provinces: dict[str, Province], prefix: bytes) -> None:
    for left, members in families:
        order = sorted((group, sha256(prefix + person).digest(), person, code) for group, person, code in members)
        for _, _, person, code in order[left:]:
            provinces[code].leave(person, "family_lot" if left else "family_limit")


class Places(NamedTuple):
    all: int
    women: int
    disabled: int


class Lots:
    """The tickets of one province, and how its people stand."""

    def __init__(self, province: Province, prefix: bytes) -> None:
        self.people, self.standing = province.pseudonyms(), province.standing
        self.tickets = [sha256(prefix + each).digest() for each in self.people]
        self.groups, self.kinds = province.columns(self.people)

    def in_order(self, places: Places) -> list[int]:
        """The rows of all who can win at all. In a class nobody is overtaken, so nobody can who comes behind as many of
        their class as places are reserved for it, and behind as many of all as there are places."""
        bounds: list[list[bytes]] = [[b""] * 256 for _ in range(256)]
        enough: Counter[Stratum] = Counter()
        reserved, ahead = (0, places.women, places.disabled, places.women + places.disabled), 0
        for group in groups_in(self.groups):
            standing = [self.standing[group, kind] for kind in range(4)]
            enough[group, ALL] = min(max(0, places.all - ahead), sum(standing))
            of_all = bound_for(enough[group, ALL], sum(standing))
            for kind in range(4):
                enough[group, kind] = min(reserved[kind], standing[kind])
                bounds[group][kind] = max(of_all, bound_for(enough[group, kind], standing[kind]))
            ahead += sum(standing)
        return self.below(bounds, enough)

    def below(self, bounds: list[list[bytes]], enough: Counter[Stratum]) -> list[int]:
        """In order. When bounds were too low for what is enough of a class or of a group, all who stand."""
        columns = zip(range(len(self.people)), self.tickets, self.groups, self.kinds)  # noqa: B905
        near = [row for row, ticket, group, kind in columns if ticket <= bounds[group][kind]]
        there = Counter(self.strata(near))
        for group in groups_in(self.groups):
            there[group, ALL] = sum(there[group, kind] for kind in range(4))
        if any(there[each] < count for each, count in enough.items()):
            near = [row for row, kind in enumerate(self.kinds) if kind != ABSENT]
        near.sort(key=self.tickets.__getitem__)
        return sorted(near, key=self.groups.__getitem__)

    def strata(self, rows: list[int]) -> Iterator[Stratum]:
        return zip(map(self.groups.__getitem__, rows), map(self.kinds.__getitem__, rows))  # noqa: B905

    def chosen(self, order: list[int], places: Places) -> list[int]:
        left = places.women + places.disabled
        own = [0, places.women, places.disabled, left]
        reserved, others = [], []
        for row in order:
            kind = self.kinds[row]
            if left and own[kind]:
                own[kind] -= 1
                left -= 1
                reserved.append(row)
            else:
                others.append(row)
        won = {*reserved, *others[: places.all - len(reserved)]}
        return [row for row in order if row in won]


def groups_in(column: bytes) -> list[int]:
    return [group for group in range(256) if group in column]


def bound_for(count: int, among: int) -> bytes:
    """Below which so many of so many tickets lie almost surely: it is looked whether they do."""
    part = (count + 8 * isqrt(count) + 32 << 256) // max(among, 1) if count else 0
    return min(part, (1 << 256) - 1).to_bytes(32, "big")


class Progress:
    """A bar, for whoever looks and waits."""

    def __init__(self) -> None:
        self.begun, self.done, self.is_seen = time.monotonic(), 0, sys.stderr.isatty()

    def shows(self, more: int, whole: int) -> None:
        self.done += more
        if self.is_seen and time.monotonic() - self.begun > 1:
            part = self.done / max(whole, 1)
            sys.stderr.write(f"\r[{'#' * int(40 * part):40}] {part:4.0%}")
            sys.stderr.flush()

    def ends(self) -> None:
        if self.is_seen:
            sys.stderr.write("\r\x1b[K")


def same_places(what: str, stated: Shares, right: Shares) -> None:
    same(f"{what}: provinces", sorted(stated), sorted(right))
    for code, places in right.items():
        same(f"{what}, province {code}", stated[code], places)


def in_time(fields: Json, names: Sequence[str]) -> None:
    try:
        moments = [datetime.fromisoformat(re.sub(r"\.\d+", "", fields[name]).replace("Z", "+00:00")) for name in names]
    except ValueError:
        raise Wrong(f"One of {', '.join(names)} is not a moment that there is.") from None
    must(moments == sorted(moments), f"The moments do not follow each other: {', '.join(names)}.")


MANY = 200_000
FORKED: list[Callable[[str], Any]] = []
"""What a process that was forked finds; the file and all that is known of it are too much to be sent to it."""


def at_once(work: Callable[[str], Any], codes: list[str], several: int) -> Iterator[Any]:
    """Provinces on several processors, told in order; on one where that cannot be, or a process is lost on the way."""
    FORKED[:], told = [work], 0
    try:
        from concurrent.futures import ProcessPoolExecutor
        from multiprocessing import get_context

        with ProcessPoolExecutor(several, get_context("fork")) as pool:
            for outcome in pool.map(forked, codes):
                yield outcome
                told += 1
    except (RuntimeError, OSError, ImportError):  # A broken pool is a RuntimeError.
        yield from map(work, codes[told:])


def forked(code: str) -> Any:
    return FORKED[0](code)


KEY = ("province", "group", "class")
WON: Json = {"state": "chosen", "reason": None}
LOST: Json = {"state": "not_chosen", "reason": "not_drawn"}


class Check:
    """One file, from its first line to its last byte."""

    def __init__(self, view: mmap.mmap, asked: argparse.Namespace) -> None:
        self.view, self.asked, self.progress = view, asked, Progress()

    def run(self) -> Json:
        self.read_documents()
        self.check_frozen()
        self.check_lists()
        if self.draw:
            self.check_annulments()
            self.check_draw()
            self.check_places()
            for _ in self.each_province(self.check_province, 2):
                pass
        person = {"person": self.find(self.asked.ticket)} if self.asked.ticket else {}
        return {**self.told(), **person}

    def read_documents(self) -> None:
        reader = Reader(self.view)
        must(
            reader.line("the format") == b"prakerja-draw 1", 'The file does not begin with the line "prakerja-draw 1".'
        )
        self.frozen = reader.document("the frozen list", FROZEN)
        fields = self.frozen.fields
        self.codes = sorted(fields["provinces"])
        lists = [(code, fields["provinces"][code]["entries"] * ROW) for code in self.codes]
        lists.append(("families", fields["families"]["rows"] * FAMILY_ROW))
        self.draw: Document | None = None
        self.annulments: list[Document] = []
        winners: list[tuple[str, int]] = []
        if len(self.view) - reader.at != sum(length for _, length in lists):
            while reader.has_next(b'"document":"annulment"'):
                what = f"the annulment of attempt {len(self.annulments) + 1}"
                self.annulments.append(reader.document(what, ANNULMENT))
            self.draw = reader.document("the draw", DRAW)
            self.drawn = self.draw.fields
            same("The draw, provinces of winners", sorted(self.drawn["winners"]), self.codes)
            winners = [(code, self.drawn["winners"][code]["count"] * PSEUDONYM) for code in self.codes]
        self.sections, self.won = reader.sections(lists), reader.sections(winners)
        must(len(self.view) == reader.at, f"The file has {len(self.view)} bytes; what it states takes {reader.at}.")
        self.check_signers([self.frozen, *self.annulments, *([self.draw] if self.draw else [])])

    def check_signers(self, documents: Sequence[Document]) -> None:
        for each in documents:
            known = each.key in (self.asked.key or [each.key])
            must(known, f"The signature of {each.what} is of the key {each.key}, which is not the one demanded.")
        names, keys = {each.signer for each in documents}, {each.key for each in documents}
        must(len(names) == len(keys), "The signatures: one key goes by two names, or one name stands for two keys.")

    def check_frozen(self) -> None:
        fields, conditions = self.frozen.fields, self.frozen.fields["conditions"]
        what = "The frozen list"
        same(f"{what}, wave", fields["wave"], conditions["wave"])
        same(f"{what}, provinces", self.codes, sorted(conditions["labour_force"]))
        same(f"{what}, entries", fields["entries"], sum(each["entries"] for each in fields["provinces"].values()))
        in_time(conditions, ["opens_at", "closes_at", "announces_at"])
        in_time({**conditions, **fields}, ["closes_at", "frozen_at"])
        groups = conditions["groups"]
        must(len(set(groups)) == len(groups) < 256, f"{what}, conditions: a group stands twice, or there are too many.")
        must(sum(conditions["reserved_permille"].values()) <= 1000, f"{what}, conditions: more than all is reserved.")
        must(max(conditions["recovers"], default=0) < fields["wave"], f"{what}, conditions: recovers a later wave.")
        is_of_others = conditions["recovers"] or not fields["recovered"]
        must(is_of_others, f"{what}, recovered: {fields['recovered']} places, and the conditions name no wave.")
        is_named = fields["beacon"]["chain"] == conditions["beacon"]["chain"]
        is_later = fields["beacon"]["round"] >= conditions["beacon"]["round"]
        must(is_named and is_later, f"{what}, beacon: neither that of the conditions nor a later round of its chain.")
        wanted = self.asked.root or fields["root"]
        must(fields["root"] == wanted, f"{what} has the root {fields['root']}, and {wanted} is demanded.")

    def check_lists(self) -> None:
        fields = self.frozen.fields
        self.provinces = {code: Province(code, self.view, self.sections[code]) for code in self.codes}
        leaves = []
        for code, reading in self.each_province(self.read_province, 1):
            same(f"The root of province {code}", fields["provinces"][code]["root"], reading.root.hex())
            leaves.append(sha256(b"\0" + code.encode() + reading.root).digest())
            self.provinces[code].take(reading)
        section = self.view[self.sections["families"]]
        digest = sha256(section).digest()
        same("The SHA-256 of the families section", fields["families"]["sha256"], digest.hex())
        leaves.append(sha256(b"\0families" + digest).digest())
        same("The root of the frozen list", fields["root"], merkle_root(leaves).hex())
        check_nobody_twice(list(self.provinces.values()))
        self.families = families_in(section, fields["conditions"]["family_limit"], self.provinces)

    def check_annulments(self) -> None:
        """Whether each is of the attempt before it, and names a later round than that was drawn with [16]."""
        named, moments = self.frozen.fields["beacon"], {"frozen_at": self.frozen.fields["frozen_at"]}
        for number, each in enumerate(self.annulments, start=1):
            what, fields = f"The annulment of attempt {number}", each.fields
            same(f"{what}, attempt", fields["attempt"], number)
            same(f"{what}, wave", fields["wave"], self.frozen.fields["wave"])
            same(f"{what}, beacon, chain", fields["beacon"]["chain"], named["chain"])
            round, before = fields["beacon"]["round"], named["round"]
            must(round > before, f"{what}, beacon: its round {round} is no later one than {before}.")
            named = fields["beacon"]
            moments[f"annulled_at of attempt {number}"] = fields["annulled_at"]
        moments["drawn_at"] = self.drawn["drawn_at"]
        in_time(moments, list(moments))
        same("The draw, attempt, by the annulments before it", self.drawn["attempt"], len(self.annulments) + 1)
        self.named = named

    def check_draw(self) -> None:
        frozen, draw = self.frozen.fields, self.drawn
        beacon, what = draw["beacon"], "The draw"
        same(f"{what}, wave", draw["wave"], frozen["wave"])
        same(f"{what}, frozen_sha256", draw["frozen_sha256"], self.frozen.sha256)
        secret = sha256(draw["secret"].encode("utf-8", "surrogatepass")).hexdigest()
        same(f"{what}, secret: the commitment to it", frozen["conditions"]["commitment"], secret)
        same(f"{what}, beacon, chain", beacon["chain"], self.named["chain"])
        is_named = beacon["round"] == self.named["round"]
        must(is_named, f"{what}, beacon, round: {beacon['round']} is not {self.named['round']}, which was named.")
        value = sha256(bytes.fromhex(beacon["signature"])).hexdigest()
        same(f"{what}, beacon, randomness", beacon["randomness"], value)
        text = "\n".join((draw["secret"], beacon["randomness"], frozen["root"], str(draw["attempt"])))
        seed = sha256(text.encode("utf-8", "surrogatepass"))
        same(f"{what}, seed", draw["seed"], seed.hexdigest())
        self.prefix = seed.digest() + draw["wave"].to_bytes(4, "big")
        leave_by_family(self.families, self.provinces, self.prefix)
        lost = Counter(reason for each in self.provinces.values() for reason in each.lost.values())
        for reason, count in draw["excluded"].items():
            same(f"{what}, excluded, {reason}", count, lost[reason])

    def check_places(self) -> None:
        frozen, draw = self.frozen.fields, self.drawn
        places = places_of(frozen, {code: each.people() for code, each in self.provinces.items()})
        reserved = reserved_of(frozen["conditions"], places, self.provinces)
        same_places("The draw, places", draw["places"], places)
        same("The draw, reserved", sorted(draw["reserved"]), sorted(reserved))
        for name, shares in reserved.items():
            same_places(f"The draw, places reserved for {name}", draw["reserved"][name], shares)
        none = dict.fromkeys(self.codes, 0)
        women, disabled = reserved.get("women", none), reserved.get("disabled", none)
        self.places = {code: Places(places[code], women[code], disabled[code]) for code in self.codes}
        stated = [(each["province"], each["group"], each["class"]) for each in draw["strata"]]
        listed = [(code, *each) for code in self.codes for each in sorted(self.provinces[code].listed)]
        for number, pair in enumerate(zip_longest(stated, listed)):
            same(f"The draw, strata, number {number} (province, group, class)", *pair)

    def each_province(self, work: Callable[[str], Any], weight: int) -> Iterator[tuple[str, Any]]:
        whole = self.frozen.fields["entries"]
        several = min(self.asked.processes, 8) if whole >= MANY and hasattr(os, "fork") else 1
        outcomes: Iterator[Any] = at_once(work, self.codes, several) if several > 1 else map(work, self.codes)
        for code, outcome in zip(self.codes, outcomes):  # noqa: B905
            yield code, outcome
            self.progress.shows(weight * self.provinces[code].entries, 3 * whole)

    def read_province(self, code: str) -> Reading:
        return self.provinces[code].read(len(self.frozen.fields["conditions"]["groups"]))

    def check_province(self, code: str) -> None:
        province = self.provinces[code]
        lots, places = Lots(province, self.prefix), self.places[province.code]
        winners = lots.chosen(lots.in_order(places), places)
        counts = Counter(lots.strata(winners))
        # Winners are in order: of each stratum the last one's stays.
        cut_offs = dict(zip(lots.strata(winners), map(lots.tickets.__getitem__, winners)))  # noqa: B905
        for stated in (each for each in self.drawn["strata"] if each["province"] == code):
            stratum = stated["group"], stated["class"]
            found: Json = {"entries": province.listed[stratum], "standing": province.standing[stratum]}
            found.update(places=counts[stratum], cut_off=cut_offs[stratum].hex() if stratum in cut_offs else None)
            for name, value in found.items():
                same(f"Province {province.code}, group {stratum[0]}, class {stratum[1]}: {name}", stated[name], value)
        self.check_winners(province.code, sorted(lots.people[row] for row in winners))

    def check_winners(self, code: str, right: list[bytes]) -> None:
        stated, section = self.drawn["winners"][code], self.view[self.won[code]]
        same(f"Winners of province {code}, count", stated["count"], len(right))
        same(f"Winners of province {code}, SHA-256", stated["sha256"], sha256(section).hexdigest())
        if section != b"".join(right):
            there = {section[i : i + PSEUDONYM] for i in range(0, len(section), PSEUDONYM)}
            left_out = next((person.hex() for person in right if person not in there), "")
            must(not left_out, f"Winners of province {code}: {left_out} has won by the rule, and is not among them.")
            raise Wrong(f"Winners of province {code}: they are not in ascending order.")

    def find(self, wanted: str) -> Json:
        for province in self.provinces.values():
            people = province.pseudonyms()
            row = bisect_left(people, bytes.fromhex(wanted))
            if people[row : row + 1] == [bytes.fromhex(wanted)]:
                return self.told_of(province, people, row)
        raise Wrong(f"Nobody in the list has the pseudonym {wanted}.")

    def told_of(self, province: Province, people: list[bytes], row: int) -> Json:
        _, group, flags = struct.unpack("16sBB", self.view[province.section][row * ROW : row * ROW + ROW])
        person = {"pseudonym": people[row].hex(), "province": province.code, "group": group, "class": flags & 3}
        person.update(in_families=flags > 3, page_number=row // PAGE_ROWS, state="listed", reason=None)
        if not self.draw:
            return person
        lots = Lots(province, self.prefix)
        key = [province.code, group, flags & 3]
        stratum = next(each for each in self.drawn["strata"] if [each[name] for name in KEY] == key)
        person.update(
            ticket=lots.tickets[row].hex(), **{name: stratum[name] for name in ("cut_off", "standing", "places")}
        )
        if people[row] in province.lost:
            return {**person, "rank": None, "state": "excluded", "reason": province.lost[people[row]]}
        order = lots.in_order(Places(province.entries, 0, 0))
        of_stratum = [each for each in order if (lots.groups[each], lots.kinds[each]) == (group, flags & 3)]
        rank = of_stratum.index(row) + 1
        return {**person, "rank": rank, **(WON if rank <= stratum["places"] else LOST)}

    def told(self) -> Json:
        frozen = self.frozen.fields
        keys = {each.key: each.signer for each in (self.frozen, self.draw) if each}
        report: Json = {name: frozen[name] for name in ("wave", "root", "entries", "beacon")}
        report.update(holds=True, is_drawn=bool(self.draw), keys=keys, provinces=len(self.codes))
        planned = frozen["conditions"]["beacon"]["round"]
        report.update(late_for=planned if frozen["beacon"]["round"] != planned else None)
        if self.draw:
            told = ("attempt", "annulled_at", "reason", "draw_sha256")
            report.update(annulments=[{name: each.fields[name] for name in told} for each in self.annulments])
            report.update({name: self.drawn[name] for name in ("attempt", "seed", "beacon", "excluded")})
            report.update(places=sum(self.drawn["places"].values()))
        return report


def sentences(report: Json) -> list[str]:
    wave, beacon = report["wave"], report["beacon"]
    told = [f"{report['entries']:,} people stand in the frozen list of wave {wave}; its root is {report['root']}."]
    if report["is_drawn"]:
        lost = sum(report["excluded"].values())
        told.insert(0, f"The draw of wave {wave} (attempt {report['attempt']}) is right, to the last byte.")
        told.append(f"{report['places']:,} places went by the rule; {lost:,} people were out by their family's places.")
        told.append(f"The random value is {beacon['randomness']}. See for yourself that this is what drand says:")
        told.append(f"https://api.drand.sh/{beacon['chain']}/public/{beacon['round']}")
        told += [sentence_of(each) for each in report["annulments"]]
    else:
        told.insert(0, "The frozen list is right, to the last byte. Nothing is drawn yet: note its root.")
        told.append(f"It will be drawn with round {beacon['round']} of drand's chain {beacon['chain']}.")
    if report["late_for"]:
        told.append(f"The list was frozen too late for round {report['late_for']} of the conditions: it names another.")
    told += [f"Signed by {name}: {key}. Compare it with GET /v1/receipt-keys." for key, name in report["keys"].items()]
    return told + (sentences_of(report["person"]) if "person" in report else [])


def sentence_of(annulment: Json) -> str:
    """The reason in ASCII and quotation marks: it is somebody's text, and this may be a terminal."""
    reason = json.dumps(annulment["reason"])
    told = f"Attempt {annulment['attempt']} was annulled on {annulment['annulled_at']}, for {reason}."
    return f"{told} Its bundle, another file that can be checked alike, has the SHA-256 {annulment['draw_sha256']}."


def sentences_of(person: Json) -> list[str]:
    where = f"province {person['province']}, group {person['group']}, class {person['class']}"
    told = [f"{person['pseudonym']} stands in {where}, on page {person['page_number']}."]
    if person["state"] == "listed":
        return told
    told += [f"The ticket is {person['ticket']}; the cut-off is {person['cut_off']}."]
    if person["state"] == "excluded":
        return [*told, f"This person was out of the draw, by the places of their family ({person['reason']})."]
    told += [f"It is number {person['rank']:,} of {person['standing']:,} for {person['places']:,} places."]
    return [*told, "This person has a place." if person["state"] == "chosen" else "This person has no place."]


def hexadecimal(digits: int) -> Callable[[str], str]:
    def parse(text: str) -> str:
        if not re.fullmatch(f"[0-9a-f]{{{digits}}}", text.lower()):
            raise argparse.ArgumentTypeError(f"{digits} hexadecimal digits are expected")
        return text.lower()

    return parse


def options(arguments: Sequence[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(description="Check a draw of Prakerja with nothing but its published file.")
    parser.add_argument("bundle", metavar="BUNDLE", help="the published file")
    parser.add_argument(
        "--ticket", metavar="CODE", type=hexadecimal(32), help="tell of this pseudonym (see your receipt)"
    )
    parser.add_argument("--key", metavar="HEX", type=hexadecimal(64), action="append", help="demand this public key")
    parser.add_argument("--root", metavar="HEX", type=hexadecimal(64), help="demand this root, noted at closing")
    parser.add_argument(
        "--processes", metavar="N", type=int, default=os.cpu_count() or 1, help="at most so many at once"
    )
    parser.add_argument("--json", action="store_true", help="tell it as JSON")
    return parser.parse_args(arguments)


def outcome(view: mmap.mmap, asked: argparse.Namespace) -> Json:
    check = Check(view, asked)
    try:
        return check.run()
    except Wrong as wrong:
        return {"holds": False, "wrong": str(wrong)}
    except MemoryError:
        raise
    except Exception as error:
        # No damage should come so far. If one does, that is a fault of the file all the same, and is said as one.
        return {"holds": False, "wrong": f"The file is damaged in a way that has no name here ({error!r})."}
    finally:
        check.progress.ends()


def viewed(file: BinaryIO) -> mmap.mmap:
    """Of nothing at all there is no view: one byte that is not right stands for it."""
    return mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) if file.seek(0, 2) else mmap.mmap(-1, 1)


def main(arguments: Sequence[str]) -> int:
    asked = options(arguments)
    try:
        with open(asked.bundle, "rb") as file, viewed(file) as view:
            report = outcome(view, asked)
    except (OSError, ValueError, MemoryError) as error:
        sys.stderr.write(f"{asked.bundle} cannot be read: {error!r}\n")
        return 2
    lines = [json.dumps(report)] if asked.json else sentences(report) if report["holds"] else [report["wrong"]]
    sys.stdout.write("\n".join(lines) + "\n")
    return 0 if report["holds"] else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
