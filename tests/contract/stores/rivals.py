"""Many who want at once what only one can have."""

from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

from chalicelib.domain.errors import AlreadyDone, StaleWrite

THREADS = 8
Rival = TypeVar("Rival")


def who_won(attempt: Callable[[Rival], object], rivals: Sequence[Rival]) -> list[bool]:
    """Of each whether it was let through, not refused."""

    def is_let_through(rival: Rival) -> bool:
        try:
            attempt(rival)
        except (AlreadyDone, StaleWrite):
            return False
        return True

    with ThreadPoolExecutor(THREADS) as pool:
        return list(pool.map(is_let_through, rivals))
