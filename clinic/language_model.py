"""From `MODEL_URL` and its like to the language model that helps the chatbot; without it there is none."""

from __future__ import annotations

import ipaddress
from dataclasses import dataclass
from urllib.parse import urlsplit

from django.core.exceptions import ImproperlyConfigured

from clinic import environment as env

LONGEST_WAIT = 15  # seconds: half of what a turn of the chatbot may last, and less than its page waits


@dataclass(frozen=True, slots=True)
class LanguageModel:
    """`url` is the base of an OpenAI-compatible API, `seconds` what the model may take for one message in all. `health`:
    whether words about health may leave; `phrases`: whether it may reword answers."""

    url: str
    name: str
    key: str = ""
    seconds: float = 6
    health: bool = False
    phrases: bool = False


def configured(*, production: bool) -> LanguageModel | None:
    """What the environment says; docs/settings.md lists it. Raises `ImproperlyConfigured`."""
    url = env.text("MODEL_URL", "")
    if not url:
        return None
    parts = urlsplit(url)
    if parts.scheme not in ("http", "https") or not parts.hostname or parts.query or parts.fragment or parts.username:
        raise ImproperlyConfigured("MODEL_URL must be the base of an API, such as https://models.example/v1.")
    if production and parts.scheme != "https" and not _is_near(parts.hostname):
        raise ImproperlyConfigured("MODEL_URL must begin with https:// unless the model runs beside the site.")
    return LanguageModel(
        url,
        env.text("MODEL_NAME"),
        env.text("MODEL_KEY", ""),
        _seconds(),
        env.flag("MODEL_HEALTH"),
        env.flag("MODEL_PHRASES"),
    )


def _seconds() -> int:
    seconds = env.whole("MODEL_SECONDS", 6, least=1)
    if seconds > LONGEST_WAIT:
        raise ImproperlyConfigured(f"MODEL_SECONDS must be at most {LONGEST_WAIT}: nobody waits longer for an answer.")
    return seconds


def _is_near(host: str) -> bool:
    """This machine, or a neighbour in a private network of containers, which has a name without a dot."""
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return "." not in host
