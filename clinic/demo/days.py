"""Whole days of a large clinic, filled by construction: on the grid, inside the hours, with buffers, nobody twice.

Minutes count from the clinic's midnight; no working day here has a clock change in its hours.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from operator import mul
from random import Random

from availability.slots import Access, Hours
from clinic.core import clock
from clinic.demo import holidays, treatments
from clinic.demo.house import Practice
from dentists.models import Treatment

STEP = 15
_MINUTE = timedelta(minutes=1)


@dataclass(frozen=True, slots=True)
class Placed:
    """A visit of the practice with this number, in minutes of its day."""

    practice: int
    treatment: Treatment
    start: int
    end: int


class Calendar:
    """The days of many practices, and how full they get."""

    def __init__(self, practices: Sequence[Practice], chance: Random) -> None:
        self._practices, self._chance = practices, chance
        self._offers: list[tuple[list[Treatment], list[float], float]] = []
        for practice in practices:
            kinds = list(practice.treatments.values())
            weights = [treatments.BY_SLUG[kind.slug].asked_for for kind in kinds]
            taken = [kind.buffer_before_minutes + kind.duration_minutes + kind.buffer_after_minutes for kind in kinds]
            mean = sum(map(mul, weights, taken)) / sum(weights)
            self._offers.append((kinds, weights, mean))
        self._holidays: dict[int, set[date]] = {}

    def day(self, day: date, share: float) -> list[Placed]:
        """The visits of one date; about this share of the open time is taken, buffers included."""
        if day in self._closed(day.year):
            return []
        return [placed for number in range(len(self._practices)) for placed in self._of(number, day, share)]

    def open_minutes(self, day: date) -> int:
        """Minutes in which somebody could be seen, of all practices together."""
        if day in self._closed(day.year):
            return 0
        spans = [interval for number in range(len(self._practices)) for interval in self._hours(number, day)]
        return sum((one.closing - one.opening) // _MINUTE for one in spans)

    def _closed(self, year: int) -> set[date]:
        if year not in self._holidays:
            self._holidays[year] = set(holidays.of_year(year))
        return self._holidays[year]

    def _hours(self, number: int, day: date) -> list[Hours]:
        schedule = self._practices[number].schedule
        if schedule.time_off:
            begin, end = clock.day_bounds(day)
            if any(away.start < end and begin < away.end for away in schedule.time_off):
                return []
        return schedule.hours(day)

    def _of(self, number: int, day: date, share: float) -> Iterator[Placed]:
        kinds, weights, mean = self._offers[number]
        # Gaps come in steps, after each of which somebody is there with this chance; the grid itself leaves half a step.
        gap = max(mean * (1 - share) / share - STEP / 2, 0)
        comes = STEP / (STEP + gap)
        chance, free_from = self._chance, -1_000
        for interval in self._hours(number, day):
            opening, closing = interval.opening // _MINUTE, interval.closing // _MINUTE
            at = opening
            while at < closing:
                kind = chance.choices(kinds, weights)[0]
                if interval.access == Access.URGENT and kind.slug != "toothache":
                    kind = next((one for one in kinds if one.slug == "toothache"), kind)
                earliest = max(at, free_from + kind.buffer_before_minutes)
                start = opening - (opening - earliest) // STEP * STEP
                end = start + kind.duration_minutes
                if end > closing:
                    at += STEP
                elif chance.random() < comes:
                    yield Placed(number, kind, start, end)
                    at = free_from = end + kind.buffer_after_minutes
                else:
                    at = start + STEP
