"""Write the draw's result into the entries of one shard."""

from chalicelib.domain.errors import NotFound
from chalicelib.domain.identifiers import WaveNumber
from chalicelib.domain.waves import EntryEvent, EntryState, move_entry
from chalicelib.ports import Draws, Waves


def record_results(number: WaveNumber, shard: int, *, waves: Waves, draws: Draws) -> None:
    """One write per entry; begun again, it goes on with those still waiting."""
    entries = [entry for entry in waves.entries_in_shard(number, shard) if entry.state is EntryState.JOINED]
    if not entries:
        return
    drawn = draws.get(number)
    if drawn is None:
        raise NotFound("draw_unknown")
    winners = frozenset(drawn.winners)
    for entry in entries:
        is_chosen = entry.pseudonym in winners
        event = EntryEvent.CHOOSE if is_chosen else EntryEvent.PASS_OVER
        waves.save_entry(move_entry(entry, event, reason=None if is_chosen else "not_drawn"))
