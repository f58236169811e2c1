"""Signing up, and what nobody learns from it."""

from __future__ import annotations

from typing import Any

import pytest

from clinic.accounts.models import User
from clinic.core import db
from dentists.models import Dentist
from tests.api.calling import Caller
from tests.factories import Cast
from tests.factories.stored import nothing_stored

NEW = {"email": "nina@example.org", "password": "a long enough one", "name": "Nina New"}


def test_a_new_account_is_a_patients_and_not_verified(cast: Cast, anyone: Caller) -> None:
    answer = anyone.post("auth/register", NEW | {"email": "Nina@Example.org", "name": " Nina  New "})
    assert (answer.status, answer.json) == (201, {"email": "nina@example.org", "name": "Nina New"})
    with db.as_owner():
        user = User.objects.get(email="nina@example.org")
    assert (user.role, user.email_verified_at, user.is_active, user.name) == ("patient", None, True, "Nina New")
    tokens = anyone.post("auth/token", NEW)
    assert sorted(tokens.json) == ["access", "refresh"]
    assert Caller(**tokens.json).get("profiles/me").json["email_verified"] is False


def test_nobody_learns_whether_an_email_has_an_account(cast: Cast, anyone: Caller) -> None:
    with nothing_stored():
        known = anyone.post("auth/register", NEW | {"email": cast.ana.email})
    fresh = anyone.post("auth/register", NEW)
    assert (known.status, sorted(known.json)) == (fresh.status, sorted(fresh.json))
    assert known.json == {"email": cast.ana.email, "name": "Nina New"}


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"email": "nowhere"}, "email"),
        ({"email": "a" * 250 + "@example.org"}, "email"),
        ({"email": None}, "email"),
        ({"password": "short"}, "password"),
        ({"password": "password123"}, "password"),
        ({"password": "nina@example.org"}, "password"),
        ({"password": "x" * 257}, "password"),
        ({"password": "abc\x00defghijk"}, "password"),
        ({"name": ""}, "name"),
        ({"name": "   "}, "name"),
        ({"name": "x" * 121}, "name"),
        ({"name": "Nina\x07"}, "name"),
        ({"name": "\ud800"}, "name"),
    ],
)
def test_bad_input_is_told_and_stores_nothing(cast: Cast, anyone: Caller, changes: dict[str, Any], field: str) -> None:
    with nothing_stored():
        assert anyone.post("auth/register", NEW | changes).told == (400, "malformed", [field])


def test_nobody_chooses_a_role(cast: Cast, anyone: Caller) -> None:
    anyone.post("auth/register", NEW | {"role": "admin", "is_active": True, "dentist_id": str(cast.weber.pk)})
    with db.as_owner():
        assert User.objects.get(email=NEW["email"]).role == "patient"


def test_who_registers_a_coming_dentists_email_does_not_become_the_dentist(cast: Cast, anyone: Caller) -> None:
    anyone.post("auth/register", NEW)
    before = Caller(**anyone.post("auth/token", NEW).json)
    with db.as_owner():
        Dentist.objects.create(name="Dr. Nina New", slug="nina-new", email=NEW["email"])
    assert before.get("profiles/me").code == "invalid_token"
    assert anyone.post("auth/token", NEW).told == (401, "wrong_credentials", [])


def test_who_proved_the_email_keeps_the_password(cast: Cast, anyone: Caller) -> None:
    """The control."""
    from clinic.core import clock

    anyone.post("auth/register", NEW)
    with db.as_owner():
        User.objects.filter(email=NEW["email"]).update(email_verified_at=clock.now())
        Dentist.objects.create(name="Dr. Nina New", slug="nina-new", email=NEW["email"])
    signed_in = Caller(**anyone.post("auth/token", NEW).json)
    assert signed_in.get("profiles/me").json["role"] == "dentist"
