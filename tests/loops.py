"""Programmes of asyncio in a test: on a loop of their own, for a browser's driver may have one running in the test's thread."""

import asyncio
from collections.abc import Coroutine
from concurrent.futures import ThreadPoolExecutor
from typing import Any


def run_apart[T](programme: Coroutine[Any, Any, T]) -> T:
    """Run it to its end in a thread."""
    with ThreadPoolExecutor(1) as threads:
        return threads.submit(asyncio.run, programme).result()
