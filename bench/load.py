"""Many clients at once: so many keep-alive connections in threads, or one request each let go at the same moment."""

from __future__ import annotations

import selectors
import threading
from collections.abc import Iterator, Sequence
from time import perf_counter

from bench.wire import Answer, Reader, Wire


def steady(ports: Sequence[int], requests: Iterator[bytes], *, clients: int, seconds: float) -> list[Answer]:
    """Answers to requests that so many clients send one after the other for so long, spread evenly over the ports.

    Raises RuntimeError when the requests run out before the time does.
    """
    answers: list[Answer] = []
    faults: list[BaseException] = []
    turn, until = threading.Lock(), perf_counter() + seconds

    def client(number: int) -> None:
        try:
            with Wire(ports[number % len(ports)]) as wire:
                while perf_counter() < until:
                    with turn:
                        request = next(requests, None)
                    if request is None:
                        raise RuntimeError("There were fewer requests than time.")
                    answers.append(wire.send_packed(request))
        except (OSError, RuntimeError) as fault:
            faults.append(fault)

    threads = [threading.Thread(target=client, args=(number,)) for number in range(clients)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    if faults:
        raise RuntimeError(f"{len(faults)} of {clients} clients failed") from faults[0]
    return answers


def at_once(ports: Sequence[int], requests: Sequence[bytes]) -> list[Answer]:
    """The answers to requests that are all sent before the first answer is read, each on an open connection of its own.

    `seconds` of each answer counts from before the first request was sent.
    """
    wires = [Wire(ports[number % len(ports)]) for number in range(len(requests))]
    answers: list[Answer | None] = [None] * len(requests)
    with selectors.DefaultSelector() as waiting:
        began = perf_counter()
        for number, (wire, request) in enumerate(zip(wires, requests, strict=True)):
            wire.socket.sendall(request)
            waiting.register(wire.socket, selectors.EVENT_READ, (number, Reader()))
        while waiting.get_map():
            ready = waiting.select(timeout=60)
            if not ready:
                raise TimeoutError(f"{len(waiting.get_map())} of {len(requests)} requests had no answer for a minute")
            for key, _ in ready:
                number, reader = key.data
                if reader.take(wires[number].socket.recv(65536)):
                    answers[number] = reader.answer(perf_counter() - began)
                    waiting.unregister(wires[number].socket)
    for wire in wires:
        wire.socket.close()
    return [answer for answer in answers if answer is not None]
