"""Enter what a comparison found, and look again at what stood before: one step of either."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date

from chalicelib.domain.ledger import Posting
from chalicelib.domain.reconciliation.days import STEP, Day, Phase, entered, reviewed
from chalicelib.domain.reconciliation.differences import Difference, enter, explain
from chalicelib.domain.reconciliation.movements import movement
from chalicelib.use_cases.reconciliation.desk import Desk


def enter_differences(bank: str, day: date, run: int, phase: Phase, step: int, *, desk: Desk) -> None:
    """Each difference is a transaction with its posting and the day that counts it; one that stands so already is left
    alone, so that a step that was cut off may be begun again. Nothing happens when the day stands elsewhere by now."""
    known = desk.reconciliations.day(bank, day)
    if known.stands_at(run, phase, step):
        (_enter if phase is Phase.ENTER else _review)(known, desk)


def _enter(day: Day, desk: Desk) -> None:
    found = desk.files.differences(day.file)
    for each in found[day.step * STEP : (day.step + 1) * STEP]:
        known = desk.reconciliations.difference(day.bank, day.day, movement(each.kind, each.reference))
        day = _saved(day, known, enter(known, each, day.bank, day.day, now=desk.clock.now()), desk)
    desk.reconciliations.save_day(entered(day, is_all=(day.step + 1) * STEP >= len(found)))


def _review(day: Day, desk: Desk) -> None:
    found = {movement(each.kind, each.reference) for each in desk.files.differences(day.file)}
    listed, last = desk.reconciliations.differences(day.bank, day.day, after=day.after or None, limit=STEP)
    for known in listed:
        if known.key not in found:
            day = _saved(day, known, explain(known, now=desk.clock.now()), desk)
    desk.reconciliations.save_day(reviewed(day, last))


def _saved(day: Day, known: Difference | None, moved: tuple[Difference, Sequence[Posting]] | None, desk: Desk) -> Day:
    """The day as it was written with it."""
    if moved is None:
        return day
    difference, postings = moved
    counted = replace(day, open=day.open + difference.stands - bool(known and known.stands))
    desk.reconciliations.save_difference(counted, difference, postings)
    return replace(counted, version=day.version + 1)
