"""A state as JSON, and back."""

from __future__ import annotations

import types
from collections.abc import Mapping
from dataclasses import fields, is_dataclass
from datetime import date, datetime
from enum import StrEnum
from functools import lru_cache
from typing import Any, Union, get_args, get_origin, get_type_hints

from chatbot.dialogue.state import VERSION, State


class UnknownVersion(ValueError):
    """The stored state is of a version that this code does not read: begin a new conversation."""


def dump(state: State) -> dict[str, Any]:
    """JSON values; instants in ISO 8601 with their offset."""
    plain: dict[str, Any] = _plain(state)
    return plain


def load(stored: Mapping[str, Any]) -> State:
    """The state that was dumped. A field that came later has its default in an older state. Raises `UnknownVersion`;
    KeyError, TypeError or ValueError when it is no state."""
    if stored["version"] != VERSION:
        raise UnknownVersion(str(stored["version"]))
    state: State = _typed(State, stored)
    return state


def _plain(value: Any) -> Any:
    if is_dataclass(value):
        return {one.name: _plain(getattr(value, one.name)) for one in fields(value)}
    if isinstance(value, StrEnum):
        return value.value
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, tuple | list):
        return [_plain(item) for item in value]
    if isinstance(value, Mapping):
        return {key: _plain(item) for key, item in value.items()}
    return value


@lru_cache(maxsize=64)
def _hints(kind: type) -> dict[str, Any]:
    return get_type_hints(kind)


def _typed(kind: Any, value: Any) -> Any:
    origin = get_origin(kind)
    if origin in (Union, types.UnionType):
        return None if value is None else _typed(next(a for a in get_args(kind) if a is not type(None)), value)
    if origin is tuple:
        return tuple(_typed(get_args(kind)[0], item) for item in value)
    if isinstance(kind, type) and is_dataclass(kind):
        return kind(**{name: _typed(hint, value[name]) for name, hint in _hints(kind).items() if name in value})
    if kind in (datetime, date):
        return kind.fromisoformat(value)
    if isinstance(kind, type) and issubclass(kind, StrEnum):
        return kind(value)
    return value
