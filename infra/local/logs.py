"""The laptop's logs go to a file: the terminal keeps the few lines that say what is where."""

import logging
from pathlib import Path

from chalicelib.observability import log


def log_to(path: Path) -> None:
    """The same structured lines as on Lambda, appended to ``path``."""
    application = log()
    shown = application._logger.handlers[0]
    written = logging.FileHandler(path)
    written.setFormatter(shown.formatter)
    application._logger.handlers = [written]
    application._logger.propagate = False
    logging.getLogger().addHandler(written)
