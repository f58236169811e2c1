"""The floor of live sync: LISTEN, and `websockets.broadcast` of a ready frame, with nothing in between. A process of its own.

`python -m bench.bare_relay <port> <conninfo> <channel>`: each notice goes to everybody as one frame.
"""

from __future__ import annotations

import asyncio
import gc
import logging
import sys
from typing import Any

import psycopg
from websockets.asyncio.server import ServerConnection, broadcast, serve

FRAME = '{"type":"event",' + '"about":"' + "x" * 330 + '"}'


async def main(port: int, conninfo: str, channel: str) -> None:
    everybody: set[ServerConnection] = set()

    async def come_in(socket: ServerConnection) -> None:
        everybody.add(socket)
        try:
            async for said in socket:
                await socket.send('{"type":"subscribed"}' if "subscribe" in str(said) else '{"type":"heartbeat"}')
        finally:
            everybody.discard(socket)

    async with serve(come_in, "127.0.0.1", port, compression=None, subprotocols=["clinic.v1"], ping_interval=None):  # type: ignore[list-item]  # a NewType of str
        gc.freeze()
        connection: psycopg.AsyncConnection[Any] = await psycopg.AsyncConnection.connect(conninfo, autocommit=True)
        async with connection:
            await connection.execute(f"LISTEN {channel}")  # type: ignore[arg-type]  # our own name
            async for notice in connection.notifies():
                for _ in range(int(notice.payload or 1)):
                    broadcast(everybody, FRAME)


if __name__ == "__main__":
    logging.getLogger("websockets").setLevel(logging.CRITICAL)  # clients leave without a word
    asyncio.run(main(int(sys.argv[1]), sys.argv[2], sys.argv[3]))
