"""What can be asked of a plan, and what is answered to a wrong question."""

import argparse
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path

from infra.draw_plan.people import People, people_in
from infra.draw_plan.published_file import published_file
from infra.draw_plan.synthetic import SHARES, Makeup, synthetic
from infra.draw_plan.terms import (
    CHANGES,
    DEFAULT_BASIS,
    DEFAULT_QUOTA,
    MOST_QUOTA,
    Terms,
    WrongTerm,
    changed,
    published_terms,
    terms_of_scheme,
    whole_number,
)

DEFAULT_ENTRIES, DEFAULT_SCHEME = 1_400_000, "2023"
MOST_ENTRIES, MOST_DRAWS, MOST_SEED = 50_000_000, 10_000, 1 << 32


@dataclass(frozen=True, slots=True)
class Asked:
    """``terms``: of the plan, and those it is compared with, if any."""

    people: People
    terms: tuple[Terms, ...]
    seed: int
    draws: int
    source: str
    is_quiet: bool


def parser() -> argparse.ArgumentParser:
    said = argparse.ArgumentParser(
        prog="python -m infra.draw_plan",
        description="A wave drawn on paper under one scheme, or under two: odds and spending by province, sex, "
        "disability and group. docs/draw-plan.md says how to read it.",
    )
    said.add_argument("--entries", help=f"people who join, made up ({DEFAULT_ENTRIES:,})")
    said.add_argument(
        "--share", help="of made-up people, permille: " + ", ".join(f"{k}={v}" for k, v in SHARES.items())
    )
    said.add_argument("--from", dest="file", type=Path, help="a published frozen list or bundle instead of them")
    said.add_argument("--scheme", help=f"whose rules ({DEFAULT_SCHEME}; with --from, those published)")
    said.add_argument("--against", help="another scheme, to compare with; 'same': without the changes of --set")
    said.add_argument("--quota", help=f"places ({DEFAULT_QUOTA:,}; with --from, as published)")
    said.add_argument("--basis", help=f"of provinces ({DEFAULT_BASIS}; with --from, as published)")
    said.add_argument("--set", dest="changes", help=f"what is otherwise, as women=400,floor=50: {', '.join(CHANGES)}")
    said.add_argument("--draws", default="20", help="of which the mean is told (20)")
    said.add_argument("--seed", default="7", help="of people and draws (7)")
    said.add_argument("--out", type=Path, help="where the picture goes, as SVG")
    said.add_argument("--json", action="store_true", help="one JSON object instead of the table")
    return said


def read(found: argparse.Namespace) -> Asked:
    """``WrongTerm`` names the option and says what is expected."""
    seed = whole_number("--seed", found.seed, 0, MOST_SEED)
    draws = whole_number("--draws", found.draws, 1, MOST_DRAWS)
    people, published = _published(found) if found.file else (_made_up(found, seed), None)
    own = _terms(found, found.scheme, published)
    terms = [changed(own, _pairs("--set", found.changes))]
    if found.against:
        terms.append(own if found.against == "same" else _terms(found, found.against, published, "against"))
    for each in terms:
        people.check(each)
    source = f"{len(people):,} people of {found.file}" if found.file else f"{len(people):,} made-up people, seed {seed}"
    return Asked(people, tuple(terms), seed, draws, source, is_quiet=found.json)


def _published(found: argparse.Namespace) -> tuple[People, Terms]:
    for option in ("entries", "share"):
        if getattr(found, option):
            raise WrongTerm(f"--{option}: people are those of --from; leave one of the two out")
    file = published_file(found.file)
    return people_in(file), published_terms(file.frozen)


def _made_up(found: argparse.Namespace, seed: int) -> People:
    entries = whole_number("--entries", found.entries or str(DEFAULT_ENTRIES), 1, MOST_ENTRIES)
    shares = {}
    for name, text in _pairs("--share", found.share).items():
        if name not in SHARES:
            raise WrongTerm(f"--share: {', '.join(SHARES)} can be set, not {name!r}")
        shares[name] = whole_number(f"--share {name}", text, 0, 1000)
    makeup = Makeup(entries, seed, shares)
    if makeup.share("laid_off") + makeup.share("furloughed") > 1:
        raise WrongTerm("--share: laid_off and furloughed are at most 1000 together")
    return synthetic(makeup)


def _terms(found: argparse.Namespace, scheme: str | None, published: Terms | None, option: str = "scheme") -> Terms:
    if published and not scheme and not found.basis:
        terms = published
    else:
        basis = found.basis or (published.basis.name if published else DEFAULT_BASIS)
        name = scheme or (published.name.split()[0] if published else DEFAULT_SCHEME)
        terms = terms_of_scheme(name, published.quota if published else DEFAULT_QUOTA, basis, option=option)
    if found.quota:
        terms = replace(terms, quota=whole_number("--quota", found.quota, 0, MOST_QUOTA))
    return terms


def _pairs(option: str, text: str | None) -> Mapping[str, str]:
    pairs = {}
    for each in (text or "").split(",") if text else ():
        name, equals, value = each.strip().partition("=")
        if not (name and equals and value):
            raise WrongTerm(f"{option}: name=number, with commas between them, is expected, not {each!r}")
        if name in pairs:
            raise WrongTerm(f"{option}: {name!r} stands there twice")
        pairs[name] = value
    return pairs
