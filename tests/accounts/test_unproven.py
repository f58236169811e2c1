"""Anybody can sign up with an address that is not theirs. Whoever then reads its mail gets the account, and alone."""

from __future__ import annotations

import pytest
from django.core.cache import cache
from django.test import Client
from pytest_django import Settings

from clinic.accounts import second_factor
from clinic.accounts.models import User
from clinic.accounts.passwords import confirmation_token, reset_token
from clinic.core import db
from tests.accounts.conftest import Phone
from tests.accounts.mailbox import code_in, delivered
from tests.factories import Cast

NORA = "nora@example.org"
NEW = {"name": "Not Nora", "email": NORA, "password": "chosen by a stranger"}
IN = {"email": NORA, "password": NEW["password"]}


@pytest.fixture
def stranger(cast: Cast) -> Client:
    """Signed up and in with Nora's address."""
    cache.clear()
    client = Client()
    client.post("/accounts/sign-up", NEW)
    assert client.post("/accounts/sign-in", IN)["Location"] == "/visits"
    return client


def nora() -> User:
    with db.as_owner():
        return User.objects.get(email=NORA)


def by_code() -> Client:
    """Nora's browser, which has entered the code from her mail."""
    client = Client()
    delivered()
    client.post("/accounts/sign-in/mail", {"email": NORA})
    (message,) = delivered()
    client.post("/accounts/sign-in/mail/code", {"code": code_in(message)})
    return client


def test_a_code_from_the_mail_ends_whatever_the_stranger_has(stranger: Client) -> None:
    token = Client().post("/api/auth/token", IN, content_type="application/json").json()["access"]
    owner = by_code()
    assert owner.post(f"/accounts/confirm/{confirmation_token(nora())}")["Location"] == "/visits"
    assert owner.get("/visits").status_code == 200
    assert stranger.get("/visits").status_code == 302
    assert Client().post("/accounts/sign-in", IN).status_code == 422
    assert Client().get("/api/profiles/me", headers={"Authorization": f"Bearer {token}"}).status_code == 401


def test_a_strangers_second_factor_does_not_keep_out_who_chooses_a_new_password(stranger: Client) -> None:
    Phone(nora())
    Client().post(f"/accounts/password/reset/{reset_token(nora())}", {"password": "chosen by herself"})
    owner = Client().post("/accounts/sign-in", {"email": NORA, "password": "chosen by herself"})
    assert owner["Location"] == "/visits"
    assert second_factor.codes_left(nora().pk) == 0


def test_a_strangers_second_factor_does_not_keep_out_who_has_the_code(stranger: Client) -> None:
    Phone(nora())
    assert by_code().get("/visits").status_code == 200


def test_control_a_confirmed_account_keeps_its_password_and_its_factor(stranger: Client) -> None:
    stranger.post(f"/accounts/confirm/{confirmation_token(nora())}")
    Phone(nora())
    assert by_code().get("/visits").status_code == 302, "the second factor is asked for"
    Client().post(f"/accounts/password/reset/{reset_token(nora())}", {"password": "another one of hers"})
    again = Client().post("/accounts/sign-in", {"email": NORA, "password": "another one of hers"})
    assert again["Location"] == "/accounts/sign-in/code"


def test_a_new_password_by_mail_brings_the_guests_visits_along(cast: Cast, stranger: Client) -> None:
    visit = cast.booked(cast.nobody(), cast.at(9), contact=cast.guest("Nora Neu", email=NORA)).appointment
    Client().post(f"/accounts/password/reset/{reset_token(nora())}", {"password": "chosen by herself"})
    owner = Client()
    owner.post("/accounts/sign-in", {"email": NORA, "password": "chosen by herself"})
    assert [one.pk for one in owner.get("/visits").context["coming"]] == [visit.pk]


def test_control_a_code_besides_the_password_leaves_the_password(stranger: Client, settings: Settings) -> None:
    settings.THROTTLES = settings.THROTTLES | {"wrong_password": (1, 3600)}
    Client().post("/accounts/sign-in", IN | {"password": "guessed"})
    delivered()
    both = Client()
    assert both.post("/accounts/sign-in", IN)["Location"] == "/accounts/sign-in/mail/code"
    (message,) = delivered()
    assert both.post("/accounts/sign-in/mail/code", {"code": code_in(message)})["Location"] == "/visits"
    assert nora().check_password(NEW["password"])
