"""Dates as the addresses of the portals name them."""

from __future__ import annotations

from datetime import date

from django.utils.dateparse import parse_date

from clinic.core.errors import Malformed


def day_of(text: str) -> date | None:
    """The date that a query names, None for none; raises `Malformed`."""
    if not text:
        return None
    try:
        day = parse_date(text)
    except ValueError:
        day = None
    if day is None or not 1970 <= day.year <= 2200:
        raise Malformed().about("day")
    return day
