"""How Django admin looks: the settings of its theme."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

UNFOLD = {
    "SITE_TITLE": _("Clinic administration"),
    "SITE_HEADER": _("Clinic administration"),
    "SHOW_LANGUAGES": True,
    "COLORS": {
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
