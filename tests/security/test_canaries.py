"""A person whom nobody can overlook goes through everything; afterwards nothing of them is anywhere but in the tables that
are there for it. Real processes: Daphne, a worker, PostgreSQL, Redis, a mail server that refuses and takes."""

from __future__ import annotations

import json
import re
import tempfile
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass, field
from http.client import HTTPMessage
from pathlib import Path
from typing import Any

import psycopg
import pytest
import redis
from psycopg import sql

from clinic.accounts.sessions import SessionStore
from clinic.core import clock
from clinic.embedded.place import place_for
from tests.factories.people import PASSWORD
from tests.security.canary_sinks import CHANNELS, SINKS
from tests.security.canary_stand import Answer, Browser, Stand, standing, until

pytestmark = [pytest.mark.thorough, pytest.mark.xdist_group("canaries")]  # one stand for all of them

NAME, EMAIL, PHONE, BORN = "Quilla Canaryname", "quilla.canarymail@example.org", "+49 30 55501987", "1903-07-19"
SIGN_IN = {"email": EMAIL, "password": "a canarypassword of hers"}
MEDICAL = {
    "chief_complaint": "canarycomplaint", "symptoms": "canaryache", "medical_history": "canaryhistory",
    "medications": "canarypills", "allergies": "canarylatex", "medical_conditions": "canaryheart", "notes": "canarynote",
}  # fmt: skip
WORDS = ("canary", "quilla", "55501987", "1903-07-19", "19.07.1903")
BROKEN = "Quilla Canarybroken"  # a row that the database refuses, and says so with all that is in it
UNFIT = "Quilla Canaryunfit"  # one that violates a constraint which the site has no words for
_REFUSALS = f"""
CREATE FUNCTION refuse_row() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
    RAISE EXCEPTION USING MESSAGE = 'refused: ' || NEW::text, DETAIL = NEW::text, HINT = NEW::text;
END $$;
CREATE TRIGGER refuse_row BEFORE INSERT ON appointments_appointment FOR EACH ROW
    WHEN (NEW.patient_name = '{BROKEN}') EXECUTE FUNCTION refuse_row();
ALTER TABLE appointments_appointment ADD CONSTRAINT fits CHECK (patient_name <> '{UNFIT}') NOT VALID;
"""  # fmt: skip


@dataclass
class Story:
    """What was told, and the secrets that were given out on the way."""

    stand: Stand
    listening: psycopg.Connection[Any]
    subscribed: Any
    secrets: set[str] = field(default_factory=set)
    links: set[str] = field(default_factory=set)

    def wish(self, time: str, **changes: Any) -> dict[str, Any]:
        return {
            "dentist_id": self.stand.cast["weber"], "treatment": "check-up", "appointment_time": time,
            "appointment_date": self.stand.cast["monday"], "patient_name": NAME, "patient_email": EMAIL,
            "patient_phone": PHONE, "patient_birth_date": BORN, "consent": True, **MEDICAL, **changes,
        }  # fmt: skip

    def hold(self, browser: Browser, time: str) -> str:
        """The page of a held slot."""
        start = f"{self.stand.cast['monday']}T{time}:00+01:00"
        held = browser.send("/hold", dentist=self.stand.cast["weber"], treatment="check-up", start=start)
        return told(held, 302).location

    def details(self, **changes: str) -> dict[str, str]:
        contact = {"patient_name": NAME, "patient_email": EMAIL, "patient_phone": PHONE, "birth_date": BORN}
        return {**contact, **MEDICAL, "payment_method": "cash", "consent": "on", **changes}


def told(answer: Answer, status: int) -> Answer:
    assert answer.status == status, f"{answer.asked}: {answer.status} {answer.text[:800]}"
    return answer


