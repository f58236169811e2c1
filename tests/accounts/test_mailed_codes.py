"""Signing in by six digits from the mail."""

from __future__ import annotations

import json

import pytest
from django.core import mail
from django.test import Client
from pytest_django import Settings

from clinic.accounts.models import MailedCode, User
from clinic.core import db
from clinic.notifications.account_mails import account_mail
from tests.accounts.conftest import Phone, StillClock
from tests.accounts.mailbox import code_in, delivered
from tests.factories import Cast

ASK, ENTER = "/accounts/sign-in/mail", "/accounts/sign-in/mail/code"


def asks(email: str, **more: str) -> Client:
    client = Client()
    assert client.post(ASK, {"email": email} | more)["Location"] == ENTER
    return client


def asked(email: str) -> tuple[Client, str]:
    """A browser that asked, and the code in the mail that came."""
    client = asks(email)
    (message,) = delivered()
    assert message.to == [email.lower()]
    return client, code_in(message)


def is_in(client: Client) -> bool:
    return client.get("/visits").status_code == 200


def other_than(code: str) -> str:
    return f"{(int(code) + 1) % 10**6:06}"


def test_the_code_signs_in_once(cast: Cast) -> None:
    client, code = asked("Ana@example.org")
    assert client.get(ENTER).status_code == 200
    assert client.post(ENTER, {"code": f" {code[:3]} {code[3:]} "})["Location"] == "/visits"
    assert is_in(client)
    assert client.post(ENTER, {"code": code})["Location"] == ASK


def test_it_is_stored_hashed_and_waits_nowhere_in_clear(cast: Cast) -> None:
    asks("ana@example.org")
    with db.as_owner():
        (job,) = db.rows("SELECT args FROM procrastinate_jobs")
        assert sorted(json.loads(job[0])) == ["kind", "user_id"]
        assert MailedCode.objects.get().digest == ""
    (message,) = delivered()
    with db.as_owner():
        digest = MailedCode.objects.get().digest
    assert len(digest) == 64
    assert code_in(message) not in digest


def test_another_browser_cannot_use_it(cast: Cast) -> None:
    _client, code = asked("ana@example.org")
    other = asks("ana@example.org")
    assert other.post(ENTER, {"code": code}).status_code == 422
    assert Client().post(ENTER, {"code": code})["Location"] == ASK


def test_a_used_code_ends_the_others(cast: Cast) -> None:
    (first, one), (second, two) = asked("ana@example.org"), asked("ana@example.org")
    second.post(ENTER, {"code": two})
    assert first.post(ENTER, {"code": one}).status_code == 422


def test_five_tries(cast: Cast) -> None:
    client, code = asked("ana@example.org")
    assert [client.post(ENTER, {"code": other_than(code)}).status_code for _ in range(5)] == [422] * 5
    assert client.post(ENTER, {"code": code}).status_code == 422
    assert not is_in(client)


def test_the_fifth_try_still_counts(cast: Cast) -> None:
    client, code = asked("ana@example.org")
    for _ in range(4):
        client.post(ENTER, {"code": other_than(code)})
    client.post(ENTER, {"code": code})
    assert is_in(client)


@pytest.mark.parametrize(("minutes", "works"), [(9, True), (11, False)])
def test_ten_minutes(cast: Cast, still: StillClock, minutes: int, works: bool) -> None:
    client, code = asked("ana@example.org")
    still.pass_by(minutes=minutes)
    client.post(ENTER, {"code": code})
    assert is_in(client) is works


def test_nobody_learns_whether_there_is_an_account(cast: Cast) -> None:
    pages = []
    for email in ("ana@example.org", "nobody@example.org"):
        client = asks(email)
        delivered()
        shown = client.get(ENTER).content.decode().replace(email, "…")
        wrong = client.post(ENTER, {"code": "000000"})
        pages.append((len(shown), wrong.status_code, wrong.context["form"].errors.as_json()))
    assert pages[0] == pages[1]
    assert len(mail.outbox) == 0, "the second one got none"


def test_an_account_that_is_switched_off_gets_none_and_its_code_is_over(cast: Cast) -> None:
    client, code = asked("ana@example.org")
    with db.as_owner():
        User.objects.filter(pk=cast.ana.pk).update(is_active=False)
        assert MailedCode.objects.count() == 0
    assert client.post(ENTER, {"code": code}).status_code == 422
    asks("ana@example.org")
    assert delivered() == []


def test_a_mail_that_fails_is_tried_again_with_a_code_that_works(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    client = asks("ana@example.org")
    with monkeypatch.context() as patched:
        patched.setattr("django.core.mail.EmailMultiAlternatives.send", _fails)
        with pytest.raises(ConnectionError):
            account_mail("code", str(cast.ana.pk))
    (message,) = delivered()
    client.post(ENTER, {"code": code_in(message)})
    assert is_in(client)


def _fails(self: object) -> None:
    raise ConnectionError


def test_one_who_asks_often_gets_few_mails_and_is_told_the_same(cast: Cast) -> None:
    for _ in range(8):
        asks("ana@example.org")
    assert len(delivered()) == 6


def test_asking_is_limited(cast: Cast, settings: Settings) -> None:
    settings.THROTTLES = settings.THROTTLES | {"mailed_code": (2, 600)}
    answers = [Client().post(ASK, {"email": "nobody@example.org"}).status_code for _ in range(3)]
    assert answers == [302, 302, 429]


def test_the_second_factor_is_still_asked_for(cast: Cast, phone: Phone) -> None:
    client, code = asked("ana@example.org")
    assert client.post(ENTER, {"code": code})["Location"] == "/accounts/sign-in/code"
    assert not is_in(client)
    assert client.post("/accounts/sign-in/code", {"code": phone.next()})["Location"] == "/visits"


def test_a_dentist_without_a_password_comes_in(cast: Cast) -> None:
    with db.as_owner():
        user = User.objects.get(dentist_id=cast.weber.pk)
        user.set_unusable_password()
        user.save(update_fields=["password"])
    client, code = asked(cast.weber.email)
    assert client.post(ENTER, {"code": code})["Location"] == "/dentist/"


@pytest.mark.parametrize(("wanted", "led_to"), [("/people", "/people"), ("https://evil.example/", "/visits")])
def test_it_leads_to_pages_of_ours_only(cast: Cast, wanted: str, led_to: str) -> None:
    client = asks("ana@example.org", next=wanted)
    (message,) = delivered()
    assert client.post(ENTER, {"code": code_in(message)})["Location"] == led_to
