"""Do the same thing for many items on local threads or on a Dask cluster, and give the results in order."""

from __future__ import annotations

import os
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any, TypeVar

from xl_aicost.errors import AicostError
from xl_aicost.simulate.optional import library

Item = TypeVar("Item")
Result = TypeVar("Result")
RETRIES = 3
AHEAD = 4


def silent(done: int) -> None:
    """Tell nobody how much is done."""


def in_order(
    function: Callable[[Item], Result],
    items: Iterable[Item],
    threads: int | None = None,
    scheduler: str | None = None,
) -> Iterator[Result]:
    """Yield the function's result for each item, in the order of the items.

    Only a few items a worker are under way at any time, so memory does not grow with their number. `scheduler` is the
    address of a Dask scheduler; a worker that dies there has its items done again by others.
    Raises AicostError if the scheduler cannot be reached.
    """
    if scheduler is None:
        workers = threads or os.cpu_count() or 1
        with ThreadPoolExecutor(workers) as pool:
            yield from _window(lambda item: pool.submit(function, item), items, AHEAD * workers)
        return
    distributed = library("distributed", "--scheduler")
    try:
        client = distributed.Client(scheduler, timeout="10s")
    except (OSError, ValueError, TimeoutError) as error:
        raise AicostError(f"no Dask scheduler answers at {scheduler}: {error}") from None
    with client:
        workers = max(1, sum(client.nthreads().values()))
        yield from _window(
            lambda item: client.submit(function, item, pure=False, retries=RETRIES), items, AHEAD * workers
        )


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
