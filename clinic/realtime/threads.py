"""Threads in which an event loop has the database asked."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any, TypeVar

from django.db import connections

Answer = TypeVar("Answer")


class DatabaseThreads:
    """So many at a time; what comes meanwhile waits in line."""

    def __init__(self, number: int, name: str) -> None:
        self._threads = ThreadPoolExecutor(number, thread_name_prefix=name)

    async def run(self, work: Callable[..., Answer], *arguments: Any) -> Answer:
        return await asyncio.get_running_loop().run_in_executor(self._threads, _and_give_back, work, arguments)

    def close(self) -> None:
        """Waits for nobody."""
        self._threads.shutdown(wait=False, cancel_futures=True)


def _and_give_back(work: Callable[..., Answer], arguments: tuple[Any, ...]) -> Answer:
    """Connections go back to the pool as soon as the work is done."""
    try:
        return work(*arguments)
    finally:
        connections.close_all()
