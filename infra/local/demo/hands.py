"""Many people doing one thing each, a few at a time, with a bar that shows how far they are."""

import sys
import time
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Any, TypeVar

from tqdm import tqdm

from infra.local.demo.api import Api

_STILL_SECONDS = 600.0
T = TypeVar("T")


class Hands:
    def __init__(self, count: int) -> None:
        self._pool = ThreadPoolExecutor(count)

    def rest(self) -> None:
        self._pool.shutdown()

    def each(self, what: str, people: Sequence[Any], act: Callable[[Any], T]) -> list[T]:
        with progress(what, len(people)) as bar:
            return self.work(people, act, bar)

    def work(self, people: Sequence[Any], act: Callable[[Any], T], bar: Any = None) -> list[T]:
        def done(person: Any) -> T:
            result = act(person)
            if bar is not None:
                bar.update(1)
            return result

        return list(self._pool.map(done, people))


def progress(what: str, total: int) -> Any:
    return tqdm(total=total, desc=f"{what:38}", unit="", file=sys.stderr, ncols=100, mininterval=0.5)


def await_stillness(api: Api) -> None:
    """Until no message waits and no stream record is unread."""
    deadline = time.monotonic() + _STILL_SECONDS
    while not api.get("/local/idle")["idle"]:
        if time.monotonic() > deadline:
            raise TimeoutError(f"queues were not empty after {_STILL_SECONDS:.0f} s; see /local/progress")
        time.sleep(0.2)
