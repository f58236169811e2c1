"""My appointments, and one visit: seen, cancelled, taken along as a calendar file, found again by its reference."""

from __future__ import annotations

from uuid import UUID

from django import forms
from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_safe

from appointments import links, transitions
from appointments.calendar import visit_calendar
from appointments.errors import InvalidTransition
from appointments.models import Appointment, Status
from appointments.queries import visit_by_reference
from appointments.references import normalized
from clinic.accounts.requests import caller, page
from clinic.core import clock, db
from clinic.core.actor import Role
from clinic.core.errors import ClinicError, NotAllowed, NotFound, NotSignedIn
from clinic.core.models import ClinicSettings
from clinic.core.throttles import spend
from clinic.portals.forms import TellingForm
from clinic.portals.patient.shown import again_url, closed, context_of, open_visit, owned_visit, url_of

PAGE = 20
# What a line of the list says, and what it takes to book the same again.
_LINE = ("starts_at", "status", "patient", "patient_name", "treatment_name", "dentist_name")
_OF_TREATMENT = ("treatment__slug", "treatment__is_active", "treatment__bookable_online")
_AGAIN = ("dentist__slug", "dentist__is_active", *_OF_TREATMENT)


@require_safe
def my_visits(request: HttpRequest) -> HttpResponseBase:
    """Everybody's visits under the account: what is to come first, then what was."""
    actor = caller(request)
    if actor.user_id is None:
        raise NotSignedIn()
    if actor.role == Role.BOT:  # no person, and without a right to ask for any
        raise NotAllowed()
    own = Appointment.objects.filter(account_id=actor.user_id)
    now = clock.now()
    coming = own.filter(ends_at__gt=now, status__in=[Status.PENDING, Status.CONFIRMED, Status.CHECKED_IN])
    past = own.exclude(pk__in=coming.values("pk")).order_by("-starts_at", "id")
    shown = Paginator(past.select_related("dentist", "treatment").only(*_LINE, *_AGAIN), PAGE).get_page(
        request.GET.get("page")
    )
    context = {
        "coming": list(coming.only(*_LINE).order_by("starts_at", "id")[:100]),
        "page_obj": shown,
        "this_year": f"{clock.today():%Y}",
        "past": [{"visit": one, "again_url": again_url(one, by_account=True)} for one in shown],
    }
    return page(request, "patient/visits.html", context)


@require_safe
def visit(request: HttpRequest, token: str | None = None, visit_id: UUID | None = None) -> HttpResponseBase:
    """One visit, by its private link or under the account."""
    found = open_visit(request, token=token, visit_id=visit_id)
    with db.reading(caller(request)):
        shown = owned_visit(caller(request), found)
        return page(request, "patient/confirmation.html", context_of(shown, token=token))


class CancelForm(TellingForm):
    reason = forms.CharField(
        label=gettext_lazy("Would you like to say why?"), max_length=200, required=False,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )  # fmt: skip


@require_http_methods(["GET", "HEAD", "POST"])
def cancel(request: HttpRequest, token: str | None = None, visit_id: UUID | None = None) -> HttpResponseBase:
    """Asks once, then cancels."""
    found = open_visit(request, token=token, visit_id=visit_id)
    form, status = CancelForm(request.POST if request.method == "POST" else None), 200
    with db.reading(caller(request)):
        is_closed = closed(owned_visit(caller(request), found))
    if request.method == "POST":
        status = 422
        if form.is_valid():
            try:
                transitions.cancel(caller(request), found, reason=form.cleaned_data["reason"])
            except ClinicError as error:
                if error.status == 404:
                    raise
                if isinstance(error, InvalidTransition) and error.details.get("status") == Status.CANCELLED:
                    # Pressed twice: what was asked for is so, and its own page says it.
                    return redirect(url_of("", token=token, visit_id=found))
                form.tell(error)
                status = error.status
            else:
                messages.success(request, _("Your visit is cancelled. The time is free for somebody else."))
                return redirect(url_of("", token=token, visit_id=found))
    elif is_closed:
        return redirect(url_of("", token=token, visit_id=found))
    with db.reading(caller(request)):
        shown = owned_visit(caller(request), found)
        return page(request, "patient/cancel.html", context_of(shown, token=token) | {"form": form}, status=status)


@require_safe
def calendar(request: HttpRequest, token: str | None = None, visit_id: UUID | None = None) -> HttpResponseBase:
    """The visit as a file for one's calendar."""
    found = open_visit(request, token=token, visit_id=visit_id)
    with db.reading(caller(request)):
        shown = owned_visit(caller(request), found)
        content = visit_calendar(shown, ClinicSettings.current())
    name = f"{shown.booking_reference}.ics"
    headers = {"Content-Disposition": f'attachment; filename="{name}"', "Cache-Control": "private, no-store"}
    return HttpResponse(content, content_type="text/calendar; charset=utf-8", headers=headers)


class FindForm(TellingForm):
    reference = forms.CharField(
        label=gettext_lazy("Booking reference"), max_length=20, help_text=gettext_lazy("Such as DC-7KQ2M9."),
        widget=forms.TextInput(attrs={"autocomplete": "off", "autocapitalize": "characters", "spellcheck": "false"}),
    )  # fmt: skip
    email = forms.EmailField(
        label=gettext_lazy("Email"), max_length=254, help_text=gettext_lazy("The one given with the booking."),
        widget=forms.EmailInput(attrs={"autocomplete": "email"}),
    )  # fmt: skip


@require_http_methods(["GET", "HEAD", "POST"])
def find_visit(request: HttpRequest) -> HttpResponseBase:
    """From reference and email to the private link; a wrong one of either looks the same, and tries are counted."""
    form, status = FindForm(request.POST if request.method == "POST" else None), 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            data = form.cleaned_data
            # However it is spelt it is one reference, and counted as one.
            reference = normalized(data["reference"]) or normalized(f"DC-{data['reference']}") or ""
            spend(("reference", caller(request).address))
            # Apart: an address that is refused does not use up what others have for this reference. What is none
            # finds no visit, and would be counted as the same one for everybody.
            if reference:
                spend(("reference", reference))
            try:
                found = visit_by_reference(caller(request), reference, data["email"])
                return redirect("patient:visit", links.token_for(found))
            except NotFound:
                form.add_error(None, _("We find no visit with this reference and email."))
                status = 404
    return page(request, "patient/find_visit.html", {"form": form}, status=status)
