"""What a stored choice is called."""

from __future__ import annotations

from functools import lru_cache

from django.db.models import TextChoices
from django.utils.translation import get_language


def label_of(choices: type[TextChoices], value: str) -> str:
    """The name of a stored value in the active language; the value itself when it is none of the choices.

    For a model's `get_…_display` where pages show many rows: Django's own translates every label of the field each time
    that it is asked for one.
    """
    return _label(choices, value, get_language())


@lru_cache(maxsize=512)
def _label(choices: type[TextChoices], value: str, language: str | None) -> str:
    try:
        return str(choices(value).label)
    except ValueError:
        return value
