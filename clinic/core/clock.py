"""The only "now", and the way between instants and the clinic's wall clock.

Expiry of holds is not judged here: the database's own clock does that, so that two servers cannot disagree.
"""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

from django.conf import settings
from django.utils import timezone


def now() -> datetime:
    """This instant, aware, in UTC."""
    return timezone.now()


@lru_cache(maxsize=8)
def _zone(name: str) -> ZoneInfo:
    return ZoneInfo(name)


def zone() -> ZoneInfo:
    """The clinic's time zone (`CLINIC_TIME_ZONE`)."""
    return _zone(settings.CLINIC_TIME_ZONE)


def local(instant: datetime) -> datetime:
    """The same instant on the clinic's wall clock."""
    return instant.astimezone(zone())


def today() -> date:
    """The clinic's date."""
    return local(now()).date()


def at(day: date, wall: time) -> datetime:
    """The instant at which the clinic's clock first shows `wall` on `day`.

    In the hour that the spring change skips there is no such instant; the one that far after the jump is given,
    and slots never ask for it.
    """
    return datetime.combine(day, wall.replace(tzinfo=None), tzinfo=zone())


def day_bounds(day: date) -> tuple[datetime, datetime]:
    """The instants at which the clinic's `day` begins and ends; 23 to 25 hours apart."""
    return at(day, time(0)), at(day + timedelta(days=1), time(0))
