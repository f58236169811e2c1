"""Bookings a second over HTTP from two server processes, beside pgbench sending the same SQL over as many connections."""

from __future__ import annotations

import re
import subprocess
from contextlib import ExitStack
from datetime import timedelta
from time import perf_counter
from urllib.parse import parse_qs, urlsplit

from django.test import Client

from bench.clinic_days import apart, shortest_offers
from bench.figures import Figure, Spread
from bench.ground import Ground
from bench.load import steady
from bench.pgbench import PROGRAM, script
from bench.replay import recorded
from bench.stand import FOLDER
from bench.wishes import PATH, booking, wish
from clinic.core import clock

CLIENTS = 12
SECONDS = 8.0
ROUNDS = 5
HORIZON = 400  # days


def measure(ground: Ground) -> list[Figure]:
    free = apart(shortest_offers(), clock.today() + timedelta(days=2), HORIZON)
    requests = (booking(offered, start, f"guest{number}") for number, (offered, start) in enumerate(free))
    sql = FOLDER / "booking.sql"
    sql.write_text(_same_sql(ground))
    seconds = max(SECONDS * ground.effort, 1.0)
    rates: list[float] = []
    floors: list[float] = []
    times: list[float] = []
    cpu: list[float] = []
    with ExitStack() as stack:
        servers = [stack.enter_context(ground.daphne()) for _ in range(2)]
        ports = [server.port for server in servers]
        steady(ports, requests, clients=CLIENTS, seconds=min(seconds, 2.0))
        for number in range(ground.times(ROUNDS)):
            began, used = perf_counter(), sum(server.cpu() for server in servers)
            answers = steady(ports, requests, clients=CLIENTS, seconds=seconds)
            rates.append(len(answers) / (perf_counter() - began))
            cpu.append((sum(server.cpu() for server in servers) - used) / len(answers) * 1000)
            assert {answer.status for answer in answers} == {201}, {answer.status for answer in answers}
            times += [answer.seconds * 1000 for answer in answers]
            floors.append(_pgbench(ground, str(sql), number, seconds))
    rate, floor = Spread.of_rates(rates), Spread.of_rates(floors)
    return [
        Figure(f"bookings a second, 2 processes, {CLIENTS} clients", "1/s", rate, floor, "ratio >= 0.15 (0.35)",
               rate.median >= 0.15 * floor.median),
        Figure("one booking under that load", "ms", Spread.of(times)),
        Figure("processor time of the servers for one booking", "ms", Spread.of(cpu)),
    ]  # fmt: skip


def _same_sql(ground: Ground) -> str:
    """The statements of one booking, made into a script that books another slot for somebody else each time."""
    free = apart(shortest_offers(), clock.today() + timedelta(days=1), HORIZON)
    offered, start = next(free)
    with recorded() as statements:
        answer = Client(SERVER_NAME="127.0.0.1").post(PATH, wish(offered, start, "model"), "application/json")
    assert answer.status_code == 201, answer.content
    with ground.owner() as owner:
        return script(statements, answer.json(), owner)


def _pgbench(ground: Ground, file: str, number: int, seconds: float) -> float:
    """Transactions a second. Each round books years of its own, so that all of them succeed."""
    where = urlsplit(ground.stand.url(ground.database))
    command = [
        str(PROGRAM), "--no-vacuum", "--protocol=prepared", f"--client={CLIENTS}", "--jobs=2", f"--time={round(seconds)}",
        f"--file={file}", f"--define=round={number}", "--define=n=0", "--host", parse_qs(where.query)["host"][0],
        "--username", where.username or "", where.path.removeprefix("/"),
    ]  # fmt: skip
    told = subprocess.run(command, capture_output=True, text=True, check=False)
    if told.returncode:
        raise RuntimeError(f"The floor failed: {told.stderr[-1000:]}")
    (rate,) = re.findall(r"^tps = ([0-9.]+)", told.stdout, re.MULTILINE)
    if failed := re.search(r"number of failed transactions: ([1-9][0-9]*)", told.stdout):
        raise RuntimeError(f"{failed[1]} transactions of the floor failed: {told.stderr}")
    return float(rate)
