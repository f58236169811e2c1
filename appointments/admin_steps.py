"""Visits in admin are led on by the verbs that everybody uses, many at once."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator
from functools import partial
from typing import Any
from uuid import UUID

from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.utils.translation import gettext as _said
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from appointments import transitions
from appointments.models import Appointment
from clinic.core.errors import ClinicError
from clinic.core.refusals import ReadOnlyAdmin

Verb = Callable[..., Appointment]
AT_ONCE = 200  # visits that one action takes: each is a decision of its own, and the page waits for all of them
NAMED = 10  # references that a message names


class LedBySteps(ReadOnlyAdmin):
    """The actions of a list of visits. What can be undone is done at once; a cancellation is asked about first."""

    actions: tuple[str, ...] = ("confirm", "check_in", "complete", "no_show", "cancel", "undo")

    @admin.action(description=_("Confirm"))
    def confirm(self, request: HttpRequest, chosen: QuerySet[Appointment]) -> None:
        self._take(request, chosen, transitions.confirm)

    @admin.action(description=_("Check in"))
    def check_in(self, request: HttpRequest, chosen: QuerySet[Appointment]) -> None:
        self._take(request, chosen, transitions.check_in)

    @admin.action(description=_("Complete"))
    def complete(self, request: HttpRequest, chosen: QuerySet[Appointment]) -> None:
        self._take(request, chosen, transitions.complete)

    @admin.action(description=_("Did not come"))
    def no_show(self, request: HttpRequest, chosen: QuerySet[Appointment]) -> None:
        self._take(request, chosen, transitions.mark_no_show)

    @admin.action(description=_("Undo"))
    def undo(self, request: HttpRequest, chosen: QuerySet[Appointment]) -> None:
        self._take(request, chosen, transitions.undo)

    @admin.action(description=_("Cancel"))
    def cancel(self, request: HttpRequest, chosen: QuerySet[Appointment]) -> HttpResponse | None:
        """Asks once more, and for a reason: nothing brings a cancelled visit back, and each patient gets a mail."""
        if "sure" in request.POST:
            self._take(request, chosen, partial(transitions.cancel, reason=request.POST.get("reason", "")))
            return None
        visits = list(chosen.order_by("starts_at", "id")[: AT_ONCE + 1])
        if self._are_too_many(request, visits):
            return None
        context = {
            **self.admin_site.each_context(request),
            "title": _said("Cancel these visits?"),
            "visits": visits,
            "opts": self.opts,
        }
        return TemplateResponse(request, "admin/cancel_visits.html", context)

    def _take(self, request: HttpRequest, chosen: QuerySet[Appointment], verb: Verb) -> None:
        """Asks the verb for each visit, and says what it refused."""
        visits = list(chosen.order_by("starts_at", "id").values_list("pk", "booking_reference")[: AT_ONCE + 1])
        if self._are_too_many(request, visits):
            return
        done, refused = 0, defaultdict[str, list[str]](list)
        for visit_id, reference in visits:
            done += self._taken(request, verb, visit_id, refused, reference)
        if done:
            text = ngettext("%(count)d visit was changed.", "%(count)d visits were changed.", done) % {"count": done}
            self.message_user(request, text, messages.SUCCESS)
        for line in _refusals(refused):
            self.message_user(request, line, messages.WARNING)

    def _taken(
        self, request: HttpRequest, verb: Verb, visit_id: UUID, refused: dict[str, list[str]], reference: str
    ) -> bool:
        try:
            verb(request.actor, visit_id)  # type: ignore[attr-defined]  # set by the middleware
        except ClinicError as error:
            refused[str(error.message)].append(reference)
            return False
        return True

    def _are_too_many(self, request: HttpRequest, visits: list[Any]) -> bool:
        if len(visits) > AT_ONCE:
            text = _said("Please choose at most %(count)d at once; nothing was changed.") % {"count": AT_ONCE}
            self.message_user(request, text, messages.ERROR)
        return len(visits) > AT_ONCE


def _refusals(refused: dict[str, list[str]]) -> Iterator[str]:
    for reason, references in refused.items():
        rest = len(references) - NAMED
        named = ", ".join(references[:NAMED]) + (f" (+{rest})" if rest > 0 else "")
        yield f"{reason} {named}"
