"""A dentist's day cut into what the day sheet shows. Pure: minutes of the clinic's wall clock since midnight.

The sheet's rows are five minutes. Where a piece stands it says in classes for the hour and the minute, because a page of
ours has no style attributes: `desk-times.css` makes grid lines of them.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from itertools import pairwise

ROW = 5  # minutes
STEP = 30  # what is free is cut at the half hours
SHORTEST = 15  # a shorter piece goes with the next one, for nobody is treated in less
DAY = 24 * 60


@dataclass(frozen=True, slots=True, order=True)
class Span:
    """`[start, end)`, minutes since midnight, up to 1440."""

    start: int
    end: int

    @property
    def minutes(self) -> int:
        return self.end - self.start

    @property
    def classes(self) -> str:
        """Where it stands and how long it is, on rows of five minutes; never shorter than one."""
        first = min(self.start // ROW, DAY // ROW - 1)
        rows = max(-(-self.end // ROW) - first, 1)
        return f"{_parts('at', first)} {_parts('for', rows)}"


def _parts(name: str, rows: int) -> str:
    hours, rest = divmod(rows, 60 // ROW)
    return f"{name}-h{hours} {name}-m{rest * ROW}"


def without(spans: Iterable[Span], taken: Iterable[Span]) -> list[Span]:
    """What is left of the spans when the taken ones are cut out, in order."""
    left = sorted(spans)
    for cut in sorted(taken):
        pieces = []
        for span in left:
            pieces += [Span(span.start, min(span.end, cut.start)), Span(max(span.start, cut.end), span.end)]
        left = [piece for piece in pieces if piece.minutes > 0]
    return sorted(set(left))


def pieces(free: Iterable[Span]) -> list[Span]:
    """Free time as what somebody can point at: cut at the half hours, nothing shorter than a quarter where it can be."""
    found: list[Span] = []
    for span in free:
        edges = [span.start, *range((span.start // STEP + 1) * STEP, span.end, STEP), span.end]
        if len(edges) > 2 and edges[1] - edges[0] < SHORTEST:
            del edges[1]
        if len(edges) > 2 and edges[-1] - edges[-2] < SHORTEST:
            del edges[-2]
        found += [Span(one, two) for one, two in pairwise(edges) if two - one >= ROW]
    return found


def hours_shown(spans: Iterable[Span]) -> tuple[int, int]:
    """The full hours `[first, last)` that all these spans need; 8 to 17 when there are none."""
    known = list(spans)
    if not known:
        return 8, 17
    return min(one.start for one in known) // 60, -(-max(one.end for one in known) // 60)
