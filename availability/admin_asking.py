"""A change over booked visits in admin: allowed, and shown with the visits that it hits before it is saved."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, ClassVar

from django.db.models import Q
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.utils.formats import date_format, time_format
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from availability.hit import named
from clinic.core import clock
from clinic.core.errors import ClinicError
from clinic.core.refusals import ClinicModelAdmin

# The visits of a choice that lie within their dentists' hours as they would be without some rows, in the order of their times.
Standing = Callable[[Q, Sequence[Any]], list[Any]]
NOBODY = Q(pk__in=())
YES = "sure"


class VisitsHit(ClinicError):
    code, status = "visits_hit", 409
    text = _("They stay booked until somebody moves or cancels them. Nothing is saved yet.")


class AsksFirst(ClinicModelAdmin):
    """Whoever has seen the visits says yes to exactly these: when others are hit meanwhile, it asks again.

    A higher layer adds to `standing`. What is hit is what stood before the change and does not after it, whatever was changed.
    """

    change_form_before_template = "admin/hits.html"
    standing: ClassVar[list[Standing]] = []

    def concerned(self, request: HttpRequest, object_id: str | None) -> Q:
        """Which visits the change in this request can hit: any, unless a page knows better and need not look at all."""
        return Q()

    def changeform_view(
        self,
        request: HttpRequest,
        object_id: str | None = None,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> HttpResponseBase:
        if request.method == "POST":
            of = self.concerned(request, object_id)
            request.stood = (of, self.stand(of))  # type: ignore[attr-defined]  # read by save_related
        return super().changeform_view(request, object_id, form_url, extra_context)

    def save_related(self, request: HttpRequest, form: Any, formsets: Any, change: bool) -> None:
        super().save_related(request, form, formsets, change)
        of, stood = request.stood  # type: ignore[attr-defined]  # set above
        hit = self._fallen(of, stood)
        if hit and request.POST.get(YES) != named(hit):
            request.hit = hit  # type: ignore[attr-defined]  # read below
            raise VisitsHit()

    def render_change_form(
        self, request: HttpRequest, context: dict[str, Any], *args: Any, **kwargs: Any
    ) -> HttpResponse:
        if hit := getattr(request, "hit", None):
            # There is nothing to correct: it is asked, not refused.
            context |= {"hit": hit, "hit_named": named(hit), "errors": None}
        shown: HttpResponse = super().render_change_form(request, context, *args, **kwargs)
        return shown

    def hit_without(self, rows: list[Any], of: Q) -> list[Any]:
        """The sentences about what deleting these rows would hit; nested, as Django lists what goes along."""
        hit = self._fallen(of, self.stand(of), rows)
        if not hit:
            return []
        text = ngettext("This hits %(counter)s booked visit", "This hits %(counter)s booked visits", len(hit))
        return [text % {"counter": len(hit)}, [_line(visit) for visit in hit]]

    def stand(self, of: Q, without: Sequence[Any] = ()) -> list[Any]:
        return [visit for ask in self.standing for visit in ask(of, without)]

    def _fallen(self, of: Q, stood: list[Any], without: Sequence[Any] = ()) -> list[Any]:
        still = {visit.pk for visit in self.stand(of, without)} if stood else set()
        return [visit for visit in stood if visit.pk not in still]


def _line(visit: Any) -> str:
    starts = clock.local(visit.starts_at)
    return f"{visit.patient_name}, {date_format(starts, 'DATE_FORMAT')}, {time_format(starts, 'TIME_FORMAT')}"