def with_an_account(story: Story) -> None:
    browser = story.stand.browser()
    told(browser.send("/accounts/sign-up", name=NAME, email="canary-no-mail", password="canary"), 422)
    told(browser.send("/accounts/sign-up", name=NAME, **SIGN_IN), 302)
    told(browser.send("/accounts/sign-in", email=EMAIL, password="canarywrong"), 422)
    told(browser.send("/accounts/sign-in", **SIGN_IN), 302)
    story.secrets.add(browser.kept["sessionid"])
    page = story.hold(browser, "09:00")
    told(browser.send(page, **story.details(patient_phone="canaryphone", birth_date="canaryday")), 422)
    told(browser.send(page, **story.details()), 302)
    story.hold(browser, "09:30")
    told(browser.send(story.hold(browser, "10:00"), **story.details(person="new", patient_name=BROKEN)), 500)
    told(browser.ask("/visits"), 200)
    told(browser.ask("/account/data.json"), 200)
    told(browser.send("/account/erase", email=EMAIL, password="canarywrong"), 422)
    told(browser.send("/people/add", name="Pixel Canarychild", birth_date=BORN, relation="canary"), 422)
    told(browser.send("/accounts/password/reset", email=EMAIL), 302)
    stranger = story.stand.browser()
    told(stranger.send("/accounts/sign-in/mail", email=EMAIL), 302)
    told(stranger.send("/accounts/password/reset/canary-token", password="canarynew password"), 404)


def with_a_private_link(story: Story) -> None:
    browser = story.stand.browser()
    shown = told(browser.send(story.hold(browser, "10:30"), **story.details()), 302).location
    story.secrets.add(browser.kept["holder"])
    story.links.add(shown.rsplit("/", 1)[1])
    reference = re.search(r"DC-\w+", told(browser.ask(shown), 200).text)
    assert reference
    told(browser.ask(f"{shown}/calendar.ics"), 200)
    moved = f"{story.stand.cast['monday']}T11:00:00+01:00"
    told(browser.send(f"{shown}/move", start=moved), 302)
    told(browser.send(f"{shown}/cancel", reason="canaryreason"), 302)
    told(browser.ask(f"{shown}x"), 404)
    told(browser.ask("/visit/canary-link-that-opens-nothing"), 404)
    told(browser.send("/find-visit", reference="DC-CANARY", email=EMAIL), 404)
    told(browser.send("/find-visit", reference=reference[0], email=EMAIL), 302)


def through_the_api(story: Story) -> None:
    anyone, signed_in = story.stand.browser(), story.stand.browser()
    told(anyone.call("POST", "auth/register", {**SIGN_IN, "name": NAME, "email": "canary"}), 400)
    told(anyone.call("POST", "auth/token", {**SIGN_IN, "password": "canarywrong"}), 401)
    tokens = told(anyone.call("POST", "auth/token", SIGN_IN), 200).json
    story.secrets.update(tokens.values())
    bearer = {"Authorization": f"Bearer {tokens['access']}"}
    told(signed_in.call("GET", "profiles/me/export", **bearer), 200)
    told(signed_in.call("GET", "profiles/me", Authorization="Bearer canarytoken"), 401)
    told(signed_in.call("POST", "appointments", story.wish("13:00", patient_email="canary"), **bearer), 400)
    key = {"Idempotency_Key": "canarykey-1"}
    booked = told(anyone.call("POST", "appointments", story.wish("13:00"), **key), 201).json
    assert told(anyone.call("POST", "appointments", story.wish("13:00"), **key), 201).json == booked
    told(anyone.call("POST", "appointments", story.wish("13:30"), **key), 422)
    told(anyone.call("POST", "appointments", story.wish("13:00", patient_name="Kim Canarykim")), 409)
    told(anyone.call("POST", "appointments", story.wish("15:00", patient_name=BROKEN), **bearer), 500)
    told(anyone.call("POST", "appointments", story.wish("15:30", patient_name=UNFIT)), 500)
    link = {"X_Visit_Link": booked["link"]}
    story.links.add(booked["link"].rsplit("/", 1)[1])
    visit = f"appointments/{booked['id']}"
    told(anyone.call("GET", visit, **link), 200)
    told(anyone.call("POST", f"{visit}/reschedule", {"appointment_date": story.stand.cast["monday"],
                                                    "appointment_time": "14:00"}, **link), 200)  # fmt: skip
    told(anyone.call("POST", f"{visit}/cancel", {"reason": "canaryreason"}, **link), 200)
    told(anyone.call("POST", "appointments/find", {"reference": "DC-CANARY", "email": EMAIL}), 404)
    told(anyone.call("GET", f"profiles/dentists?q={NAME.replace(' ', '+')}&page=canary"), 400)
    told(anyone.call("GET", "availability/slots?treatment=canary"), 404)
    told(anyone.ask("/api/auth/token", method="POST", data=b'{"email": "canary', Content_Type="application/json"), 400)


