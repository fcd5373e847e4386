"""How long to rest when there was nothing to do."""

import threading


class Pause:
    """From ``shortest`` on, twice as long each time, up to ``longest``. A nudge ends it at once and starts anew."""

    def __init__(self, shortest: float, longest: float) -> None:
        self._shortest = shortest
        self._longest = longest
        self._length = shortest
        self._nudged = threading.Event()

    def rest(self) -> None:
        if self._nudged.wait(self._length):
            self._nudged.clear()
            self._length = self._shortest
        else:
            self._length = min(self._length * 2, self._longest)

    def start_anew(self) -> None:
        self._length = self._shortest

    def nudge(self) -> None:
        self._nudged.set()
