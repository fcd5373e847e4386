"""Bugs that give places to others than the draw, or more of them than there are."""

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from chalicelib.domain.waves import EntryEvent
from tests.simulation.life.bugs.planting import bug, instead, nothing, patch

if TYPE_CHECKING:
    from tests.simulation.life.town import Town

_SELECTION = "chalicelib.use_cases.selection"


@bug("another seed than the published one draws", "S3", "record_wave_results")
def another_seed(town: "Town") -> None:
    def make(draw: Any) -> Any:
        return lambda listed, standing, allotment, lottery: draw(
            listed, standing, allotment, replace(lottery, seed=b"0" * 32)
        )

    patch(town, f"{_SELECTION}.draw_one_province:draw_province", make)


@bug("one loser of each draw is told that they won", "S3")
def a_loser_wins(town: "Town") -> None:
    def make(found: Any) -> Any:
        def lied(wave: Any, waiting: Any, outcomes: Any) -> Any:
            told = list(found(wave, waiting, outcomes))
            lost = [place for place, each in enumerate(told) if each.event is EntryEvent.PASS_OVER]
            if lost:
                told[lost[0]] = replace(told[lost[0]], event=EntryEvent.CHOOSE, reason=None)
            return told

        return lied

    patch(town, f"{_SELECTION}.record_results:_found", make)


@bug("the list is frozen without those who joined last", "S3", "L1", "L2", "wrong")
def latecomers_forgotten(town: "Town") -> None:
    def make(feed: Any) -> Any:
        return lambda changes, **more: feed(changes[:-1], **more)

    patch(town, f"{_SELECTION}.feed_entries:feed_entries", make)
    patch(town, f"{_SELECTION}.take_draw_step:count_entries", lambda _count: _all_agree)


def _all_agree(*_args: Any, **_more: Any) -> dict[str, Any]:
    return {"differing": []}


@bug("a wave has more places than it was approved with", "S3")
def quota_grows(town: "Town") -> None:
    def make(allot: Any) -> Any:
        return lambda stated, *args, **more: allot({**stated, "quota": stated["quota"] + 3}, *args, **more)

    patch(town, f"{_SELECTION}.draw_lots:allot", make)


@bug("those excluded at the award leave their place empty", "S3", "L2")
def refills_forgotten(town: "Town") -> None:
    instead(town.world.places, "pass_on", lambda _pass_on: nothing)