def at_the_desk_and_in_admin(story: Story) -> None:
    for who in ("dana@example.org", "ada@example.org"):
        tokens = told(story.stand.browser().call("POST", "auth/token", {"email": who, "password": PASSWORD}), 200).json
        bearer = {"Authorization": f"Bearer {tokens['access']}"}
        story.secrets.update(tokens.values())
        caller = story.stand.browser()
        told(caller.call("GET", "appointments?q=Canaryname&patient_email=" + EMAIL, **bearer), 400)
        today = {"appointment_date": clock.today().isoformat(), "outside_rules": True}
        booked = caller.call(
            "POST", "appointments", story.wish("22:00" if "dana" in who else "23:00", **today), **bearer
        )
        visit = f"appointments/{told(booked, 201).json['id']}"
        told(caller.call("PATCH", visit, {"patient_phone": "canaryphone"}, **bearer), 400)
        told(caller.call("POST", f"{visit}/check-in", {}, **bearer), 200)
        told(caller.call("POST", f"{visit}/cancel", {"reason": "canaryreason"}, **bearer), 409)
    admin = story.stand.browser()
    told(admin.send("/accounts/sign-in", email="ada@example.org", password=PASSWORD), 302)
    found = told(admin.ask("/admin/appointments/appointment/?q=Canaryname"), 200)
    assert NAME in found.text
    told(admin.ask(f"/admin/accounts/user/?q={EMAIL}"), 200)
    told(admin.ask(f"/admin/accounts/user/{EMAIL}/change/"), 302)
    chosen = re.findall(r'name="_selected_action" value="([\w-]+)"', found.text)
    # From the list itself: Django's admin goes back to where an action came from, with the search that stood there.
    told(admin.send("/admin/appointments/appointment/", action="cancel", reason="canaryreason",
                    _selected_action=chosen[0], index="0"), 302)  # fmt: skip


def what_nobody_expects(story: Story) -> None:
    browser = story.stand.browser()
    told(browser.ask(f"/?q={NAME.replace(' ', '+')}"), 200)
    told(browser.ask(f"/nothing/{EMAIL}?name=canary"), 404)
    told(browser.ask("/", Host="canary.example"), 400)
    told(browser.ask("/", User_Agent="canary/1.0", Referer=f"https://example.org/{EMAIL}", X_Request_ID="canary"), 200)
    told(browser.ask("/%ff%fecanary"), 404)
    told(browser.ask("/", method="CANARY"), 403)
    told(browser.ask("/accounts/sign-in", method="POST", data=b"email=canary"), 403)


def with_the_mail(story: Story) -> None:
    """First nobody gets a mail, then everybody does; the server that refuses repeats whom."""
    stand = story.stand
    stand.sink.to_recipient = f"550 no such user {EMAIL}"
    with stand.command("work"), stand.command("relay"):
        until(lambda: "not sent: SMTPRecipientsRefused 550; it is failed" in stand.said())
        until(lambda: "mail to account" in stand.said())
        until(lambda: not stand.sql("SELECT 1 FROM procrastinate_jobs WHERE status IN ('todo', 'doing') AND attempts = 0"
                                    " AND queue_name = 'mail'"))  # fmt: skip
        stand.sink.to_recipient = "250 ok"
        told(stand.browser().call("POST", "appointments", story.wish("11:30")), 201)
        assert stand.sink.wait_for(lambda: any(EMAIL in str(mail["To"]) for mail in stand.sink.taken), at_most=120)
        until(lambda: not stand.sql("SELECT 1 FROM realtime_events WHERE published_at IS NULL"))


@pytest.fixture(scope="module")
def story() -> Iterator[Story]:
    with tempfile.TemporaryDirectory(prefix="clinic-") as name:
        try:
            with ExitStack() as stack:
                stand = stack.enter_context(standing(Path(name)))
                listening = stack.enter_context(psycopg.connect(stand.superuser_url, autocommit=True))
                for channel in CHANNELS:
                    listening.execute(sql.SQL("LISTEN {}").format(sql.Identifier(channel)))
                stand.sql(_REFUSALS)
                subscribed = stack.enter_context(redis.Redis.from_url(stand.redis_url).pubsub())
                subscribed.psubscribe("*")
                told_all = Story(stand, listening, subscribed)
                for part in (with_an_account, with_a_private_link, through_the_api, at_the_desk_and_in_admin,
                             what_nobody_expects, with_the_mail):  # fmt: skip
                    part(told_all)
                yield told_all
        finally:
            place_for(Path(name), durable=False).erase()


