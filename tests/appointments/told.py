"""What a verb tells its caller, as one word."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from clinic.core.errors import ClinicError


def told(verb: Callable[[], Any]) -> str:
    """The code of the typed error, or `done`. Anything else that is raised goes on."""
    try:
        verb()
    except ClinicError as error:
        return error.code
    return "done"
