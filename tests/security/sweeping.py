"""Everybody who could come, with a browser each, and an answer brought into a form in which two can be compared."""

from __future__ import annotations

import hashlib
import json
import re
import secrets
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any
from urllib.parse import quote
from uuid import uuid4

from django.conf import settings
from django.http import HttpResponse
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver

from appointments import links
from availability.models import TimeOff
from availability.reservations import reserve
from chatbot.conversations import begin
from clinic.accounts import addresses
from clinic.accounts.models import RefreshFamily, User
from clinic.accounts.passwords import confirmation_token, reset_token
from clinic.accounts.requests import HOLDER_COOKIE
from clinic.core import db
from clinic.core.actor import ANONYMOUS
from tests.factories import Cast, make_dentist, make_treatment, make_user
from tests.factories.people import make_person

# `holder` is somebody without an account who holds a slot, `link` one who shows a guest's private link, `gone` a patient
# whose account is switched off and whose browser still has its cookie.
EVERYBODY = ("nobody", "holder", "link", "ana", "ben", "weber", "okafor", "desk", "admin", "bot", "gone")
# Of the answer's head what could tell one case from another. Dates and lengths follow from the rest.
HEADERS = (
    "Location", "Content-Type", "Content-Disposition", "Cache-Control", "Vary", "Allow", "WWW-Authenticate",
    "Retry-After", "Content-Security-Policy", "Refresh", "Link", "ETag", "Last-Modified",
)  # fmt: skip
_SECRETS = (
    (re.compile(r'name="csrfmiddlewaretoken" value="[^"]*"'), "CSRF"),
    (re.compile(r'data-now="\d+"'), "NOW"),
    (re.compile(r"nonce(=\"|-)[\w+/=-]+"), "NONCE"),
)


@dataclass(frozen=True)
class Told:
    """An answer without what differs anyhow: the id that was asked for, and what is new in each answer."""

    status: int
    headers: tuple[tuple[str, str], ...]
    cookies: tuple[tuple[str, str], ...]
    body: str


def told(answer: HttpResponse, *ids: str) -> Told:
    def plain(text: str) -> str:
        for one in ids:
            # The longest first: a token that begins with a hyphen holds itself without one.
            for written in sorted({one, quote(one), quote(one, safe=""), one.replace("-", "")}, key=len, reverse=True):
                text = text.replace(written, "ID")
        for pattern, word in _SECRETS:
            text = pattern.sub(word, text)
        return text

    # Of a signed cookie what it says: behind the colon stand the second and the signature.
    cookies = tuple(
        (name, "" if name == "csrftoken" else morsel.value.partition(":")[0])
        for name, morsel in sorted(answer.cookies.items())
    )
    headers = tuple((name, plain(answer[name])) for name in HEADERS if name in answer)
    return Told(answer.status_code, headers, cookies, plain(answer.content.decode(errors="replace")))


def every_route(patterns: Any = None, prefix: str = "") -> Iterator[str]:
    """Every route that Django resolves, as `ResolverMatch.route` writes it."""
    for pattern in get_resolver().url_patterns if patterns is None else patterns:
        path = prefix + str(pattern.pattern)
        if isinstance(pattern, URLResolver):
            yield from every_route(pattern.url_patterns, path)
        elif isinstance(pattern, URLPattern):
            yield path


@dataclass
class Scene:
    """A clinic with something of everybody; `things` has what paths can name, by kind and by whose it is."""

    cast: Cast
    things: dict[str, dict[str, str]] = field(default_factory=dict)
    cookies: dict[str, dict[str, str]] = field(default_factory=dict)
    # One for all: with each new one the middleware is loaded anew, which takes longer than the answer.
    client: Client = field(default_factory=Client)

    def ask(self, who: str, method: str, path: str, body: dict[str, Any] | None = None) -> HttpResponse:
        """One request of a browser that has this person's cookies alone: no message waits in it for the next page."""
        client = self.client
        client.cookies.clear()
        for name, value in self.cookies[who].items():
            client.cookies[name] = value
        headers = {"X-Visit-Link": self.things["token"]["guest"]} if who == "link" else {}
        sent: dict[str, Any] = {}
        if method not in ("get", "head"):
            sent = {"data": body or {}}
            if path.startswith("/api/"):
                sent = {"data": json.dumps(body or {}), "content_type": "application/json"}
            elif method != "post":
                sent = {"data": "", "content_type": "application/x-www-form-urlencoded"}
        answer: HttpResponse = getattr(client, method)(path, headers=headers, **sent)
        return answer


