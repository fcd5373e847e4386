"""What one is handed of a draw (docs/draw.md, section 14), made from a bundle of the tests, as plainly as that."""

import base64
from collections.abc import Sequence
from hashlib import sha256
from typing import Any

from tests.draw_bundles import Bundle, Wave, leaf, list_root
from tests.draw_rule import Lots, Person, left_out

Steps = list[list[str]]


def climb(leaves: Sequence[bytes], number: int) -> Steps:
    """The siblings of one leaf on the way up, and on which side each stands."""
    level, steps = list(leaves), []
    while len(level) > 1:
        sibling = number ^ 1
        if sibling < len(level):
            steps.append(["right" if sibling > number else "left", level[sibling].hex()])
        pairs = [level[i : i + 2] for i in range(0, len(level), 2)]
        level = [sha256(b"\x01" + b"".join(pair)).digest() if len(pair) == 2 else pair[0] for pair in pairs]
        number //= 2
    return steps


def proof(bundle: Bundle, person: Person) -> dict[str, Any]:
    rows, codes = bundle.lists[person.province], sorted(bundle.lists)
    pages = [rows[i : i + 256 * 18] for i in range(0, len(rows), 256 * 18)]
    number = next(number for number, page in enumerate(pages) if person.row in page)
    leaves = [leaf(code.encode() + list_root(bundle.lists[code])) for code in codes]
    leaves.append(leaf(b"families" + sha256(bundle.families).digest()))
    return {
        "page": base64.b64encode(pages[number]).decode(),
        "page_number": number,
        "steps_to_province": climb([leaf(page) for page in pages], number),
        "steps_to_root": climb(leaves, codes.index(person.province)),
    }


def receipt(bundle: Bundle, wave: Wave, person: Person) -> dict[str, Any]:
    number, draw = wave.conditions["wave"], bundle.draw
    lots = Lots(bytes.fromhex(draw["seed"]), number)
    key = (person.province, person.group, person.of_class)
    stratum = next(each for each in draw["strata"] if (each["province"], each["group"], each["class"]) == key)
    reason = left_out(wave.people, wave.places_left, lots).get(person.pseudonym)
    told = {
        "wave": number,
        "attempt": wave.attempt,
        "pseudonym": person.pseudonym.hex(),
        "province": person.province,
        "group": person.group,
        "class": person.of_class,
        "in_families": person.family is not None,
        "frozen_root": bundle.frozen["root"],
        "seed": draw["seed"],
        "ticket": lots.ticket(person).hex(),
        **{name: stratum[name] for name in ("cut_off", "standing", "places")},
        "proof": proof(bundle, person),
    }
    if reason:
        return {**told, "state": "excluded", "reason": reason, "rank": None}
    rank = _rank(wave, person, lots)
    if rank > stratum["places"]:
        return {**told, "state": "not_chosen", "reason": "not_drawn", "rank": rank}
    return {**told, "state": "chosen", "reason": None, "rank": rank}


def _rank(wave: Wave, person: Person, lots: Lots) -> int:
    out = left_out(wave.people, wave.places_left, lots)
    key = (person.province, person.group, person.of_class)
    same = [each for each in wave.people if (each.province, each.group, each.of_class) == key]
    return lots.ordered([each for each in same if each.pseudonym not in out]).index(person) + 1


def before_the_draw(receipt: dict[str, Any]) -> dict[str, Any]:
    unknown = dict.fromkeys(("seed", "ticket", "cut_off", "rank", "standing", "places", "reason"))
    return {**receipt, **unknown, "state": "listed"}
