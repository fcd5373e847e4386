"""The same work for many things, side by side in processes: one for each core, unless it is said otherwise."""

import multiprocessing
import os
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from typing import Any, TypeVar

Item = TypeVar("Item")
Result = TypeVar("Result")
_task: Callable[[Any], Any] | None = None


def cores() -> int:
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def side_by_side(
    task: Callable[[Item], Result], items: Sequence[Item], processes: int | None = None
) -> Iterator[Result]:
    """In the order of ``items``. ``task`` goes to each process once: it may hold much."""
    count = min(processes or cores(), len(items))
    if count <= 1:
        yield from map(task, items)
        return
    with ProcessPoolExecutor(count, _way(), initializer=_take, initargs=(task,)) as pool:
        yield from pool.map(_do, items)


def _way() -> multiprocessing.context.BaseContext:
    """Forked processes have everything at once, where there are such."""
    ways = multiprocessing.get_all_start_methods()
    return multiprocessing.get_context("fork" if "fork" in ways else ways[0])


def _take(task: Callable[[Any], Any]) -> None:
    global _task
    _task = task


def _do(item: Any) -> Any:
    if _task is None:
        raise RuntimeError("the process was given no task")
    return _task(item)
