"""What a request brings, checked: bodies and query strings."""

from __future__ import annotations

from functools import lru_cache
from threading import get_ident
from typing import Any

from django.utils.translation import get_language
from rest_framework import serializers


class Input(serializers.Serializer[Any]):
    """The shape of something asked. Read with `read`, never as an instance: making the fields anew for each request
    costs more than checking it."""

    @classmethod
    def read(cls, data: Any, *, partial: bool = False) -> dict[str, Any]:
        """The checked values; with `partial` of what is given. Raises DRF's `ValidationError`."""
        values: dict[str, Any] = _prepared(cls, partial, get_language(), get_ident()).run_validation(data)
        return values


@lru_cache(maxsize=1024)
def _prepared(kind: type[Input], partial: bool, language: str | None, thread: int) -> Input:
    """One for all requests of a thread in a language: its fields keep the text of their messages once it was read."""
    return kind(partial=partial)
