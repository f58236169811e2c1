"""How Django admin looks: the settings of its theme."""

from __future__ import annotations

from django.http import HttpRequest
from django.templatetags.static import static
from django.utils.translation import gettext_lazy as _


def _mark(request: HttpRequest) -> str:
    return static("clinic/favicon.svg")


def _style(request: HttpRequest) -> str:
    return static("clinic/admin.css")


def _keys(request: HttpRequest) -> str:
    return static("clinic/admin-keys.js")


UNFOLD = {
    "SITE_TITLE": _("Clinic administration"),
    "SITE_HEADER": _("Clinic administration"),
    "SITE_ICON": _mark,
    "SITE_FAVICONS": [{"rel": "icon", "href": _mark, "type": "image/svg+xml"}],
    "STYLES": [_style],
    "SCRIPTS": [_keys],
    "SHOW_LANGUAGES": True,
    "BORDER_RADIUS": "0.625rem",
    "COLORS": {
        # Paper and ink of the pages: warm where it is light, the green's own grey where it is dark.
        "base": {
            str(step): f"oklch({light}% {chroma} {hue})"
            for step, light, chroma, hue in (
                (50, 98.1, 0.008, 84),
                (100, 95.6, 0.011, 84),
                (200, 89.5, 0.013, 84),
                (300, 82, 0.014, 84),
                (400, 70, 0.016, 205),
                (500, 52, 0.018, 205),
                (600, 45.5, 0.022, 205),
                (700, 38, 0.02, 205),
                (800, 29.5, 0.017, 205),
                (900, 22.5, 0.014, 205),
                (950, 17, 0.012, 205),
            )
        },
        # The green of the pages (static/clinic/tokens.css), from light to dark.
        "primary": {
            str(step): f"oklch({light}% {chroma} 178)"
            for step, light, chroma in (
                (50, 97, 0.02),
                (100, 94, 0.04),
                (200, 88, 0.07),
                (300, 81, 0.09),
                (400, 73, 0.1),
                (500, 58, 0.09),
                (600, 45, 0.08),
                (700, 39, 0.07),
                (800, 33, 0.06),
                (900, 28, 0.05),
                (950, 21, 0.04),
            )
        },
    },
}
