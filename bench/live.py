"""Live sync: from a commit to the last frame, at 1, 100 and 1,000 sockets; connecting; fan-out; memory; one who never reads."""

from __future__ import annotations

import asyncio
import os
import socket
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from time import perf_counter
from typing import Any

import psycopg

from bench.figures import Figure, Spread
from bench.ground import Ground, Server
from bench.sockets import Client, crowd, opened, subscribed
from bench.stand import FOLDER, ROOT
from clinic.accounts.models import User
from clinic.accounts.tokens import issue
from clinic.core import db
from clinic.demo.sign_ins import SIGN_INS

CROWDS = {1: 200, 100: 200, 1000: 200}  # sockets, and events one after the other
PACE = 0.05  # seconds between two events: twenty a second
BURST, BURSTS = 40, 5  # events of one transaction, to a thousand sockets
CONNECTIONS = 200
NOTICE = "bench_bare"
_WRITE = (
    "UPDATE appointments_appointment SET status = CASE status WHEN 'pending' THEN 'cancelled' ELSE 'pending' END,"
    " cancelled_at = CASE status WHEN 'pending' THEN now() END WHERE id = %s"
)


@dataclass
class Live:
    """What is measured: a server of the site with its relay, and the bare one."""

    ground: Ground
    server: Server
    bare: Server
    visit: Any

    def change(self, writer: psycopg.Connection[Any], count: int = 1) -> float:
        """Commits so many changes of one visit in one transaction; the moment before the commit."""
        with writer.transaction():
            for _ in range(count):
                writer.execute(_WRITE, [self.visit])
            return perf_counter()

    def notice(self, writer: psycopg.Connection[Any], count: int = 1) -> float:
        with writer.transaction():
            writer.execute("SELECT pg_notify(%s, %s)", [NOTICE, str(count)])
            return perf_counter()


def measure(ground: Ground) -> list[Figure]:
    with ground.owner() as owner:
        # A visit of its own, far away from everybody else's, that takes its time and gives it back.
        visit = owner.execute(
            "UPDATE appointments_appointment SET status = 'cancelled', cancelled_at = now(),"
            " starts_at = starts_at + interval '2 years',"
            " ends_at = ends_at + interval '2 years' WHERE id = (SELECT id FROM appointments_appointment"
            " WHERE starts_at > now() AND status = 'confirmed' LIMIT 1) RETURNING id"
        ).fetchone()
    os.environ["SOCKETS_PER_ACCOUNT"] = "5000"
    with relay(ground), ground.daphne() as server, _bare(ground) as bare:
        live = Live(ground, server, bare, visit and visit[0])
        found: list[Figure] = []
        # A loop in a thread of its own: Django's connections here belong to the main one.
        runner = threading.Thread(target=lambda: found.extend(asyncio.run(_measure(live))))
        runner.start()
        runner.join()
    return found


@contextmanager
def relay(ground: Ground) -> Iterator[None]:
    with (FOLDER / "relay.log").open("a") as log:
        process = subprocess.Popen(
            [sys.executable, "manage.py", "relay"], cwd=ROOT, env=ground.stand.environment(ground.database), stdout=log,
            stderr=log,
        )  # fmt: skip
        try:
            with ground.owner() as owner:
                while not (owner.execute("SELECT active FROM realtime_relays_there('5 s')").fetchone() or (False,))[0]:
                    if process.poll() is not None:
                        raise RuntimeError("The relay does not run: see relay.log.")
            yield
        finally:
            process.terminate()
            process.wait(20)


@contextmanager
def _bare(ground: Ground) -> Iterator[Server]:
    with socket.create_server(("127.0.0.1", 0)) as probe:
        port: int = probe.getsockname()[1]
    command = [sys.executable, "-m", "bench.bare_relay", str(port), ground.stand.url(ground.database), NOTICE]
    process = subprocess.Popen(command, cwd=ROOT)
    try:
        while True:
            try:
                socket.create_connection(("127.0.0.1", port)).close()
                break
            except ConnectionRefusedError:
                if process.poll() is not None:
                    raise RuntimeError("The bare relay does not run.") from None
        yield Server(port, process.pid)
    finally:
        process.terminate()
        process.wait(20)


async def _measure(live: Live) -> list[Figure]:
    with live.ground.owner() as writer:
        bare = await _round_trips(live, writer)
        return [
            *[figure for count, times in CROWDS.items() for figure in await _latency(live, writer, count, times, bare)],
            *await _connecting(live),
            *await _fan_out(live, writer),
            *await _never_reads(live, writer),
        ]


async def _round_trips(live: Live, writer: psycopg.Connection[Any]) -> Spread:
    """LISTEN/NOTIFY from one connection to another, and nothing else."""
    taken = []
    listener = await psycopg.AsyncConnection.connect(live.ground.stand.url(live.ground.database), autocommit=True)
    async with listener:
        await listener.execute("LISTEN bench_floor")
        for _ in range(live.ground.times(200, least=20)):
            began = perf_counter()
            await asyncio.to_thread(writer.execute, "NOTIFY bench_floor")
            async for _notice in listener.notifies(stop_after=1):
                break
            taken.append((perf_counter() - began) * 1000)
    return Spread.of(taken)


