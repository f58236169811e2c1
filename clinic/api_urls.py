"""The REST API's paths; a slash at the end is neither needed nor minded."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.urls import URLPattern, path, register_converter

from appointments.api import absence, finding, hours, steps, visits
from availability.api import holds, slots
from chatbot.api import views as chatbot
from clinic.accounts import api as accounts
from clinic.api_docs import DocsView, SchemaView
from clinic.core.fields import EARLIEST, LATEST
from clinic.privacy import api as privacy
from clinic.realtime import api as realtime
from dentists.api import directory, me, treatments


class DayConverter:
    """A date in a path, `YYYY-MM-DD`; one that no calendar here reaches is no path."""

    regex = r"\d{4}-\d{2}-\d{2}"

    def to_python(self, value: str) -> date:
        day = date.fromisoformat(value)
        if not EARLIEST <= day.year <= LATEST:
            raise ValueError
        return day

    def to_url(self, value: date) -> str:
        return value.isoformat()


class RowConverter:
    """The number of a row, as far as a database counts."""

    regex = r"[0-9]{1,18}"

    def to_python(self, value: str) -> int:
        return int(value)

    def to_url(self, value: int) -> str:
        return str(value)


register_converter(DayConverter, "day")
register_converter(RowConverter, "row")


def route(pattern: str, view: Any, name: str) -> list[URLPattern]:
    return [path(pattern, view.as_view(), name=f"api-{name}"), path(f"{pattern}/", view.as_view())]


VISIT = "appointments/<uuid:appointment_id>"
DENTIST = "availability/<slug:dentist_id>"

urlpatterns = [
    *route("auth/register", accounts.RegisterView, "register"),
    *route("auth/token", accounts.TokenView, "token"),
    *route("auth/token/refresh", accounts.RefreshView, "refresh"),
    *route("auth/logout", accounts.LogoutView, "logout"),
    *route("appointments", visits.AppointmentsView, "appointments"),
    *route("appointments/find", finding.FindView, "find"),
    *route(VISIT, visits.AppointmentView, "appointment"),
    *(pattern for step in steps.STEPS for pattern in route(f"{VISIT}/{step}", steps.step_view(step), step)),
    *route(f"{VISIT}/cancel", steps.CancelView, "cancel"),
    *route(f"{VISIT}/reschedule", steps.RescheduleView, "reschedule"),
    *route(f"{VISIT}/calendar.ics", finding.CalendarView, "calendar"),
    *route("availability/slots", slots.SearchView, "search"),
    *route("availability/reserve", holds.ReserveView, "reserve"),
    *route("availability/reserve/<uuid:reservation_id>", holds.ReleaseView, "release"),
    *route("availability/closures", absence.ClosuresView, "closures"),
    *route("availability/closures/<day:day>", absence.ClosureView, "closure"),
    *route(DENTIST, hours.WeekView, "hours"),
    *route(f"{DENTIST}/slots", slots.SlotsView, "slots"),
    *route(f"{DENTIST}/overrides", hours.OverridesView, "overrides"),
    *route(f"{DENTIST}/overrides/<day:day>", hours.OverrideView, "override"),
    *route(f"{DENTIST}/time-off", absence.TimeOffListView, "time-off"),
    *route(f"{DENTIST}/time-off/<row:time_off_id>", absence.TimeOffView, "one-time-off"),
    *route("profiles/me", me.MeView, "me"),
    *route("profiles/me/export", privacy.ExportView, "export"),
    *route("profiles/dentists", directory.DentistsView, "dentists"),
    *route("profiles/dentists/<slug:dentist>", directory.DentistView, "dentist"),
    *route("treatments", treatments.TreatmentsView, "treatments"),
    *route("treatments/<slug:treatment>", treatments.TreatmentView, "treatment"),
    *route("chatbot/conversations", chatbot.ConversationsView, "conversations"),
    *route("chatbot/conversations/<uuid:conversation_id>", chatbot.ConversationView, "conversation"),
    *route("chatbot/conversations/<uuid:conversation_id>/messages", chatbot.MessagesView, "messages"),
    *route("chatbot/conversations/<uuid:conversation_id>/offers", chatbot.OffersView, "offers"),
    *route("realtime/health", realtime.HealthView, "realtime-health"),
    *route("realtime/status", realtime.StatusView, "realtime-status"),
    *route("realtime/stats", realtime.StatsView, "realtime-stats"),
    *route("sync/health", realtime.SyncHealthView, "sync-health"),
    *route("sync/status", realtime.SyncStatusView, "sync-status"),
    *route("sync/stats", realtime.SyncStatsView, "sync-stats"),
    *route("schema", SchemaView, "schema"),
    *route("docs", DocsView, "docs"),
]
