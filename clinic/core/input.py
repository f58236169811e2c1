"""What a request brings, checked: bodies and query strings."""

from __future__ import annotations

from functools import lru_cache
from typing import Any

from rest_framework import serializers


class Input(serializers.Serializer[Any]):
    """The shape of something asked. Read with `read`, never as an instance: making the fields anew for each request
    costs more than checking it."""

    @classmethod
    def read(cls, data: Any, *, partial: bool = False) -> dict[str, Any]:
        """The checked values; with `partial` of what is given. Raises DRF's `ValidationError`."""
        values: dict[str, Any] = _prepared(cls, partial).run_validation(data)
        return values


@lru_cache(maxsize=256)
def _prepared(kind: type[Input], partial: bool) -> Input:
    """One for all requests and threads: checking keeps nothing in it."""
    return kind(partial=partial)
