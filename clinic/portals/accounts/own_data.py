"""One's own data: seen, taken along, erased."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from django import forms
from django.contrib.auth import logout
from django.http import HttpRequest, HttpResponseBase, JsonResponse
from django.shortcuts import redirect
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_safe

from appointments import medical
from appointments.models import Status
from clinic.accounts.requests import HOLDER_COOKIE, caller, page
from clinic.core import db
from clinic.core.actor import Role
from clinic.core.errors import ClinicError, NotAllowed, NotSignedIn
from clinic.core.throttles import spend
from clinic.patients.models import Relation
from clinic.portals.forms import TellingForm
from clinic.privacy.erasing import erase_account, to_come
from clinic.privacy.errors import StaffAccount
from clinic.privacy.exporting import export


class ErasingForm(TellingForm):
    email = forms.EmailField(
        label=_("Your email"), max_length=254, widget=forms.EmailInput(attrs={"autocomplete": "off"})
    )
    password = forms.CharField(
        label=_("Your password"), max_length=256, strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
    )  # fmt: skip


@require_safe
def shown(request: HttpRequest) -> HttpResponseBase:
    """Everything that is stored about the account, to be read."""
    found = export(caller(request))
    return page(
        request, "account/data.html", {"data": readable(found), "is_patient": caller(request).role == "patient"}
    )


@require_safe
def download(request: HttpRequest) -> HttpResponseBase:
    """The same as a file."""
    headers = {"Content-Disposition": 'attachment; filename="my-data.json"', "Cache-Control": "private, no-store"}
    return JsonResponse(
        export(caller(request)), headers=headers, json_dumps_params={"indent": 2, "ensure_ascii": False}
    )


@never_cache
@sensitive_post_parameters("password")
@require_http_methods(["GET", "HEAD", "POST"])
def erase(request: HttpRequest) -> HttpResponseBase:
    """Says what will happen, asks for email and password, erases."""
    actor = caller(request)
    if actor.user_id is None:
        raise NotSignedIn()
    if actor.role == Role.BOT:  # no person, and without a right to ask for any
        raise NotAllowed()
    form, status = ErasingForm(request.POST if request.method == "POST" else None), 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            spend(("sign_in_address", actor.address))
            spend(("sign_in", f"{actor.user_id} {actor.address}"))
            try:
                erase_account(actor, email=form.cleaned_data["email"], password=form.cleaned_data["password"])
            except ClinicError as error:
                form.tell(error)
                status = error.status
            else:
                logout(request)
                gone = redirect("account:erased")
                gone.delete_cookie(HOLDER_COOKIE)
                return gone
    with db.reading(actor):
        context = {"form": form, "visits": to_come(actor), "is_staff": actor.is_staff, "staff_text": StaffAccount.text}
        return page(request, "account/erase.html", context, status=status)


@require_safe
def erased(request: HttpRequest) -> HttpResponseBase:
    return page(request, "account/erased.html")


def readable(data: dict[str, Any]) -> dict[str, Any]:
    """The export for a page: instants as such, stored values in words, texts under the names that people read."""
    relations, statuses = dict(Relation.choices), dict(Status.choices)
    labels = medical.labels()
    return data | {
        "made_at": _instant(data["made_at"]),
        "account": _with_instants(data["account"]),
        "people": [_with_instants(person) | {"relation": relations[person["relation"]]} for person in data["people"]],
        "visits": [
            _with_instants(visit)
            | {
                "status_label": statuses[visit["status"]],
                "told": [(label, visit["medical"][name]) for name, label in labels if name in visit["medical"]],
                "messages": [_with_instants(message) for message in visit["messages"]],
            }
            for visit in data["visits"]
        ],
        "holds": [_with_instants(hold) for hold in data["holds"]],
        "sessions": [_with_instants(session) for session in data["sessions"]],
        "programs": [_with_instants(program) for program in data["programs"]],
    }


def _with_instants(row: dict[str, Any]) -> dict[str, Any]:
    return {name: _read(name, value) for name, value in row.items()}


def _read(name: str, value: Any) -> Any:
    if name.endswith(("_at", "expire_date")):
        return _instant(value)
    return date.fromisoformat(value) if name.endswith("birth_date") and value else value


def _instant(value: str | None) -> datetime | None:
    return datetime.fromisoformat(value) if value else None
