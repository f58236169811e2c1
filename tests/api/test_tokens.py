"""Tokens: short, rotating, and over at once when they should be."""

from __future__ import annotations

from typing import Any

import pytest
from django.contrib.auth.hashers import MD5PasswordHasher
from django.db import connection
from django.test.utils import CaptureQueriesContext
from pytest_django import Settings

from clinic.accounts.models import RefreshFamily, User
from clinic.core import db
from dentists.models import Dentist
from tests.api.calling import Answer, Caller, credentials, sign_in
from tests.factories import Cast
from tests.factories.people import PASSWORD


def renewed(refresh: str) -> Answer:
    return Caller().post("auth/token/refresh", {"refresh": refresh})


def change(cast: Cast, **fields: Any) -> None:
    with db.as_owner():
        User.objects.filter(pk=cast.ana.pk).update(**fields)


def test_a_token_opens_what_is_ones_own(cast: Cast, ana: Caller, anyone: Caller) -> None:
    assert ana.get("profiles/me").json["email"] == cast.ana.email
    assert anyone.get("profiles/me").told == (401, "not_signed_in", [])


@pytest.mark.parametrize(
    "given",
    [
        {"email": "ana@example.org", "password": "wrong"},
        {"email": "nobody@example.org", "password": PASSWORD},
        {"email": "ANA@example.org\x01", "password": PASSWORD},
    ],
)
def test_wrong_credentials_are_all_alike(cast: Cast, anyone: Caller, given: dict[str, str]) -> None:
    answer = anyone.post("auth/token", given)
    assert answer.told == (401, "wrong_credentials", [])
    assert answer.headers["WWW-Authenticate"] == 'Bearer realm="api"'


@pytest.mark.parametrize(
    ("given", "fields"),
    [
        ({}, ["email", "password"]),
        ({"email": "ana@example.org"}, ["password"]),
        ({"email": "a" * 255, "password": "x" * 257}, ["email", "password"]),
        ({"email": ["ana@example.org"], "password": {"a": 1}}, ["email", "password"]),
        ([], ["non_field_errors"]),
        ({"email": "a\x00b", "password": PASSWORD}, ["email"]),
    ],
)
def test_a_malformed_sign_in_is_told(cast: Cast, anyone: Caller, given: Any, fields: list[str]) -> None:
    assert anyone.post("auth/token", given).told == (400, "malformed", fields)


def test_case_and_spaces_of_the_email_do_not_matter(cast: Cast, anyone: Caller) -> None:
    assert anyone.post("auth/token", {"email": " ANA@Example.org ", "password": PASSWORD}).status == 200


def test_a_refresh_token_is_good_once_and_its_replay_ends_the_family(cast: Cast, ana: Caller) -> None:
    second = renewed(ana.refresh)
    assert second.status == 200
    third = renewed(second.json["refresh"])
    newest = Caller(**third.json)
    assert newest.get("profiles/me").status == 200
    assert renewed(ana.refresh).told == (401, "token_reused", [])
    # Whoever holds the newest has lost it too, with the access token, since nobody knows who is the thief.
    assert renewed(newest.refresh).told == (401, "invalid_token", [])
    assert newest.get("profiles/me").told == (401, "invalid_token", [])


def test_another_sign_in_of_the_same_account_is_another_family(cast: Cast, ana: Caller) -> None:
    elsewhere = sign_in(cast.ana)
    assert renewed(ana.refresh).status == 200
    assert renewed(ana.refresh).status == 401
    assert renewed(elsewhere.refresh).status == 200


def test_signing_out_ends_both_tokens_at_once_and_may_be_repeated(cast: Cast, ana: Caller) -> None:
    assert [ana.post("auth/logout", {"refresh": ana.refresh}).status for _ in range(2)] == [204, 204]
    assert ana.get("profiles/me").code == "invalid_token"
    assert renewed(ana.refresh).code == "invalid_token"
    assert ana.post("auth/logout", {"refresh": "nonsense"}).status == 204


