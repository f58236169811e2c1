"""One's own visits, by account, by private link and by reference: seen, moved, cancelled, taken along."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from django.core.cache import cache
from django.db import connections
from django.test import Client
from django.test.utils import CaptureQueriesContext

from appointments.links import token_for
from appointments.models import Appointment
from clinic.accounts.models import User
from clinic.core import clock, db
from clinic.patients.models import Patient
from tests.factories import Cast


@pytest.fixture
def ana(cast: Cast, client: Client) -> Client:
    """Ana, signed in."""
    with db.signing_in():
        client.force_login(User.objects.get(pk=cast.ana.pk))
    return client


@pytest.fixture(autouse=True)
def _no_tries_counted() -> None:
    cache.clear()


def anas_visit(cast: Cast, hour: int = 9, **changes: Any) -> Appointment:
    return cast.booked(cast.as_ana, cast.at(hour), contact=cast.guest("Ana Ruiz"), **changes).appointment


def status_of(visit: Appointment) -> str:
    with db.as_owner():
        return str(Appointment.objects.get(pk=visit.pk).status)


def test_my_list_holds_my_visits_and_nobody_elses(cast: Cast, ana: Client) -> None:
    mine = anas_visit(cast)
    cast.booked(cast.as_ben, cast.at(10), contact=cast.guest("Ben Krause"))
    assert [one.pk for one in ana.get("/visits").context["coming"]] == [mine.pk]
    assert Client().get("/visits")["Location"] == "/accounts/sign-in?next=/visits"


def test_whoever_is_signed_in_has_the_main_links_in_a_menu(ana: Client) -> None:
    """On a phone; whoever is not has few enough for a line (the menu itself is opened in tests/browser/test_hours.py)."""
    opens = 'popovertarget="site-nav"'
    assert [opens in browser.get("/").content.decode() for browser in (ana, Client())] == [True, False]


@pytest.mark.parametrize(("years", "is_said"), [(0, False), (1, True), (-1, True)])
def test_a_visit_of_another_year_says_which(
    cast: Cast, ana: Client, monkeypatch: pytest.MonkeyPatch, years: int, is_said: bool
) -> None:
    year = anas_visit(cast).starts_at.year
    monkeypatch.setattr(clock, "today", lambda: date(year + years, 6, 1))
    assert (f", {year}</strong>" in ana.get("/visits").content.decode()) is is_said


def test_somebody_elses_visit_looks_like_none(cast: Cast, ana: Client) -> None:
    bens = cast.booked(cast.as_ben, cast.at(10), contact=cast.guest("Ben Krause")).appointment
    for path in ("", "/move", "/cancel", "/calendar.ics"):
        assert ana.get(f"/visits/{bens.pk}{path}").status_code == 404
    assert ana.post(f"/visits/{bens.pk}/cancel", {}).status_code == 404
    assert ana.post(f"/visits/{bens.pk}/move", {"start": cast.at(15).isoformat()}).status_code == 404
    assert status_of(bens) == "confirmed"


@pytest.mark.parametrize("by", ["account", "link"])
def test_moving_shows_old_and_new_and_keeps_the_reference(cast: Cast, ana: Client, by: str) -> None:
    visit = anas_visit(cast)
    browser, base = (ana, f"/visits/{visit.pk}") if by == "account" else (Client(), f"/visit/{token_for(visit.pk)}")
    choice = browser.get(f"{base}/move?day={cast.monday}")
    starts = [slot["start"] for part in choice.context["slots_by_part"] for slot in part["slots"]]
    assert cast.at(9, 15) in starts, "a visit is not in its own way"
    asked = browser.get(f"{base}/move", {"start": cast.at(9, 15).isoformat()})
    assert (asked.context["appointment"].starts_at, asked.context["start"]) == (cast.at(9), cast.at(9, 15))
    done = browser.post(f"{base}/move", {"start": cast.at(9, 15).isoformat()})
    assert (done.status_code, done["Location"]) == (302, base)
    with db.as_owner():
        stored = Appointment.objects.get()
    assert (stored.starts_at, stored.booking_reference) == (cast.at(9, 15), visit.booking_reference)


def test_a_move_that_comes_too_late_leaves_everything_as_it_was(cast: Cast, ana: Client) -> None:
    visit = anas_visit(cast)
    cast.booked(cast.nobody("faster"), cast.at(10))
    refused = ana.post(f"/visits/{visit.pk}/move", {"start": cast.at(10).isoformat()})
    assert (refused.status_code, bool(refused.context["alternatives"])) == (409, True)
    with db.as_owner():
        assert Appointment.objects.get(pk=visit.pk).starts_at == cast.at(9)


def test_cancelling_asks_once_and_says_why(cast: Cast, ana: Client) -> None:
    visit = anas_visit(cast)
    assert ana.get(f"/visits/{visit.pk}/cancel").status_code == 200
    assert status_of(visit) == "confirmed"
    ana.post(f"/visits/{visit.pk}/cancel", {"reason": "I am ill"})
    with db.as_owner():
        stored = Appointment.objects.get(pk=visit.pk)
    assert (stored.status, stored.cancellation_reason, stored.cancelled_by) == ("cancelled", "I am ill", "patient")
    twice = ana.post(f"/visits/{visit.pk}/cancel", {})
    assert (twice.status_code, twice["Location"]) == (302, f"/visits/{visit.pk}"), "pressed twice it is cancelled once"


def test_a_visit_that_took_place_is_not_cancelled(cast: Cast, ana: Client) -> None:
    visit = anas_visit(cast)
    with db.as_owner():
        Appointment.objects.filter(pk=visit.pk).update(status="completed")
    assert ana.post(f"/visits/{visit.pk}/cancel", {}).status_code == 409


@pytest.mark.parametrize("path", ["/cancel", "/move", "/move?start=2026-01-12T15:00:00%2B01:00"])
def test_a_cancelled_visit_says_so_wherever_it_is_opened(cast: Cast, ana: Client, path: str) -> None:
    visit = anas_visit(cast)
    ana.post(f"/visits/{visit.pk}/cancel", {})
    for base in (f"/visits/{visit.pk}", f"/visit/{token_for(visit.pk)}"):
        assert ana.get(base + path)["Location"] == base


def test_after_the_cut_off_the_page_says_to_call(cast: Cast, ana: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    visit = anas_visit(cast)
    monkeypatch.setattr(clock, "now", lambda: cast.at(9) - timedelta(hours=2))
    page = ana.get(f"/visits/{visit.pk}").content.decode()
    assert "It is too late to change this visit online" in page
    late = ana.get(f"/visits/{visit.pk}/move", {"start": cast.at(15).isoformat()})
    assert "It is too late to move this visit online" in late.content.decode()
    assert ana.post(f"/visits/{visit.pk}/cancel", {}).status_code == 422
    assert ana.post(f"/visits/{visit.pk}/move", {"start": cast.at(15).isoformat()}).status_code == 422
    assert status_of(visit) == "confirmed"


@pytest.mark.parametrize("by", ["account", "link"])
def test_the_calendar_file(cast: Cast, ana: Client, by: str) -> None:
    visit = anas_visit(cast)
    path = f"/visits/{visit.pk}" if by == "account" else f"/visit/{token_for(visit.pk)}"
    answer = (ana if by == "account" else Client()).get(f"{path}/calendar.ics")
    assert answer["Content-Type"].startswith("text/calendar")
    assert b"BEGIN:VEVENT" in answer.content


def test_a_guest_finds_the_visit_by_reference_and_email(cast: Cast, client: Client) -> None:
    visit = cast.booked(cast.nobody(), cast.at(9)).appointment
    sent = {"reference": visit.booking_reference.lower().replace("-", " "), "email": "GUS@example.net"}
    found = client.post("/find-visit", sent)
    assert found["Location"] == f"/visit/{token_for(visit.pk)}"
    wrong = [
        client.post("/find-visit", sent | change) for change in ({"reference": "DC-222222"}, {"email": "x@example.net"})
    ]
    assert [answer.status_code for answer in wrong] == [404, 404]
    assert len({answer.context["form"].non_field_errors()[0] for answer in wrong}) == 1


@pytest.mark.parametrize("spelt", ["{}", "dc {}", "DC{}", "{}  "])
def test_a_reference_opens_the_visit_however_it_is_spelt(cast: Cast, client: Client, spelt: str) -> None:
    visit = cast.booked(cast.nobody(), cast.at(9), contact=cast.guest("Gus Guest", email="gus@example.net")).appointment
    sent = {"reference": spelt.format(visit.booking_reference.removeprefix("DC-").lower()), "email": "GUS@example.net"}
    assert client.post("/find-visit", sent)["Location"] == f"/visit/{token_for(visit.pk)}"


def test_a_guest_books_again_without_typing_the_contact_anew(cast: Cast, client: Client) -> None:
    guest = cast.guest("Gus Guest", email="gus@example.net")
    visit = cast.booked(cast.nobody(), cast.at(9), contact=guest).appointment
    link = f"/visit/{token_for(visit.pk)}"
    times = client.get(client.get(link).context["again_url"])["Location"]
    assert times == "/dentists/eva-weber?treatment=check-up#times", "nothing personal is in an address"
    sent = {"dentist": "eva-weber", "treatment": "check-up", "start": cast.at(11).isoformat()}
    form = client.get(client.post("/hold", sent)["Location"]).context["form"]
    told = {name: form.initial[name] for name in ("patient_name", "patient_email", "patient_phone")}
    assert told == {"patient_name": "Gus Guest", "patient_email": "gus@example.net", "patient_phone": "+49301234567"}
    booked = client.post(
        client.post("/hold", sent)["Location"], sent | told | {"payment_method": "cash", "consent": "on"}
    )
    assert booked["Location"].startswith("/visit/")
    sent |= {"start": cast.at(13).isoformat()}
    assert "patient_name" not in client.get(client.post("/hold", sent)["Location"]).context["form"].initial, "once"


@pytest.mark.parametrize("token", ["", "x", "a-link-that-nobody-made"])
def test_no_link_fills_nothing_in(cast: Cast, client: Client, token: str) -> None:
    client.cookies["again"] = token
    sent = {"dentist": "eva-weber", "treatment": "check-up", "start": cast.at(11).isoformat()}
    assert "patient_email" not in client.get(client.post("/hold", sent)["Location"]).context["form"].initial


def test_guessing_references_ends_soon(cast: Cast, client: Client, settings: Any) -> None:
    settings.THROTTLES = {**settings.THROTTLES, "reference": (10, 600)}
    sent = {"reference": "DC-222222", "email": "x@example.net"}
    statuses = [client.post("/find-visit", sent).status_code for _ in range(11)]
    assert statuses == [404] * 10 + [429]


def test_guessing_from_one_network_ends_soon_whatever_the_address_in_it(
    cast: Cast, client: Client, settings: Any
) -> None:
    settings.THROTTLES = {**settings.THROTTLES, "reference": (10, 600)}
    statuses = [
        client.post(
            "/find-visit",
            {"reference": f"DC-22222{number + 2}", "email": "x@example.net"},
            REMOTE_ADDR=f"2001:db8::{number + 1}",
        ).status_code
        for number in [*range(8), 0, 1, 2]
    ]
    assert statuses == [404] * 10 + [429]


def test_what_is_no_reference_is_not_counted_as_everybodys(cast: Cast, client: Client, settings: Any) -> None:
    settings.THROTTLES = {**settings.THROTTLES, "reference": (3, 600)}
    sent = {"reference": "my visit", "email": "x@example.net"}
    statuses = [client.post("/find-visit", sent, REMOTE_ADDR=f"192.0.2.{last}").status_code for last in range(1, 6)]
    assert statuses == [404] * 5


def test_a_parent_books_for_a_child(cast: Cast, ana: Client) -> None:
    ana.post("/people/add", {"name": "Lou Ruiz", "birth_date": "2019-05-04", "relation": "child"})
    with db.as_owner():
        child = Patient.objects.get(name="Lou Ruiz")
    sent = {"dentist": str(cast.weber.pk), "treatment": str(cast.checkup.pk), "start": cast.at(10).isoformat()}
    location = ana.post("/hold", sent)["Location"]
    assert [one.name for one in ana.get(location).context["form"].people.values()] == ["Ana Ruiz", "Lou Ruiz"]
    details = {"person": str(child.pk), "patient_email": "ana@example.org", "patient_phone": "030 1234567"}
    done = ana.post(location, sent | details | {"payment_method": "cash", "consent": "on"})
    assert done.status_code == 302, done.content.decode()
    with db.as_owner():
        stored = Appointment.objects.get()
    assert (stored.patient_id, stored.patient_name, stored.account_id) == (child.pk, "Lou Ruiz", cast.ana.pk)
    kept = ana.post(f"/people/{child.pk}/remove", follow=True)
    assert kept.redirect_chain == [("/people", 302)]
    assert "This person has visits here, so we keep them on your account." in kept.content.decode()
    with db.as_owner():
        assert Patient.objects.filter(pk=child.pk).exists(), "a person with visits stays"


def test_somebody_elses_people_look_like_none(cast: Cast, ana: Client) -> None:
    for path in (f"/people/{cast.ben_himself.pk}", "/people/00000000-0000-0000-0000-000000000000"):
        assert ana.get(path).status_code == 404
        assert ana.post(path, {"name": "X", "relation": "child"}).status_code == 404
        assert ana.post(f"{path}/remove").status_code == 404
    with db.as_owner():
        assert Patient.objects.get(pk=cast.ben_himself.pk).name == "Ben Krause"


@pytest.mark.parametrize(
    ("changes", "status", "field"),
    [
        ({"name": ""}, 422, "name"),
        ({"name": "x\x07y"}, 400, "name"),
        ({"birth_date": "2999-01-01"}, 400, "birth_date"),
        ({"birth_date": "30.02.2020"}, 422, "birth_date"),
        ({"relation": "guest"}, 422, "relation"),
        ({"name": "Ana Ruiz", "birth_date": ""}, 409, "name"),
    ],
)
def test_bad_people_are_told_next_to_the_field(
    cast: Cast, ana: Client, changes: dict[str, str], status: int, field: str
) -> None:
    answer = ana.post("/people/add", {"name": "Lou Ruiz", "birth_date": "2019-05-04", "relation": "child"} | changes)
    assert (answer.status_code, list(answer.context["form"].errors)) == (status, [field])
    with db.as_owner():
        assert Patient.objects.count() == 2


def test_my_list_costs_the_same_for_one_and_for_thirty(cast: Cast, ana: Client) -> None:
    def queries() -> int:
        with CaptureQueriesContext(connections["default"]) as captured:
            ana.get("/visits")
        # The position of live sync is asked for once a second by all pages together.
        return sum("realtime_reach" not in query["sql"] for query in captured.captured_queries)

    anas_visit(cast)
    before = queries()
    for hour in (10, 11, 13, 14, 15):
        for day in range(5):
            start = cast.at(hour, days=day)
            cast.booked(cast.as_ana, start, contact=cast.guest("Ana Ruiz"))
    assert queries() == before


def test_only_a_private_link_is_called_one(cast: Cast, ana: Client) -> None:
    visit = anas_visit(cast)
    said = "Keep the address of this page"
    assert said in Client().get(f"/visit/{token_for(visit.pk)}").content.decode()
    assert said not in ana.get(f"/visits/{visit.pk}").content.decode()
