"""Signing up, confirming an address, choosing a new password."""

from __future__ import annotations

import pytest
from django.core.cache import cache
from django.test import Client

from appointments.models import Appointment
from clinic.accounts.models import Session, User
from clinic.accounts.passwords import confirmation_token, reset_token
from clinic.core import db
from tests.factories import Cast
from tests.factories.people import PASSWORD

NEW = {"name": "Nora Neu", "email": "Nora@Example.org", "password": "a long new password"}


@pytest.fixture(autouse=True)
def _no_tries_counted() -> None:
    cache.clear()


def mails() -> list[tuple[str, str]]:
    """The account mails that wait for the worker, as kind and address."""
    with db.as_owner():
        jobs = db.rows("SELECT args->>'kind', args->>'user_id' FROM procrastinate_jobs WHERE task_name = %s ORDER BY id",
                       ["notifications.account_mail"])  # fmt: skip
        return [(kind, User.objects.get(pk=user_id).email) for kind, user_id in jobs]


def user(email: str) -> User:
    with db.as_owner():
        return User.objects.get(email=email)


def test_signing_up_makes_an_account_that_can_sign_in(cast: Cast, client: Client) -> None:
    assert client.post("/accounts/sign-up", NEW)["Location"] == "/accounts/sign-up/sent"
    assert mails() == [("confirm", "nora@example.org")]
    signed_in = client.post("/accounts/sign-in", {"email": "nora@example.org", "password": NEW["password"]})
    assert signed_in["Location"] == "/visits"


def test_whoever_is_signed_in_already_is_led_on(cast: Cast, client: Client) -> None:
    with db.signing_in():
        client.force_login(User.objects.get(pk=cast.ana.pk))
    assert client.get("/accounts/sign-in")["Location"] == "/visits"
    assert client.get("/accounts/sign-up")["Location"] == "/visits"
    assert client.get("/accounts/sign-in?next=/people").status_code == 200, "it may be as somebody else"


@pytest.mark.parametrize(
    ("stood_on", "target"),
    [
        ("http://testserver/people?page=2", "/people%3Fpage%3D2"),
        ("http://elsewhere.example/people", "/"),
        ("http://testserver//elsewhere.example/", "/"),
        ("http://[", "/"),
        ("", "/"),
    ],
)
def test_a_form_sent_without_being_signed_in_comes_back_to_its_page(client: Client, stood_on: str, target: str) -> None:
    path = "/people/00000000-0000-0000-0000-000000000000/remove"
    assert client.post(path, headers={"referer": stood_on})["Location"] == f"/accounts/sign-in?next={target}"


def test_a_known_address_is_told_by_mail_only(cast: Cast, client: Client) -> None:
    with db.as_owner():
        User.objects.filter(pk=cast.ana.pk).update(email_verified_at=cast.at(9))
    answer = client.post("/accounts/sign-up", NEW | {"email": "ana@example.org"})
    assert answer["Location"] == "/accounts/sign-up/sent"
    assert mails() == [("known", "ana@example.org")]
    assert user("ana@example.org").name == "Ana Ruiz"
    assert user("ana@example.org").check_password(PASSWORD)


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"password": "short"}, "password"),
        ({"email": "nobody"}, "email"),
        ({"name": ""}, "name"),
        ({"name": "\x00"}, "name"),
    ],
)
def test_bad_sign_ups_are_told_and_make_nothing(
    cast: Cast, client: Client, changes: dict[str, str], field: str
) -> None:
    answer = client.post("/accounts/sign-up", NEW | changes)
    assert list(answer.context["form"].errors) == [field]
    with db.as_owner():
        assert not User.objects.filter(email="nora@example.org").exists()
    assert mails() == []


def test_confirming_brings_the_guests_visits_along(cast: Cast, client: Client) -> None:
    visit = cast.booked(cast.nobody(), cast.at(9), contact=cast.guest("Nora Neu", email="nora@example.org")).appointment
    client.post("/accounts/sign-up", NEW)
    nora = user("nora@example.org")
    path = f"/accounts/confirm/{confirmation_token(nora)}"
    assert client.get(path).status_code == 200
    client.post(path)
    assert user("nora@example.org").email_verified_at is None, "neither a mail program nor a stranger's click confirms"
    client.post("/accounts/sign-in", {"email": "nora@example.org", "password": NEW["password"]})
    client.post(path)
    assert user("nora@example.org").email_verified_at is not None
    assert [one.pk for one in client.get("/visits").context["coming"]] == [visit.pk]


def test_an_unconfirmed_address_brings_nothing(cast: Cast, client: Client) -> None:
    visit = cast.booked(cast.nobody(), cast.at(9), contact=cast.guest("Nora Neu", email="nora@example.org")).appointment
    client.post("/accounts/sign-up", NEW)
    client.post("/accounts/sign-in", {"email": "nora@example.org", "password": NEW["password"]})
    assert client.get("/visits").context["coming"] == []
    with db.as_owner():
        assert Appointment.objects.get(pk=visit.pk).account_id is None


def test_a_made_up_confirmation_is_nothing(cast: Cast, client: Client) -> None:
    assert client.post("/accounts/confirm/abc:def:ghi").status_code == 404


def test_a_new_password_by_mail_works_once_and_signs_out_everywhere(cast: Cast, client: Client) -> None:
    other = Client()
    other.post("/accounts/sign-in", {"email": "ana@example.org", "password": PASSWORD})
    client.post("/accounts/password/reset", {"email": "Ana@example.org"})
    assert mails() == [("reset", "ana@example.org")]
    path = f"/accounts/password/reset/{reset_token(user('ana@example.org'))}"
    assert client.post(path, {"password": "short"}).status_code == 400
    assert client.post(path, {"password": "quite another one"})["Location"] == "/accounts/sign-in"
    assert other.get("/visits").status_code == 302, "whoever was signed in is not any more"
    assert client.post(path, {"password": "and yet another one"}).status_code == 404
    signed_in = client.post("/accounts/sign-in", {"email": "ana@example.org", "password": "quite another one"})
    assert signed_in.status_code == 302
    with db.as_owner():
        assert Session.objects.count() == 1


def test_an_unknown_address_gets_no_mail_and_the_same_answer(cast: Cast, client: Client) -> None:
    answers = [
        client.post("/accounts/password/reset", {"email": email}) for email in ("ana@example.org", "x@example.org")
    ]
    assert {(one.status_code, one["Location"]) for one in answers} == {(302, "/accounts/sign-up/sent")}
    assert mails() == [("reset", "ana@example.org")]
