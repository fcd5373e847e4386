"""Move each wave that is due, one step a tick, however often the clock ticks."""

from chalicelib.domain.commands import Queue
from chalicelib.domain.errors import StaleWrite
from chalicelib.domain.waves import Wave, WaveEvent, due_event, move_wave
from chalicelib.ports import Clock, Messages, Waves

MOST_WAVES_AT_ONCE = 500
"""Nine years of weekly waves, all due at once."""
_WORK_OF_THEIR_OWN = (WaveEvent.FREEZE, WaveEvent.DRAW)


def move_waves(*, waves: Waves, messages: Messages, clock: Clock) -> None:
    """Opening, closing and announcing are one write each; freezing and drawing are work of their own, asked for until
    it is done."""
    now = clock.now()
    for wave in waves.due(now=now, limit=MOST_WAVES_AT_ONCE):
        event = due_event(wave, now)
        if event in _WORK_OF_THEIR_OWN:
            messages.send(Queue.DRAW_STEPS_TO_TAKE, {"wave": int(wave.number)})
        elif event is not None:
            _move(wave, event, waves)


def _move(wave: Wave, event: WaveEvent, waves: Waves) -> None:
    try:
        waves.save(move_wave(wave, event))
    except StaleWrite:
        return  # another tick moved it
