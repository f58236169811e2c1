"""Components that every page may use."""

from __future__ import annotations

from types import SimpleNamespace

from django.contrib.messages import constants
from django.contrib.messages.storage.base import Message
from django.core.paginator import Paginator

from appointments.models import BookingSource, Status
from clinic.portals.design import sample_form
from clinic.portals.design.made_up import visit
from clinic.portals.design.specimens import Section, Specimen

_SAID = [
    (constants.SUCCESS, "Saved: Mia Sample, Checked in."),
    (constants.INFO, "Filled in as you told us last time."),
    (constants.WARNING, "This hits two booked visits."),
    (constants.ERROR, "This time has just been taken."),
]


def shared() -> list[Section]:
    pages = Paginator(range(90), 30)
    return [
        Section("buttons", "Buttons", "One primary button a page. Nothing that is pressed is smaller than 44 px.", [
            Specimen("Buttons", "design/_buttons.html"),
            Specimen("A number to call", "_phone.html", {"number": "030 1234567"}),
            Specimen("Pages of a list", "_pages.html", {"page_obj": pages.page(2)}),
            Specimen("First page of a list", "_pages.html", {"page_obj": pages.page(1)}),
            Specimen("Tabs and switches", "design/_tabs.html"),
        ]),
        Section("fields", "Fields", "What is wrong stands at its field, and above the form with a link to it.", [
            Specimen("Empty", "design/_fields.html", {"form": sample_form.empty()}),
            Specimen("Filled in", "design/_fields.html", {"form": sample_form.filled()}),
            Specimen("With errors", "design/_fields.html", {"form": sample_form.refused()}),
            Specimen("Search", "design/_search.html"),
        ]),
        Section("notices", "Notices", "What happened, and what to do next; never by colour alone.", [
            Specimen("Messages", "_messages.html", {"messages": [Message(*one) for one in _SAID]}),
            Specimen("In pain", "design/_pain.html"),
            Specimen("Empty, gone wrong", "design/_states.html"),
            Specimen("Toasts", "design/_toasts.html"),
            Specimen("Connection", "design/_connection.html"),
            Specimen("Just changed", "design/_changed.html", {"visit": visit()}),
        ]),
        Section("pills", "Pills", "A visit's status, where it came from, what somebody is good at.", [
            Specimen("Status and source", "design/_pills.html", {
                "statuses": Status.choices,
                "visits": [visit(source=source) for source in BookingSource.values],
                "price": SimpleNamespace(amount="1290.50"),
            }),
        ]),
        Section("dialogs", "Dialogs", "Opened by a person, closed with Escape; the focus goes back to where it was.", [
            Specimen("Shortcuts of the front desk", "desk/_keys.html"),
        ]),
    ]  # fmt: skip
