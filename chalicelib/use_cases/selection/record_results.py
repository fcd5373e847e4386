"""Write the draw's result into the entries of one shard, a page at a time."""

from collections.abc import Sequence
from datetime import timedelta

from chalicelib.domain.commands import Queue
from chalicelib.domain.errors import Conflict, Misconfigured, NotFound
from chalicelib.domain.identifiers import ApplicantId, WaveNumber
from chalicelib.domain.selection.outcomes import Outcome
from chalicelib.domain.waves import EntryEvent, EntryState, Wave, WaveEntry, WaveState, move_entry
from chalicelib.ports import Clock, Messages, Waves
from chalicelib.use_cases.selection.kept_outcomes import KeptOutcomes

PAGE_ENTRIES = 500
LONGEST = timedelta(seconds=60)
"""On a slow day a message does less, and the next one goes on from there."""


def record_results(
    number: WaveNumber,
    shard: int,
    after: ApplicantId | None = None,
    *,
    waves: Waves,
    outcomes: KeptOutcomes,
    messages: Messages,
    clock: Clock,
    page_entries: int = PAGE_ENTRIES,
) -> None:
    """One write per entry, then the message for those that follow. Begun again, it goes on with those still waiting;
    whoever has moved on since (up into a place that fell free) stays there."""
    wave = _announced(number, waves)
    page = waves.entries_after(number, shard, after=after, limit=page_entries)
    waiting = [entry for entry in page if entry.state is EntryState.JOINED]
    found = _found(wave, waiting, outcomes) if waiting else []
    last, until = page[-1].applicant_id if page else None, clock.now() + LONGEST
    for entry, outcome in zip(waiting, found, strict=True):
        waves.save_entry(move_entry(entry, outcome.event, reason=outcome.reason))
        if clock.now() >= until:
            last = entry.applicant_id
            break
    if len(page) == page_entries or (page and last != page[-1].applicant_id):
        messages.send(Queue.RESULTS_TO_RECORD, {"wave": int(number), "shard": shard, "after": last})


def _announced(number: WaveNumber, waves: Waves) -> Wave:
    wave = waves.get(number)
    if wave is None:
        raise NotFound("wave_unknown")
    if wave.state is not WaveState.ANNOUNCED:
        raise Conflict("wave_not_announced")
    return wave


def _found(wave: Wave, waiting: Sequence[WaveEntry], outcomes: KeptOutcomes) -> Sequence[Outcome]:
    """``Misconfigured`` if somebody won as another than the table says: of another province, group or class. The list
    is made of what a stream told; nobody of the page is told anything then."""
    found = outcomes.of(wave).of([entry.pseudonym for entry in waiting])
    strata = outcomes.strata_of(wave)
    for entry, outcome in zip(waiting, found, strict=True):
        if outcome.event is EntryEvent.CHOOSE and not strata.is_drawn(entry):
            raise Misconfigured("draw_differs_from_published", province=entry.province_code, pseudonym=entry.pseudonym)
    return found
