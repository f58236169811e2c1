"""Texts that mean more than text, from what people type to everything that shows it."""

from __future__ import annotations

from email import message_from_bytes, policy
from typing import Any

import pytest
from django.core import mail
from django.template import engines
from django.test import Client
from django.utils.html import escape
from icalendar import Calendar

from appointments import links, transitions
from appointments.booking import Booked
from clinic.accounts.models import User
from clinic.core import db
from clinic.core.models import ClinicSettings
from dentists.models import Dentist, Treatment
from tests.admin.conftest import signed_in
from tests.api.calling import Caller
from tests.factories import Cast
from tests.notifications import post
from tests.security.injection_corpus import LINES, MARKUP, UNSEEN, taken_for_markup


def typed_everywhere(cast: Cast, text: str) -> Booked:
    """A visit of Ana's with the text in whatever she, the dentist and the practice can type."""
    with db.as_owner():
        Dentist.objects.filter(pk=cast.weber.pk).update(bio=text, title=text[:40])
        Treatment.objects.filter(pk=cast.checkup.pk).update(description=text)
        ClinicSettings.objects.update(name=text[:120], address=text)
        User.objects.filter(pk=cast.ana.pk).update(name=text)
    medical = {"symptoms": text, "notes": text, "chief_complaint": text}
    booked = cast.booked(cast.as_ana, cast.at(9), contact=cast.guest(text, email="ana@example.net"), medical=medical)
    again = cast.booked(cast.as_ana, cast.at(11), contact=cast.guest(text, email="ana@example.net"))
    transitions.cancel(cast.as_ana, again.appointment.pk, reason=text)
    return booked


def shown(cast: Cast, booked: Booked) -> dict[str, str]:
    """Every page that shows the visit, its people or its dentist, as whoever sees it, by path."""
    visit = booked.appointment.pk
    with db.signing_in():
        weber = signed_in(User.objects.get(dentist_id=cast.weber.pk))
    ana, ada = signed_in(cast.ana), signed_in(cast.ada)
    person = booked.appointment.patient_id
    asked: list[tuple[Client, list[str]]] = [
        (Client(), ["/", "/dentists/eva-weber?treatment=check-up", f"/visit/{links.token_for(visit)}"]),
        (ana, ["/visits", f"/visits/{visit}", f"/visits/{visit}/cancel", f"/visits/{visit}/move", "/people",
               f"/people/{person}", "/account/data", "/account/erase", "/accounts/security"]),
        (weber, [f"/dentist/?day={cast.monday}", "/dentist/visits?status=", f"/dentist/visits/{visit}"]),
        (ada, ["/admin/appointments/appointment/", f"/admin/appointments/appointment/{visit}/change/",
               f"/admin/appointments/appointment/{visit}/history/", "/admin/patients/patient/",
               f"/admin/patients/patient/{person}/change/", "/admin/accounts/user/", "/admin/dentists/dentist/",
               f"/admin/dentists/dentist/{cast.weber.pk}/change/", "/admin/history/change/",
               "/admin/notifications/message/", "/admin/core/clinicsettings/1/change/"]),
    ]  # fmt: skip
    answers = {path: browser.get(path) for browser, paths in asked for path in paths}
    assert {path: one.status_code for path, one in answers.items() if one.status_code not in (200, 302)} == {}
    return {path: one.content.decode() for path, one in answers.items()}


def taken(pages: dict[str, str]) -> dict[str, list[str]]:
    return {path: found for path, page in pages.items() if (found := taken_for_markup(page))}


@pytest.mark.parametrize("text", MARKUP)
def test_markup_is_text_on_every_page(cast: Cast, text: str) -> None:
    pages = shown(cast, typed_everywhere(cast, text))
    assert taken({path: page for path, page in pages.items() if "admin" not in path or "__pwned" in page}) == {}
    assert sum(escape(text) in page for page in pages.values()) > 8  # it is there to be read


def test_a_page_that_believes_it_is_noticed(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    """The control."""
    booked = typed_everywhere(cast, MARKUP[1])
    monkeypatch.setattr(engines["django"].engine, "autoescape", False)  # type: ignore[attr-defined]  # Django's own backend
    assert f"/visit/{links.token_for(booked.appointment.pk)}" in taken(shown(cast, booked))


@pytest.mark.parametrize("text", [*MARKUP[:3], *LINES])
def test_a_mail_gets_no_header_and_its_calendar_no_line_from_a_text(cast: Cast, text: str) -> None:
    cast.booked(cast.as_ana, cast.at(9), contact=cast.guest("Ana Ruiz"))
    with db.as_owner():
        ClinicSettings.objects.update(name=text, address=text)
        post.change("UPDATE notifications_message SET dentist_name = %s", text[:120])
        post.change(
            "UPDATE appointments_appointment SET dentist_name = %s, treatment_name = %s", text[:120], text[:120]
        )
    (sent,) = post.sent()
    parsed: Any = message_from_bytes(sent.message().as_bytes(), policy=policy.default)
    assert {"bcc", "cc", "x-evil"} & {name.lower() for name in parsed} == set()
    assert [one.addr_spec for one in parsed["To"].addresses] == ["ana@example.net"]
    assert len(parsed["From"].addresses) == 1
    assert taken_for_markup(parsed.get_body(("html",)).get_content()) == []
    (calendar,) = [part for part in parsed.walk() if part.get_content_type() == "text/calendar"]
    read = Calendar.from_ical(calendar.get_payload(decode=True))
    (event,) = read.walk("VEVENT")
    assert {"ATTACH", "X-EVIL", "ATTENDEE", "TRIGGER"} & set(event) == set()
    assert mail.outbox == [sent]


@pytest.mark.parametrize("name", [*UNSEEN, "", "…", "x" * 121])
def test_a_name_that_cannot_be_read_is_refused_wherever_it_is_typed(cast: Cast, name: str) -> None:
    contact = {"patient_name": name, "patient_email": "zed@example.net", "patient_phone": "030 1234567"}
    wish = {"treatment": "check-up", "dentist_id": "eva-weber", "appointment_date": cast.monday.isoformat(),
            "appointment_time": "09:00"}  # fmt: skip
    account = {"email": "zed@example.net", "password": "a good long password", "name": name}
    told = [
        Caller().post("appointments", contact | wish).status,
        Caller().post("auth/register", account).status,
        Client().post("/accounts/sign-up", account).status_code,
        signed_in(cast.ana).post("/people/add", {"name": name, "relation": "child"}).status_code,
    ]
    assert set(told) <= {400, 422}
    with db.as_owner():
        assert not User.objects.filter(email="zed@example.net").exists()
