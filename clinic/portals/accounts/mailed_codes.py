"""Signing in by a code that is mailed. What is said never tells who has an account."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from clinic.accounts import browsers, mailed_codes
from clinic.accounts.requests import caller, page
from clinic.accounts.unproven import take_over
from clinic.core.crypto import Unreadable, decrypt, encrypt
from clinic.core.errors import ClinicError
from clinic.core.throttles import spend
from clinic.portals.accounts.passwords import AddressForm
from clinic.portals.accounts.second_factor import code_field
from clinic.portals.accounts.ways import home, local_path
from clinic.portals.forms import TellingForm

_ASKED = "mailed_code"


class MailedCodeForm(TellingForm):
    code = code_field(gettext_lazy("Code"), gettext_lazy("Six digits."))


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def ask(request: HttpRequest) -> HttpResponseBase:
    """Mails a code to the address, if it has an account; says the same if it has none."""
    target = local_path(request, request.POST.get("next") or request.GET.get("next") or "")
    form, status = AddressForm(request.POST if request.method == "POST" else None), 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            try:
                send(request, form.cleaned_data["email"], target)
            except ClinicError as error:
                form.tell(error)
                status = error.status
            else:
                return redirect("accounts:mailed-code")
    return page(request, "accounts/ask_code.html", {"form": form, "next": target}, status=status)


def send(request: HttpRequest, email: str, target: str, *, most: int = mailed_codes.MOST_AN_HOUR) -> None:
    """Asks for a code that this browser alone can use. Raises `TooMany`."""
    email, address = email.strip().lower(), caller(request).address
    spend(("mailed_code", f"{email} {address}"), ("sign_in_address", address))
    key = mailed_codes.ask(email, most=most)
    request.session[_ASKED] = {"key": str(key), "email": encrypt(email), "target": target}


@never_cache
@sensitive_post_parameters("code")
@require_http_methods(["GET", "HEAD", "POST"])
def enter(request: HttpRequest) -> HttpResponseBase:
    """Takes the code, and goes on as after a right password."""
    asked: dict[str, Any] | None = request.session.get(_ASKED)
    if asked is None:
        return redirect("accounts:ask-code")
    form, status = MailedCodeForm(request.POST if request.method == "POST" else None), 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            try:
                spend(("sign_in_address", caller(request).address))
                user = mailed_codes.accept(UUID(asked["key"]), form.cleaned_data["code"])
            except ClinicError as error:
                form.tell(error.about("code"))
                status = error.status if error.status != 401 else 422
            else:
                request.session.flush()
                if not asked.get("password_shown"):
                    user = take_over(user)
                if browsers.first_step(request, user, target=asked["target"]):
                    return redirect(asked["target"] or home(user))
                return redirect("accounts:second-step")
    return page(request, "accounts/mailed_code.html", {"form": form, "email": _readable(asked["email"])}, status=status)


def _readable(kept: str) -> str:
    """The address that a session keeps encrypted, to be shown; nothing when its key is gone."""
    try:
        return decrypt(kept)
    except Unreadable:
        return ""


def besides(request: HttpRequest, email: str, target: str) -> HttpResponseBase:
    """After a right password of an account that is under attack: a code by mail as well."""
    send(request, email, target, most=mailed_codes.MOST_AFTER_PASSWORD)
    request.session[_ASKED] |= {"password_shown": True}
    messages.info(
        request, _("Somebody has tried many passwords for this account, so please enter a code from your mail.")
    )
    return redirect("accounts:mailed-code")