def make_scene(cast: Cast) -> Scene:
    scene = Scene(cast)
    with db.as_owner():
        zoe, bea = make_user("Zoe Gone", "patient"), make_user("Bea Bot", "bot")
        zoe_herself = make_person(zoe)
        make_dentist("Dr. Old Hand", cast.checkup, is_active=False)
        make_treatment("Amalgam", is_active=False)
        weber, okafor = (User.objects.get(dentist_id=one.pk) for one in (cast.weber, cast.okafor))
    secret, session_of = secrets.token_urlsafe(8), {}
    people = {"ana": cast.ana, "ben": cast.ben, "weber": weber, "okafor": okafor, "desk": cast.dana, "admin": cast.ada,
              "bot": bea, "gone": zoe}  # fmt: skip
    for name, user in people.items():
        browser = Client()
        with db.signing_in():
            browser.force_login(user)
        session_of[name] = browser.cookies[settings.SESSION_COOKIE_NAME].value
    scene.cookies = {name: {settings.SESSION_COOKIE_NAME: key} for name, key in session_of.items()}
    scene.cookies |= {"nobody": {}, "link": {}, "holder": {HOLDER_COOKIE: secret}}

    nobody = ANONYMOUS.with_secret(secret)
    booked = {
        "ana": cast.booked(cast.as_ana, cast.at(9), contact=cast.guest("Ana Ruiz")),
        "ben": cast.booked(cast.as_ben, cast.at(9), dentist=cast.okafor.pk, contact=cast.guest("Ben Krause")),
        "guest": cast.booked(nobody, cast.at(10)),
        "gone": cast.booked(cast.as_(zoe), cast.at(10), dentist=cast.okafor.pk, contact=cast.guest("Zoe Gone")),
    }
    visits = {name: one.appointment for name, one in booked.items()}
    holders = {"ana": cast.as_ana, "ben": cast.as_ben, "holder": nobody, "gone": cast.as_(zoe)}
    holds = {
        name: reserve(actor, dentist=cast.weber.pk, treatment="check-up", start=cast.at(14) + timedelta(hours=number / 2))
        for number, (name, actor) in enumerate(holders.items())
    }  # fmt: skip
    with db.as_owner():
        away = {
            f"{name}{more}": TimeOff.objects.create(
                pk=987650000 + 10 * number + days,  # so long that no other number on a page begins with it
                dentist=one,
                starts_at=cast.at(9, days=days),
                ends_at=cast.at(12, days=days),
                reason=f"{name} plays golf",
            )
            for number, (name, one) in enumerate((("weber", cast.weber), ("okafor", cast.okafor)))
            for days, more in ((3, ""), (4, " too"), (8, " again"))
        }
        programs = {name: RefreshFamily.objects.create(user=people[name], newest="x", expires_at=cast.at(9)) for name in
                    ("ana", "ben")}  # fmt: skip
        changed = make_user("Ivy Inbox", "patient")
    addresses.ask(cast.ana.pk, "ana-new@example.net")
    addresses.ask(cast.ben.pk, "ben-new@example.net")
    with db.signing_in():
        zoe.is_active = False
        zoe.save(update_fields=["is_active"])
    # A switched-off account loses its sessions; the cookie stays in the browser.
    token = {name: links.token_for(visit.pk) for name, visit in visits.items()}
    scene.things = {
        "visit": {name: str(visit.pk) for name, visit in visits.items()} | {"missing": str(uuid4())},
        "hold": {name: str(hold.id) for name, hold in holds.items()} | {"missing": str(uuid4())},
        "person": {
            "ana": str(cast.ana_herself.pk), "ben": str(cast.ben_himself.pk),
            "guest": str(visits["guest"].patient_id), "gone": str(zoe_herself.pk), "missing": str(uuid4()),
        },
        "away": {name: str(row.pk) for name, row in away.items()} | {"missing": "987654321"},
        "browser": {name: hashlib.sha256(key.encode()).hexdigest()[:32] for name, key in session_of.items()
                    if name != "gone"} | {"missing": "0" * 32},
        "program": {name: str(row.pk) for name, row in programs.items()} | {"missing": str(uuid4())},
        "token": {
            "guest": token["guest"],
            "signed for another": token["guest"][:23] + token["ana"][23:],
            "cut": token["ana"][:-1],
            "unsigned": token["ana"][:23] + "A" * 23,
            "missing": links.token_for(uuid4()),
        },
        "reset": {"ana": reset_token(cast.ana), "forged": f"{cast.ana.pk}.{'c' * 39}", "missing": f"{uuid4()}.{'c' * 39}"},
        "confirm": {
            "ana": confirmation_token(cast.ana), "forged": _other_end(confirmation_token(changed)), "missing": "a:b:c",
        },
        "address": {
            "ana": addresses.token(cast.ana, "ana-new@example.net"),
            "ben": addresses.token(cast.ben, "ben-new@example.net"),
            "missing": "a:b:c",
        },
        "conversation": {name: str(begin(actor).id) for name, actor in holders.items()} | {"missing": str(uuid4())},
        "dentist": {"retired": "old-hand", "missing": "no-such-dentist"},
        "treatment": {"retired": "amalgam", "missing": "no-such-treatment"},
    }  # fmt: skip
    return scene


def _other_end(token: str) -> str:
    return token[:-4] + ("aaaa" if not token.endswith("aaaa") else "bbbb")
