"""People in admin can be erased."""

from __future__ import annotations

from collections import Counter

from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponseBase
from django.template.response import TemplateResponse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from clinic.core.errors import ClinicError
from clinic.patients.admin import PatientAdmin
from clinic.patients.models import Patient
from clinic.privacy.erasing import erase_guest

AT_ONCE = 50  # people that one action takes

admin.site.unregister(Patient)


@admin.register(Patient)
class ErasablePatientAdmin(PatientAdmin):
    """Patients as `clinic.patients` shows them, who know nothing of the visits that go with them."""

    actions = ("erase",)

    @admin.action(description=_("Erase this person"), permissions=["delete"])
    def erase(self, request: HttpRequest, chosen: QuerySet[Patient]) -> HttpResponseBase | None:
        """Asks once more, then erases each: a refusal of one leaves the others erased and is said."""
        people = list(chosen.order_by("name", "id")[:AT_ONCE])
        if "sure" not in request.POST:
            context = {
                **self.admin_site.each_context(request),
                "title": _("Erase these people?"),
                "people": people,
                "opts": self.opts,
            }
            return TemplateResponse(request, "admin/erase_people.html", context)
        done, refused = 0, Counter[str]()
        for person in people:
            try:
                erase_guest(request.actor, person.pk)  # type: ignore[attr-defined]  # set by the middleware
                done += 1
            except ClinicError as error:
                refused[str(error.message)] += 1
        if done:
            text = ngettext("%(count)d person was erased.", "%(count)d people were erased.", done) % {"count": done}
            self.message_user(request, text, messages.SUCCESS)
        for reason, count in refused.items():
            self.message_user(request, f"{reason} ({count})", messages.WARNING)
        return None
