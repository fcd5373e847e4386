"""Hears everything that the application and its libraries log, and every error that passes through our code."""

import logging
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import FrameType
from typing import Any

from chalicelib.observability import log

_OURS = str(Path(__file__).parents[2] / "chalicelib")
_OF_THE_RECORD = {*logging.makeLogRecord({}).__dict__, "message", "asctime"} - {"msg"}


class _Lines(logging.Handler):
    """Each record as it would be written, and besides everything else that it carries."""

    def __init__(self, lines: list[str]) -> None:
        super().__init__(logging.DEBUG)
        self._lines = lines

    def emit(self, record: logging.LogRecord) -> None:
        carried = [value for name, value in record.__dict__.items() if name not in _OF_THE_RECORD]
        self._lines.append(f"{self.format(record)} {carried}")


@contextmanager
def heard(libraries: int = logging.INFO) -> Iterator[list[str]]:
    """All that our own logger is told, from DEBUG on, and the libraries' from this level on."""
    lines: list[str] = []
    ours, root = log()._logger, logging.getLogger()
    handler, written = _Lines(lines), _Lines(lines)
    written.setFormatter(ours.handlers[0].formatter)
    before = ours.level, root.level, ours.propagate
    ours.addHandler(written)
    root.addHandler(handler)
    ours.propagate = False  # each line once
    ours.setLevel(logging.DEBUG)
    root.setLevel(libraries)
    try:
        yield lines
    finally:
        ours.removeHandler(written)
        root.removeHandler(handler)
        ours.setLevel(before[0])
        root.setLevel(before[1])
        ours.propagate = before[2]


@contextmanager
def raised() -> Iterator[list[str]]:
    """The texts of every error that leaves one of our functions for another; not of what is caught on the spot."""
    texts: list[str] = []
    seen: dict[int, tuple[FrameType, BaseException]] = {}

    def in_frame(frame: FrameType, event: str, found: Any) -> Any:
        if event == "exception":
            first, error = seen.setdefault(id(found[1]), (frame, found[1]))
            if first is not frame:
                texts.extend(_texts(error))
        return in_frame

    def at_call(frame: FrameType, _event: str, _found: Any) -> Any:
        if not frame.f_code.co_filename.startswith(_OURS):
            return None
        frame.f_trace_lines = False
        return in_frame

    before = sys.gettrace()
    sys.settrace(at_call)
    try:
        yield texts
    finally:
        sys.settrace(before)


def _texts(error: BaseException | None) -> Iterator[str]:
    while error is not None:
        yield f"{error!r} {error} {getattr(error, 'details', '')}"
        error = error.__cause__
