"""A clock that a demo can push forward: real time plus an offset that only grows."""

import json
import threading
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path


class MovableClock:
    """Safe for threads. The offset is kept in a small file, so that a restart goes on where it stopped, and so that
    two processes have one time."""

    def __init__(self, offset_file: Path) -> None:
        self._file = offset_file
        self._lock = threading.Lock()
        self._written = -1
        self._offset = timedelta()
        self._latest = datetime.min.replace(tzinfo=UTC)

    def _take_in_offset(self) -> None:
        try:
            written = self._file.stat().st_mtime_ns
        except FileNotFoundError:
            return
        if written != self._written:
            self._offset = timedelta(seconds=json.loads(self._file.read_text())["offset_seconds"])
            self._written = written

    def now(self) -> datetime:
        with self._lock:
            return self._read()

    def wait_until(self, moment: datetime) -> None:
        time.sleep(max(0.0, (moment - self.now()).total_seconds()))

    def _read(self) -> datetime:
        self._take_in_offset()
        # The machine's own clock may be set back; ours is not.
        self._latest = max(self._latest, datetime.now(UTC) + self._offset)
        return self._latest

    def advance(self, step: timedelta) -> datetime:
        if step < timedelta():
            raise ValueError("the clock moves forward only")
        with self._lock:
            return self._push(step)

    def move_to(self, moment: datetime) -> datetime:
        if moment.tzinfo is None:
            raise ValueError("a moment needs its zone")
        with self._lock:
            step = moment - self._read()
            if step < timedelta():
                raise ValueError("the clock moves forward only")
            return self._push(step)

    def _push(self, step: timedelta) -> datetime:
        self._offset += step
        self._file.parent.mkdir(parents=True, exist_ok=True)
        draft = self._file.with_suffix(".draft")
        draft.write_text(json.dumps({"offset_seconds": self._offset.total_seconds()}))
        draft.replace(self._file)
        return self._read()
