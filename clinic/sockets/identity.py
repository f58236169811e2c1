"""Who a socket is, and whether that still holds. Synchronous: called in threads."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.contrib.auth import HASH_SESSION_KEY, SESSION_KEY
from django.utils.crypto import constant_time_compare

from clinic.accounts import browsers, tokens
from clinic.accounts.errors import InvalidToken, OtpRequired
from clinic.accounts.models import User
from clinic.accounts.requests import actor_for
from clinic.accounts.sessions import SessionStore
from clinic.core import clock, db
from clinic.core.actor import ANONYMOUS, AUTH, Actor, Source
from clinic.sockets.arrival import Arrival

# Sessions and sign-ins of programs that still hold, with what follows from the account behind them.
_STANDING = """
    SELECT s.session_key, u.id, u.role, u.dentist_id, u.password
      FROM accounts_session s JOIN accounts_user u ON u.id = s.user_id
     WHERE s.session_key = ANY(%s) AND s.expire_date > clock_timestamp() AND u.is_active
    UNION ALL
    SELECT f.id::text, u.id, u.role, u.dentist_id, u.password
      FROM accounts_refreshfamily f JOIN accounts_user u ON u.id = f.user_id
     WHERE f.id = ANY(%s::uuid[]) AND f.revoked_at IS NULL AND u.is_active
"""
# What was shown, whose it is, role, schedule, and a sign of the password: while a row says the same, nothing has ended.
Standing = tuple[str, UUID, str, UUID | None, int]


@dataclass(frozen=True, slots=True)
class Identity:
    """A caller and what it rests on: nothing for nobody in particular. `until` is when an access token runs out, in
    seconds since 1970."""

    actor: Actor
    standing: Standing | None = None
    is_program: bool = False
    until: float = float("inf")

    @property
    def user_id(self) -> UUID | None:
        return self.actor.user_id


NOBODY = Identity(ANONYMOUS)


def of_arrival(arrival: Arrival) -> Identity:
    """Who the handshake says it is: by token, by session, or nobody in particular, which a session that ended is too.
    Raises `InvalidToken`, and `OtpRequired` for staff who must show a second factor and have not."""
    if arrival.bearer:
        return of_token(arrival.bearer, address=arrival.address)
    user = _of_session(arrival) if arrival.session_key else None
    actor = actor_for(user, secret=arrival.secret, address=arrival.address)
    if user is None:
        return Identity(actor)
    return Identity(actor, _standing(arrival.session_key, user))


def of_token(text: str, *, address: str) -> Identity:
    """Whose access token this is. Raises `InvalidToken`."""
    family, until, user = tokens.standing_of(text)
    return Identity(actor_for(user, address=address, source=Source.API), _standing(str(family), user), True, until)


def _of_session(arrival: Arrival) -> User | None:
    """As Django's `get_user`, which would give the session a new key or empty it: the browser could not be told."""
    request: Any = arrival.request
    session = request.session = SessionStore(arrival.session_key)
    try:
        user_id = UUID(session.get(SESSION_KEY, ""))
    except ValueError:
        return None
    with db.signing_in():
        user = User.objects.filter(pk=user_id, is_active=True).first()
    shown = session.get(HASH_SESSION_KEY, "")
    if user is None or not any(
        constant_time_compare(shown, good)
        for good in (user.get_session_auth_hash(), *user.get_session_auth_fallback_hash())
    ):
        return None
    request.user = user
    if browsers.without_second_factor(request):
        raise OtpRequired()
    return user


def _standing(shown: str, user: User) -> Standing:
    return shown, user.pk, str(user.role), user.dentist_id, hash(user.password)


def ended(identities: Iterable[Identity]) -> set[Identity]:
    """Those that hold no longer: signed out, run out, revoked, switched off, or the account's role, schedule or password
    is another. One query for all."""
    asked = {one for one in identities if one.standing is not None}
    shown: tuple[set[str], set[str]] = set(), set()
    for one in asked:
        shown[one.is_program].add(one.standing[0])  # type: ignore[index]  # those without were left out
    if not asked:
        return set()
    with db.reading(AUTH):
        rows = db.rows(_STANDING, [list(shown[False]), list(shown[True])])
    holds = {(key, user, role, dentist, hash(password)) for key, user, role, dentist, password in rows}
    now = clock.now().timestamp()
    return {one for one in asked if one.standing not in holds or one.until <= now}


__all__ = ["NOBODY", "Identity", "InvalidToken", "OtpRequired", "ended", "of_arrival", "of_token"]
