"""Dates and times as people read them. A page of many visits shows the same days and times over and over, so what they are
called in a language is remembered: it follows from nothing else."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from functools import lru_cache
from typing import NamedTuple
from zoneinfo import ZoneInfo

from django.utils.formats import date_format, time_format
from django.utils.translation import get_language

from clinic.core import clock


@dataclass(frozen=True, slots=True)
class When:
    """An instant on the clinic's wall clock, in the active language: `iso` for machines, the others as Django's formats
    of these names write them (`weekday` is "Monday", `short_weekday` "Mon")."""

    iso: str
    time: str
    weekday: str
    short_weekday: str
    month_day: str
    date: str
    short_date: str


def when(instant: datetime) -> When:
    # In UTC, since the two hours of an autumn night are one to a cache.
    return _when(instant.astimezone(UTC), clock.zone(), get_language())


def wall_time(wall: time) -> str:
    """A time of the clinic's clock in the active language."""
    return _time(wall, get_language())


@lru_cache(maxsize=2048)
def _when(instant: datetime, zone: ZoneInfo, language: str | None) -> When:
    local = instant.astimezone(zone)
    return When(local.isoformat(), _time(local.time(), language), *_day(local.date(), language))


class _Day(NamedTuple):
    weekday: str
    short_weekday: str
    month_day: str
    date: str
    short_date: str


@lru_cache(maxsize=1024)
def _day(day: date, language: str | None) -> _Day:
    return _Day(
        *(date_format(day, name) for name in ("l", "D", "MONTH_DAY_FORMAT", "DATE_FORMAT", "SHORT_DATE_FORMAT"))
    )


@lru_cache(maxsize=1024)
def _time(wall: time, language: str | None) -> str:
    return time_format(wall, "TIME_FORMAT")
