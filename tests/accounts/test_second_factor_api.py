"""Tokens of accounts with a second factor."""

from __future__ import annotations

import pytest
from pytest_django import Settings

from clinic.accounts import second_factor
from tests.accounts.conftest import Phone, StillClock
from tests.api.calling import Answer, Caller, credentials
from tests.factories import Cast


def asked(cast: Cast, **more: object) -> Answer:
    return Caller().post("auth/token", credentials(cast.ana) | more)


def test_the_code_is_needed_is_checked_and_works_once(cast: Cast, phone: Phone) -> None:
    assert asked(cast).told == (401, "otp_required", [])
    assert asked(cast, otp="000000").told == (401, "wrong_code", [])
    tokens = asked(cast, otp=phone.next())
    assert Caller(**tokens.json).get("profiles/me").status == 200
    assert asked(cast, otp=phone.next()).told == (401, "wrong_code", [])
    assert asked(cast, otp=phone.recovery[0]).status == 200
    assert asked(cast, otp=phone.recovery[0]).told == (401, "wrong_code", [])


def test_with_a_wrong_password_a_code_is_not_even_used(cast: Cast, phone: Phone) -> None:
    refused = Caller().post("auth/token", {"email": cast.ana.email, "password": "wrong", "otp": phone.next()})
    assert refused.told == (401, "wrong_credentials", [])
    assert asked(cast, otp=phone.next()).status == 200


@pytest.mark.parametrize("otp", ["", " ", 5.5, ["1"], {"a": 1}, "1" * 41])
def test_a_malformed_code_is_told(cast: Cast, phone: Phone, otp: object) -> None:
    assert asked(cast, otp=otp).status in (400, 401)


def test_an_account_without_one_minds_no_code(cast: Cast) -> None:
    assert asked(cast, otp="123456").status == 200


def test_guesses_are_few(cast: Cast, phone: Phone, settings: Settings) -> None:
    settings.THROTTLES = settings.THROTTLES | {"second_factor": (3, 300)}
    assert [asked(cast, otp="000000").status for _ in range(4)] == [401, 401, 401, 429]
    assert asked(cast, otp=phone.next()).status == 429


def test_in_production_staff_with_one_get_tokens(cast: Cast, still: StillClock, settings: Settings) -> None:
    phone = Phone(cast.ada)
    settings.PRODUCTION = True
    assert Caller().post("auth/token", credentials(cast.ada)).told == (401, "otp_required", [])
    given = credentials(cast.ada) | {"otp": phone.next()}
    assert Caller().post("auth/token", given).status == 200
    second_factor.switch_off(cast.ada.pk)
    assert Caller().post("auth/token", given).told == (401, "otp_required", [])
