"""Do the same thing for many items on threads, processes or a Dask cluster, and give the results in order.

Threads and processes are imported where they are started: inside a browser (Pyodide) there are none.
"""

from __future__ import annotations

import os
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Executor
from typing import Any, TypeVar

from xl_aicost.errors import AicostError
from xl_aicost.support.optional import library

Item = TypeVar("Item")
Result = TypeVar("Result")
RETRIES = 3
AHEAD = 4


def silent(done: int) -> None:
    """Tell nobody how much is done."""


def in_order(
    function: Callable[[Item], Result],
    items: Iterable[Item],
    workers: int | None = None,
    scheduler: str | None = None,
    pool: Callable[[int], Executor] | None = None,
) -> Iterator[Result]:
    """Yield the function's result for each item, in the order of the items.

    `workers` is one a core by default: threads, or what `pool` makes. One thread is the caller's own. Only a few items
    a worker are under way at any time, so memory does not grow with their number. `scheduler` is the address of a
    Dask scheduler; a worker that dies there has its items done again by others.
    Raises AicostError if the scheduler cannot be reached.
    """
    if scheduler is None:
        count = workers or os.cpu_count() or 1
        if count == 1 and pool is None:
            yield from map(function, items)
            return
        with (pool or threads)(count) as executor:
            yield from _window(lambda item: executor.submit(function, item), items, AHEAD * count)
        return
    distributed = library("distributed", "--scheduler")
    try:
        client = distributed.Client(scheduler, timeout="10s")
    except (OSError, ValueError, TimeoutError) as error:
        raise AicostError(f"no Dask scheduler answers at {scheduler}: {error}") from None
    with client:
        count = max(1, sum(client.nthreads().values()))
        yield from _window(
            lambda item: client.submit(function, item, pure=False, retries=RETRIES), items, AHEAD * count
        )


def threads(count: int) -> Executor:
    """Return a pool of threads."""
    from concurrent.futures import ThreadPoolExecutor

    return ThreadPoolExecutor(count)


def processes(count: int) -> Executor:
    """Return a pool of processes, for work that holds Python's lock; they start fresh, as on every system."""
    from concurrent.futures import ProcessPoolExecutor
    from multiprocessing import get_context

    return ProcessPoolExecutor(count, mp_context=get_context("spawn"))


def _window(submit: Callable[[Item], Any], items: Iterable[Item], most: int) -> Iterator[Any]:
    under_way: deque[Any] = deque()
    try:
        for item in items:
            if len(under_way) >= most:
                yield under_way.popleft().result()
            under_way.append(submit(item))
        while under_way:
            yield under_way.popleft().result()
    finally:
        for future in under_way:
            future.cancel()
