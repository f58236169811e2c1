"""A network between clients and a server that can go silent and be cut."""

from __future__ import annotations

import asyncio
from asyncio import StreamReader, StreamWriter


class Cable:
    """Forwards TCP from `port` to a server's port, while it is whole."""

    def __init__(self, to: int) -> None:
        self._to = to
        self.port = 0
        self._whole = asyncio.Event()
        self._whole.set()
        self._refuses = False
        self._ends: set[StreamWriter] = set()
        self._listening: asyncio.Server | None = None

    async def lay(self) -> Cable:
        self._listening = await asyncio.start_server(self._connect, "127.0.0.1", 0)
        self.port = self._listening.sockets[0].getsockname()[1]
        return self

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    async def hold(self) -> None:
        """Nothing goes through any more, in either direction, and nobody is told."""
        self._whole.clear()

    async def cut(self) -> None:
        """All connections break, and new ones do so at once."""
        self._refuses = True
        for end in self._ends:
            end.transport.abort()

    async def mend(self) -> None:
        self._refuses = False
        self._whole.set()

    async def remove(self) -> None:
        assert self._listening is not None
        self._listening.close()
        await self.cut()

    async def _connect(self, reader: StreamReader, writer: StreamWriter) -> None:
        if self._refuses:
            writer.transport.abort()
            return
        try:
            far_reader, far_writer = await asyncio.open_connection("127.0.0.1", self._to)
        except OSError:
            writer.transport.abort()
            return
        both = {writer, far_writer}
        self._ends |= both
        try:
            await asyncio.gather(self._forward(reader, far_writer), self._forward(far_reader, writer))
        finally:
            self._ends -= both
            for end in both:
                end.transport.abort()

    async def _forward(self, reader: StreamReader, writer: StreamWriter) -> None:
        try:
            while data := await reader.read(65536):
                await self._whole.wait()
                writer.write(data)
                await writer.drain()
        except OSError:
            pass
        finally:
            writer.close()