@pytest.mark.parametrize(
    "changes",
    [{"is_active": False}, {"role": "desk"}, {"password": "!other"}],
    ids=["switched off", "role", "password"],
)
def test_whatever_changes_the_account_ends_its_tokens_at_once(cast: Cast, ana: Caller, changes: dict[str, Any]) -> None:
    change(cast, **changes)
    assert ana.get("profiles/me").told == (401, "invalid_token", [])
    assert renewed(ana.refresh).told == (401, "invalid_token", [])


def test_another_name_does_not(cast: Cast, ana: Caller) -> None:
    """The control."""
    change(cast, name="Ana Maria Ruiz")
    assert ana.get("profiles/me").json["name"] == "Ana Maria Ruiz"


def test_an_account_that_is_switched_off_signs_in_like_a_wrong_password(cast: Cast, anyone: Caller) -> None:
    change(cast, is_active=False)
    assert anyone.post("auth/token", credentials(cast.ana)).told == (401, "wrong_credentials", [])


@pytest.mark.parametrize("header", ["Bearer", "Bearer ", "Bearer x.y.z", "Basic YTpi", "Token abc", "Bearer a b"])
def test_a_bad_header_is_refused_even_where_nobody_needs_one(cast: Cast, anyone: Caller, header: str) -> None:
    answer = anyone.get("treatments", Authorization=header)
    assert answer.told == (401, "invalid_token", [])


def test_one_kind_of_token_is_not_taken_for_the_other(cast: Cast, ana: Caller) -> None:
    assert Caller(ana.refresh).get("profiles/me").code == "invalid_token"
    assert renewed(ana.access).code == "invalid_token"


def test_a_token_runs_out(cast: Cast, ana: Caller, monkeypatch: pytest.MonkeyPatch) -> None:
    import jwt.api_jwt as reader

    ahead = reader.datetime.now(tz=reader.timezone.utc).timestamp() + 601

    class Later(reader.datetime):  # type: ignore[name-defined, misc]  # the library's own name for it
        @classmethod
        def now(cls, tz: Any = None) -> Any:
            return cls.fromtimestamp(ahead, tz)

    monkeypatch.setattr(reader, "datetime", Later)
    assert ana.get("profiles/me").code == "invalid_token"
    assert renewed(ana.refresh).status == 200


def test_in_production_staff_need_a_second_factor(cast: Cast, anyone: Caller, settings: Settings) -> None:
    settings.PRODUCTION = True
    for who in (cast.weber, cast.dana, cast.ada):
        assert anyone.post("auth/token", credentials(who)).told == (401, "otp_required", [])
    assert anyone.post("auth/token", credentials(cast.ana)).status == 200
    with db.as_owner():
        assert RefreshFamily.objects.count() == 1


def test_an_unknown_email_costs_as_many_hashes_as_a_wrong_password(
    cast: Cast, anyone: Caller, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The hash is what takes time, and by the time an answer takes nobody shall learn who has an account."""
    computed: list[str] = []
    encode = MD5PasswordHasher.encode

    def counted(hasher: MD5PasswordHasher, password: str, salt: str) -> str:
        computed.append(password)
        return encode(hasher, password, salt)

    monkeypatch.setattr(MD5PasswordHasher, "encode", counted)
    for email in (cast.ana.email, "nobody@example.org"):
        anyone.post("auth/token", {"email": email, "password": "wrong"})
    assert computed == ["wrong", "wrong"]


def test_a_dentist_who_is_deleted_is_signed_out(cast: Cast, weber: Caller) -> None:
    assert weber.get("profiles/me").status == 200
    with db.as_owner():
        Dentist.objects.filter(pk=cast.weber.pk)._raw_delete("owner")
    assert weber.get("profiles/me").code == "invalid_token"


def test_a_token_costs_one_query_and_no_session(cast: Cast, ana: Caller) -> None:
    with CaptureQueriesContext(connection) as asked:
        assert ana.get("treatments").status == 200
    tables = [
        query["sql"].split('FROM "')[1].split('"')[0] for query in asked.captured_queries if 'FROM "' in query["sql"]
    ]
    assert [name for name in tables if name.startswith("accounts_")] == ["accounts_refreshfamily"]
