"""How people are reached: `{% load reaching %}`."""

from __future__ import annotations

from django import template

from clinic.patients.phones import readable

register = template.Library()


@register.filter
def as_phone(number: str) -> str:
    """A stored number as it is read and dialled."""
    return readable(number)
