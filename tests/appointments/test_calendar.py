"""A visit as a calendar entry: it stays the same entry when it moves, and leaves when it is cancelled."""

from __future__ import annotations

from datetime import UTC
from typing import Any

from icalendar import Calendar

from appointments.booking import Booked
from appointments.calendar import visit_calendar
from appointments.models import Appointment
from appointments.moving import reschedule
from appointments.transitions import cancel
from clinic.core.models import ClinicSettings
from tests.factories import Cast

PRACTICE = ClinicSettings(name="Dental, & more", address="Am Markt 1\n10115 Berlin", email="hello@clinic.example")


def entry(visit: Appointment, clinic: ClinicSettings = PRACTICE, **options: Any) -> tuple[str, Any]:
    calendar = Calendar.from_ical(visit_calendar(visit, clinic, **options))
    (event,) = calendar.walk("VEVENT")
    return str(calendar["method"]), event


def booked(cast: Cast) -> Booked:
    return cast.booked(cast.nobody(), cast.at(9, 30), medical={"symptoms": "a secret ache"})


def test_a_visit_is_one_entry_in_utc(cast: Cast) -> None:
    visit = booked(cast).appointment
    method, event = entry(visit, url="https://clinic.example/visit/x")
    assert method == "PUBLISH"
    assert {name: str(event[name]) for name in ("uid", "status", "summary", "location", "organizer", "url")} == {
        "uid": str(visit.pk),
        "status": "CONFIRMED",
        "summary": "Check-up with Dr. Eva Weber",
        "location": "Dental, & more, Am Markt 1, 10115 Berlin",
        "organizer": "mailto:hello@clinic.example",
        "url": "https://clinic.example/visit/x",
    }
    assert (event.decoded("dtstart"), event.decoded("dtend")) == (
        cast.at(9, 30).astimezone(UTC), cast.at(10).astimezone(UTC),
    )  # fmt: skip
    assert event["sequence"] == 0


def test_it_tells_the_reference_and_nothing_of_the_patients_health(cast: Cast) -> None:
    visit = booked(cast).appointment
    text = visit_calendar(visit, PRACTICE).decode()
    assert visit.booking_reference in text
    assert "secret" not in text
    assert "gus@example.net" not in text


def test_a_moved_visit_replaces_the_entry_and_a_cancelled_one_takes_it_out(cast: Cast) -> None:
    first = booked(cast).appointment
    moved = reschedule(cast.as_desk, first.pk, start=cast.at(11))
    _method, event = entry(moved)
    assert (str(event["uid"]), event["sequence"]) == (str(first.pk), 1)
    method, event = entry(cancel(cast.as_desk, first.pk))
    assert (method, str(event["status"]), str(event["uid"]), event["sequence"]) == (
        "CANCEL",
        "CANCELLED",
        str(first.pk),
        2,
    )


def test_the_file_follows_from_the_visit_alone(cast: Cast) -> None:
    visit = booked(cast).appointment
    assert visit_calendar(visit, PRACTICE) == visit_calendar(visit, PRACTICE)


def test_a_practice_without_address_and_email_has_entries_too(cast: Cast) -> None:
    _method, event = entry(booked(cast).appointment, ClinicSettings(name="Clinic"))
    assert (str(event["location"]), event.get("organizer")) == ("Clinic", None)
