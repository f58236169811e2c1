"""Setting up a second factor, new recovery codes, switching it off, and showing it when signing in."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import messages
from django.contrib.auth import logout
from django.contrib.auth.decorators import login_required
from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from clinic.accounts import browsers, second_factor, totp
from clinic.accounts.models import User
from clinic.accounts.requests import caller, page
from clinic.accounts.sign_in import PasswordBackend
from clinic.core import crypto, db
from clinic.core.errors import ClinicError, Malformed
from clinic.core.models import ClinicSettings
from clinic.core.throttles import spend
from clinic.portals.accounts.qr import picture_of
from clinic.portals.accounts.ways import account_of, home
from clinic.portals.forms import TellingForm

_SECRET = "second_factor_secret"  # noqa: S105 - the name of a place in the session


def code_field(label: Any, help_text: Any = "") -> forms.CharField:
    return forms.CharField(
        label=label, max_length=40, help_text=help_text,
        widget=forms.TextInput(attrs={"autocomplete": "one-time-code", "autocapitalize": "none", "spellcheck": "false"}),
    )  # fmt: skip


class SetUpForm(TellingForm):
    code = code_field(gettext_lazy("Code"), gettext_lazy("The six digits that the app shows now."))


class CodeForm(TellingForm):
    code = code_field(gettext_lazy("Code"), gettext_lazy("Six digits from your app, or one of your recovery codes."))


class OffForm(CodeForm):
    password = forms.CharField(
        label=gettext_lazy("Password"), max_length=256, strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
    )  # fmt: skip
    field_order = ("password", "code")


def _prove(request: HttpRequest, user: User, form: forms.Form) -> None:
    second_factor.prove(user.pk, form.cleaned_data["code"], address=caller(request).address)


@never_cache
@sensitive_post_parameters("code")
@require_http_methods(["GET", "HEAD", "POST"])
def second_step(request: HttpRequest) -> HttpResponseBase:
    """The code, after the password."""
    half = browsers.half_signed_in(request)
    if half is None:
        messages.info(request, _("Please sign in again."))
        return redirect("accounts:sign-in")
    user, target = half
    form, status = CodeForm(request.POST if request.method == "POST" else None), 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            try:
                _prove(request, user, form)
            except ClinicError as error:
                form.tell(error.about("code"))
                status = error.status if error.status != 401 else 422
            else:
                browsers.enter(request, user, proven=True)
                return redirect(target or home(user))
    return page(request, "accounts/second_step.html", {"form": form}, status=status)


@never_cache
@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def set_up(request: HttpRequest) -> HttpResponseBase:
    """Shows a new secret, and takes it when the app shows its code; then the recovery codes are shown, once."""
    user = account_of(request)
    if second_factor.has(user.pk):
        return redirect("accounts:security")
    if request.method == "POST" and not browsers.is_fresh(request):
        # Whoever only has somebody's open session could lock the owner out with a factor of their own.
        logout(request)
        messages.info(request, _("Please sign in again before you set up a second factor."))
        return redirect_to_login(reverse("accounts:second-factor"))
    secret = _pending_secret(request)
    form, status = SetUpForm(request.POST if request.method == "POST" else None), 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            try:
                spend(("second_factor", f"{user.pk} {caller(request).address}"))
                codes = second_factor.switch_on(
                    user, secret, form.cleaned_data["code"], keep=request.session.session_key or ""
                )
            except ClinicError as error:
                form.tell(error.about("code"))
                status = error.status if error.status != 401 else 422
            else:
                del request.session[_SECRET]
                request.session[browsers.PROVEN] = True
                request.session.cycle_key()
                return page(
                    request, "accounts/recovery_codes.html", {"codes": codes, "first": True, "home": home(user)}
                )
    link = _link(request, user, secret)
    groups = [secret[start : start + 4] for start in range(0, len(secret), 4)]
    picture = picture_of(link)
    context = {"form": form, "link": link, "groups": groups, "picture": picture,
               "required": browsers.without_second_factor(request) is not None}  # fmt: skip
    return page(request, "accounts/second_factor.html", context, status=status)


@never_cache
@login_required
@sensitive_post_parameters("code")
@require_http_methods(["GET", "HEAD", "POST"])
def new_codes(request: HttpRequest) -> HttpResponseBase:
    """Ten new recovery codes for a code; the old ones are worth nothing then."""
    user = account_of(request)
    form, status = CodeForm(request.POST if request.method == "POST" else None), 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            try:
                _prove(request, user, form)
            except ClinicError as error:
                form.tell(error.about("code"))
                status = error.status if error.status != 401 else 422
            else:
                codes = second_factor.new_codes(user.pk)
                return page(request, "accounts/recovery_codes.html", {"codes": codes, "home": home(user)})
    return page(request, "accounts/new_codes.html", {"form": form}, status=status)


@never_cache
@login_required
@sensitive_post_parameters("password", "code")
@require_http_methods(["GET", "HEAD", "POST"])
def switch_off(request: HttpRequest) -> HttpResponseBase:
    """With password and code; not for those who must have it."""
    user = account_of(request)
    if second_factor.is_required(user) or not second_factor.has(user.pk):
        return redirect("accounts:security")
    form, status = OffForm(request.POST if request.method == "POST" else None), 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            try:
                spend(("sign_in", f"{user.email} {caller(request).address}"))
                if PasswordBackend().authenticate(request, user.email, form.cleaned_data["password"]) is None:
                    raise Malformed(fields={"password": [_("This is not your password.")]})
                _prove(request, user, form)
            except ClinicError as error:
                form.tell(error if error.fields else error.about("code"))
                status = error.status if error.status != 401 else 422
            else:
                second_factor.switch_off(user.pk)
                messages.success(request, _("Signing in asks for your password alone now."))
                return redirect("accounts:security")
    return page(request, "accounts/second_factor_off.html", {"form": form}, status=status)


def _pending_secret(request: HttpRequest) -> str:
    """The secret that this browser is setting up; it stays the same while its owner types."""
    kept = request.session.get(_SECRET)
    if kept is not None:
        return crypto.decrypt(kept)
    secret = totp.new_secret()
    request.session[_SECRET] = crypto.encrypt(secret)
    return secret


def _link(request: HttpRequest, user: User, secret: str) -> str:
    with db.reading(caller(request)):
        issuer = ClinicSettings.current().name
    return totp.link(secret, account=user.email, issuer=issuer)
