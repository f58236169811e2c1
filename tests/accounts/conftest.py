from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.core.cache import cache
from django.test import Client

from clinic.accounts import second_factor, totp
from clinic.accounts.models import User
from clinic.core import clock, db
from tests.factories import Cast
from tests.factories.people import PASSWORD


@pytest.fixture(autouse=True)
def _no_tries_counted() -> None:
    cache.clear()


class StillClock:
    """The clinic's clock, which stands still until it is moved on."""

    def __init__(self) -> None:
        self.instant = clock.now()

    def pass_by(self, **how_long: float) -> None:
        self.instant += timedelta(**how_long)


@pytest.fixture
def still(monkeypatch: pytest.MonkeyPatch) -> StillClock:
    stands = StillClock()
    monkeypatch.setattr(clock, "now", lambda: stands.instant)
    return stands


class Phone:
    """An authenticator app with one secret, and the recovery codes on paper."""

    def __init__(self, user: User) -> None:
        self.user, self.secret = user, totp.new_secret()
        self.recovery = second_factor.switch_on(user, self.secret, self.code())

    def code(self, steps: int = 0) -> str:
        """What it shows now, or so many steps later."""
        return totp.code_of(self.secret, totp.step_at(clock.now().timestamp()) + steps)

    def next(self) -> str:
        return self.code(1)


@pytest.fixture
def phone(cast: Cast, still: StillClock) -> Phone:
    """Ana's: her account, whose address is confirmed, asks for a second factor."""
    with db.as_owner():
        User.objects.filter(pk=cast.ana.pk).update(email_verified_at=clock.now())
    return Phone(cast.ana)


SignIn = Callable[..., Client]


@pytest.fixture
def comes_in() -> SignIn:
    """A browser in which somebody has given their password, and perhaps a code."""

    def signed_in(email: str = "ana@example.org", code: str = "", user_agent: str = "") -> Client:
        client = Client(headers={"User-Agent": user_agent} if user_agent else None)
        client.post("/accounts/sign-in", {"email": email, "password": PASSWORD})
        if code:
            client.post("/accounts/sign-in/code", {"code": code})
        return client

    return signed_in
