"""Messages in admin: how far each has come, what it says, and sending it again."""

from __future__ import annotations

from collections import Counter

from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext, pgettext_lazy
from unfold.decorators import display

from appointments.references import normalized
from clinic.core.admin_lists import Mood, state
from clinic.core.choices import label_of
from clinic.core.errors import ClinicError
from clinic.core.refusals import ReadOnlyAdmin
from clinic.notifications.mails import preview
from clinic.notifications.models import Message, State
from clinic.notifications.resending import resend

_MOODS: dict[str, Mood] = {
    State.QUEUED: "calm",
    State.SENDING: "calm",
    State.SENT: "good",
    State.FAILED: "bad",
}
AT_ONCE = 200  # messages that one action takes


@admin.register(Message)
class MessageAdmin(ReadOnlyAdmin):
    list_display = (
        "created_at",
        "kind",
        "shown_state",
        "reference",
        "recipient",
        "starts_at",
        "attempts",
        "last_error",
    )
    list_filter = ("state", "kind", "created_at")
    search_fields = ("appointment__booking_reference",)  # how it is searched, says get_search_results
    search_help_text = _("A booking reference")
    list_select_related = ("appointment",)
    list_display_links = ("created_at", "kind")
    list_disable_select_all = True
    ordering = ("-created_at", "id")
    actions = ("send_again",)
    fieldsets = (
        (None, {"fields": (("kind", "shown_state"), ("reference", "recipient"), ("starts_at", "dentist_name"))}),
        (
            _("On its way"),
            {"fields": (("created_at", "tried_at", "sent_at"), ("attempts", "round", "last_error"))},
        ),
        (_("What it says"), {"fields": ("subject", "text")}),
    )

    @display(description=_("state"), ordering="state")
    def shown_state(self, message: Message) -> str:
        return state(_MOODS.get(message.state, "idle"), label_of(State, message.state))

    @display(description=_("reference"))
    def reference(self, message: Message) -> str:
        return message.appointment.booking_reference

    @display(description=pgettext_lazy("recipient", "to"))
    def recipient(self, message: Message) -> str:
        return message.appointment.patient_email

    @display(description=_("subject"))
    def subject(self, message: Message) -> str:
        return preview(message)[0]

    @display(description=_("text"))
    def text(self, message: Message) -> str:
        return preview(message)[1]

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[Message], search_term: str
    ) -> tuple[QuerySet[Message], bool]:
        if not search_term.strip():
            return queryset, False
        return queryset.filter(appointment__booking_reference=normalized(search_term) or ""), False

    @admin.action(description=_("Send again"))
    def send_again(self, request: HttpRequest, chosen: QuerySet[Message]) -> None:
        refused: Counter[str] = Counter()
        done = 0
        for message in chosen.order_by("created_at", "id").values_list("pk", flat=True)[:AT_ONCE]:
            try:
                resend(request.actor, message)  # type: ignore[attr-defined]  # set by the middleware
                done += 1
            except ClinicError as error:
                refused[str(error.message)] += 1
        if done:
            text = ngettext(
                "%(count)d message is on its way again.", "%(count)d messages are on their way again.", done
            )
            self.message_user(request, text % {"count": done}, messages.SUCCESS)
        for reason, count in refused.items():
            self.message_user(request, f"{reason} ({count})", messages.WARNING)
