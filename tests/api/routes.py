"""The paths of the API as Django resolves them."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from django.urls import URLPattern, URLResolver, get_resolver

METHODS = ("get", "head", "post", "put", "patch", "delete", "options")
_PARAMETER = re.compile(r"<(?:\w+:)?(\w+)>")


@dataclass(frozen=True)
class Route:
    """A path below `/api/` without a slash in front, parameters as Django writes them, and what answers there."""

    path: str
    view: Any

    @property
    def has_id(self) -> bool:
        return _PARAMETER.search(self.path) is not None

    @property
    def methods(self) -> list[str]:
        """The methods that the view answers, in small letters; HEAD goes with GET."""
        return [method for method in METHODS if method not in ("head", "options") and hasattr(self.view, method)]

    def filled(self, values: dict[str, str]) -> str:
        """The path with these values for its parameters."""
        return _PARAMETER.sub(lambda found: values[found[1]], self.path)

    @property
    def shape(self) -> str:
        """The path with a star for each parameter."""
        return _PARAMETER.sub("*", self.path)


def routes(patterns: Sequence[URLPattern | URLResolver] | None = None) -> list[Route]:
    """Every route under `/api/`, in both forms, with and without a slash at its end."""
    return list(_below("", get_resolver().url_patterns if patterns is None else patterns))


def _below(prefix: str, patterns: Sequence[URLPattern | URLResolver]) -> Iterator[Route]:
    for pattern in patterns:
        path = prefix + str(pattern.pattern)
        if isinstance(pattern, URLResolver):
            if path.startswith("api/"):
                yield from _below(path, pattern.url_patterns)
        elif path.startswith("api/"):
            yield Route(path.removeprefix("api/"), getattr(pattern.callback, "cls", None))
