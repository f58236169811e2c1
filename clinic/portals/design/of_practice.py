"""What the practice sees: the dentist's calendar and day, and what is told of a visit."""

from __future__ import annotations

from datetime import time, timedelta
from types import SimpleNamespace
from typing import Any

from appointments.models import Appointment, BookingSource, Status, TriageBand
from appointments.steps import STEPS
from appointments.timeline import Entry
from clinic.portals.dentist import calendar_layout as layout
from clinic.portals.dentist.calendar_layout import HOUR, Span
from clinic.portals.dentist.calendar_reading import Day, Item, Shown
from clinic.portals.design.made_up import FILLING, MONDAY, WHITENING, at, visit
from clinic.portals.design.specimens import Section, Specimen

_WINDOW = Span(8 * HOUR, 13 * HOUR)


def for_practice() -> list[Section]:
    calendar = {"shown": _shown(), "chosen": MONDAY, "dentist_id": "made-up"}
    return [
        Section("calendar", "Calendar", "Blocks in the tone of the treatment, a line for now, free time to press.", [
            Specimen("Days", "dentist/_calendar.html", calendar, wide=True),
            Specimen("One day", "dentist/_calendar.html", calendar | {"shown": _shown(days=1), "is_day": True}),
            Specimen("A move refused, and one made", "design/_calendar_answers.html"),
        ]),
        Section("day", "A dentist's day", "What can be done now stands at the visit.", [
            Specimen("Timeline", "design/_timeline.html", {"rows": _rows()}),
            Specimen("What a change hits", "dentist/_hit.html", {
                "hit": [visit(), visit(start=at(11), name="Jo Long")], "hit_named": "DC-2345",
            }),
            Specimen("Taking back", "dentist/_undo.html", {"url": "#day", "what": "You have changed your hours."}),
        ]),
        Section("visit", "A visit", "How urgent it is, how somebody is reached, who did what.", [
            Specimen("Urgency", "design/_triage.html", {"bands": TriageBand.choices}),
            Specimen("Cancelled", "staff/_cancelled.html", {"visit": visit(Status.CANCELLED)}),
            Specimen("How the patient is reached", "design/_reached.html", {"visit": visit()}),
            Specimen("History", "staff/_history.html", {"entries": _history()}),
        ]),
    ]  # fmt: skip


def _rows() -> list[SimpleNamespace]:
    steps = {Status.PENDING: ["confirm"], Status.CONFIRMED: ["check-in", "no-show"], Status.CHECKED_IN: ["complete"]}
    return [
        SimpleNamespace(
            visit=visit(status, at(8 + number), number=number + 1, source=list(BookingSource.values)[number % 3]),
            steps=[STEPS[name] for name in steps.get(status, ["undo"])],
            is_next=status == Status.CONFIRMED,
            is_over=status in (Status.COMPLETED, Status.NO_SHOW),
        )
        for number, status in enumerate(Status)
    ]


def _history() -> list[Entry]:
    return [
        Entry(at(8, 10), "Confirmed by", "Dr. Eva Weber", "dentist portal"),
        Entry(at(7, days=-3), "Booked by", "Mia Sample", "website"),
    ]


def _shown(days: int = 2) -> Shown:
    today = Day(MONDAY, is_today=True, hours=[(time(8, 30), time(12, 30))], visits=6)
    today.now = layout.place(Span(9 * HOUR + 50, 9 * HOUR + 51), _WINDOW)
    today.shades = [("shut", layout.place(one, _WINDOW)) for one in (Span(480, 510), Span(750, 780))]
    today.shades.append(("buffer", layout.place(Span(600, 610), _WINDOW)))
    today.items = [
        _block(visit(Status.COMPLETED, at(8, 30), what=FILLING, minutes=45, number=1)),
        _block(visit(Status.CHECKED_IN, at(9, 15), name="Jo Long", minutes=20, source=BookingSource.STAFF, number=2)),
        _block(
            visit(Status.CONFIRMED, at(10, 10), name="Li Wei", source=BookingSource.CHATBOT, number=3), "lane-1 of-2"
        ),
        _block(visit(Status.PENDING, at(10, 10), name="Ada Kemp", what=WHITENING, minutes=60, number=4), "lane-2 of-2"),
        _plain("gap", 675, 720),
        _block(visit(Status.NO_SHOW, at(12), name="Konstantin Papadimitriou", number=5)),
    ]
    odd = Day(MONDAY + timedelta(days=1), is_today=False, hours=[(time(8), time(12))], has_other_hours=True)
    odd.shades = [
        ("skipped", layout.place(Span(480, 540), _WINDOW)),
        ("doubled", layout.place(Span(720, 780), _WINDOW)),
    ]
    odd.items = [_plain("hold", 555, 585), _plain("off", 600, 720, SimpleNamespace(reason="A course"))]
    hours = [(time(hour), layout.place(Span(hour * HOUR, (hour + 1) * HOUR), _WINDOW)) for hour in range(8, 13)]
    return Shown([today, odd][:days], _WINDOW, hours, 15)


def _block(row: Appointment, lane: str = "") -> Item:
    minutes = row.duration_minutes
    begin = row.starts_at.hour * HOUR + row.starts_at.minute
    size = "one" if minutes <= 25 else "two" if minutes <= 40 else "more"
    span = Span(begin, begin + minutes)
    return Item("visit", str(row.pk), span, f"{layout.place(span, _WINDOW)} {lane}".strip(), row=row, size=size)


def _plain(kind: str, begin: int, end: int, row: Any = None) -> Item:
    span = Span(begin, end)
    starts, ends = time(begin // HOUR, begin % HOUR), time(end // HOUR, end % HOUR)
    return Item(kind, f"{kind}-{begin}", span, layout.place(span, _WINDOW), starts, ends, row)
