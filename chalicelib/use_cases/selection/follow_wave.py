"""What follows when a wave or one of its entries has moved."""

from chalicelib.domain.commands import Change, Queue
from chalicelib.domain.mail import Template, queue_for
from chalicelib.domain.selection.work import DrawWork
from chalicelib.domain.waves import SHARDS, EntryState, WaveState
from chalicelib.ports import Messages

_CONDITIONS_ARE_PUBLISHED = (WaveState.APPROVED, WaveState.OPEN)
"""On approval; and once more on opening, should that have failed."""


def follow_wave(change: Change, *, messages: Messages) -> None:
    if not change.is_move:
        return
    if change.kind == "draw_work":
        _follow_work(change, messages)
    if change.kind == "wave":
        _follow_wave(change, messages)
    if change.kind == "entry":
        _follow_entry(change, messages)


def draw_step(work: DrawWork, piece: int) -> dict[str, object]:
    """The message by which one piece is asked for."""
    return {
        "wave": int(work.wave),
        "run": work.run,
        "attempt": work.attempt,
        "phase": work.state.value,
        "piece": piece,
    }


def _follow_wave(change: Change, messages: Messages) -> None:
    wave = int(change.facts["number"])
    if change.after == WaveState.ANNOUNCED:
        messages.send(Queue.RESULTS_TO_RECORD, *({"wave": wave, "shard": shard} for shard in range(SHARDS)))
    is_annulled = (change.before, change.after) == (WaveState.DRAWN, WaveState.FROZEN)
    if is_annulled or change.after in _CONDITIONS_ARE_PUBLISHED:
        messages.send(Queue.DRAW_STEPS_TO_TAKE, {"wave": wave})


def _follow_work(change: Change, messages: Messages) -> None:
    wave, run, attempt = (int(change.facts[name]) for name in ("wave", "run", "draw_attempt"))
    steps = [
        {"wave": wave, "run": run, "attempt": attempt, "phase": change.after, "piece": piece}
        for piece in range(int(change.facts["pieces"]))
    ]
    if steps:
        messages.send(Queue.DRAW_STEPS_TO_TAKE, *steps)


def _follow_entry(change: Change, messages: Messages) -> None:
    wave = int(change.facts["wave"])
    if change.after == EntryState.CHOSEN:
        messages.send(Queue.AWARDS_TO_MAKE, {"wave": wave, "applicant_id": change.id})
    if change.before == EntryState.CHOSEN and change.after == EntryState.EXCLUDED:
        messages.send(Queue.PLACES_TO_REFILL, {"wave": wave, "applicant_id": change.id})
    if change.after in (EntryState.NOT_CHOSEN, EntryState.EXCLUDED):
        order = {
            "send_key": _key_of_mail(change, wave),
            "template": Template.NOT_AWARDED.value,
            "applicant_id": change.id,
            "blanks": {"wave": wave, "reason": str(change.facts.get("reason", "not_drawn"))},
        }
        messages.send(queue_for(Template.NOT_AWARDED), order)


def _key_of_mail(change: Change, wave: int) -> str:
    """One mail for each outcome: whoever was not drawn, moved up and was excluded after all is told that too."""
    key = f"{Template.NOT_AWARDED}/{wave}/{change.id}"
    return f"{key}/{change.after}" if change.after == EntryState.EXCLUDED else key
