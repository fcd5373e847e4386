"""Odds and spending as a picture: of one outcome, or of two side by side."""

from collections.abc import Callable, Mapping, Sequence

from infra.draw_plan.bars import Bar, BarPanel, Sheet, drawing
from infra.draw_plan.outcome import Outcome, Share, pairs

Pair = tuple[Share, Share | None]
_TITLES = {
    "women": "women",
    "men": "men",
    "with": "with disabilities",
    "without": "without disabilities",
    "yes": "with other aid",
    "no": "without other aid",
}


def picture(one: Outcome, other: Outcome | None, source: str) -> str:
    things = pairs(one, other)
    outcomes = [one, *([other] if other else [])]
    provinces = sorted(things["province"].items(), key=lambda each: -each[1][0].odds)
    people = [("all", (one.total, other.total if other else None))]
    people += [pair for thing in ("sex", "disability", "group", "other aid") for pair in things.get(thing, {}).items()]
    return drawing(
        Sheet(
            title=_title(one, other),
            under=[_described(each) for each in outcomes],
            names=[each.terms.name for each in outcomes],
            rows=[
                [_odds("Odds of whoever joins", people), _odds("Odds by group and class", _named(things))],
                [
                    _odds("Odds by province, best first", provinces),
                    BarPanel("Spending by province, billion rupiah", _bars(provinces, _spending), _billions),
                ],
            ],
            notes=[
                f"{source}. Means of {one.draws} draws. Spending: if everybody with a place uses the whole grant and "
                "earns every incentive."
            ],
        )
    )


def _title(one: Outcome, other: Outcome | None) -> str:
    against = f", against {other.terms.name}" if other else ""
    return f"A wave under scheme {one.terms.name}{against}"


def _described(outcome: Outcome) -> str:
    terms, total = outcome.terms, outcome.total
    reserved = ", ".join(f"{name} {share / 10:g} %" for name, share in terms.reserved_permille.items())
    return (
        f"{terms.name}: {total.joined:,} joined, {total.places:,.0f} places ({total.odds:.1%}), "
        f"{total.rupiah / 1e9:,.0f} billion rupiah; priority: {', '.join(map(_spoken, terms.groups)) or 'none'}; "
        f"reserved: {reserved or 'none'}"
    )


def _named(things: Mapping[str, Mapping[str, Pair]]) -> list[tuple[str, Pair]]:
    return [(name.replace("with disabilities", "disabled"), pair) for name, pair in things["group and class"].items()]


def _odds(title: str, people: Sequence[tuple[str, Pair]]) -> BarPanel:
    return BarPanel(title, _bars(people, lambda share: share.odds * 100), lambda value: f"{value:.1f}", " %")


def _bars(people: Sequence[tuple[str, Pair]], value: Callable[[Share], float]) -> list[Bar]:
    return [
        Bar(_spoken(_TITLES.get(name, name)), [value(share) for share in pair if share is not None])
        for name, pair in people
    ]


def _spending(share: Share) -> float:
    return share.rupiah / 1e9


def _billions(value: float) -> str:
    return f"{value:,.2f}" if value < 10 else f"{value:,.1f}"


def _spoken(name: str) -> str:
    return name.replace("_", " ")
