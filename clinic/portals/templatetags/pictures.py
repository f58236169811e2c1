"""Icons, portraits and bars: `{% icon "clock" %}`, `{% portrait dentist %}`, `{% bar 45 %}`. Drawn once and
remembered, for they never change."""

from __future__ import annotations

from functools import lru_cache
from typing import Any

from django import template
from django.template.loader import render_to_string
from django.utils.safestring import SafeString

register = template.Library()


@register.simple_tag
@lru_cache(maxsize=128)
def icon(name: str) -> SafeString:
    """A symbol of the sprite. Decorative: a word stands beside it, or is visually hidden."""
    return render_to_string("_icon.html", {"name": name})


@register.simple_tag
def portrait(dentist: Any, size: str = "") -> SafeString:
    """A dentist's drawn portrait with initials; `size` may be `large` or `small`. Decorative: the name stands beside it."""
    return _portrait(dentist.initials, dentist.tone, size)


@lru_cache(maxsize=512)
def _portrait(initials: str, tone: int, size: str) -> SafeString:
    return render_to_string("_portrait.html", {"initials": initials, "tone": tone, "size": size})


@register.simple_tag
@lru_cache(maxsize=128)
def bar(percent: int) -> SafeString:
    """A bar of 0 to 100 percent. Decorative: the figure stands beside it."""
    return render_to_string("admin/front_page/_bar.html", {"percent": percent})
