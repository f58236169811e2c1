"""The hub: hears every event once for a whole server process, and hands them to its sockets.

Redis makes it fast and may lose anything: what is missing shows by its number and is read from the database, the tail by a
look each second. While the database cannot be asked, readers keep what they have, and are told that it may be old.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Coroutine, Iterable
from typing import Any

from channels.layers import get_channel_layer  # type: ignore[import-untyped]  # Channels has no types

from clinic.realtime import events, figures
from clinic.realtime.delivery import KEPT, MOST_MISSED, Delivery
from clinic.realtime.events import GROUP, Event
from clinic.realtime.subscriptions import Course, Subscription
from clinic.realtime.threads import DatabaseThreads

log = logging.getLogger(__name__)

_EVERY = 1.0  # seconds between two looks at the tail, and between two attempts
_ON_ITS_WAY = 0.05  # seconds in which what has a position is published
_THREADS = 3
_ASKING = 2  # of them at most ask for those who come back: one is left for what is new
_BATCH = 1000


class Hub:
    """Belongs to one event loop; all but what asks the database runs there. `source` is `clinic.realtime.events`, or what
    stands in for it."""

    def __init__(self, source: Any = events) -> None:
        self.delivery = Delivery(self._ask)
        self.is_live = False  # what was delivered is at most a second or two old
        self._source = source
        self._threads = DatabaseThreads(_THREADS, "hub")
        self._tasks: set[asyncio.Task[None]] = set()
        self._begun = asyncio.Event()
        self._filling = self._fill_again = False
        self._asked: dict[tuple[str, int], list[Subscription]] = {}
        self._asking = asyncio.Semaphore(_ASKING)

    @property
    def has_begun(self) -> bool:
        """Whether it knows a position: until then nobody can subscribe."""
        return self._begun.is_set()

    async def begun(self, within: float) -> bool:
        """Waits for that, so many seconds at most."""
        try:
            async with asyncio.timeout(within):
                await self._begun.wait()
        except TimeoutError:
            pass
        return self.has_begun

    def start(self) -> None:
        """Begins to listen; once."""
        self.spawn(self._listen())
        self.spawn(self._watch())

    async def stop(self) -> None:
        await cancelled(self._tasks)
        self._threads.close()

    def spawn(self, work: Coroutine[Any, Any, None]) -> None:
        """Runs beside, until it ends or the hub stops."""
        task = asyncio.get_running_loop().create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _listen(self) -> None:
        """Joins the one group and takes what comes; one endless loop, because a receive that is given up loses what it
        was about to return."""
        while True:
            try:
                layer = get_channel_layer()
                channel = await layer.new_channel()
                await layer.group_add(GROUP, channel)
            except Exception as error:
                log.warning("the hub cannot join its group now (%s); trying again", type(error).__name__)
                await asyncio.sleep(_EVERY)
                continue
            while True:
                try:
                    self.take(events.unpack(await layer.receive(channel)))
                except Exception:
                    log.exception("the hub could not read what came; the next look at the tail will find it")
                    await asyncio.sleep(_ON_ITS_WAY)

    def take(self, found: list[Event]) -> None:
        """Delivers events that were published; what is missing before them is asked for."""
        if self.has_begun and not self.delivery.take(found):
            self._fill()

    async def _watch(self) -> None:
        while True:
            try:
                await self._look()
            except Exception as error:
                if self.is_live:
                    log.warning("the hub cannot ask the database now (%s); trying again", type(error).__name__)
                self.is_live = False
            await asyncio.sleep(_EVERY)

    async def _look(self) -> None:
        """Compares the database's last position with what was delivered."""
        before = self.delivery.position
        head, horizon = await self._threads.run(self._source.state)
        if not self.has_begun:
            start = max(head - KEPT, horizon)
            self.delivery.begin(head, await self._threads.run(self._source.since, start, head - start))
            self._begun.set()
        elif head < before:  # an older database was restored
            self.delivery.jump(head)
        elif head > self.delivery.position:
            await asyncio.sleep(_ON_ITS_WAY)
            if head > self.delivery.position:
                self._fill()
                return
        self.is_live = True

    def _fill(self) -> None:
        if self._filling:
            self._fill_again = True
            return
        self._filling = True
        figures.GAPS.inc()
        self.spawn(self._fill_in())

    async def _fill_in(self) -> None:
        """Reads from the database what comes next, until it has no more; the look at the tail tries again after a
        failure."""
        try:
            while True:
                self._fill_again = False
                before = self.delivery.position
                found = await self._threads.run(self._source.since, before, _BATCH)
                if not self.delivery.take(found):  # what lies before them is not kept any longer
                    self.delivery.jump(found[0].position - 1)
                    self.delivery.take(found)
                elif not found and (horizon := (await self._threads.run(self._source.state)).horizon) > before:
                    self.delivery.jump(horizon)  # nor is anything else
                if len(found) < _BATCH and not self._fill_again:
                    self.is_live = True
                    return
        except Exception as error:
            self.is_live = False
            log.warning("the hub cannot read what it missed now (%s)", type(error).__name__)
        finally:
            self._filling = False

    def _ask(self, subscription: Subscription) -> None:
        """Many may come back at once and ask the same: it is asked once for all of them."""
        key = subscription.stored, subscription.known
        if key in self._asked:
            self._asked[key].append(subscription)
        else:
            self._asked[key] = [subscription]
            self.spawn(self._answer(key))

    async def _answer(self, key: tuple[str, int]) -> None:
        while True:
            try:
                async with self._asking:
                    # One that asked again meanwhile has ended here: however often somebody asks, one question is left.
                    if all(one.course is Course.ENDED for one in self._asked[key]):
                        del self._asked[key]
                        return
                    missed, head, horizon = await self._threads.run(self._missed, *key)
                break
            except Exception as error:
                log.warning("the hub cannot read what was missed now (%s)", type(error).__name__)
                await asyncio.sleep(_EVERY)
        for subscription in self._asked.pop(key):
            self.delivery.answer(subscription, missed, head, horizon)

    def _missed(self, stored: str, known: int) -> tuple[list[Event], int, int]:
        """Up to the head that was before, and complete from the horizon on that was after."""
        head = self._source.state().head
        missed = self._source.missed(stored, known, MOST_MISSED + 1)
        return missed, head, self._source.state().horizon


async def cancelled(tasks: Iterable[asyncio.Task[None]]) -> None:
    """Ends tasks, and asks again: a connection to Redis that is being opened takes a cancellation for a timeout."""
    left = set(tasks)
    while left:
        for task in left:
            task.cancel()
        _, left = await asyncio.wait(left, timeout=0.2)
