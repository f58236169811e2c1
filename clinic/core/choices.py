"""What a stored choice is called."""

from __future__ import annotations

from django.db.models import TextChoices


def label_of(choices: type[TextChoices], value: str) -> str:
    """The name of a stored value in the active language; the value itself when it is none of the choices.

    For a model's `get_…_display` where pages show many rows: Django's own translates every label of the field each time
    that it is asked for one.
    """
    try:
        return str(choices(value).label)
    except ValueError:
        return value
