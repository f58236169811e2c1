"""Where things stand in the calendar: pure functions of dates, instants and spans of the clinic's wall clock.

The grid is wall time: a row is five minutes, an hour stands at the same height on every day, also on the two days a year
on which the clock changes. What falls into the hour that comes twice is drawn at what the clock shows, side by side with
what else is shown there; the hour that is skipped stays empty.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

from availability.wallclock import to_utc, wall_day

ROW = 5  # minutes
DAY = 24 * 60
HOUR = 60
MOST_LANES = 4
USUAL = (8, 18)  # hours that an empty calendar shows
_MINUTE = timedelta(minutes=1)


@dataclass(frozen=True, slots=True, order=True)
class Span:
    """Wall time `[begin, end)` of one date, in minutes since midnight, 0 to 1440."""

    begin: int
    end: int

    def meets(self, other: Span) -> bool:
        return self.begin < other.end and other.begin < self.end


def span_of(start: datetime, end: datetime, day: date, zone: ZoneInfo) -> Span | None:
    """The wall time between two instants as far as it lies on `day`; None when it does not.

    What ends in the doubled hour at an earlier reading than it began is drawn as long as it lasts.
    """
    wall = wall_day(day, zone)
    start, end = to_utc(start), to_utc(end)
    if end <= wall.begin or start >= wall.end or end <= start:
        return None
    begin = 0 if start <= wall.begin else _shown(start, zone)
    if end >= wall.end:
        return Span(begin, DAY)
    last = _shown(end, zone)
    if last <= begin:
        last = begin + max(1, (end - max(start, wall.begin)) // _MINUTE)
    return Span(begin, min(last, DAY))


def _shown(instant: datetime, zone: ZoneInfo) -> int:
    local = instant.astimezone(zone)
    return local.hour * HOUR + local.minute


def skipped(day: date, zone: ZoneInfo) -> Span | None:
    """The wall time that the clock jumps over on this date."""
    for before, after in pairwise(wall_day(day, zone).stretches):
        if after.begins > before.ends:
            return Span(before.ends // _MINUTE, after.begins // _MINUTE)
    return None


def doubled(day: date, zone: ZoneInfo) -> Span | None:
    """The wall time that the clock shows twice on this date."""
    for before, after in pairwise(wall_day(day, zone).stretches):
        if after.zero > before.zero and after.begins == before.ends:
            return Span((before.ends - (after.zero - before.zero)) // _MINUTE, before.ends // _MINUTE)
    return None


def window(spans: Iterable[Span]) -> Span:
    """Whole hours that show all of these, and at least the usual hours of a practice."""
    begin, end = USUAL[0] * HOUR, USUAL[1] * HOUR
    for span in spans:
        begin, end = min(begin, span.begin), max(end, span.end)
    return Span(begin // HOUR * HOUR, -(-end // HOUR) * HOUR)


def place(span: Span, shown: Span) -> str:
    """The classes that put a span into the rows of the window (`calendar-grid.css`); empty when it lies outside."""
    begin, end = max(span.begin, shown.begin), min(span.end, shown.end)
    if begin >= end:
        return ""
    first, last = (begin - shown.begin) // ROW, -(-(end - shown.begin) // ROW)
    return f"at-{first} to-{last}"


def lanes(spans: Sequence[Span]) -> list[str]:
    """The classes that set spans side by side which meet, in the order given; empty for one that stands alone."""
    found = [""] * len(spans)
    cluster: list[int] = []
    reach = -1
    for number in sorted(range(len(spans)), key=lambda one: (spans[one].begin, -spans[one].end)):
        if cluster and spans[number].begin >= reach:
            _set_side_by_side(cluster, spans, found)
            cluster = []
        cluster.append(number)
        reach = max(reach, spans[number].end)
    _set_side_by_side(cluster, spans, found)
    return found


def _set_side_by_side(cluster: list[int], spans: Sequence[Span], found: list[str]) -> None:
    ends: list[int] = []
    taken: dict[int, int] = {}
    for number in cluster:
        lane = next((lane for lane, end in enumerate(ends) if end <= spans[number].begin), len(ends))
        ends[lane : lane + 1] = [spans[number].end]
        taken[number] = min(lane, MOST_LANES - 1)
    if len(ends) > 1:
        for number, lane in taken.items():
            found[number] = f"lane-{lane + 1} of-{min(len(ends), MOST_LANES)}"


def free(within: Iterable[Span], taken: Iterable[Span]) -> list[Span]:
    """What is left of some spans without others, in order."""
    left = sorted(within)
    for busy in taken:
        left = [piece for one in left for piece in _without(one, busy)]
    return left


def _without(one: Span, busy: Span) -> list[Span]:
    if not one.meets(busy):
        return [one]
    pieces = (Span(one.begin, busy.begin), Span(busy.end, one.end))
    return [piece for piece in pieces if piece.begin < piece.end]


def gaps(hours: Sequence[Span], taken: Iterable[Span], *, step: int, earliest: int = 0) -> list[Span]:
    """Free stretches of the hours from `earliest` on, each from a start on the grid of its hours (`step` minutes, as slots
    are), at least a step long."""
    rows = list(taken)
    found = []
    for opening in hours:
        for piece in free([opening], rows):
            begin = max(piece.begin, earliest)
            begin = opening.begin - (opening.begin - begin) // step * step
            if piece.end - begin >= step:
                found.append(Span(begin, piece.end))
    return found


def stylesheet() -> str:
    """`calendar-grid.css`: one class for every row at which something may begin or end."""
    rows = DAY // ROW
    rules = [f".at-{n} {{ grid-row-start: {n + 1} }} .to-{n + 1} {{ grid-row-end: {n + 2} }}" for n in range(rows)]
    lines = ["  " + " ".join(rules[n : n + 2]) for n in range(0, rows, 2)]
    head = "/* Rows of five minutes; written by clinic.portals.dentist.calendar_layout.stylesheet(). */"
    return "\n".join([head, "@layer components {", *lines, "}", ""])
