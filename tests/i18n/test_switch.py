"""Choosing a language: the page stays, the choice is kept, and mails follow it."""

from __future__ import annotations

import pytest
from django.test import Client
from django.utils import translation

from appointments.models import Appointment
from clinic.accounts.models import User
from clinic.core import db
from clinic.core.actor import SERVICE
from clinic.core.models import ClinicSettings
from clinic.notifications.account_mails import mail_to
from clinic.notifications.mails import language_of, mail_for
from clinic.notifications.models import Message
from tests.factories import Cast

GERMAN = {"Accept-Language": "de-AT,de;q=0.9,en;q=0.5"}


def heading(client: Client, path: str, **headers: str) -> tuple[str, str]:
    """The language that a page says it is in, and its first heading."""
    page = client.get(path, headers=headers).content.decode()
    return page.partition('<html lang="')[2][:2], page.partition("<h1")[2].partition(">")[2].partition("</h1>")[0]


def account_of(user: User) -> User:
    with db.as_owner():
        return User.objects.get(pk=user.pk)


def written_in(visit: Appointment) -> str:
    with db.reading(SERVICE):
        return language_of(visit)


def test_a_browser_gets_what_it_asks_for(cast: Cast, client: Client) -> None:
    assert heading(client, "/find-visit") == ("en", "Find my visit")
    assert heading(client, "/find-visit", **GERMAN) == ("de", "Mein Termin")
    assert heading(client, "/find-visit", **{"Accept-Language": "fr"}) == ("en", "Find my visit")


def test_the_api_says_what_is_wrong_in_the_language_that_is_asked_for(cast: Cast, client: Client) -> None:
    def message(path: str, **headers: str) -> str:
        return client.get(f"/api/{path}", headers=headers).json()["error"]["message"]

    assert message("appointments") == "Please sign in first."
    assert message("appointments", **GERMAN) == "Bitte melden Sie sich zuerst an."
    assert message("availability/slots?from=x", **GERMAN) == "Etwas in dieser Anfrage war nicht lesbar."


def test_the_choice_wins_and_leads_back_to_the_page(cast: Cast, client: Client) -> None:
    page = client.get("/find-visit?next=1").content.decode()
    assert '<input type="hidden" name="next" value="/find-visit?next=1">' in page
    chosen = client.post("/language", {"language": "de", "next": "/find-visit?next=1"})
    assert (chosen.status_code, chosen["Location"]) == (302, "/find-visit?next=1")
    assert chosen.cookies["language"]["max-age"] == 365 * 24 * 3600
    assert heading(client, "/find-visit", **{"Accept-Language": "en"}) == ("de", "Mein Termin")


@pytest.mark.parametrize("wanted", ["https://elsewhere.example/", "//elsewhere.example/", "javascript:alert(1)"])
def test_nobody_is_led_elsewhere(cast: Cast, client: Client, wanted: str) -> None:
    assert client.post("/language", {"language": "de", "next": wanted})["Location"] == "/"


def test_behind_a_form_that_was_refused_it_leads_to_the_form(cast: Cast, client: Client) -> None:
    there = "http://testserver/find-visit"
    page = client.post("/find-visit", {"reference": ""}, headers={"Referer": there}).content.decode()
    assert f'<input type="hidden" name="next" value="{there}">' in page


def test_administration_has_the_choice_too(cast: Cast, client: Client) -> None:
    with db.signing_in():
        client.force_login(cast.ada)
    page = client.get("/admin/").content.decode()
    assert page.count('<form action="/language" method="post"') == 2
    there = "http://testserver/admin/"
    assert client.post("/language", {"language": "de", "next": ""}, headers={"Referer": there})["Location"] == there
    assert "Heute in der Praxis" in client.get("/admin/").content.decode()


def test_the_account_keeps_the_choice_and_a_language_that_is_none_changes_nothing(cast: Cast, client: Client) -> None:
    with db.signing_in():
        client.force_login(cast.ana)
    client.post("/language", {"language": "de"})
    client.post("/language", {"language": "tlh"})
    assert account_of(cast.ana).language == "de"
    assert account_of(cast.ben).language == ""


def test_whoever_signs_up_in_german_gets_german_mails(cast: Cast, client: Client) -> None:
    nora = {"name": "Nora Neu", "email": "nora@example.org", "password": "a long new password"}
    client.post("/accounts/sign-up", nora, headers=GERMAN)
    with db.as_owner():
        user = User.objects.get(email="nora@example.org")
        mail = mail_to(user, "confirm", ClinicSettings.current())
    assert mail.subject == "Bitte bestätigen Sie Ihre E-Mail-Adresse"


def test_a_visit_is_written_about_in_the_language_it_was_booked_in(cast: Cast) -> None:
    with translation.override("de"):
        by_guest = cast.booked(cast.nobody(), cast.at(9)).appointment
        by_practice = cast.booked(cast.as_desk, cast.at(10), contact=cast.guest("Petra Phone")).appointment
        by_ana = cast.booked(cast.as_ana, cast.at(11), contact=cast.guest("Ana Ruiz")).appointment
    assert [written_in(visit) for visit in (by_guest, by_practice, by_ana)] == ["de", "en", "de"]
    with db.as_owner():
        User.objects.filter(pk=cast.ana.pk).update(language="en")
    assert written_in(by_ana) == "en"


def test_a_message_says_weekday_date_and_time_as_germans_write_them(cast: Cast) -> None:
    with translation.override("de"):
        visit = cast.booked(cast.nobody(), cast.at(9)).appointment
    with db.reading(SERVICE):
        mail = mail_for(Message.objects.get(appointment=visit), visit, ClinicSettings.current())
    day = visit.appointment_date
    weekday = ("Montag", "Dienstag", "Mittwoch", "Donnerstag", "Freitag", "Samstag", "Sonntag")[day.weekday()]
    month = ("Januar", "Februar", "März", "April", "Mai", "Juni", "Juli", "August", "September", "Oktober", "November",
             "Dezember")[day.month - 1]  # fmt: skip
    assert mail.subject == f"Gebucht: {weekday}, {day.day}. {month} {day.year}, 09:00 Uhr"
