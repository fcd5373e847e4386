"""Many who want the same at once."""

from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

from chalicelib.domain.errors import AlreadyDone, StaleWrite

T = TypeVar("T")


def who_gets_it(claim: Callable[[T], object], rivals: Sequence[T]) -> list[bool]:
    """Of each rival, whether the claim was taken."""

    def gets_it(rival: T) -> bool:
        try:
            claim(rival)
        except (AlreadyDone, StaleWrite):
            return False
        return True

    with ThreadPoolExecutor(len(rivals)) as pool:
        return list(pool.map(gets_it, rivals))
