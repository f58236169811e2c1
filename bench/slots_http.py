"""Slots of one day and one dentist over HTTP, beside the same statements sent bare, with much and with little history."""

from __future__ import annotations

from contextlib import ExitStack
from time import perf_counter

from django.test import Client

from bench import SMALL
from bench.clinic_days import dentists_and_days, shortest_offers
from bench.figures import Figure, Spread
from bench.ground import Ground
from bench.replay import Statement, recorded, replayed
from bench.stand import FEW
from bench.wire import Wire, address
from clinic.core.actor import ANONYMOUS

DIFFERENT = 60  # pairs of a dentist and a day, asked for in turn
REQUESTS = 1500
WARM_UP = 40


def measure(ground: Ground) -> list[Figure]:
    pairs = dentists_and_days(shortest_offers(), DIFFERENT)
    paths = [
        f"/api/availability/{what.dentist.pk}/slots?date={day}&treatment={what.treatment.pk}" for what, day in pairs
    ]
    recordings = [_recording(path) for path in paths]
    by_slug = [f"/api/availability/{what.dentist.slug}/slots?date={day}" for what, day in pairs]
    small = SMALL if ground.stand.appointments > FEW else None
    times: dict[str, list[float]] = {name: [] for name in ("http", "small", "floor", "application", "nothing")}
    with ExitStack() as stack:
        large_wire = stack.enter_context(Wire(stack.enter_context(ground.daphne()).port))
        small_wire = stack.enter_context(Wire(stack.enter_context(ground.daphne(small)).port)) if small else None
        bare = stack.enter_context(ground.connect())
        client = Client(SERVER_NAME="127.0.0.1")
        for number in range(-WARM_UP, ground.times(REQUESTS)):
            turn = number % DIFFERENT
            took = {
                "http": _asked(large_wire, paths[turn], number),
                "floor": replayed(bare, ANONYMOUS, recordings[turn]),
            }
            if small_wire is not None:
                # Ids differ from clinic to clinic; the names that make up addresses do not.
                took["small"] = _asked(small_wire, by_slug[turn], number)
            took["application"] = _called(client, paths[turn], number)
            took["nothing"] = large_wire.send("GET", "/api/nowhere").seconds
            if number >= 0:
                for name, seconds in took.items():
                    times[name].append(seconds * 1000)
    spreads = {name: Spread.of(measured) for name, measured in times.items() if measured}
    http, floor, count = spreads["http"], spreads["floor"], ground.stand.appointments
    figures = [
        Figure(f"over HTTP, {count:,} appointments", "ms", http, floor, "p50 < 10, p99 < 30",
               http.median < 10 and http.p99 < 30),
        Figure("the application alone, called in process", "ms", spreads["application"], floor),
        Figure("an address that is not there: server and middleware alone", "ms", spreads["nothing"]),
    ]  # fmt: skip
    if "small" in spreads:
        less = spreads["small"]
        figures.insert(1, Figure(f"over HTTP, {count:,} against {FEW:,} appointments", "ms", http, less, "ratio <= 1.1",
                                 http.median <= 1.1 * less.median))  # fmt: skip
    statements = Spread.of([float(len(recording)) for recording in recordings])
    return [*figures, Figure("statements of a request, identity aside", "", statements)]


def _recording(path: str) -> list[Statement]:
    with recorded() as statements:
        answer = Client(SERVER_NAME="127.0.0.1").get(path)
    assert answer.status_code == 200, answer.content
    return statements


def _asked(wire: Wire, path: str, number: int) -> float:
    answer = wire.send("GET", path, headers=address(number))
    assert answer.status == 200, answer
    return answer.seconds


def _called(client: Client, path: str, number: int) -> float:
    began = perf_counter()
    client.get(path, headers=address(number))
    return perf_counter() - began
