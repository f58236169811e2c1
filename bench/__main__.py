"""`python -m bench` lists the benchmarks, `python -m bench NAME` runs one, `python -m bench all` all of them.

Each runs in a process of its own, on a database of its own when it writes. `python -m bench stand` keeps the servers and
the large clinic up until Ctrl-C, so that later runs of the same size need not make them.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import threading
from contextlib import ExitStack
from dataclasses import asdict

from bench import BENCHES, LARGE
from bench.stand import ROOT, Stand, standing, told


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m bench", description="Benchmarks, run by hand.")
    parser.add_argument("names", nargs="*", metavar="NAME", help=f"{', '.join(BENCHES)}; all; stand")
    parser.add_argument("--dentists", type=int, default=50)
    parser.add_argument("--appointments", type=int, default=1_000_000, help="20000 for a quick look")
    parser.add_argument("--effort", type=float, default=1.0, help="a tenth of the repetitions: 0.1")
    given = parser.parse_args()
    if not given.names:
        for name, bench in BENCHES.items():
            print(f"{name:<16} {bench.question}")
        return 0
    names = list(BENCHES) if given.names == ["all"] else given.names
    if unknown := [name for name in names if name not in BENCHES and name != "stand"]:
        parser.error(f"there is no benchmark {', '.join(unknown)}")
    with standing(given.dentists, given.appointments) as stand:
        if names == ["stand"]:
            return _keep_up(stand)
        return max(_run(stand, name, given.effort) for name in names)


def _keep_up(stand: Stand) -> int:
    with told(stand):
        print(f"The stand is up: {stand.url(LARGE)}\nCtrl-C takes it down.", flush=True)
        try:
            threading.Event().wait()
        except KeyboardInterrupt:
            return 0
    return 1


def _run(stand: Stand, name: str, effort: float) -> int:
    with ExitStack() as stack:
        database = stack.enter_context(stand.copy(f"bench_{name}")) if BENCHES[name].writes else LARGE
        task = json.dumps({"stand": asdict(stand), "name": name, "database": database, "effort": effort})
        command = [sys.executable, "-m", "bench.one", task]
        return subprocess.run(command, cwd=ROOT, env=stand.environment(database), check=False).returncode


if __name__ == "__main__":
    sys.exit(main())
