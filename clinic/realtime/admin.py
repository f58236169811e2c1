"""The event feed in admin: what happened to which row, and how long it took until it was told."""

from __future__ import annotations

from django.contrib import admin
from django.utils.translation import gettext_lazy as _
from unfold.decorators import display

from clinic.core.refusals import ReadOnlyAdmin
from clinic.realtime.models import RealtimeEvent


@admin.register(RealtimeEvent)
class RealtimeEventAdmin(ReadOnlyAdmin):
    list_display = ("position", "kind", "about", "written_at", "latency")
    list_filter = ("kind", "written_at")
    search_fields = ("kind",)
    list_disable_select_all = True
    ordering = ("-id",)
    show_full_result_count = False

    @display(description=_("row"))
    def about(self, event: RealtimeEvent) -> str:
        return str(event.body.get("id") or event.body.get("dentist_id") or event.body.get("treatment_id") or "—")

    @display(description=_("told after (ms)"))
    def latency(self, event: RealtimeEvent) -> str:
        if event.published_at is None or event.committed_at is None:
            return "—"
        return f"{(event.published_at - event.committed_at).total_seconds() * 1000:.1f}"
