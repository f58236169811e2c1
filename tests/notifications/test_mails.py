"""What the mails say, and what they cannot be made to say."""

from __future__ import annotations

from email import message_from_bytes, policy
from email.message import EmailMessage

import icalendar
import pytest
from django.core.mail import EmailMultiAlternatives
from django.utils.formats import date_format

from appointments import booking, links, moving, transitions
from appointments.models import MEDICAL_FIELDS
from clinic.core import db
from clinic.core.models import ClinicSettings
from dentists.models import Dentist
from tests.factories import Cast
from tests.notifications.post import change, sent


def parsed(mail: EmailMultiAlternatives) -> EmailMessage:
    found = message_from_bytes(mail.message().as_bytes(), policy=policy.default)
    assert isinstance(found, EmailMessage)
    return found


def bodies(mail: EmailMultiAlternatives) -> tuple[str, str]:
    found = parsed(mail)
    text, html = found.get_body(("plain",)), found.get_body(("html",))
    assert text is not None
    assert html is not None
    return text.get_content(), html.get_content()


def test_a_booking_in_text_and_html_with_private_link_and_calendar(cast: Cast) -> None:
    with db.as_owner():
        ClinicSettings.objects.update(
            name="Zahnarzt am Park", phone="030 555", email="desk@clinic.example", address="Parkweg 1\n10115 Berlin"
        )
    visit = cast.booked(cast.as_ana, cast.at(9)).appointment
    (mail,) = sent()
    assert mail.subject == f"Booked: Monday, {date_format(cast.monday, 'DATE_FORMAT')}, 9:00 AM"
    assert mail.reply_to == ["desk@clinic.example"]
    text, html = bodies(mail)
    link = f"http://127.0.0.1:8000/visit/{links.token_for(visit.pk)}"
    for told in ("Your visit is booked", visit.booking_reference, "Dr. Eva Weber", "Check-up", "Gus Guest", "030 555",
                 "10115 Berlin", link):  # fmt: skip
        assert told in text
        assert told in html
    (attached,) = parsed(mail).iter_attachments()
    assert (attached.get_content_type(), attached.get_filename()) == ("text/calendar", "visit.ics")
    calendar = icalendar.Calendar.from_ical(attached.get_payload(decode=True))
    assert calendar["METHOD"] == "PUBLISH"
    assert calendar.walk("VEVENT")[0]["URL"] == link


def test_a_request_promises_nothing(cast: Cast) -> None:
    with db.as_owner():
        ClinicSettings.objects.update(confirms_at_once=False)
    visit = cast.booked(cast.as_ana, cast.at(9)).appointment
    transitions.confirm(cast.as_desk, visit.pk)
    request, confirmed = sent()
    assert "We have your request" in bodies(request)[0]
    assert "booked" not in request.subject.lower()
    assert "Your visit is confirmed" in bodies(confirmed)[0]


def test_a_move_tells_old_and_new(cast: Cast) -> None:
    visit = cast.booked(cast.as_ana, cast.at(9)).appointment
    moving.reschedule(cast.as_ana, visit.pk, start=cast.at(13), dentist=cast.okafor.pk)
    booked, moved = sent()
    for body in bodies(moved):
        assert "Your visit has moved" in body
        assert "1:00 PM" in body
        assert "9:00 AM" in body
        assert "Dr. Chidi Okafor" in body
        assert "instead of Dr. Eva Weber" in body
    assert "instead of" not in bodies(booked)[0]


def test_another_dentist_alone_is_no_other_time(cast: Cast) -> None:
    visit = cast.booked(cast.as_ana, cast.at(9)).appointment
    moving.reschedule(cast.as_desk, visit.pk, start=cast.at(9), dentist=cast.okafor.pk)
    text = bodies(sent()[1])[0]
    assert "Another dentist will see you" in text
    assert "Before" not in text


def test_each_message_says_what_was_true_when_it_was_written(cast: Cast) -> None:
    visit = cast.booked(cast.as_ana, cast.at(9)).appointment
    moving.reschedule(cast.as_ana, visit.pk, start=cast.at(10))
    moving.reschedule(cast.as_ana, visit.pk, start=cast.at(11))
    assert [mail.subject.rsplit(", ", 1)[1] for mail in sent()] == ["9:00 AM", "10:00 AM", "11:00 AM"]


@pytest.mark.parametrize(
    ("by", "says"), [("as_ana", "You cancelled this visit."), ("as_desk", "We had to cancel this visit.")]
)
def test_a_cancellation_takes_the_visit_out_of_the_calendar(cast: Cast, by: str, says: str) -> None:
    visit = cast.booked(cast.as_ana, cast.at(9)).appointment
    transitions.cancel(getattr(cast, by), visit.pk, reason="gum surgery elsewhere")
    mail = sent()[1]
    text, html = bodies(mail)
    assert says in text
    assert "Find another time:\nhttp://127.0.0.1:8000/\n" in text
    assert "gum surgery" not in text + html
    (attached,) = parsed(mail).iter_attachments()
    assert icalendar.Calendar.from_ical(attached.get_payload(decode=True))["METHOD"] == "CANCEL"


def test_a_dentist_who_went_is_named(cast: Cast) -> None:
    cast.booked(cast.as_ana, cast.at(9))
    with db.transaction(cast.as_admin):
        Dentist.objects.filter(pk=cast.weber.pk).delete()
    mail = sent()[1]
    assert mail.subject.startswith("Cannot take place: Monday")
    assert "Dr. Eva Weber is not available any more" in bodies(mail)[0]


def test_what_a_patient_told_about_their_health_is_in_no_mail(cast: Cast) -> None:
    told = {name: f"secret-{name}" for name in MEDICAL_FIELDS}
    visit = booking.book(cast.as_ana, cast.wish(cast.at(9), medical=told)).appointment
    moving.reschedule(cast.as_ana, visit.pk, start=cast.at(10))
    transitions.cancel(cast.as_ana, visit.pk)
    everything = b"".join(mail.message().as_bytes() for mail in sent())
    decoded = "".join(body for mail in sent() for body in bodies(mail))
    assert "secret" not in decoded + everything.decode()


def test_a_name_cannot_write_headers_or_markup(cast: Cast) -> None:
    visit = cast.booked(cast.as_ana, cast.at(9)).appointment
    change(
        "UPDATE appointments_appointment SET patient_name = %s, treatment_name = %s WHERE id = %s",
        "Ana\r\nBcc: eve@example.org", "<img src=x onerror=alert(1)>", visit.pk,
    )  # fmt: skip
    change("UPDATE notifications_message SET dentist_name = E'Dr.\\r\\nBcc: eve@example.org'")
    change("UPDATE core_clinicsettings SET name = E'Clinic\\r\\nBcc: eve@example.org\\u2028'")
    (mail,) = sent()
    found = parsed(mail)
    assert (found["Bcc"], found["To"]) == (None, "gus@example.net")
    assert found["From"] == '"Clinic Bcc: eve@example.org" <clinic@example.org>'
    assert mail.recipients() == ["gus@example.net"]
    assert "<img" not in bodies(mail)[1]
    assert "&lt;img src=x onerror=alert(1)&gt;" in bodies(mail)[1]


def test_text_is_not_escaped_like_html(cast: Cast) -> None:
    cast.booked(cast.nobody(), cast.at(9), contact=cast.guest("Aoife O'Neill"))
    text, html = bodies(sent()[0])
    assert "Aoife O'Neill" in text
    assert "Aoife O&#x27;Neill" in html
