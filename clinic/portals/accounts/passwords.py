"""Signing up, confirming one's address, choosing a new password. What is said never tells who has an account."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import messages
from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_safe

from clinic.accounts import passwords
from clinic.accounts.registration import register
from clinic.accounts.requests import caller, page
from clinic.core import db
from clinic.core.errors import ClinicError
from clinic.core.throttles import spend
from clinic.patients.claiming import claim_guests
from clinic.portals.accounts.ways import account_of, home
from clinic.portals.forms import TellingForm


def _password(label: Any) -> forms.CharField:
    return forms.CharField(
        label=label, max_length=256, strip=False, help_text=gettext_lazy("At least ten characters."),
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )  # fmt: skip


class SignUpForm(TellingForm):
    name = forms.CharField(
        label=gettext_lazy("Full name"), max_length=120, widget=forms.TextInput(attrs={"autocomplete": "name"})
    )
    email = forms.EmailField(
        label=gettext_lazy("Email"), max_length=254, widget=forms.EmailInput(attrs={"autocomplete": "username"})
    )
    password = _password(gettext_lazy("Password"))


class AddressForm(TellingForm):
    email = forms.EmailField(
        label=gettext_lazy("Email"), max_length=254, widget=forms.EmailInput(attrs={"autocomplete": "username"})
    )


class PasswordForm(TellingForm):
    password = _password(gettext_lazy("New password"))


@never_cache
@sensitive_post_parameters("password")
@require_http_methods(["GET", "HEAD", "POST"])
def sign_up(request: HttpRequest) -> HttpResponseBase:
    """Makes an account; whoever has one already learns it by mail only."""
    if request.user.is_authenticated:
        return redirect(home(account_of(request)))
    form, status = SignUpForm(request.POST if request.method == "POST" else None), 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            spend(("register", caller(request).address))
            data = form.cleaned_data
            try:
                register(email=data["email"], password=data["password"], name=" ".join(data["name"].split()))
            except ClinicError as error:
                form.tell(error)
                status = error.status
            else:
                passwords.greet(data["email"])
                return redirect("accounts:sent")
    return page(request, "accounts/sign_up.html", {"form": form}, status=status)


@require_safe
def sent(request: HttpRequest) -> HttpResponseBase:
    return page(request, "accounts/sent.html")


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def confirm(request: HttpRequest, token: str) -> HttpResponseBase:
    """Asks for one click, since mail programs open links by themselves; then the guest's visits come along."""
    if request.method != "POST":
        return page(request, "accounts/confirm.html")
    # Only who is signed in to the account may confirm it: else whoever signed up with a stranger's address would be
    # given the stranger's visits by the stranger's own click.
    if passwords.user_of_confirmation(token) != caller(request).user_id:
        messages.info(
            request, _("Please sign in to the new account first, then confirm. A forgotten password can be replaced.")
        )
        return redirect_to_login(request.get_full_path())
    user_id = passwords.confirm_email(token)
    with db.signing_in():
        claimed = claim_guests(user_id)
    messages.success(request, _("Thank you. Your address is confirmed."))
    if claimed:
        messages.info(request, _("Visits that were booked with this address are in your list now."))
    return redirect("patient:visits")


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def ask_reset(request: HttpRequest) -> HttpResponseBase:
    """Sends a link to the address, if it has an account; says the same if it has none."""
    form, status = AddressForm(request.POST if request.method == "POST" else None), 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            spend(("register", caller(request).address))
            user = passwords.account_to_reset(form.cleaned_data["email"])
            if user is not None:
                passwords.mail_wanted("reset", user)
            return redirect("accounts:sent")
    return page(request, "accounts/ask_reset.html", {"form": form}, status=status)


@never_cache
@sensitive_post_parameters("password")
@require_http_methods(["GET", "HEAD", "POST"])
def reset(request: HttpRequest, token: str) -> HttpResponseBase:
    """A new password, by the link from the mail. Whoever was signed in is not any more."""
    passwords.user_of_reset(token)
    form, status = PasswordForm(request.POST if request.method == "POST" else None), 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            try:
                user = passwords.set_password(token, form.cleaned_data["password"])
                with db.signing_in():  # the link has confirmed the address as well
                    claim_guests(user.pk)
            except ClinicError as error:
                if error.status == 404:
                    raise
                form.tell(error)
                status = error.status
            else:
                messages.success(request, _("Your new password is set. Please sign in with it."))
                return redirect("accounts:sign-in")
    return page(request, "accounts/reset.html", {"form": form}, status=status)
