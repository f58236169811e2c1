"""Runs the servers and the processes of the Procfile: starts, watches, restarts and stops them."""

import signal
import socket
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path

from clinic.embedded.errors import EmbeddedError
from clinic.embedded.local_env import child_environment, site_settings
from clinic.embedded.output import Output
from clinic.embedded.process import Process
from clinic.embedded.servers import Servers, running
from clinic.embedded.watch import Watch, in_words

STOP_WITHIN = 5.0  # seconds; then it is killed


def supervise(
    folder: Path,
    *,
    root: Path,
    commands: Mapping[str, str],
    prepare: str,
    port: int,
    environ: Mapping[str, str],
) -> None:
    """Run the servers, ``prepare`` once, then ``commands`` (by name, in ``root``), until interrupted.

    Raises KeyboardInterrupt when asked to stop and EmbeddedError when something does not run; by then
    everything is stopped.
    """
    output = Output([*commands, "prepare"])
    with running(folder, durable=True, environ=environ) as servers:
        env = child_environment(environ, site_settings(environ, folder, servers, port))
        greeting = _prepare(prepare, root, env, output) if prepare else []
        processes = [Process(name, command, cwd=root, env=env, output=output) for name, command in commands.items()]
        with _started(processes, output):
            watches = [Watch(service, output) for service in (*servers.own, *processes)]
            while not _open(port, commands):
                _step(watches, output)
            for line in [f"The clinic is open at http://127.0.0.1:{port}", *greeting, "Ctrl-C stops it."]:
                output.say(line)
            while True:
                _step(watches, output)


def keep(servers: Servers) -> None:
    """Watch ``servers`` until interrupted. Raises as ``supervise`` does."""
    output = Output([])
    watches = [Watch(server, output) for server in servers.own]
    while True:
        _step(watches, output)


def interrupt_on_signals() -> None:
    """The first SIGINT, SIGTERM or SIGHUP raises KeyboardInterrupt; further ones do not disturb stopping."""
    wanted = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)

    def interrupt(number: int, frame: object) -> None:
        for each in wanted:
            signal.signal(each, signal.SIG_IGN)
        raise KeyboardInterrupt

    for each in wanted:
        signal.signal(each, interrupt)


def _step(watches: Sequence[Watch], output: Output) -> None:
    output.pump(0.1)
    for watch in watches:
        watch.tend()
    if output.gone:
        raise KeyboardInterrupt


def _prepare(command: str, root: Path, env: Mapping[str, str], output: Output) -> list[str]:
    """Run ``command`` to its end and return what it printed."""
    said: list[str] = []
    process = Process("prepare", command, cwd=root, env=env, output=output)
    try:
        process.start(said.append)
        while process.poll() is None:
            output.pump(0.05)
    finally:
        _stop([process], output)
    if code := process.poll():
        raise EmbeddedError("\n".join([*said, f"'{command}' ended {in_words(code)}; everything has been stopped."]))
    return said


@contextmanager
def _started(processes: Sequence[Process], output: Output) -> Iterator[None]:
    try:
        for process in processes:
            process.start()
        yield
    finally:
        _stop(processes, output)


def _stop(processes: Sequence[Process], output: Output) -> None:
    for process in reversed(processes):
        process.ask_to_stop()
    deadline = time.monotonic() + STOP_WITHIN
    while time.monotonic() < deadline and any(process.poll() is None for process in processes):
        output.pump(0.05)
    for process in processes:
        process.insist()
    output.drain()


def _open(port: int, commands: Mapping[str, str]) -> bool:
    if "web" not in commands:
        return True
    with socket.socket() as client:
        return client.connect_ex(("127.0.0.1", port)) == 0
