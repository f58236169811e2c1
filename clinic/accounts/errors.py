"""What can go wrong when somebody says who they are."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from clinic.core.errors import NotAllowed, NotSignedIn


class WrongCredentials(NotSignedIn):
    """Also for an account that is switched off, and for one that there is not."""

    code, text = "wrong_credentials", _("Email and password do not belong together.")


class OtpRequired(NotSignedIn):
    """Password and email are right, but the account has a second factor, or is staff's in production and must have one."""

    code, text = "otp_required", _("This account needs a second factor to sign in.")


class WrongCode(NotSignedIn):
    """Of the second factor: mistyped, too old, or used before."""

    code, text = "wrong_code", _("This code is not right, or was used before.")


class InvalidToken(NotSignedIn):
    """Not ours, run out, or revoked: by signing out, a new password, a new role, or because it was used twice."""

    code, text = "invalid_token", _("This token is no longer good. Please sign in again.")


class TokenReused(InvalidToken):
    """A refresh token that was exchanged before: everything that came from the same sign-in has ended now."""

    code, text = "token_reused", _("This token was used before. Please sign in again.")


class CsrfFailed(NotAllowed):
    code, text = "csrf_failed", _("The security token of this page is missing or old. Please load the page again.")
