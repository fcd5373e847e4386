"""Write the draw's result into the entries of one shard, a page at a time."""

from datetime import timedelta

from chalicelib.domain.commands import Queue
from chalicelib.domain.errors import Conflict, NotFound
from chalicelib.domain.identifiers import ApplicantId, WaveNumber
from chalicelib.domain.waves import EntryState, Wave, WaveState, move_entry
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
) -> None:
    """One write per entry, then the message for those that follow. Begun again, it goes on with those still waiting;
    whoever has moved on since (up into a place that fell free) stays there."""
    wave = _announced(number, waves)
    page = waves.entries_after(number, shard, after=after, limit=PAGE_ENTRIES)
    waiting = [entry for entry in page if entry.state is EntryState.JOINED]
    found = outcomes.of(wave).of([entry.pseudonym for entry in waiting]) if waiting else []
    last, until = page[-1].applicant_id if page else None, clock.now() + LONGEST
    for entry, outcome in zip(waiting, found, strict=True):
        waves.save_entry(move_entry(entry, outcome.event, reason=outcome.reason))
        if clock.now() >= until:
            last = entry.applicant_id
            break
    if len(page) == PAGE_ENTRIES or (page and last != page[-1].applicant_id):
        messages.send(Queue.RESULTS_TO_RECORD, {"wave": int(number), "shard": shard, "after": last})


def _announced(number: WaveNumber, waves: Waves) -> Wave:
    wave = waves.get(number)
    if wave is None:
        raise NotFound("wave_unknown")
    if wave.state is not WaveState.ANNOUNCED:
        raise Conflict("wave_not_announced")
    return wave
