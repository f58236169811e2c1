"""Another email address for one's own account."""

from __future__ import annotations

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from clinic.accounts import addresses, browsers
from clinic.accounts.requests import caller, page
from clinic.accounts.sign_in import PasswordBackend
from clinic.core.errors import ClinicError, Malformed
from clinic.core.throttles import spend
from clinic.portals.accounts.ways import account_of
from clinic.portals.forms import TellingForm


class ChangeEmailForm(TellingForm):
    email = forms.EmailField(
        label=gettext_lazy("New email"), max_length=254, widget=forms.EmailInput(attrs={"autocomplete": "email"})
    )
    password = forms.CharField(
        label=gettext_lazy("Password"), max_length=256, strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
    )  # fmt: skip


@never_cache
@login_required
@sensitive_post_parameters("password")
@require_http_methods(["GET", "HEAD", "POST"])
def change(request: HttpRequest) -> HttpResponseBase:
    """Mails a link to the new address. Until it is opened everything stays as it is."""
    user = account_of(request)
    form, status = ChangeEmailForm(request.POST if request.method == "POST" else None), 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            address = caller(request).address
            try:
                spend(("sign_in", f"{user.email} {address}"), ("mailed_code", f"{user.email} {address}"))
                if PasswordBackend().authenticate(request, user.email, form.cleaned_data["password"]) is None:
                    raise Malformed(fields={"password": [_("This is not your password.")]})
                addresses.ask(user.pk, form.cleaned_data["email"])
            except ClinicError as error:
                form.tell(error)
                status = error.status
            else:
                messages.success(request, _("We have sent a link to the new address. Open it in this browser."))
                return redirect("accounts:security")
    return page(request, "accounts/change_email.html", {"form": form, "account": user}, status=status)


@never_cache
@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def confirm(request: HttpRequest, token: str) -> HttpResponseBase:
    """Asks for one click, since mail programs open links by themselves; this browser stays signed in, alone."""
    if request.method != "POST":
        return page(request, "accounts/confirm_email.html")
    user = addresses.confirm(caller(request).user_id, token)
    proven = bool(request.session.get(browsers.PROVEN))
    request.session.flush()
    browsers.enter(request, user, proven=proven)
    messages.success(request, _("Your new address is set. You are signed out everywhere else."))
    return redirect("accounts:security")
