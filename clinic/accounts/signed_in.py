"""Where an account is signed in: browsers and programs, listed and ended by their owner."""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass
from datetime import UTC, datetime
from uuid import UUID

from clinic.accounts.browsers import BROWSER, SINCE
from clinic.accounts.models import RefreshFamily, Session
from clinic.core import clock, db

_BROWSERS = (
    (r"Edg(?:e|A|iOS)?/", "Edge"),
    (r"OPR/|Opera", "Opera"),
    (r"SamsungBrowser/", "Samsung Internet"),
    (r"Firefox/|FxiOS/", "Firefox"),
    (r"Chrome/|CriOS/|Chromium/", "Chrome"),
    (r"Safari/", "Safari"),
)
_SYSTEMS = (
    (r"iPhone", "iPhone"),
    (r"iPad", "iPad"),
    (r"Android", "Android"),
    (r"Windows", "Windows"),
    (r"Macintosh|Mac OS X", "Mac"),
    (r"CrOS", "Chromebook"),
    (r"Linux|X11", "Linux"),
)


@dataclass(frozen=True, slots=True)
class Browser:
    """A signed-in browser. `key` names it without giving it away; instants are None where nobody noted them."""

    key: str
    browser: str
    system: str
    since: datetime | None
    last_seen: datetime | None
    is_this: bool


@dataclass(frozen=True, slots=True)
class Program:
    """One sign-in of a program with tokens."""

    key: str
    since: datetime
    until: datetime


def browsers_of(user_id: UUID, *, this: str) -> list[Browser]:
    """The account's browsers, the one whose session key is `this` first, then the last seen ones."""
    with db.signing_in():
        rows = list(Session.objects.filter(user_id=user_id, expire_date__gt=clock.now()))
    found = [_browser(row, this) for row in rows]
    return sorted(found, key=lambda one: (not one.is_this, -(one.last_seen.timestamp() if one.last_seen else 0)))


def programs_of(user_id: UUID) -> list[Program]:
    """The account's sign-ins by token that can still be refreshed, the newest first."""
    with db.signing_in():
        rows = RefreshFamily.objects.filter(user_id=user_id, revoked_at=None, expires_at__gt=clock.now())
        return [Program(str(row.pk), row.created_at, row.expires_at) for row in rows.order_by("-created_at", "id")]


def end(user_id: UUID, key: str) -> None:
    """Ends one browser or program of this account; what is not there is not there any more."""
    with db.signing_in():
        for row in Session.objects.filter(user_id=user_id).only("session_key"):
            if _key(row.session_key) == key:
                row.delete()
        programs = RefreshFamily.objects.filter(user_id=user_id, revoked_at=None)
        for family in programs.only("pk"):
            if str(family.pk) == key:
                programs.filter(pk=family.pk).update(revoked_at=clock.now())


def end_others(user_id: UUID, *, this: str) -> None:
    """Ends every browser but the one whose session key is `this`, and every program."""
    with db.signing_in():
        Session.objects.filter(user_id=user_id).exclude(session_key=this).delete()
        RefreshFamily.objects.filter(user_id=user_id, revoked_at=None).update(revoked_at=clock.now())


def in_words(user_agent: str) -> tuple[str, str]:
    """Browser and system that a User-Agent header names; "" for what it does not say."""
    return _first(_BROWSERS, user_agent), _first(_SYSTEMS, user_agent)


def _first(known: tuple[tuple[str, str], ...], text: str) -> str:
    return next((name for pattern, name in known if re.search(pattern, text)), "")


def _browser(row: Session, this: str) -> Browser:
    data = row.get_decoded()
    browser, system = in_words(str(data.get(BROWSER, "")))
    since = datetime.fromtimestamp(data[SINCE], UTC) if SINCE in data else None
    return Browser(_key(row.session_key), browser, system, since, row.last_seen_at, row.session_key == this)


def _key(session_key: str) -> str:
    """A name of a session that is no use for taking it over."""
    return hashlib.sha256(session_key.encode()).hexdigest()[:32]
