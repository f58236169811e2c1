"""A second factor on the pages: set up, asked for, replaced, switched off."""

from __future__ import annotations

import re

import pytest
from django.core.management import CommandError, call_command
from django.test import Client
from pytest_django import Settings

from clinic.accounts import second_factor, totp
from clinic.accounts.models import RecoveryCode, SecondFactor, Session
from clinic.core import clock, crypto, db
from tests.accounts.conftest import Phone, SignIn, StillClock
from tests.api.calling import sign_in
from tests.factories import Cast
from tests.factories.people import PASSWORD

NOW_ON = "/accounts/second-factor"
STEP = "/accounts/sign-in/code"


def shown_secret(client: Client) -> str:
    return "".join(client.get(NOW_ON).context["groups"])


def code_for(secret: str, steps: int = 0) -> str:
    return totp.code_of(secret, totp.step_at(clock.now().timestamp()) + steps)


def is_in(client: Client) -> bool:
    return client.get("/visits").status_code == 200


def test_setting_it_up_shows_the_secret_and_ten_codes_once(cast: Cast, still: StillClock, comes_in: SignIn) -> None:
    ana = comes_in()
    secret = shown_secret(ana)
    assert shown_secret(ana) == secret, "the same until it is confirmed"
    page = ana.get(NOW_ON).content.decode()
    assert f"secret={secret}" in page
    assert '<svg class="qr"' in page
    done = ana.post(NOW_ON, {"code": code_for(secret)})
    codes = done.context["codes"]
    assert [bool(re.fullmatch("([a-z2-7]{4}-){3}[a-z2-7]{4}", code)) for code in codes] == [True] * 10
    assert all(code in done.content.decode() for code in codes)
    assert ana.post(NOW_ON, {"code": code_for(secret)})["Location"] == "/accounts/security"
    assert is_in(ana)
    with db.as_owner():
        (stored,) = db.rows("SELECT secret FROM accounts_secondfactor")
        assert secret not in stored[0]
        assert crypto.decrypt(stored[0]) == secret
        assert not {code.replace("-", "") for code in codes} & {row.digest for row in RecoveryCode.objects.all()}


def test_a_wrong_code_switches_nothing_on(cast: Cast, still: StillClock, comes_in: SignIn) -> None:
    ana = comes_in()
    secret = shown_secret(ana)
    answer = ana.post(NOW_ON, {"code": code_for(secret, 3)})
    assert (answer.status_code, list(answer.context["form"].errors)) == (422, ["code"])
    assert not second_factor.has(cast.ana.pk)
    assert shown_secret(ana) == secret


def test_a_session_of_long_ago_sets_up_nothing(cast: Cast, still: StillClock, comes_in: SignIn) -> None:
    ana = comes_in()
    code = code_for(shown_secret(ana))
    still.pass_by(minutes=10)
    answer = ana.post(NOW_ON, {"code": code})
    assert (answer.status_code, answer["Location"]) == (302, f"/accounts/sign-in?next={NOW_ON}")
    assert not second_factor.has(cast.ana.pk)
    assert not is_in(ana)


def test_switching_it_on_signs_out_everywhere_else(cast: Cast, still: StillClock, comes_in: SignIn) -> None:
    here, elsewhere, program = comes_in(), comes_in(), sign_in(cast.ana)
    here.post(NOW_ON, {"code": code_for(shown_secret(here))})
    assert (is_in(here), is_in(elsewhere), program.get("profiles/me").status) == (True, False, 401)


def test_a_password_alone_opens_nothing_any_more(phone: Phone, comes_in: SignIn) -> None:
    ana = comes_in()
    assert not is_in(ana)
    with db.as_owner():
        assert [row.user_id for row in Session.objects.all()] == [None]
    wrong = ana.post(STEP, {"code": "000000"})
    assert (wrong.status_code, list(wrong.context["form"].errors)) == (422, ["code"])
    assert not is_in(ana)
    assert ana.post(STEP, {"code": phone.next()})["Location"] == "/visits"
    assert is_in(ana)


def test_it_leads_on_to_where_one_wanted_to_go(phone: Phone) -> None:
    client = Client()
    given = {"email": "ana@example.org", "password": PASSWORD, "next": "/people"}
    assert client.post("/accounts/sign-in", given)["Location"] == STEP
    assert client.post(STEP, {"code": phone.next()})["Location"] == "/people"


def test_no_code_works_twice(phone: Phone, comes_in: SignIn, still: StillClock) -> None:
    assert not is_in(comes_in(code=phone.code())), "the one that switched it on is used up"
    assert is_in(comes_in(code=phone.next()))
    assert not is_in(comes_in(code=phone.next()))
    still.pass_by(seconds=60)
    assert is_in(comes_in(code=phone.code()))


def test_a_recovery_code_works_once_however_it_is_written(phone: Phone, comes_in: SignIn) -> None:
    first, second, *_ = phone.recovery
    assert is_in(comes_in(code=first.upper().replace("-", " ")))
    assert not is_in(comes_in(code=first))
    assert is_in(comes_in(code=second))
    assert second_factor.codes_left(phone.user.pk) == 8


def test_new_recovery_codes_replace_the_old_ones(phone: Phone, comes_in: SignIn) -> None:
    ana = comes_in(code=phone.recovery[0])
    assert ana.post(f"{NOW_ON}/codes", {"code": "123"}).status_code == 422
    codes = ana.post(f"{NOW_ON}/codes", {"code": phone.next()}).context["codes"]
    assert not is_in(comes_in(code=phone.recovery[1]))
    assert is_in(comes_in(code=codes[0]))


