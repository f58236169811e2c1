"""How often: real refusals, counted in Redis for all processes alike."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
import redis
from django.test import Client
from pytest_django import Settings

from clinic.accounts.models import User
from clinic.core import clock, throttles
from tests.api.calling import Answer, Caller, credentials, sign_in
from tests.factories import Cast

# A window of months: no test is in two of them.
LONG = 10_000_000
ELSEWHERE = """
import json
import sys
import django
django.setup()
from django.conf import settings
from django.test import Client
limits, path, times = json.loads(sys.argv[1])
settings.THROTTLES |= limits
print([Client().get(path, headers={"host": "127.0.0.1"}).status_code for _ in range(times)])
"""


@pytest.fixture(autouse=True)
def _counted_anew(database: None, settings: Settings) -> Iterator[None]:
    counter = redis.Redis.from_url(settings.REDIS_URL)
    for key in counter.scan_iter("clinic:throttle:*"):
        counter.delete(key)
    yield
    counter.close()


def limit(settings: Settings, **times: int) -> None:
    settings.THROTTLES = settings.THROTTLES | {name: (count, LONG) for name, count in times.items()}


def statuses(times: int, caller: Caller, **headers: str) -> list[int]:
    return [caller.get("treatments", **headers).status for _ in range(times)]


def test_too_often_says_when_to_come_again(cast: Cast, anyone: Caller, settings: Settings) -> None:
    limit(settings, anonymous_read=2)
    assert statuses(2, anyone) == [200, 200]
    refused = anyone.get("treatments")
    assert (refused.status, refused.json) == (
        429, {"error": {"code": "too_many", "message": "That was too often. Please wait a little.", "fields": {}}},
    )  # fmt: skip
    left = LONG - clock.now().timestamp() % LONG
    assert abs(int(refused.headers["Retry-After"]) - left) < 60


def test_a_window_that_is_over_counts_no_more(
    cast: Cast, anyone: Caller, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    limit(settings, anonymous_read=1)
    assert statuses(2, anyone) == [200, 429]
    later = clock.now() + timedelta(seconds=LONG)
    monkeypatch.setattr(throttles.clock, "now", lambda: later)
    assert statuses(2, anyone) == [200, 429]


def test_another_process_counts_with_this_one(cast: Cast, anyone: Caller, settings: Settings) -> None:
    limit(settings, anonymous_read=3)
    asked = json.dumps([{"anonymous_read": [3, LONG]}, "/api/treatments", 2])
    done = subprocess.run(
        [sys.executable, "-c", ELSEWHERE, asked],
        cwd=Path(__file__).resolve().parents[2],
        env=os.environ | {"DJANGO_SETTINGS_MODULE": "tests.settings"},
        capture_output=True,
        text=True,
        check=True,
        timeout=60,
    )
    assert done.stdout == "[200, 200]\n"
    assert statuses(2, anyone) == [200, 429]


def test_an_accounts_limit_is_its_own(cast: Cast, ana: Caller, ben: Caller, anyone: Caller, settings: Settings) -> None:
    limit(settings, read=2, anonymous_read=2)
    assert statuses(3, ana) == [200, 200, 429]
    # From wherever it signs in, and whatever another does at the same address.
    assert statuses(1, sign_in(cast.ana)) == [429]
    assert statuses(2, ben) == [200, 200]
    assert statuses(2, anyone) == [200, 200]


def test_reading_and_writing_are_counted_apart(cast: Cast, ana: Caller, settings: Settings) -> None:
    limit(settings, write=1)
    assert [ana.patch("profiles/me", {"name": "Ana"}).status for _ in range(2)] == [200, 429]
    assert statuses(2, ana) == [200, 200]


def test_a_strangers_header_does_not_lead_round_it(cast: Cast, anyone: Caller, settings: Settings) -> None:
    limit(settings, anonymous_read=2)
    found = [anyone.get("treatments", X_Forwarded_For=f"203.0.113.{number}").status for number in range(3)]
    assert found == [200, 200, 429]


def test_of_our_own_proxy_it_is_believed(cast: Cast, anyone: Caller, settings: Settings) -> None:
    """The control: and only what that one wrote, which comes last."""
    settings.TRUSTED_PROXIES = 1
    limit(settings, anonymous_read=1)
    hops = ["203.0.113.1", "203.0.113.2", "198.51.100.9, 203.0.113.2"]
    assert [anyone.get("treatments", X_Forwarded_For=hop).status for hop in hops] == [200, 200, 429]


def test_a_household_has_one_limit(cast: Cast, settings: Settings) -> None:
    limit(settings, anonymous_read=1)
    addresses = ["2001:db8:1:2::1", "2001:db8:1:2:ffff::9", "2001:db8:1:3::1"]
    found = [Client(REMOTE_ADDR=address).get("/api/treatments").status_code for address in addresses]
    assert found == [200, 429, 200]


def booking(cast: Cast) -> dict[str, Any]:
    return {"dentist_id": "eva-weber", "treatment": "check-up", "appointment_date": cast.at(9).isoformat()}


@pytest.mark.parametrize("name", ["anonymous_write", "anonymous_booking"])
def test_bookings_of_whoever_has_no_account_are_few(
    cast: Cast, anyone: Caller, ana: Caller, settings: Settings, name: str
) -> None:
    limit(settings, **{name: 1})
    assert [anyone.post("appointments", booking(cast)).status for _ in range(2)] == [400, 429]
    assert ana.post("appointments", booking(cast)).status != 429


@pytest.mark.parametrize(
    ("name", "path"),
    [("register", "auth/register"), ("reference", "appointments/find"), ("sign_in_address", "auth/token")],
)
def test_guessing_is_limited_by_address(
    cast: Cast, anyone: Caller, ana: Caller, settings: Settings, name: str, path: str
) -> None:
    limit(settings, **{name: 1})
    # An account more does not help.
    assert [anyone.post(path).status, ana.post(path).status] == [400, 429]
    assert ana.get("treatments").status == 200


def attempt(who: User, **headers: str) -> Answer:
    return Caller().post("auth/token", credentials(who) | {"password": "guessed"}, **headers)


def test_nobody_far_away_locks_somebody_out(cast: Cast, settings: Settings) -> None:
    settings.TRUSTED_PROXIES = 1
    limit(settings, sign_in=2)
    there, here = "203.0.113.1", "198.51.100.9"
    assert [attempt(cast.ana, X_Forwarded_For=there).status for _ in range(3)] == [401, 401, 429]
    assert attempt(cast.ben, X_Forwarded_For=there).status == 401
    assert Caller().post("auth/token", credentials(cast.ana), X_Forwarded_For=here).status == 200


def test_without_redis_guessing_stops_and_all_else_goes_on(
    cast: Cast, ana: Caller, anyone: Caller, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[str] = []

    def nowhere() -> redis.Redis:
        asked.append("Redis")
        return redis.Redis.from_url("redis://127.0.0.1:1/0")

    monkeypatch.setattr(throttles, "_silent_until", 0.0)
    monkeypatch.setattr(throttles, "_counter", nowhere)
    refused = [anyone.post("auth/token", credentials(cast.ana)), anyone.post("appointments/find", {})]
    assert [(answer.told, answer.headers["Retry-After"]) for answer in refused] == [((503, "busy", []), "1")] * 2
    assert [anyone.get("treatments").status, ana.get("profiles/me").status] == [200, 200]
    assert anyone.post("availability/reserve", {}).status == 400
    assert len(asked) == 1, "whoever comes next does not wait for it again"
