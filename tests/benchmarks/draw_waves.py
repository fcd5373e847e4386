"""Frozen lists of any size for benchmarks: as a large wave might be, by the hundred thousand in numpy."""

from collections.abc import Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import replace
from functools import partial
from hashlib import sha256
from multiprocessing import get_context
from pathlib import Path
from typing import Any

import numpy as np

from chalicelib.domain.selection.families import published
from chalicelib.domain.selection.merkle import page_hashes, root_of
from chalicelib.domain.selection.records import BUNDLE_LINE, FrozenList, FrozenProvince, signature_line
from infra.draw_plan.people import People
from infra.draw_plan.synthetic import Makeup, synthetic
from infra.draw_plan.terms import Terms, terms_of_scheme
from infra.draw_plan.trial import Listing, listing_of
from tests.draw_bundles import KEY, canonical, conditions

GROUPS = ("laid_off", "furloughed", "poor")
_OF_GROUPS = (0.02, 0.05, 0.1, 0.83)
QUOTA = 164_000
IN_FAMILIES = 75
"""Permille that joined with family: about 2 % of all are in families of which too many did."""


def wave_file(folder: Path, entries: int, quota: int = QUOTA) -> Path:
    """A frozen list of 38 provinces, four groups and reserved shares. Made in a process of its own, for its memory's
    sake: only the file stays."""
    path = folder / f"{entries}.bundle"
    with ProcessPoolExecutor(1, get_context("spawn")) as pool:
        pool.submit(partial(_write, path, entries, quota)).result()
    return path


def listed(entries: int, quota: int = QUOTA) -> Listing:
    people = synthetic(Makeup(entries, 5, {"in_families": IN_FAMILIES, "other_aid": 0}))
    return listing_of(_in_groups(people), _terms(quota))


def _in_groups(people: People) -> People:
    chance = np.random.default_rng(5)
    ends = np.cumsum(_OF_GROUPS)[:-1]
    groups = np.searchsorted(ends, chance.random(len(people), np.float32), side="right")
    return replace(people, priorities=GROUPS, priority=groups.astype(np.uint8))


def _terms(quota: int) -> Terms:
    return replace(terms_of_scheme("2023", quota, "2024"), groups=GROUPS)


def _write(path: Path, entries: int, quota: int) -> None:
    listing = listed(entries, quota)
    section = published(listing.kin).tobytes()
    lists = [listing.lists[code] for code in sorted(listing.lists)]
    with path.open("wb") as file:
        file.writelines([BUNDLE_LINE, *_lines(listing, section)])
        for rows in lists:
            rows.tofile(file)
        file.write(section)


def _lines(listing: Listing, section: bytes) -> Sequence[bytes]:
    provinces = {
        code: FrozenProvince(len(rows), root_of(page_hashes(rows.tobytes())).hex())
        for code, rows in listing.lists.items()
    }
    digest = sha256(section).hexdigest()
    frozen = FrozenList(provinces, (len(listing.kin), digest))
    terms = listing.terms
    rules = conditions(
        quota=terms.quota,
        labour_force=dict(terms.basis.labour_force),
        groups=list(terms.groups),
        reserved_permille=dict(terms.reserved_permille),
    )
    document: dict[str, Any] = {
        "beacon": rules["beacon"],
        "conditions": rules,
        "document": "frozen-list",
        "entries": frozen.entries,
        "families": {"rows": len(listing.kin), "sha256": digest},
        "frozen_at": "2026-03-05T10:00:00+00:00",
        "provinces": {code: {"entries": each.entries, "root": each.root} for code, each in provinces.items()},
        "recovered": 0,
        "root": frozen.root,
        "wave": rules["wave"],
    }
    line = canonical(document)
    public, signature = KEY.public_key().public_bytes_raw(), KEY.sign(b"prakerja-draw receipts-1\n" + line)
    return line + b"\n", signature_line("receipts-1", public, signature)
