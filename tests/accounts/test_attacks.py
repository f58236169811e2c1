"""Guessing from one address, from many, with forged headers, and with many hashes at once."""

from __future__ import annotations

import threading
from collections.abc import Iterator

import pytest
from django.test import Client
from django.urls import reverse
from pytest_django import Settings

from clinic.accounts import hashing
from clinic.accounts.models import User
from clinic.core import db
from clinic.core.errors import Busy
from dentists import roster
from tests.accounts.conftest import Phone
from tests.accounts.mailbox import code_in, delivered
from tests.api.calling import Caller, credentials
from tests.factories import Cast
from tests.factories.people import PASSWORD

PAGE = "/accounts/sign-in"


def tries(password: str, **meta: str) -> tuple[int, str]:
    answer = Client(**meta).post(PAGE, {"email": "ana@example.org", "password": password})  # type: ignore[arg-type]
    return answer.status_code, answer.headers.get("Location", "")


def guess_from_everywhere(times: int) -> None:
    for number in range(times):
        assert tries("wrong", REMOTE_ADDR=f"192.0.2.{number}")[0] == 422


@pytest.fixture
def few_wrong_ones(settings: Settings) -> None:
    settings.THROTTLES = settings.THROTTLES | {"wrong_password": (5, 3600)}


def test_one_address_is_slowed_and_the_owner_elsewhere_is_not(cast: Cast, settings: Settings) -> None:
    settings.THROTTLES = settings.THROTTLES | {"sign_in": (3, 300)}
    assert [tries("wrong", REMOTE_ADDR="192.0.2.1")[0] for _ in range(4)] == [422, 422, 422, 429]
    assert tries(PASSWORD, REMOTE_ADDR="192.0.2.1")[0] == 429
    assert tries(PASSWORD, REMOTE_ADDR="198.51.100.1") == (302, "/visits")


@pytest.mark.parametrize(("proxies", "expected"), [(0, [422, 422, 422, 429]), (1, [422, 422, 422, 429])])
def test_a_forged_header_is_no_way_round(cast: Cast, settings: Settings, proxies: int, expected: list[int]) -> None:
    settings.THROTTLES = settings.THROTTLES | {"sign_in": (3, 300)}
    settings.TRUSTED_PROXIES = proxies
    own = ", 192.0.2.1" if proxies else ""  # what our own proxy adds
    assert [tries("wrong", HTTP_X_FORWARDED_FOR=f"203.0.113.{number}{own}")[0] for number in range(4)] == expected


def test_control_the_proxys_own_word_tells_addresses_apart(cast: Cast, settings: Settings) -> None:
    settings.THROTTLES = settings.THROTTLES | {"sign_in": (3, 300)}
    settings.TRUSTED_PROXIES = 1
    assert [tries("wrong", HTTP_X_FORWARDED_FOR=f"203.0.113.{number}")[0] for number in range(4)] == [422] * 4


def test_a_household_of_ipv6_is_one_address(cast: Cast, settings: Settings) -> None:
    settings.THROTTLES = settings.THROTTLES | {"sign_in": (3, 300)}
    assert [tries("wrong", REMOTE_ADDR=f"2001:db8::{number}")[0] for number in range(1, 5)] == [422, 422, 422, 429]


@pytest.mark.usefixtures("few_wrong_ones")
def test_many_addresses_lead_to_a_code_by_mail_and_lock_nobody_out(cast: Cast) -> None:
    guess_from_everywhere(4)
    assert tries(PASSWORD) == (302, "/visits"), "not yet"
    guess_from_everywhere(5)
    owner = Client()
    answer = owner.post(PAGE, {"email": "ana@example.org", "password": PASSWORD})
    assert answer["Location"] == "/accounts/sign-in/mail/code"
    assert owner.get("/visits").status_code == 302
    (message,) = delivered()
    assert owner.post("/accounts/sign-in/mail/code", {"code": code_in(message)})["Location"] == "/visits"
    assert owner.get("/visits").status_code == 200


@pytest.mark.usefixtures("few_wrong_ones")
def test_using_up_the_mails_does_not_keep_the_owner_out(cast: Cast) -> None:
    guess_from_everywhere(5)
    for _ in range(8):
        Client().post("/accounts/sign-in/mail", {"email": "ana@example.org"})
    delivered()
    assert tries(PASSWORD)[1] == "/accounts/sign-in/mail/code"
    assert len(delivered()) == 1


