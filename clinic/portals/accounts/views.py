"""Signing in and out."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib.auth import authenticate, logout
from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import redirect
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST

from clinic.accounts import attacks, browsers, second_factor
from clinic.accounts.models import User
from clinic.accounts.requests import caller, page
from clinic.core.throttles import spend
from clinic.portals.accounts import mailed_codes
from clinic.portals.accounts.ways import account_of, home, local_path


class SignInForm(forms.Form):
    email = forms.EmailField(
        label=_("Email"), max_length=254, widget=forms.EmailInput(attrs={"autocomplete": "username", "autofocus": True})
    )
    password = forms.CharField(
        label=_("Password"),
        max_length=256,
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
    )

    def __init__(self, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
        self.request = request
        self.user: User | None = None
        super().__init__(*args, **kwargs)

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if not self.errors:
            self.user = authenticate(self.request, username=data["email"], password=data["password"])
            if self.user is None:
                raise forms.ValidationError(_("This email and password do not fit together."), code="invalid_login")
        return data


@never_cache
@sensitive_post_parameters("password")
@require_http_methods(["GET", "HEAD", "POST"])
def sign_in(request: HttpRequest) -> HttpResponseBase:
    target = local_path(request, request.POST.get("next") or request.GET.get("next") or "")
    # With somewhere to go on to, it may be as somebody else.
    if request.method != "POST" and request.user.is_authenticated and not target:
        return redirect(home(account_of(request)))
    if request.method == "POST":
        # Counted per address and per account-and-address: a stranger elsewhere cannot lock anybody out.
        address = caller(request).address
        email = request.POST.get("email", "").strip().lower()[:254]
        spend(("sign_in_address", address))
        spend(("sign_in", f"{email} {address}"))
    form = SignInForm(request, request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid() and form.user is not None:
        if attacks.is_attacked(form.user.email) and not second_factor.has(form.user.pk):
            return mailed_codes.besides(request, form.user.email, target)
        if browsers.first_step(request, form.user, target=target):
            return redirect(target or home(form.user))
        return redirect("accounts:second-step")
    status = 422 if form.errors else 200
    return page(request, "accounts/sign_in.html", {"form": form, "next": target}, status=status)


@require_POST
def sign_out(request: HttpRequest) -> HttpResponseBase:
    logout(request)
    return redirect("patient:dentists")
