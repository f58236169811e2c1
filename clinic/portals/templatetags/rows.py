"""What pages with many rows write in each: `{% address 'desk:visit' visit.pk %}`, `{% with when=visit.starts_at|when %}`; of
visits `{% said visit visit.patient_name %}`, `{% status visit %}`, `{% source visit %}`."""

from __future__ import annotations

from functools import lru_cache
from typing import Any
from uuid import UUID

from django import template
from django.template.loader import render_to_string
from django.urls import get_script_prefix, reverse
from django.utils.safestring import SafeString, mark_safe

from clinic.portals import when as wall

register = template.Library()
register.filter("when", wall.when)
register.filter("wall_time", wall.wall_time)


@register.simple_tag
def said(visit: Any, what: str) -> str:
    """What is said of a visit when it changes; `what` is the name that the sentence begins with."""
    starts = wall.when(visit.starts_at)
    return f"{what}, {starts.weekday}, {starts.month_day}, {starts.time}: {visit.get_status_display()}"


@register.simple_tag
def status(visit: Any, partial: str = "_status.html") -> SafeString:
    """A visit's status as a pill, or as another partial draws it."""
    return _drawn(partial, "status", visit.status, visit.get_status_display())


@register.simple_tag
def source(visit: Any, partial: str = "staff/_source.html") -> SafeString:
    """The way on which a visit was booked, as a pill or as another partial draws it."""
    return _drawn(partial, "source", visit.booking_source, visit.get_booking_source_display())


@register.simple_tag
def address(name: str, key: UUID, *rest: str) -> str:
    """What `{% url name key … %}` says; where such addresses lead is looked up once for all rows."""
    return _address(get_script_prefix(), name, *rest).replace(str(_ANY), str(key))


_ANY = UUID(int=0)


@lru_cache(maxsize=128)
def _address(prefix: str, name: str, *rest: str) -> str:
    return reverse(name, args=[_ANY, *rest])


# Drawn once for each status and source in each language, and remembered, for they never change.
@lru_cache(maxsize=256)
def _drawn(partial: str, name: str, value: str, label: str) -> SafeString:
    return mark_safe(render_to_string(partial, {name: value, "label": label}).strip())  # noqa: S308 - a template's own
