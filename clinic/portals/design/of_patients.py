"""What patients see: dentists, times, and the way of a booking."""

from __future__ import annotations

from datetime import date, timedelta
from types import SimpleNamespace
from typing import Any

from appointments.models import Status
from clinic.portals.design.made_up import CHECKUP, FILLING, MONDAY, WHITENING, at, dentist, visit
from clinic.portals.design.specimens import Section, Specimen
from clinic.portals.patient.forms import BookingForm

_WISH = {"wish": SimpleNamespace(treatment=None, q="", language="")}
_TREATMENTS = {"treatments": [CHECKUP, FILLING, WHITENING]}
_FREE = [SimpleNamespace(start=at(10), url="#times"), SimpleNamespace(start=at(10, 15), url="#times")]


def for_patients() -> list[Section]:
    return [
        Section("start", "The start page", "One sentence, and the quickest way.", [
            Specimen("Hero", "patient/_hero.html", _TREATMENTS | {"common_treatments": [CHECKUP, FILLING]}, wide=True),
        ]),
        Section("cards", "Cards", "All of a card is one target with one name.", [
            Specimen("A dentist with free times", "patient/_dentist_card.html", _WISH | {
                "dentist": dentist(), "next_slot": at(9, 15),
            }),
            Specimen("A dentist without", "patient/_dentist_card.html", _WISH | {
                "dentist": dentist(7, "Dr. Konstantinos Papadimitriou-Lindgren"), "next_slot": None,
            }),
            Specimen("First free time", "patient/_first.html", {
                "first": SimpleNamespace(start=at(9, 15), offered=SimpleNamespace(dentist=dentist(3, "Lena Ito"))),
                "treatment": CHECKUP,
            }),
            Specimen("Summary of a booking", "patient/_summary.html", {
                "dentist": dentist(), "treatment": CHECKUP, "reservation": SimpleNamespace(starts_at=at(9, 30)),
            }),
            Specimen("Visits in a list", "design/_visit_rows.html", {
                "visits": [visit(status, number=number) for number, status in enumerate(Status.values)],
            }),
            Specimen("Good to know", "patient/_practice.html"),
            Specimen("What comes next", "patient/_what_next.html"),
        ]),
        Section("treatments", "Treatments", "What is booked, with its time and its price.", [
            Specimen("To choose from, at a dentist", "patient/_treatments.html", _TREATMENTS | {"treatment": None}),
            Specimen("Chosen", "patient/_treatments.html", _TREATMENTS | {"treatment": CHECKUP}),
            Specimen("At any dentist", "patient/_treatment_names.html", _TREATMENTS | {"treatment": FILLING}),
            Specimen("None", "patient/_treatments.html", {"treatments": []}),
        ]),
        Section("slots", "Days and times", "A time that cannot be taken keeps its place, and says why in words.", [
            Specimen("Days", "patient/_week.html", _week()),
            Specimen("Free, mine, held by somebody, taken, over, now", "patient/_slots.html", _slots()),
            Specimen("Just taken, under the reader's eyes", "design/_slot_list.html", {
                "slots": [SimpleNamespace(start=at(9, 30), state="taken"), SimpleNamespace(start=at(9, 45), state="free")],
            }, scripted=((" disabled", ' aria-disabled="true"'), (">taken<", ">just taken<"))),
            Specimen("With any dentist", "patient/_slots.html", _slots() | {"dentist": None, "is_anybody": True}),
            Specimen("None on this day", "patient/_slots.html", {
                "day": MONDAY, "dentist": dentist(), "slots_by_part": [], "next_free": at(9, days=1), "next_free_url": "#slots",
                "anybody_url": "#slots",
            }),
        ]),
        Section("booking", "The way of a booking", "Where one is, how long the time is kept, and what to do when it is gone.", [
            *(Specimen(f"Steps: {step}", "patient/_steps.html", {"step": step}) for step in ("who", "visit", "done")),
            Specimen("Held", "patient/_hold.html", _held(minutes_left=4)),
            Specimen("Hold has run out", "patient/_hold.html", _held(ran_out=True)),
            Specimen("Just taken by somebody", "patient/_conflict.html", {"conflict": _conflict("slot_taken")}),
            Specimen("Who comes", "design/_booking_form.html", {"inner": "patient/_who.html", "form": BookingForm()}),
            Specimen("What for", "design/_booking_form.html", {
                "inner": "patient/_visit.html", "form": BookingForm({"patient_name": "Mia Sample"}),
            }),
            *(
                Specimen(f"{status.label}", "design/_welcome.html", {"appointment": visit(status), "options": _options()})
                for status in (Status.CONFIRMED, Status.PENDING, Status.CANCELLED)
            ),
            Specimen("What can be done with a visit", "patient/_options.html", _may()),
            Specimen("Elsewhere", "patient/_elsewhere.html", {
                "alternatives": _FREE, "dentist": dentist(), "times_url": "#slots",
            }),
        ]),
    ]  # fmt: skip


def _week() -> dict[str, Any]:
    days = [{"date": MONDAY + timedelta(days=number), "url": "#slots", "count": number * 3} for number in range(7)]
    days[1]["is_selected"] = True
    days[3]["first"] = at(13, 30)
    days[6]["is_closed"] = True
    return {"days": days, "earlier_url": None, "later_url": "#slots"}


def _slots() -> dict[str, Any]:
    states = ("past", "free", "mine", "held", "taken", "now")
    who = [dentist(), dentist(3, "Lena Ito"), dentist(7, "Dr. Konstantinos Papadimitriou-Lindgren")]
    morning = [
        SimpleNamespace(start=at(9, 15 * number), state=state, dentist=who[number % 3])
        for number, state in enumerate(states[:4])
    ]
    evening = [
        SimpleNamespace(start=at(17, 15 * number), state=state, dentist=who[number % 3])
        for number, state in enumerate(states[4:])
    ]
    parts = [("morning", "Morning", morning), ("afternoon", "Afternoon", evening[:1]), ("evening", "Evening", evening)]
    day: date = MONDAY
    return {
        "day": day,
        "dentist": dentist(),
        "treatment": CHECKUP,
        "slots_by_part": [SimpleNamespace(key=key, label=label, slots=slots) for key, label, slots in parts],
    }


def _held(**more: object) -> dict[str, Any]:
    return {"reservation": SimpleNamespace(starts_at=at(9, 30), expires_at=at(8, 5)), "times_url": "#slots"} | more


def _conflict(code: str) -> SimpleNamespace:
    return SimpleNamespace(code=code, message="Somebody else was a moment faster.", alternatives=_FREE)


def _options(*, may: bool = True) -> SimpleNamespace:
    return SimpleNamespace(may_move=may, may_cancel=may, cancel_until=at(9, 30, days=-1), is_over=False)


def _may() -> dict[str, Any]:
    urls = dict.fromkeys(("move_url", "cancel_url", "calendar_url", "again_url"), "#booking")
    return {"appointment": visit(), "options": _options()} | urls
