"""Draw a wave on paper: ``make draw-plan SCHEME=2023 AGAINST=2020`` or ``python -m infra.draw_plan --json``."""

import argparse
import json
import sys
from collections.abc import Sequence
from pathlib import Path

from tqdm import tqdm

from infra.draw_plan.options import Asked, parser, read
from infra.draw_plan.outcome import Outcome, outcome_of
from infra.draw_plan.people import People
from infra.draw_plan.picture import picture
from infra.draw_plan.published_file import WrongFile
from infra.draw_plan.table import table
from infra.draw_plan.terms import Terms, WrongTerm
from infra.draw_plan.trial import listing_of, trials


def main(arguments: Sequence[str] | None = None) -> int:
    found = parser().parse_args(arguments)
    try:
        asked = read(found)
        outcomes = [_outcome(asked, terms) for terms in asked.terms]
    except (WrongTerm, WrongFile, OSError) as error:
        print(f"draw-plan: {error}", file=sys.stderr)
        return 2
    _tell(found, asked, outcomes[0], outcomes[1] if len(outcomes) > 1 else None)
    return 0


def _outcome(asked: Asked, terms: Terms) -> Outcome:
    people: People = asked.people
    listing = listing_of(people, terms)
    drawn = trials(listing, asked.seed, asked.draws)
    with tqdm(drawn, total=asked.draws, desc=terms.name, unit="draw", file=sys.stderr, disable=asked.is_quiet) as bar:
        return outcome_of(people, listing, bar)


def _tell(found: argparse.Namespace, asked: Asked, one: Outcome, other: Outcome | None) -> None:
    out: Path | None = found.out
    if out:
        out.parent.mkdir(parents=True, exist_ok=True)
        out.write_text(picture(one, other, asked.source), "utf-8")
    if found.json:
        told = {"source": asked.source, "seed": asked.seed, "plan": one.told()}
        print(json.dumps(told | ({"against": other.told()} if other else {})))
        return
    print(table(one, other))
    print(f"\n{asked.source}. Spending: if everybody with a place uses the whole grant and earns every incentive.")
    if out:
        print(f"picture: {out}")


if __name__ == "__main__":
    sys.exit(main())
