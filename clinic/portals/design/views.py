"""The living design page: every component in every state, in light and in dark. It is there with DEBUG only."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponseBase
from django.views.decorators.http import require_safe

from clinic.accounts.requests import page
from clinic.portals.design.foundations import foundations
from clinic.portals.design.made_up import CLINIC
from clinic.portals.design.of_chat import chat
from clinic.portals.design.of_patients import for_patients
from clinic.portals.design.of_practice import for_practice
from clinic.portals.design.shared import shared
from clinic.portals.design.specimens import Around

# Beside those that every page has: what the pages of the portals load.
SHEETS = [
    f"clinic/{name}.css"
    for name in (
        "slots", "booking", "patient", "staff", "dentist", "calendar-grid", "calendar", "calendar-states",
        "desk-forms", "chat", "chat-answers",
        "design",
    )
]  # fmt: skip


@require_safe
def design(request: HttpRequest) -> HttpResponseBase:
    around = Around(request, CLINIC)
    shown = [
        {
            "section": section,
            "specimens": [
                {"specimen": one, "drawn": one.drawn(around, f"{section.key}-{number}")}
                for number, one in enumerate(section.specimens)
            ],
        }
        for section in (*foundations(), *shared(), *for_patients(), *chat(), *for_practice())
    ]
    return page(request, "design/design.html", {"sections": shown, "sheets": SHEETS})
