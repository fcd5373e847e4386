"""Outcomes as a table for a terminal."""

from collections.abc import Iterator

from infra.draw_plan.outcome import Outcome, Share, pairs

_NAME_WIDTH = 38


def table(one: Outcome, other: Outcome | None) -> str:
    return "\n".join([*_heads(one, other), *_rows(one, other), *_reserved(one), *(_reserved(other) if other else ())])


def _heads(one: Outcome, other: Outcome | None) -> Iterator[str]:
    yield f"{one.terms.name}: {_described(one)}"
    if other:
        yield f"against {other.terms.name}: {_described(other)}"
    yield ""
    heads = ["joined", "standing", "places", "odds", "bn rupiah"]
    if other:
        heads += ["| joined", "places", "odds", "bn rupiah", "| places", "odds", "bn rupiah"]
        yield f"{'':<{_NAME_WIDTH}}{_short(one):<54}| {_short(other):<40}| difference"
    yield f"{'':<{_NAME_WIDTH}}{_cells(heads)}"


def _described(outcome: Outcome) -> str:
    terms = outcome.terms
    groups = ", then ".join(terms.groups) or "none"
    reserved = ", ".join(f"{share} permille {name}" for name, share in terms.reserved_permille.items()) or "none"
    return (
        f"{terms.quota:,} places at {terms.rupiah_a_place:,} rupiah; basis {terms.basis.name}, floor {terms.floor}; "
        f"first {groups}; reserved {reserved}; {terms.family_limit} of a family"
        f"{'; not with other aid' if terms.refuses_aid else ''}; mean of {outcome.draws} draws"
    )


def _short(outcome: Outcome) -> str:
    name = outcome.terms.name
    return name if len(name) <= 38 else f"{name[:36]} …"


def _rows(one: Outcome, other: Outcome | None) -> Iterator[str]:
    yield _row("all", one.total, other.total if other else None)
    for thing, shares in pairs(one, other).items():
        yield f"\nby {thing}"
        for name, (share, against) in shares.items():
            yield _row(f"  {name}", share, against)


def _row(name: str, share: Share, against: Share | None) -> str:
    texts = [f"{share.joined:,}", f"{share.standing:,.0f}", *_outcome(share)]
    if against:
        texts += [f"| {against.joined:,}", *_outcome(against)]
        places, odds = share.places - against.places, share.odds - against.odds
        texts += [f"| {places:+,.0f}", f"{odds * 100:+.2f}", f"{(share.rupiah - against.rupiah) / 1e9:+,.1f}"]
    return f"{name:<{_NAME_WIDTH}}{_cells(texts)}"


def _outcome(share: Share) -> list[str]:
    return [f"{share.places:,.0f}", f"{share.odds:.2%}", f"{share.rupiah / 1e9:,.1f}"]


def _cells(texts: list[str]) -> str:
    """A bar before a text stands before its cell."""
    return "".join(f"| {text[2:]:>10}" if text.startswith("| ") else f"{text:>11}" for text in texts)


def _reserved(outcome: Outcome) -> Iterator[str]:
    yield f"\nreserved places, {outcome.terms.name}"
    for name, each in outcome.reserved.items():
        counts = f"wanted {each.wanted:,.0f}, set aside {each.set_aside:,.0f}, held {each.held:,.0f}"
        yield f"  {name:<{_NAME_WIDTH - 2}}{counts}"
