"""Erasing one's account, confirmed by email and password, or by a code from the mail: whoever signs in by mail may have no
password."""

from __future__ import annotations

from collections.abc import Callable
from uuid import UUID

from django import forms
from django.contrib.auth import logout
from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import redirect
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST

from clinic.accounts import mailed_codes
from clinic.accounts.models import User
from clinic.accounts.requests import HOLDER_COOKIE, caller, page
from clinic.core import db
from clinic.core.actor import Actor, Role
from clinic.core.errors import ClinicError, NotAllowed, NotFound, NotSignedIn
from clinic.core.throttles import spend
from clinic.portals.accounts.second_factor import code_field
from clinic.portals.forms import TellingForm
from clinic.privacy.erasing import erase_account, erase_account_by_code, to_come
from clinic.privacy.errors import StaffAccount

_ASKED = "erasing_code"


class ErasingForm(TellingForm):
    email = forms.EmailField(
        label=_("Your email"), max_length=254, widget=forms.EmailInput(attrs={"autocomplete": "off"})
    )
    password = forms.CharField(
        label=_("Your password"), max_length=256, strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
    )  # fmt: skip


class ErasingCodeForm(TellingForm):
    code = code_field(_("Code from your mail"), _("Six digits. It is good for ten minutes."))


@never_cache
@sensitive_post_parameters("password")
@require_http_methods(["GET", "HEAD", "POST"])
def by_password(request: HttpRequest) -> HttpResponseBase:
    """Says what will happen, asks for email and password, erases."""
    actor = _somebody(request)

    def confirmed(form: forms.Form) -> None:
        spend(("sign_in", f"{actor.user_id} {actor.address}"))
        erase_account(actor, email=form.cleaned_data["email"], password=form.cleaned_data["password"])

    return _answer(request, actor, ErasingForm(request.POST if request.method == "POST" else None), confirmed)


@never_cache
@require_POST
def send_code(request: HttpRequest) -> HttpResponseBase:
    """Mails a code to the account's own address, for this session alone."""
    actor = _somebody(request)
    if actor.role != Role.PATIENT:
        raise StaffAccount()
    assert actor.user_id is not None  # noqa: S101 - `_somebody` has said so
    with db.reading(actor):
        email = User.objects.values_list("email", flat=True).filter(pk=actor.user_id).first()
    if email is None:
        raise NotFound()
    spend(("mailed_code", f"{email} {actor.address}"), ("sign_in_address", actor.address))
    # As many as after a right password: this browser is signed in, and strangers' asking does not keep it from erasing.
    request.session[_ASKED] = str(mailed_codes.ask(email, most=mailed_codes.MOST_AFTER_PASSWORD))
    return redirect("account:erase-code")


@never_cache
@sensitive_post_parameters("code")
@require_http_methods(["GET", "HEAD", "POST"])
def by_code(request: HttpRequest) -> HttpResponseBase:
    """Takes the code that was mailed for it, and erases."""
    actor = _somebody(request)
    asked: str | None = request.session.get(_ASKED)
    if asked is None:
        return redirect("account:erase")

    def confirmed(form: forms.Form) -> None:
        erase_account_by_code(actor, key=UUID(asked), code=form.cleaned_data["code"])

    return _answer(request, actor, ErasingCodeForm(request.POST if request.method == "POST" else None), confirmed)


def _somebody(request: HttpRequest) -> Actor:
    """Who asks. Raises `NotSignedIn`, and `NotAllowed` for a program's account."""
    actor = caller(request)
    if actor.user_id is None:
        raise NotSignedIn()
    if actor.role == Role.BOT:  # no person, and without a right to ask for any
        raise NotAllowed()
    return actor


def _answer(
    request: HttpRequest, actor: Actor, form: TellingForm, confirmed: Callable[[forms.Form], None]
) -> HttpResponseBase:
    """The page, or after a form that `confirmed` took the way out. What that one raises is said in the form."""
    status = 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            try:
                spend(("sign_in_address", actor.address))
                confirmed(form)
            except ClinicError as error:
                form.tell(error)
                status = error.status if error.status != 401 else 422
            else:
                logout(request)
                gone = redirect("account:erased")
                gone.delete_cookie(HOLDER_COOKIE)
                return gone
    with db.reading(actor):
        context = {"form": form, "visits": to_come(actor), "is_staff": actor.is_staff, "staff_text": StaffAccount.text}
        return page(request, "account/erase.html", context, status=status)
