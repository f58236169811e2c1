"""One's own account: where it is signed in, the second factor, a new password."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from clinic.accounts import browsers, passwords, second_factor, signed_in
from clinic.accounts.requests import caller, page
from clinic.accounts.sign_in import PasswordBackend
from clinic.core.errors import ClinicError, Malformed
from clinic.core.throttles import spend
from clinic.portals.accounts.passwords import PasswordForm
from clinic.portals.accounts.ways import account_of


class ChangePasswordForm(PasswordForm):
    current = forms.CharField(
        label=gettext_lazy("Present password"), max_length=256, strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
    )  # fmt: skip
    field_order = ("current", "password")


@never_cache
@login_required
@require_safe
def overview(request: HttpRequest) -> HttpResponseBase:
    user = account_of(request)
    context: dict[str, Any] = {
        "account": user,
        "browsers": signed_in.browsers_of(user.pk, this=request.session.session_key or ""),
        "programs": signed_in.programs_of(user.pk),
        "second_factor": second_factor.has(user.pk),
        "codes_left": second_factor.codes_left(user.pk),
        "may_switch_off": not second_factor.is_required(user),
    }
    return page(request, "accounts/security.html", context)


@login_required
@require_POST
def end(request: HttpRequest, key: str) -> HttpResponseBase:
    """Ends one browser or program of one's own."""
    signed_in.end(account_of(request).pk, key)
    messages.success(request, _("Signed out there."))
    return redirect("accounts:security")


@login_required
@require_POST
def end_others(request: HttpRequest) -> HttpResponseBase:
    signed_in.end_others(account_of(request).pk, this=request.session.session_key or "")
    messages.success(request, _("You are signed out everywhere else."))
    return redirect("accounts:security")


@never_cache
@login_required
@sensitive_post_parameters("current", "password")
@require_http_methods(["GET", "HEAD", "POST"])
def change_password(request: HttpRequest) -> HttpResponseBase:
    """A new password for the present one; this browser stays signed in, alone."""
    user = account_of(request)
    form, status = ChangePasswordForm(request.POST if request.method == "POST" else None), 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            try:
                spend(("sign_in", f"{user.email} {caller(request).address}"))
                if PasswordBackend().authenticate(request, user.email, form.cleaned_data["current"]) is None:
                    raise Malformed(fields={"current": [_("This is not your password.")]})
                changed = passwords.replace_password(user.pk, form.cleaned_data["password"])
            except ClinicError as error:
                form.tell(error)
                status = error.status
            else:
                proven = bool(request.session.get(browsers.PROVEN))
                request.session.flush()
                browsers.enter(request, changed, proven=proven)
                messages.success(request, _("Your new password is set. You are signed out everywhere else."))
                return redirect("accounts:security")
    return page(request, "accounts/change_password.html", {"form": form}, status=status)
