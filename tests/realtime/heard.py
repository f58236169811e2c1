"""An ear at the Channels group: what relays publish, in the order in which it comes."""

from __future__ import annotations

import asyncio
import contextlib
import threading
from collections.abc import Iterator

from channels.layers import channel_layers

from clinic.realtime.events import GROUP, Event, unpack
from tests.polling import until


class Heard:
    def __init__(self) -> None:
        self.events: list[Event] = []
        self.ready = threading.Event()

    @property
    def positions(self) -> list[int]:
        return [event.position for event in self.events]

    async def listen(self) -> None:
        layer = channel_layers.make_backend("default")
        channel = await layer.new_channel()
        await layer.group_add(GROUP, channel)
        self.ready.set()
        try:
            while True:
                self.events += unpack(await layer.receive(channel))
        finally:
            await layer.flush()

    def wait_for(self, count: int) -> list[Event]:
        """Waits until so many events were heard."""
        until(lambda: len(self.events) >= count)
        return self.events


@contextlib.contextmanager
def hearing() -> Iterator[Heard]:
    """Listens in a thread of its own, with its own loop, until the end of the block."""
    ear, loop = Heard(), asyncio.new_event_loop()
    task: asyncio.Task[None] | None = None

    def run() -> None:
        nonlocal task
        asyncio.set_event_loop(loop)
        task = loop.create_task(ear.listen())
        with contextlib.suppress(asyncio.CancelledError):
            loop.run_until_complete(task)
        loop.close()

    thread = threading.Thread(target=run)
    thread.start()
    assert ear.ready.wait(10)
    try:
        yield ear
    finally:
        assert task is not None
        loop.call_soon_threadsafe(task.cancel)
        thread.join(10)
