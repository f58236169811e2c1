"""A dentist who cannot come: who is booked, and for each a colleague who is free, another time, or a cancellation."""

from __future__ import annotations

from datetime import datetime, time, timedelta
from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import redirect
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_http_methods

from appointments import handing_over, impact, transitions
from appointments.models import Appointment
from availability import schedule
from availability.models import TimeOff
from clinic.accounts.requests import caller, page
from clinic.core import clock, db
from clinic.core.actor import Actor
from clinic.core.errors import ClinicError
from clinic.portals.dentist.access import dentists_only, own_dentist
from clinic.portals.dentist.forms import date_field
from clinic.portals.desk.colleagues import free_colleagues, shared_out
from clinic.portals.forms import TellingForm

CANCEL = "cancel"


class IllForm(TellingForm):
    """From which day to which; both included, clinic dates."""

    told_as = {"starts_at": "date", "ends_at": "until"}
    date = date_field(gettext_lazy("From"))
    until = date_field(gettext_lazy("To"), required=False)
    reason = forms.CharField(
        label=gettext_lazy("Reason"), max_length=200, required=False,
        help_text=gettext_lazy("Only the practice sees it."), widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )  # fmt: skip

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if data.get("date") is not None:
            data["until"] = data.get("until") or data["date"]
            if data["until"] < data["date"]:
                self.add_error("until", _("The end must come after the start."))
        return data

    def span(self) -> tuple[datetime, datetime]:
        """The instants between which nobody can be seen."""
        last = self.cleaned_data["until"] + timedelta(days=1)
        return clock.at(self.cleaned_data["date"], time(0)), clock.at(last, time(0))


@require_http_methods(["GET", "HEAD", "POST"])
@dentists_only
def ill(request: HttpRequest) -> HttpResponseBase:
    """The visits of today (or `?date=` to `until=`) with what can become of each. POST does what was chosen: `to-<visit>` is
    a colleague, `cancel` or nothing; the button `all` cancels every one that nobody takes."""
    asked = request.POST if request.method == "POST" else request.GET.copy()
    if request.method != "POST" and not asked.get("date"):
        asked["date"] = clock.today().isoformat()
    form = IllForm(asked)
    if not form.is_valid():
        return page(request, "dentist/ill.html", {"tab": "time-off", "form": form}, status=422)
    actor = caller(request)
    if request.method != "POST":
        with db.reading(actor):
            return _show(request, form)
    try:
        if "off" in request.POST:
            # First of all, so that nobody is booked there while the others are moved.
            schedule.add_time_off(actor, own_dentist(request), *form.span(), reason=form.cleaned_data["reason"])
    except ClinicError as error:
        form.tell(error)
        with db.reading(actor):
            return _show(request, form, status=error.status)
    with db.reading(actor):
        hit = _hit(request, form)
    if _carry_out(request, actor, hit):
        data = form.cleaned_data
        return redirect(f"{request.path}?{urlencode({'date': data['date'], 'until': data['until']})}")
    return redirect("dentist:today")


def _hit(request: HttpRequest, form: IllForm) -> list[Appointment]:
    return impact.hit_by_time_off(caller(request), own_dentist(request), *form.span())


def _show(request: HttpRequest, form: IllForm, *, status: int = 200) -> HttpResponseBase:
    hit = _hit(request, form)
    free = free_colleagues(hit)
    given = shared_out(hit, free)
    start, end = form.span()
    away = TimeOff.objects.filter(dentist_id=own_dentist(request), starts_at__lte=start, ends_at__gte=end)
    context = {
        "tab": "time-off",
        "form": form,
        "asked": form.cleaned_data,
        "rows": [{"visit": one, "colleagues": free[one.pk], "chosen": given.get(one.pk)} for one in hit],
        "is_noted": away.exists(),
    }
    return page(request, "dentist/ill.html", context, status=status)


def _carry_out(request: HttpRequest, actor: Actor, hit: list[Appointment]) -> int:
    """Each visit by itself, so that one that cannot be handed over keeps no other. Returns how many are left."""
    counts = {"given": 0, "cancelled": 0, "left": 0}
    told, otherwise = request.POST.get("told", ""), CANCEL if request.POST.get("all") == CANCEL else ""
    for visit in hit:
        wish = request.POST.get(f"to-{visit.pk}", "") or otherwise
        try:
            counts[_done(actor, visit, wish, told)] += 1
        except ClinicError as error:
            counts["left"] += 1
            messages.error(request, f"{visit.patient_name}: {error.message}")
    if given := counts["given"]:
        text = ngettext("%(n)s visit is with a colleague now.", "%(n)s visits are with colleagues now.", given)
        messages.success(request, text % {"n": given})
    if cancelled := counts["cancelled"]:
        text = ngettext("%(n)s visit is cancelled.", "%(n)s visits are cancelled.", cancelled)
        messages.success(request, text % {"n": cancelled})
    return counts["left"]


def _done(actor: Actor, visit: Appointment, wish: str, told: str) -> str:
    """Does what was chosen for one visit, and says which of the counts it belongs to."""
    if wish == CANCEL:
        transitions.cancel(actor, visit.pk, reason=told)
        return "cancelled"
    if not wish:
        return "left"
    try:
        dentist = UUID(wish)
    except ValueError:
        return "left"
    handing_over.hand_over(actor, visit.pk, dentist)
    return "given"