@pytest.mark.usefixtures("few_wrong_ones")
def test_others_notice_nothing(cast: Cast) -> None:
    guess_from_everywhere(6)
    answer = Client().post(PAGE, {"email": cast.ben.email, "password": PASSWORD})
    assert answer["Location"] == "/visits"


@pytest.mark.usefixtures("few_wrong_ones")
def test_who_has_a_second_factor_is_asked_for_that(cast: Cast, phone: Phone) -> None:
    guess_from_everywhere(6)
    assert tries(PASSWORD) == (302, "/accounts/sign-in/code")


@pytest.mark.usefixtures("few_wrong_ones")
def test_programs_count_and_are_refused_with_the_right_password_too(cast: Cast) -> None:
    wrong = credentials(cast.ana) | {"password": "wrong"}
    assert [Caller().post("auth/token", wrong).code for _ in range(5)] == ["wrong_credentials"] * 5
    assert Caller().post("auth/token", credentials(cast.ana)).told == (401, "otp_required", [])
    assert Caller().post("auth/token", credentials(cast.ben)).status == 200


@pytest.fixture
def hashes_going_on(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """As many as there may be, none of which ends."""
    monkeypatch.setattr(hashing, "WAIT", 0.05)
    over, begun = threading.Event(), threading.Barrier(hashing.AT_ONCE + 1)

    def one() -> None:
        with hashing.hashing():
            begun.wait(10)
            over.wait(10)

    threads = [threading.Thread(target=one) for _ in range(hashing.AT_ONCE)]
    for thread in threads:
        thread.start()
    begun.wait(10)
    yield
    over.set()
    for thread in threads:
        thread.join()


@pytest.mark.usefixtures("hashes_going_on")
def test_more_hashes_than_places_are_refused_at_once(cast: Cast) -> None:
    with pytest.raises(Busy), hashing.hashing():
        pass
    assert tries(PASSWORD)[0] == 503
    new = {"email": "nina@example.org", "password": "a long enough one", "name": "Nina"}
    assert Caller().post("auth/token", credentials(cast.ana)).told == (503, "busy", [])
    assert Caller().post("auth/register", new).told == (503, "busy", [])
    assert Client().get("/").status_code == 200, "pages are served beside them"


def test_a_place_is_given_back_also_after_an_error() -> None:
    for _ in range(hashing.AT_ONCE + 1):
        with pytest.raises(ZeroDivisionError), hashing.hashing():
            1 / 0  # noqa: B018 - the error is what is wanted
    with hashing.hashing():
        pass


@pytest.mark.usefixtures("hashes_going_on")
def test_passwords_that_an_admin_sets_stand_in_line_too(cast: Cast) -> None:
    office, two = (
        Client(),
        {"password1": "a long enough one", "password2": "a long enough one", "usable_password": "true"},
    )
    with db.signing_in():
        office.force_login(cast.ada)
        before = User.objects.get(pk=cast.ana.pk).password
    answer = office.post(reverse("admin:auth_user_password_change", args=[cast.ana.pk]), two, follow=True)
    assert "The system is busy. Please try again in a moment." in answer.content.decode()
    new = two | {"email": "nina@example.org", "name": "Nina", "role": "desk"}
    assert "The system is busy" in office.post(reverse("admin:accounts_user_add"), new, follow=True).content.decode()
    with pytest.raises(Busy):
        roster.add(cast.as_admin, {"name": "Dr. New", "email": "new@clinic.example"}, password="a long enough one")
    with db.signing_in():
        assert User.objects.get(pk=cast.ana.pk).password == before
        assert not User.objects.filter(email="nina@example.org").exists()


@pytest.mark.parametrize("path", ["/accounts/sign-up", "/accounts/password/reset"])
def test_a_household_of_ipv6_is_one_address_for_mails_too(cast: Cast, settings: Settings, path: str) -> None:
    settings.THROTTLES = settings.THROTTLES | {"register": (2, 3600)}
    data = {"name": "Nora Neu", "email": "nora@example.org", "password": "a long new password"}
    found = [Client(REMOTE_ADDR=f"2001:db8::{n}").post(path, data).status_code for n in (1, 2, 3)]
    assert found == [302, 302, 429]
