"""Where a page may lead, which file may be read, and what a query may ask: text that means more stays text."""

from __future__ import annotations

from typing import Any
from urllib.parse import quote, urlsplit

import pytest
from django.test import Client

from clinic.accounts.models import User
from clinic.core import db
from clinic.portals.accounts import views
from tests.admin.conftest import signed_in
from tests.api.calling import credentials
from tests.api.everything import changed_since, everything
from tests.factories import Cast
from tests.security.injection_corpus import ELSEWHERE, SQL


def leads_away(location: str) -> bool:
    """As a browser reads it: tabs and line ends go, a backslash is a slash."""
    read = "".join(char for char in location.strip() if char not in "\t\r\n").replace("\\", "/")
    return urlsplit(read).netloc not in ("", "testserver") or not read.startswith("/")


def led_to(cast: Cast, wanted: str) -> list[str]:
    """Where signing in leads with this `next`, in the query and in the form."""
    browsers = [Client(), Client()]
    answers = [
        browsers[0].post("/accounts/sign-in", {**credentials(cast.ana), "next": wanted}),
        browsers[1].post("/accounts/sign-in", credentials(cast.ana), QUERY_STRING=f"next={wanted}"),
    ]
    assert [answer.status_code for answer in answers] == [302, 302]
    return [answer["Location"] for answer in answers]


@pytest.mark.parametrize("wanted", ELSEWHERE)
def test_signing_in_leads_nowhere_else(cast: Cast, wanted: str) -> None:
    assert [one for one in led_to(cast, wanted) if leads_away(one)] == []


def test_signing_in_leads_where_one_wanted_to_go(cast: Cast) -> None:
    assert led_to(cast, "/people") == ["/people", "/people"]


def test_a_page_that_leads_away_is_noticed(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    """The control."""
    monkeypatch.setattr(views, "local_path", lambda _request, wanted: wanted)
    assert [leads_away(one) for one in led_to(cast, "//evil.example/")] == [True, True]


@pytest.mark.parametrize("wanted", ELSEWHERE)
def test_the_door_of_admin_leads_to_the_sign_in_page(cast: Cast, wanted: str) -> None:
    answer = Client().get("/admin/login/", {"next": wanted})
    assert (answer.status_code, urlsplit(answer["Location"])[:3]) == (302, ("", "", "/accounts/sign-in"))


ASKED = (
    "/api/appointments?ordering={}", "/api/appointments?reference={}", "/api/appointments?status={}",
    "/api/appointments?patient={}", "/api/appointments?from={}", "/api/appointments?page={}", "/api/profiles/dentists?q={}",
    "/api/profiles/dentists?ordering={}", "/api/treatments?ordering={}", "/api/availability/slots?treatment={}",
    "/api/availability/eva-weber/slots?date={}", "/?q={}", "/?treatment={}", "/?page={}", "/dentists/eva-weber?treatment={}",
    "/dentists/eva-weber?treatment=check-up&day={}", "/visits?page={}", "/dentist/visits?q={}", "/dentist/visits?status={}",
    "/dentist/visits?from={}", "/dentist/visits?page={}", "/dentist/?day={}", "/admin/appointments/appointment/?q={}",
    "/admin/appointments/appointment/?o={}", "/admin/appointments/appointment/?p={}", "/admin/accounts/user/?q={}",
    "/admin/accounts/user/?{}=1", "/admin/accounts/user/?password__startswith={}", "/admin/patients/patient/?q={}",
    "/admin/dentists/dentist/?q={}", "/admin/history/change/?q={}", "/admin/notifications/message/?q={}",
)  # fmt: skip


@pytest.mark.parametrize("path", ASKED)
def test_sql_in_a_query_is_text(cast: Cast, path: str) -> None:
    """No error, no table that changed, and nothing more to see than a word that nothing has would show."""
    cast.booked(cast.as_ana, cast.at(9), contact=cast.guest("Ana Ruiz"))
    browser, before, told = _browser(cast, path), everything(), {}
    for text in SQL:
        before_query, _, query = path.partition("?")
        answer: Any = browser.get(before_query, QUERY_STRING=query.format(_quoted(text)))
        told[text] = answer.status_code
        assert b"md5$" not in answer.content
    assert {text: status for text, status in told.items() if status not in (200, 302, 400, 403, 404, 422)} == {}
    assert changed_since(before) == []


def _quoted(text: str) -> str:
    return quote(text, safe="")


def _browser(cast: Cast, path: str) -> Client:
    if path.startswith("/dentist/"):
        with db.signing_in():
            return signed_in(User.objects.get(dentist_id=cast.weber.pk))
    return signed_in(cast.ana if path.startswith("/visits") else cast.ada)


@pytest.mark.parametrize("root", ["/static/", "/static/clinic/", "/dev/mails/", "/visit/"])
@pytest.mark.parametrize(
    "path", ["../manage.py", "..%2fmanage.py", "%2e%2e/%2e%2e/manage.py", "..\\manage.py", "....//manage.py", "%00"]
)
def test_no_path_leaves_its_folder(cast: Cast, root: str, path: str) -> None:
    answer: Any = Client().get(root + path)
    assert answer.status_code in (400, 404)
    assert b"DJANGO_SETTINGS_MODULE" not in answer.content
