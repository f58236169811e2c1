"""Whoever signs in by mail and has no password confirms an erasure by a code that is mailed for it."""

from __future__ import annotations

import pytest
from django.test import Client

from clinic.accounts.models import User
from clinic.core import clock, db
from tests.accounts.mailbox import code_in, delivered
from tests.factories import Cast
from tests.factories.people import PASSWORD

ERASE, SEND, CODE = "/account/erase", "/account/erase/mail", "/account/erase/code"


def signed_in_by_mail(email: str) -> Client:
    browser = Client()
    browser.post("/accounts/sign-in/mail", {"email": email})
    (message,) = delivered()
    browser.post("/accounts/sign-in/mail/code", {"code": code_in(message)})
    assert browser.get("/visits").status_code == 200
    return browser


@pytest.fixture
def ana(cast: Cast) -> Client:
    """Ana's browser; she has no password."""
    with db.as_owner():
        cast.ana.set_unusable_password()
        cast.ana.save(update_fields=["password"])
    return signed_in_by_mail("ana@example.org")


def asked(browser: Client, to: str = "ana@example.org") -> str:
    """The code in the mail that came."""
    assert browser.post(SEND)["Location"] == CODE
    (message,) = delivered()
    assert message.to == [to]
    return code_in(message)


def there_is(email: str) -> bool:
    with db.as_owner():
        return User.objects.filter(email=email).exists()


def other_than(code: str) -> str:
    return f"{(int(code) + 1) % 10**6:06}"


def test_a_code_from_the_mail_stands_for_the_password(cast: Cast, ana: Client) -> None:
    visit = cast.booked(cast.as_ana, cast.at(9), contact=cast.guest("Ana Ruiz")).appointment
    assert "Confirm by a code from my mail" in ana.get(ERASE).content.decode()
    code = asked(ana)
    shown = ana.get(CODE)
    assert [one.pk for one in shown.context["visits"]] == [visit.pk]
    gone = ana.post(CODE, {"code": f"{code[:3]} {code[3:]}"}, follow=True)
    assert gone.redirect_chain == [("/account/erased", 302)]
    assert (there_is("ana@example.org"), there_is("ben@example.org")) == (False, True)
    assert ana.get("/visits").status_code == 302


def test_a_wrong_code_erases_nothing_and_five_of_them_end_it(ana: Client) -> None:
    code = asked(ana)
    for _ in range(5):
        wrong = ana.post(CODE, {"code": other_than(code)})
        assert (wrong.status_code, wrong.context["form"].errors["code"]) == (
            422, ["This code is not right, or was used before."],
        )  # fmt: skip
    assert ana.post(CODE, {"code": code}).status_code == 422
    assert there_is("ana@example.org")
    assert ana.post(CODE, {"code": asked(ana)})["Location"] == "/account/erased"


def test_a_code_for_signing_in_erases_nothing(ana: Client) -> None:
    other = Client()
    other.post("/accounts/sign-in/mail", {"email": "ana@example.org"})
    (message,) = delivered()
    assert ana.post(CODE, {"code": code_in(message)})["Location"] == ERASE, "nothing was asked for here"
    asked(ana)
    assert ana.post(CODE, {"code": code_in(message)}).status_code == 422
    assert there_is("ana@example.org")


def test_nor_does_a_code_that_another_browser_asked_for(ana: Client) -> None:
    with db.as_owner():  # an address that is proven: else a code from its mail would end Ana's other sessions
        User.objects.update(email_verified_at=clock.now())
    elsewhere = signed_in_by_mail("ana@example.org")
    code = asked(elsewhere)
    asked(ana)
    assert ana.post(CODE, {"code": code}).status_code == 422
    assert there_is("ana@example.org")


def test_a_session_that_went_on_to_somebody_else_erases_neither(cast: Cast, ana: Client) -> None:
    """The code stays Ana's, whoever is signed in by now."""
    code = asked(ana)
    kept = ana.session["erasing_code"]
    ben = Client()
    ben.post("/accounts/sign-in", {"email": "ben@example.org", "password": PASSWORD})
    session = ben.session
    session["erasing_code"] = kept
    session.save()
    assert ben.post(CODE, {"code": code}).status_code == 422
    assert (there_is("ana@example.org"), there_is("ben@example.org")) == (True, True)


def test_no_code_is_mailed_to_staff_nor_to_nobody(cast: Cast) -> None:
    desk = Client()
    desk.post("/accounts/sign-in", {"email": cast.dana.email, "password": PASSWORD})
    assert desk.post(SEND).status_code == 409
    assert Client().post(SEND)["Location"].startswith("/accounts/sign-in")
    assert delivered() == []


def test_it_is_sent_by_a_form_alone(ana: Client) -> None:
    assert ana.get(SEND).status_code == 405
    assert ana.get(CODE)["Location"] == ERASE
