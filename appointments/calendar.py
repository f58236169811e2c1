"""A visit as a calendar entry (RFC 5545): the same one again when it moves, and taken out when it is cancelled."""

from __future__ import annotations

from datetime import UTC, datetime

from django.utils.translation import gettext as _
from icalendar import Calendar, Event, vCalAddress, vText

from appointments.models import Appointment, Status
from clinic.core.models import ClinicSettings

_STATUS = {Status.PENDING: "TENTATIVE", Status.CANCELLED: "CANCELLED"}


def visit_calendar(appointment: Appointment, clinic: ClinicSettings, *, url: str = "") -> bytes:
    """The visit's calendar file: `METHOD` PUBLISH, or CANCEL once it is cancelled.

    The UID is the visit's id and `SEQUENCE` the visit's, so that a later file replaces an earlier one. `url` leads to the
    visit's page. The calendar holds nothing that the patient told about their health.
    """
    calendar = Calendar()
    calendar.add("prodid", "-//Dental clinic//Appointments//EN")
    calendar.add("version", "2.0")
    calendar.add("method", "CANCEL" if appointment.status == Status.CANCELLED else "PUBLISH")
    calendar.add_component(visit_event(appointment, clinic, url=url))
    text: bytes = calendar.to_ical()
    return text


def visit_event(appointment: Appointment, clinic: ClinicSettings, *, url: str = "") -> Event:
    """One visit as an entry of a calendar or a feed; times in UTC, texts in the language that is active."""
    event = Event()
    event.add("uid", str(appointment.pk))
    event.add("sequence", appointment.sequence)
    event.add("dtstamp", _whole_seconds(appointment.updated_at))
    event.add("last-modified", _whole_seconds(appointment.updated_at))
    event.add("dtstart", _whole_seconds(appointment.starts_at))
    event.add("dtend", _whole_seconds(appointment.ends_at))
    event.add("status", _STATUS.get(Status(appointment.status), "CONFIRMED"))
    event.add(
        "summary",
        _("%(treatment)s with %(dentist)s")
        % {"treatment": appointment.treatment_name, "dentist": appointment.dentist_name},
    )
    event.add("description", _description(appointment, clinic))
    event.add("location", ", ".join([clinic.name, *clinic.address.split("\n")]) if clinic.address else clinic.name)
    event.add("class", "PRIVATE")
    if clinic.email:
        organizer = vCalAddress(f"mailto:{clinic.email}")
        organizer.params["cn"] = vText(clinic.name)
        event.add("organizer", organizer)
    if url:
        event.add("url", url)
    return event


def _description(appointment: Appointment, clinic: ClinicSettings) -> str:
    lines = [_("Booking reference %(reference)s") % {"reference": appointment.booking_reference}]
    if clinic.phone:
        lines.append(_("Phone %(phone)s") % {"phone": clinic.phone})
    return "\n".join(lines)


def _whole_seconds(instant: datetime) -> datetime:
    return instant.astimezone(UTC).replace(microsecond=0)
