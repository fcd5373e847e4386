"""What leaves the platform beside its answers: log lines and metrics, as they are handed over, before anything masks
them. Nobody reads them here but the checker of secrecy.
"""

import logging
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from chalicelib import observability

Hear = Callable[[str], None]
_OURS = frozenset(logging.makeLogRecord({}).__dict__) | {"message", "asctime"}


class _Ear(logging.Filter):
    """Stands first, and lets nothing through."""

    def __init__(self, hear: Hear) -> None:
        super().__init__()
        self._hear = hear

    def filter(self, record: logging.LogRecord) -> bool:
        more = {name: each for name, each in record.__dict__.items() if name not in _OURS}
        self._hear(f"{record.getMessage()} {more}")
        return False


@contextmanager
def overheard(hear: Hear) -> Iterator[None]:
    logger, write = observability.log()._logger, observability._write_metric
    ear = _Ear(hear)

    def tell(name: str, _unit: Any, value: float, dimensions: dict[str, str]) -> None:
        hear(f"{name} {dimensions}")

    logger.filters.insert(0, ear)
    observability._write_metric = tell  # type: ignore[assignment]
    try:
        yield
    finally:
        observability._write_metric = write
        logger.filters.remove(ear)
