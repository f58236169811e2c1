"""Another email address for an account."""

from __future__ import annotations

import pytest
from django.test import Client

from clinic.accounts.models import User
from clinic.core import db
from tests.accounts.conftest import SignIn
from tests.accounts.mailbox import delivered, path_in
from tests.api.calling import sign_in
from tests.factories import Cast
from tests.factories.people import PASSWORD

NEW = {"email": "Ana.New@example.org", "password": PASSWORD}


def is_in(client: Client) -> bool:
    return client.get("/visits").status_code == 200


def link_for(client: Client) -> str:
    assert client.post("/accounts/email", NEW)["Location"] == "/accounts/security"
    _notice, message = delivered()
    return path_in(message)


def email_of(cast: Cast) -> str:
    with db.as_owner():
        return User.objects.get(pk=cast.ana.pk).email


def test_the_new_address_gets_a_link_and_the_old_one_a_notice(cast: Cast, comes_in: SignIn) -> None:
    comes_in().post("/accounts/email", NEW)
    notice, link = delivered()
    assert (notice.to, link.to) == (["ana@example.org"], ["ana.new@example.org"])
    assert path_in(notice) == "/accounts/password/reset"
    assert "ana.new@example.org" not in str(notice.body)


def test_a_click_changes_it_and_signs_out_everywhere_else(cast: Cast, comes_in: SignIn) -> None:
    elsewhere, here, program = comes_in(), comes_in(), sign_in(cast.ana)
    link = link_for(here)
    assert here.get(link).status_code == 200
    assert email_of(cast) == "ana@example.org", "mail programs open links by themselves"
    assert here.post(link)["Location"] == "/accounts/security"
    assert email_of(cast) == "ana.new@example.org"
    assert (is_in(elsewhere), program.get("profiles/me").status, is_in(here)) == (False, 401, True)
    assert is_in(comes_in("ana.new@example.org"))
    assert not is_in(comes_in("ana@example.org"))
    assert here.post(link).status_code == 404, "a link works once"


def test_nobody_else_can_use_the_link(cast: Cast, comes_in: SignIn) -> None:
    link = link_for(comes_in())
    assert comes_in(cast.ben.email).post(link).status_code == 404
    assert Client().post(link)["Location"].startswith("/accounts/sign-in")
    assert email_of(cast) == "ana@example.org"


def test_an_address_with_an_account_is_told_by_mail_only(cast: Cast, comes_in: SignIn) -> None:
    answer = comes_in().post("/accounts/email", NEW | {"email": cast.ben.email})
    assert answer["Location"] == "/accounts/security"
    assert [message.to for message in delivered()] == [["ana@example.org"], [cast.ben.email]]
    assert email_of(cast) == "ana@example.org"


def test_an_address_that_is_taken_meanwhile_is_not_given(cast: Cast, comes_in: SignIn) -> None:
    ana = comes_in()
    link = link_for(ana)
    with db.as_owner():
        User.objects.filter(pk=cast.ben.pk).update(email="ana.new@example.org")
    assert ana.post(link).status_code == 404
    assert is_in(ana)


def test_only_the_last_link_works(cast: Cast, comes_in: SignIn) -> None:
    ana = comes_in()
    first = link_for(ana)
    ana.post("/accounts/email", NEW | {"email": "third@example.org"})
    assert ana.post(first).status_code == 404


def test_a_new_password_ends_what_was_asked(cast: Cast, comes_in: SignIn) -> None:
    ana = comes_in()
    link = link_for(ana)
    ana.post("/accounts/password", {"current": PASSWORD, "password": "quite another one"})
    assert ana.post(link).status_code == 404
    assert email_of(cast) == "ana@example.org"


def test_a_link_is_good_for_a_day(cast: Cast, comes_in: SignIn, monkeypatch: pytest.MonkeyPatch) -> None:
    ana = comes_in()
    link = link_for(ana)
    monkeypatch.setattr("clinic.accounts.addresses.LINK_SECONDS", -1)
    assert ana.post(link).status_code == 404


@pytest.mark.parametrize(
    ("changes", "field"), [({"password": "wrong"}, "password"), ({"email": "no address"}, "email")]
)
def test_what_is_refused_mails_nothing(cast: Cast, comes_in: SignIn, changes: dict[str, str], field: str) -> None:
    answer = comes_in().post("/accounts/email", NEW | changes)
    assert list(answer.context["form"].errors) == [field]
    assert delivered() == []


def test_a_dentists_address_is_kept_with_the_profile(cast: Cast, comes_in: SignIn) -> None:
    answer = comes_in(cast.weber.email).post("/accounts/email", NEW)
    assert answer.status_code == 422
    assert delivered() == []
