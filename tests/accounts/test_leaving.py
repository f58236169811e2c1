"""Whoever is switched off or deleted is out at once: browsers, programs, and every way back in."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.test import Client

from clinic.accounts.models import MailedCode, RefreshFamily, Session, User
from clinic.core import db
from dentists.models import Dentist
from tests.accounts.conftest import SignIn
from tests.accounts.mailbox import code_in, delivered
from tests.api.calling import sign_in
from tests.factories import Cast
from tests.factories.people import PASSWORD

Leaves = Callable[[Cast], None]


def by_admin(cast: Cast) -> None:
    with db.transaction(cast.as_admin):
        User.objects.filter(dentist_id=cast.weber.pk).update(is_active=False)


def by_sql(cast: Cast) -> None:
    with db.as_owner(), db.connection().cursor() as cursor:
        cursor.execute("UPDATE accounts_user SET is_active = false WHERE dentist_id = %s", [cast.weber.pk])


def with_the_dentist(cast: Cast) -> None:
    with db.transaction(cast.as_admin):
        Dentist.objects.filter(pk=cast.weber.pk)._raw_delete("default")


@pytest.mark.parametrize("leaves", [by_admin, by_sql, with_the_dentist])
def test_a_dentist_who_leaves_is_out_at_once(cast: Cast, comes_in: SignIn, leaves: Leaves) -> None:
    browser, program = comes_in(cast.weber.email), sign_in(cast.weber)
    waiting = Client()
    waiting.post("/accounts/sign-in/mail", {"email": cast.weber.email})
    (message,) = delivered()
    assert (browser.get("/dentist/").status_code, program.get("profiles/me").status) == (200, 200)
    leaves(cast)
    assert browser.get("/dentist/").status_code == 302
    assert program.get("profiles/me").told == (401, "invalid_token", [])
    assert program.post("auth/token/refresh", {"refresh": program.refresh}).status == 401
    assert waiting.post("/accounts/sign-in/mail/code", {"code": code_in(message)}).status_code == 422
    again = Client().post("/accounts/sign-in", {"email": cast.weber.email, "password": PASSWORD})
    assert again.status_code == 422
    with db.as_owner():
        left = (Session.objects.exclude(user=None).count(), RefreshFamily.objects.filter(revoked_at=None).count())
        assert (*left, MailedCode.objects.count()) == (0, 0, 0)


def test_an_account_whose_row_goes_takes_everything_along(cast: Cast, comes_in: SignIn) -> None:
    browser, program = comes_in(), sign_in(cast.ana)
    with db.as_owner():
        cast.ana_herself.delete()
        User.objects.get(pk=cast.ana.pk).delete()
    assert browser.get("/visits").status_code == 302
    assert program.get("profiles/me").status == 401


def test_others_stay(cast: Cast, comes_in: SignIn) -> None:
    """The control."""
    ana, program = comes_in(), sign_in(cast.ana)
    by_admin(cast)
    assert (ana.get("/visits").status_code, program.get("profiles/me").status) == (200, 200)
