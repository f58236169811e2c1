"""Tokens of programs: a short-lived access token, and a refresh token that is good once.

All refresh tokens of one sign-in are a family, a row of its own. Access tokens name it too, so that signing out, a new
password or a replayed token ends them at once instead of when they run out.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from uuid import UUID

from rest_framework_simplejwt.exceptions import TokenError
from rest_framework_simplejwt.tokens import AccessToken, RefreshToken, Token

from clinic.accounts import attacks, second_factor
from clinic.accounts.errors import InvalidToken, OtpRequired, TokenReused, WrongCredentials
from clinic.accounts.models import RefreshFamily, User
from clinic.accounts.sign_in import PasswordBackend
from clinic.core import clock, db

FAMILY = "family"


@dataclass(frozen=True, slots=True)
class Tokens:
    """What a sign-in or a refresh gives."""

    access: str
    refresh: str


def sign_in(email: str, password: str, otp: str = "", *, address: str = "") -> Tokens:
    """Tokens of a new family; `otp` is a code of the second factor, or a recovery code. Raises `WrongCredentials`,
    `WrongCode`, `TooMany`, and `OtpRequired` when the code is missing, staff in
    production has no second factor, or the account's password is being guessed (then its page still lets the owner in)."""
    user = PasswordBackend().authenticate(None, username=email, password=password)
    if user is None:
        raise WrongCredentials()
    if second_factor.has(user.pk):
        if not otp:
            raise OtpRequired()
        second_factor.prove(user.pk, otp, address=address)
    elif second_factor.is_required(user) or attacks.is_attacked(user.email):
        raise OtpRequired()
    return issue(user)


def issue(user: User) -> Tokens:
    """Tokens for somebody who has just shown who they are. Raises `WrongCredentials` when that changed meanwhile."""
    refresh = RefreshToken()
    with db.signing_in():
        # Locked and compared: a password that is being changed ends the tokens made with the old one, these too.
        same = User.objects.select_for_update(no_key=True).filter(
            pk=user.pk, password=user.password, role=user.role, is_active=True
        )
        if not same.exists():
            raise WrongCredentials()
        RefreshFamily.objects.filter(user=user, expires_at__lte=clock.now()).delete()
        family = RefreshFamily(user=user, newest=refresh["jti"], expires_at=_end(refresh))
        family.save(force_insert=True)
    return _pair(refresh, family)


def refreshed(text: str) -> Tokens:
    """The next tokens of a family. Raises `InvalidToken`, and `TokenReused` for one that was exchanged before: then
    whoever holds the newer ones has lost them too."""
    given, fresh = _read(RefreshToken, text), RefreshToken()
    with db.signing_in():
        family = _living(given, lock=True)
        reused = family.newest != given["jti"]
        if reused:
            family.revoked_at = clock.now()
        else:
            family.newest, family.expires_at = fresh["jti"], _end(fresh)
        family.save(update_fields=["newest", "expires_at", "revoked_at"])
    if reused:
        raise TokenReused()
    return _pair(fresh, family)


def sign_out(text: str) -> None:
    """Ends the family of a refresh or access token. One that is no good any more is what was wanted."""
    try:
        given = _read(RefreshToken, text)
    except InvalidToken:
        try:
            given = _read(AccessToken, text)
        except InvalidToken:
            return
    with db.signing_in():
        RefreshFamily.objects.filter(pk=given[FAMILY], revoked_at=None).update(revoked_at=clock.now())


def user_of(text: str) -> User:
    """Whose access token this is, as the account is now. Raises `InvalidToken`."""
    given = _read(AccessToken, text)
    with db.signing_in():
        return _living(given).user


def standing_of(text: str) -> tuple[UUID, float, User]:
    """What an access token rests on: its family, when it runs out (seconds since 1970), and the account as it is now. For
    whoever must ask again whether that still holds. Raises `InvalidToken`."""
    given = _read(AccessToken, text)
    with db.signing_in():
        family = _living(given)
    return family.pk, float(given["exp"]), family.user


def _living(given: Token, *, lock: bool = False) -> RefreshFamily:
    families = RefreshFamily.objects.select_for_update(of=("self",)) if lock else RefreshFamily.objects
    found = families.select_related("user").filter(pk=given[FAMILY], revoked_at=None, user__is_active=True).first()
    if found is None:
        raise InvalidToken()
    return found


def _read(kind: type[Token], text: str) -> Token:
    try:
        token = kind(text)  # type: ignore[arg-type]  # an encoded token is a string, whatever the annotation says
    except TokenError as error:
        raise InvalidToken() from error
    if FAMILY not in token:
        raise InvalidToken()
    return token


def _pair(refresh: RefreshToken, family: RefreshFamily) -> Tokens:
    refresh[FAMILY], refresh["sub"] = str(family.pk), str(family.user_id)
    return Tokens(access=str(refresh.access_token), refresh=str(refresh))


def _end(token: Token) -> datetime:
    return datetime.fromtimestamp(token["exp"], UTC)
