"""One benchmark in a process of its own: Django is set up for its database before anything of the site is imported."""

from __future__ import annotations

import importlib
import json
import platform
import subprocess
import sys
from datetime import UTC, datetime
from os import cpu_count, getloadavg
from typing import Any

import django

from bench import BENCHES, figures
from bench.stand import FOLDER, ROOT, Stand


def main(task: dict[str, Any]) -> None:
    django.setup()
    from bench.ground import Ground

    stand = Stand(**task["stand"])
    name, effort = task["name"], task["effort"]
    began, load = datetime.now(UTC), getloadavg()  # noqa: TID251 - the time of a run, not the clinic's
    measure = importlib.import_module(f"bench.{name}").measure
    found: list[figures.Figure] = measure(Ground(stand, task["database"], effort))
    print(f"\n{name}: {BENCHES[name].question}\n{figures.table(found)}", flush=True)
    circumstances = {
        "began": began.isoformat(timespec="seconds"),
        "commit": subprocess.run(
            ["git", "rev-parse", "--short", "HEAD"], cwd=ROOT, capture_output=True, text=True, check=False
        ).stdout.strip(),
        "python": platform.python_version(),
        "cpus": cpu_count(),
        "load_before": [round(part, 2) for part in load],
        "dentists": stand.dentists,
        "appointments": stand.appointments,
        "effort": effort,
    }
    figures.keep(FOLDER / "results.jsonl", name, circumstances, found)


if __name__ == "__main__":
    main(json.loads(sys.argv[1]))
