"""Which language somebody is written to in."""

from __future__ import annotations

from django.conf import settings
from django.utils.translation import get_language


def spoken() -> str:
    """The language of this request, as one of `settings.LANGUAGES`; empty where none is active."""
    return _known(get_language() or "")


def written(*known: str) -> str:
    """The first that is a language of the site, else the site's own."""
    return next((code for code in known if _known(code)), settings.LANGUAGE_CODE)


def _known(code: str) -> str:
    return code if code in dict(settings.LANGUAGES) else ""