def leaks(story: Story, sink: str) -> list[str]:
    """Where a word of hers or a secret stands in it, with what is around."""
    hear(story)
    text = SINKS[sink](story.stand)
    # To the private link one is sent by redirects, that is their purpose.
    secrets = story.secrets | (set() if sink == "redirects" else story.links)
    found = re.finditer("|".join(map(re.escape, (*WORDS, *sorted(secrets)))), text, re.IGNORECASE)
    return [text[max(0, one.start() - 150) : one.end() + 50] for one in found]


def hear(story: Story) -> None:
    while (message := story.subscribed.get_message(timeout=1)) is not None:
        story.stand.published.append(repr(message["data"]))
    story.stand.notified += [f"{told.channel} {told.payload}" for told in story.listening.notifies(timeout=1)]


def _in_redis(stand: Stand) -> None:
    with redis.Redis.from_url(stand.redis_url) as client:
        client.hset("planted", "whose", "canaryplanted")


def _over_redis(stand: Stand) -> None:
    with redis.Redis.from_url(stand.redis_url) as client:
        client.publish("planted", "canaryplanted")


def _answered(stand: Stand, status: int, location: str = "", text: str = "") -> None:
    headers = HTTPMessage()
    headers["Location"] = location
    stand.answers.append(Answer("planted", status, headers, text))


_ON_PURPOSE: dict[str, Callable[[Stand], object]] = {
    "site log": lambda stand: stand.python(
        "import django, logging; django.setup(); logging.getLogger('clinic.planted').warning('canaryplanted')"
    ),
    "PostgreSQL's log": lambda stand: stand.sql("DO $$ BEGIN RAISE LOG 'canaryplanted'; END $$"),
    "Redis": _in_redis,
    "notifications": lambda stand: stand.sql("SELECT pg_notify('realtime', 'canaryplanted')"),
    "published": _over_redis,
    "jobs": lambda stand: stand.sql(
        "INSERT INTO procrastinate_jobs (queue_name, task_name, args) VALUES ('none', 'planted', '{\"to\": \"canaryplanted\"}')"
    ),
    "live events": lambda stand: stand.sql(
        "SELECT realtime_write('planted', '{planted}', '{\"to\": \"canaryplanted\"}')"
    ),
    "sessions": lambda stand: stand.sql(
        "UPDATE accounts_session SET session_data = %s", SessionStore().encode({"to": "canaryplanted"})
    ),
    "redirects": lambda stand: _answered(stand, 302, location="/?q=canaryplanted"),
    "error pages": lambda stand: _answered(stand, 500, text="canaryplanted"),
}


@pytest.mark.parametrize("sink", list(SINKS))
def test_nothing_of_hers_is_in(story: Story, sink: str) -> None:
    assert leaks(story, sink) == []
    _ON_PURPOSE[sink](story.stand)  # the control: the same look finds what was put there
    assert any("canaryplanted" in found for found in leaks(story, sink))


def test_the_log_tells_what_broke_all_the_same(story: Story) -> None:
    lines = [json.loads(line) for line in story.stand.said().splitlines()]
    failed = [line for line in lines if line["event"] == "request_failed"]
    broken = [(line["route"], line["exception"][1]["type"], line["exception"][1].get("constraint")) for line in failed]
    assert broken == [
        ("book/<uuid:reservation_id>", "psycopg.errors.RaiseException", None),
        ("api/appointments", "psycopg.errors.RaiseException", None),
        ("api/appointments", "psycopg.errors.CheckViolation", "fits"),
    ]
    answers = [answer for answer in story.stand.answers if answer.asked != "planted"]
    shown = [answer.headers["X-Request-ID"] for answer in answers if answer.status == 500]
    assert [line["request_id"] for line in failed] == shown
    assert all(answer.headers["X-Request-ID"] for answer in answers)
