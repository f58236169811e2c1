"""What pages cost: time on the server, statements and bytes, in a large clinic, with 1 row and with 1,000; and the bytes of
a first visit."""

from __future__ import annotations

import gzip
import json
import re
import subprocess
import sys
from dataclasses import asdict, dataclass
from statistics import median
from urllib.parse import urljoin, urlsplit

from bench.figures import Figure, Spread, percentile
from bench.ground import Ground
from bench.pages_shown import Page, pages
from bench.pages_small import CLINICS, built, gone
from bench.stand import ROOT
from bench.wire import Wire, address

VISITS = 150
WARM_UP = 10
SERVER_TIME = 60.0  # milliseconds, p95
FIRST_VISIT = 100 * 1024  # bytes
PART = re.compile(
    r"<(?:link[^>]+(?:stylesheet|modulepreload|icon)[^>]+href|script[^>]+src|img[^>]+src|use[^>]+href)=[\"']([^\"'#]+)"
)
INSIDE = re.compile(r"""(?:@import\s+(?:url\()?|url\(|import\s(?:[^"';]*\sfrom\s)?)["']?([^"')]+)""")


@dataclass(frozen=True)
class Cost:
    """One page: milliseconds of each request and of processor, statements, and kilobytes of the page alone, bare."""

    name: str
    times: list[float]
    processor: float
    statements: int
    kilobytes: float

    @property
    def p95(self) -> float:
        return percentile(self.times, 95)

    def figure(self, told: str) -> Figure:
        spread = Spread(len(self.times), median(self.times), percentile(self.times, 99))
        return Figure(told, "ms", spread, None, "p95 < 60 (25)", self.p95 < SERVER_TIME)


def measure(ground: Ground) -> list[Figure]:
    figures = [
        one.figure(
            f"{one.name} ({one.statements} statements, {one.processor:.1f} ms of processor, p95 {one.p95:.1f} ms)"
        )
        for one in server_times(ground)
    ]
    with ground.daphne() as server, Wire(server.port) as wire:
        figures += [_first_visit(wire, page) for page in pages() if not page.cookies]
    return figures + _at_one_and_at_a_thousand(ground)


def server_times(ground: Ground) -> list[Cost]:
    """Every page of the ground's clinic, in turn over one connection."""
    shown, costs = list(pages()), []
    with ground.daphne() as server, Wire(server.port) as wire:
        for page in shown:
            times: list[float] = []
            used, size = 0.0, 0
            for number in range(-WARM_UP, ground.times(VISITS, least=20)):
                if number == 0:
                    used = server.cpu()
                answer = wire.send("GET", page.path, headers={**page.headers, **address(number & 0xFFFF)})
                assert answer.status == 200, (page, answer)
                size = len(answer.body)
                if number >= 0:
                    times.append(answer.seconds * 1000)
            processor = (server.cpu() - used) / len(times) * 1000
            costs.append(Cost(page.name, times, processor, page.statements(), size / 1024))
    return costs


def _at_one_and_at_a_thousand(ground: Ground) -> list[Figure]:
    """The same pages in the two small clinics: statements have to be the same, time and bytes stand beside each other."""
    found: list[list[Cost]] = []
    for name in CLINICS:
        built(ground.stand, name)
        try:
            task = {"stand": asdict(ground.stand), "database": name, "effort": ground.effort}
            command = [sys.executable, "-m", "bench.pages_small", json.dumps(task)]
            environment = ground.stand.environment(name)
            said = subprocess.run(command, cwd=ROOT, env=environment, stdout=subprocess.PIPE, check=True).stdout
            found.append([Cost(**one) for one in json.loads(said)])
        finally:
            gone(ground.stand, name)
    return [_beside(one, many) for one, many in zip(*found, strict=True)]


def _beside(one: Cost, many: Cost) -> Figure:
    told = (
        f"{many.name}, at 1 row and at 1,000: {one.statements} and {many.statements} statements, p95 {one.p95:.1f} and "
    )
    figure = many.figure(f"{told}{many.p95:.1f} ms, {one.kilobytes:.0f} and {many.kilobytes:.0f} KB")
    met = figure.met and one.statements == many.statements
    return Figure(figure.case, "ms", figure.measured, Spread.of(one.times), "p95 < 60, equal", met)


def _first_visit(wire: Wire, page: Page) -> Figure:
    """Heads and bodies of a page and all that it pulls in, compressed as the proxy in front compresses them."""
    total, waiting, seen = 0, [page.path], set[str]()
    while waiting:
        path = waiting.pop()
        if path in seen:
            continue
        seen.add(path)
        answer = wire.send("GET", path)
        assert answer.status == 200, (path, answer.status)
        total += answer.size - len(answer.body) + len(gzip.compress(answer.body, 5))
        text = answer.body.decode(errors="replace")
        found = (PART if path == page.path else INSIDE).findall(text) if "svg" not in path else []
        waiting += [urlsplit(urljoin(path, part)).path for part in found if not part.startswith(("data:", "http", "#"))]
    size = Spread(len(seen), total / 1024, total / 1024)
    case = f"first visit to {page.name}, {len(seen)} requests"
    return Figure(case, "KB", size, None, "< 100", total < FIRST_VISIT)
