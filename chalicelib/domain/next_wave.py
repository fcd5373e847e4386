"""Which wave could be joined next."""

from collections.abc import Iterable
from datetime import datetime

from chalicelib.domain.waves import Wave, WaveState


def next_closing(waves: Iterable[Wave], *, now: datetime) -> datetime | None:
    """When the wave closes that whoever is verified now could join: the open one that closes first, else the one that
    opens next."""
    ahead = [wave for wave in waves if now < wave.closes_at and wave.state is not WaveState.PLANNED]
    first = min(ahead, key=lambda wave: (max(wave.opens_at, now), wave.closes_at), default=None)
    return first.closes_at if first else None
