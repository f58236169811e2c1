"""The REST API's paths; a slash at the end is neither needed nor minded."""

from __future__ import annotations

from typing import Any

from django.urls import URLPattern, path

from appointments import api as appointments
from availability import api as availability
from clinic.accounts import api as accounts
from dentists.api import directory, me, treatments


def route(pattern: str, view: Any, name: str) -> list[URLPattern]:
    return [path(pattern, view.as_view(), name=f"api-{name}"), path(f"{pattern}/", view.as_view())]


urlpatterns = [
    *route("auth/register", accounts.RegisterView, "register"),
    *route("auth/token", accounts.TokenView, "token"),
    *route("auth/token/refresh", accounts.RefreshView, "refresh"),
    *route("auth/logout", accounts.LogoutView, "logout"),
    *route("appointments", appointments.AppointmentsView, "appointments"),
    *route("availability/reserve", availability.ReserveView, "reserve"),
    *route("availability/reserve/<uuid:reservation_id>", availability.ReleaseView, "release"),
    *route("availability/<slug:dentist_id>/slots", availability.SlotsView, "slots"),
    *route("profiles/me", me.MeView, "me"),
    *route("profiles/dentists", directory.DentistsView, "dentists"),
    *route("profiles/dentists/<slug:dentist>", directory.DentistView, "dentist"),
    *route("treatments", treatments.TreatmentsView, "treatments"),
    *route("treatments/<slug:treatment>", treatments.TreatmentView, "treatment"),
]
