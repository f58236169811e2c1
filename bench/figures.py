"""Figures as they are printed and kept: median and p99, beside a floor that was measured in the same run."""

from __future__ import annotations

import json
import math
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from statistics import median


@dataclass(frozen=True)
class Spread:
    """The median and the tail of measurements in one unit; of rates the tail is the lowest."""

    n: int
    median: float
    p99: float

    @classmethod
    def of(cls, measured: Sequence[float]) -> Spread:
        return cls(len(measured), median(measured), percentile(measured, 99))

    @classmethod
    def of_rates(cls, measured: Sequence[float]) -> Spread:
        return cls(len(measured), median(measured), min(measured))


def percentile(measured: Sequence[float], percent: float) -> float:
    """The nearest rank: the smallest value that so many percent do not exceed."""
    ordered = sorted(measured)
    return ordered[max(math.ceil(len(ordered) * percent / 100) - 1, 0)]


@dataclass(frozen=True)
class Figure:
    """One measured thing. `ratio` is its median over the floor's; `met` None: no figure was set for it."""

    case: str
    unit: str
    measured: Spread
    floor: Spread | None = None
    wanted: str = ""
    met: bool | None = None

    @property
    def ratio(self) -> float | None:
        return self.measured.median / self.floor.median if self.floor and self.floor.median else None


HEAD = ("case", "unit", "n", "median", "p99", "floor", "floor p99", "ratio", "wanted", "")


def _cells(figure: Figure) -> tuple[str, ...]:
    floor = (_short(figure.floor.median), _short(figure.floor.p99)) if figure.floor else ("", "")
    ratio = _short(figure.ratio) if figure.ratio is not None else ""
    met = {True: "met", False: "MISSED", None: ""}[figure.met]
    own = (str(figure.measured.n), _short(figure.measured.median), _short(figure.measured.p99))
    return (figure.case, figure.unit, *own, *floor, ratio, figure.wanted, met)


def _short(number: float) -> str:
    """Three significant digits, never in powers of ten."""
    if number == 0:
        return "0"
    digits = max(0, 2 - math.floor(math.log10(abs(number))))
    return f"{number:,.{digits}f}"


def table(figures: Sequence[Figure]) -> str:
    rows = [HEAD, *map(_cells, figures)]
    widths = [max(len(row[column]) for row in rows) for column in range(len(HEAD))]
    text = 2, len(HEAD) - 2  # names and wishes are aligned left, numbers right
    lines = [
        "  ".join(
            cell.rjust(width) if text[0] <= column < text[1] else cell.ljust(width)
            for column, (cell, width) in enumerate(zip(row, widths, strict=True))
        ).rstrip()
        for row in rows
    ]
    return "\n".join([lines[0], "-" * len(lines[0]), *lines[1:]])


def keep(path: Path, bench: str, circumstances: dict[str, object], figures: Sequence[Figure]) -> None:
    """Appends one line of JSON to the results."""
    path.parent.mkdir(parents=True, exist_ok=True)
    told = [{**asdict(figure), "ratio": figure.ratio} for figure in figures]
    with path.open("a") as results:
        results.write(json.dumps({"bench": bench, **circumstances, "figures": told}) + "\n")