async def _last_frames(clients: list[Client], change: Any, writer: psycopg.Connection[Any], times: int) -> list[float]:
    """Milliseconds from each commit until the last of the clients had its frame."""
    taken = []
    for _ in range(times):
        before = len(clients[0].arrivals)
        due = perf_counter() + PACE
        began = await asyncio.to_thread(change, writer)
        for client in clients:
            await client.until(lambda client=client, before=before: len(client.arrivals) > before)
        taken.append((max(client.arrivals[before] for client in clients) - began) * 1000)
        await asyncio.sleep(max(0.0, due - perf_counter()))
    return taken


async def _latency(live: Live, writer: psycopg.Connection[Any], count: int, times: int, floor: Spread) -> list[Figure]:
    times = live.ground.times(times, least=20)
    before = _resident(live.server)
    clients = await crowd(live.server.port, count)
    await _last_frames(clients, live.change, writer, 5)
    memory = (_resident(live.server) - before) / count
    measured = Spread.of(await _last_frames(clients, live.change, writer, times))
    _leave(clients)
    others = await crowd(live.bare.port, count)
    await _last_frames(others, live.notice, writer, 5)
    bare = Spread.of(await _last_frames(others, live.notice, writer, times))
    _leave(others)
    limit = {1: 50, 100: 50, 1000: 100}[count]
    case = f"commit to last frame, sockets: {count:,}; floor: bare LISTEN and broadcast"
    figures = [Figure(case, "ms", measured, bare, f"p99 < {limit}", measured.p99 < limit)]
    if count == 100:
        met = measured.median <= 15 * floor.median
        figures.append(Figure("the same beside a bare LISTEN/NOTIFY round trip", "ms", measured, floor, "<= 15 x", met))
    if count == 1000:
        figures.append(Figure("memory of a subscribed socket", "KB", Spread.of([memory]), None, "< 60", memory < 60))
    return figures


async def _connecting(live: Live) -> list[Figure]:
    """Connect, say who one is by token, subscribe to one's appointments: until the server said so."""
    email = next(one.email for one in SIGN_INS if one.role == "patient")

    def token() -> str:
        with db.signing_in():
            user = User.objects.get(email=email)
        return issue(user).access

    access, taken, floor = await asyncio.to_thread(token), [], []
    for number in range(live.ground.times(CONNECTIONS, least=20)):
        began = perf_counter()
        client = await opened(live.server.port, number, protocols=("clinic.v1", f"bearer.{access}"))
        client.send({"type": "subscribe", "channel": "appointments"})
        await client.until(lambda client=client: client.said("subscribed"))
        taken.append((perf_counter() - began) * 1000)
        client.close()
        began = perf_counter()
        client = await subscribed(live.bare.port, number)
        floor.append((perf_counter() - began) * 1000)
        client.close()
    measured = Spread.of(taken)
    return [
        Figure(
            "connect, identify, subscribe; floor: bare handshake",
            "ms",
            measured,
            Spread.of(floor),
            "p99 < 50",
            measured.p99 < 50,
        )
    ]


async def _fan_out(live: Live, writer: psycopg.Connection[Any]) -> list[Figure]:
    """A burst of events to a thousand sockets: frames for each second of the server's processor."""
    count, found = 1000, {}
    for name, server, change in (("site", live.server, live.change), ("bare", live.bare, live.notice)):
        clients, rates = await crowd(server.port, count), []
        for _ in range(live.ground.times(BURSTS, least=2)):
            before, used = len(clients[0].arrivals), server.cpu()
            await asyncio.to_thread(change, writer, BURST)
            for client in clients:
                await client.until(lambda client=client, goal=before + BURST: len(client.arrivals) >= goal)
            rates.append(count * BURST / max(server.cpu() - used, 0.01))
        found[name] = Spread.of_rates(rates)
        _leave(clients)
    ratio = found["site"].median / found["bare"].median
    return [
        Figure(
            "fan-out to 1,000 sockets; floor: websockets.broadcast",
            "frames/CPU s",
            found["site"],
            found["bare"],
            ">= 0.25 x",
            ratio >= 0.25,
        )
    ]


async def _never_reads(live: Live, writer: psycopg.Connection[Any]) -> list[Figure]:
    """A hundred sockets, without and with one more that never reads."""
    clients = await crowd(live.server.port, 100)
    times = live.ground.times(100, least=20)
    await _last_frames(clients, live.change, writer, 20)
    alone = Spread.of(await _last_frames(clients, live.change, writer, times))
    deaf = await subscribed(live.server.port, 7_000)
    deaf.acknowledges = False
    deaf.stop_reading()
    before = _resident(live.server)
    for _ in range(16):  # more than its window
        goal = len(clients[0].arrivals) + BURST
        await asyncio.to_thread(live.change, writer, BURST)
        for client in clients:
            await client.until(lambda client=client, goal=goal: len(client.arrivals) >= goal)
    grown = _resident(live.server) - before
    beside = Spread.of(await _last_frames(clients, live.change, writer, times))
    _leave([*clients, deaf])
    slower = beside.median <= 1.1 * alone.median
    return [
        Figure("100 sockets beside one that never reads; floor: without it", "ms", beside, alone, "<= 1.1 x", slower),
        Figure("memory that grew in 640 events beside it", "KB", Spread.of([grown]), None, "<= 1024", grown <= 1024),
    ]


def _leave(clients: list[Client]) -> None:
    for client in clients:
        client.close()


def _resident(server: Server) -> float:
    """KB."""
    line = next(
        line for line in Path(f"/proc/{server.pid}/status").read_text().splitlines() if line.startswith("VmRSS")
    )
    return float(line.split()[1])