@pytest.mark.parametrize(("password", "steps", "field"), [("wrong", 1, "password"), (PASSWORD, 0, "code")])
def test_switching_it_off_needs_both(phone: Phone, comes_in: SignIn, password: str, steps: int, field: str) -> None:
    ana = comes_in(code=phone.recovery[0])
    answer = ana.post(f"{NOW_ON}/off", {"password": password, "code": phone.code(steps)})
    assert list(answer.context["form"].errors) == [field]
    assert second_factor.has(phone.user.pk)


def test_switched_off_the_password_is_enough(phone: Phone, comes_in: SignIn) -> None:
    ana = comes_in(code=phone.recovery[0])
    ana.post(f"{NOW_ON}/off", {"password": PASSWORD, "code": phone.next()})
    assert is_in(comes_in())
    with db.as_owner():
        assert (SecondFactor.objects.count(), RecoveryCode.objects.count()) == (0, 0)


def test_the_second_step_waits_ten_minutes(phone: Phone, comes_in: SignIn, still: StillClock) -> None:
    ana = comes_in()
    still.pass_by(minutes=11)
    assert ana.get(STEP)["Location"] == "/accounts/sign-in"
    assert ana.post(STEP, {"code": phone.code()})["Location"] == "/accounts/sign-in"
    assert not is_in(ana)


def test_a_new_password_ends_the_second_step_of_the_old_one(phone: Phone, comes_in: SignIn, cast: Cast) -> None:
    ana = comes_in()
    with db.as_owner():
        cast.ana.set_password("quite another one")
        cast.ana.save(update_fields=["password"])
    assert ana.post(STEP, {"code": phone.next()})["Location"] == "/accounts/sign-in"


def test_guesses_are_few(phone: Phone, comes_in: SignIn, settings: Settings) -> None:
    settings.THROTTLES = settings.THROTTLES | {"second_factor": (3, 300)}
    ana = comes_in()
    assert [ana.post(STEP, {"code": "000000"}).status_code for _ in range(4)] == [422, 422, 422, 429]
    assert ana.post(STEP, {"code": phone.next()}).status_code == 429, "the right one comes too late, too"


def test_guesses_from_many_addresses_are_few(phone: Phone, settings: Settings) -> None:
    settings.THROTTLES = settings.THROTTLES | {"second_factor_account": (3, 3600)}
    answers = []
    for number in range(4):
        client = Client(REMOTE_ADDR=f"192.0.2.{number}")
        client.post("/accounts/sign-in", {"email": "ana@example.org", "password": PASSWORD})
        answers.append(client.post(STEP, {"code": "000000"}).status_code)
    assert answers == [422, 422, 422, 429]


@pytest.mark.parametrize("path", [NOW_ON, f"{NOW_ON}/codes", f"{NOW_ON}/off"])
def test_strangers_are_asked_to_sign_in(cast: Cast, client: Client, path: str) -> None:
    assert client.get(path)["Location"] == f"/accounts/sign-in?next={path}"


def test_in_production_staff_can_do_nothing_before_it_is_set_up(
    cast: Cast, still: StillClock, comes_in: SignIn, settings: Settings
) -> None:
    settings.PRODUCTION = True
    ada = comes_in(cast.ada.email)
    for path in ("/admin/", "/visits", "/dentist/", "/", "/accounts/security", "/accounts/password"):
        assert ada.get(path)["Location"] == NOW_ON
    assert ada.get("/api/appointments").json()["error"]["code"] == "otp_required"
    assert ada.post("/dentist/time-off", {}).status_code == 302
    secret = shown_secret(ada)
    ada.post(NOW_ON, {"code": code_for(secret)})
    assert ada.get("/admin/").status_code == 200
    assert ada.get("/api/appointments").status_code == 200
    assert ada.get(f"{NOW_ON}/off")["Location"] == "/accounts/security", "and it cannot be switched off"
    assert comes_in(cast.ada.email, code_for(secret, 1)).get("/admin/").status_code == 200


def test_in_production_patients_are_not_asked(cast: Cast, comes_in: SignIn, settings: Settings) -> None:
    settings.PRODUCTION = True
    assert is_in(comes_in())


def test_a_browser_that_came_in_without_it_is_sent_out(
    cast: Cast, still: StillClock, comes_in: SignIn, settings: Settings
) -> None:
    ada = comes_in(cast.ada.email)
    with db.as_owner():
        SecondFactor.objects.create(user=cast.ada, secret=totp.new_secret(), last_step=0)
    settings.PRODUCTION = True
    assert ada.get(NOW_ON)["Location"] == "/accounts/sign-in"
    assert ada.get("/admin/").status_code == 302
    assert comes_in(cast.ada.email).get(STEP).status_code == 200


def test_an_operator_helps_who_lost_phone_and_codes(
    phone: Phone, comes_in: SignIn, capsys: pytest.CaptureFixture[str]
) -> None:
    before = comes_in(code=phone.next())
    call_command("forget_second_factor", "Ana@example.org")
    assert "ana@example.org signs in without" in capsys.readouterr().out
    assert (is_in(before), is_in(comes_in())) == (False, True)


def test_an_operator_is_told_of_a_mistyped_email(cast: Cast) -> None:
    with pytest.raises(CommandError, match="No account"):
        call_command("forget_second_factor", "nobody@example.org")
