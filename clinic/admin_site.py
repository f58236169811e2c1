"""Django admin over the same identity and the same verbs as everything else."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any

from csp.decorators import csp_replace
from django.contrib import messages
from django.contrib.admin.apps import AdminConfig
from django.http import HttpRequest, HttpResponseBase, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from unfold.sites import UnfoldAdminSite

from clinic import content_policy
from clinic.core import clock, db


class ClinicAdminSite(UnfoldAdminSite):
    """A change in admin is one transaction under the admin's identity, the log entry included."""

    def admin_view(self, view: Callable[..., Any], cacheable: bool = False) -> Callable[..., Any]:
        @wraps(view)
        def under_identity(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
            from clinic.core.refusals import REFUSALS, in_words  # needs models, which come after this module

            actor = getattr(request, "actor", None)
            if actor is None or db.acting() is not None or not request.user.is_staff:
                response: HttpResponseBase = view(request, *args, **kwargs)
                return response
            try:
                with db.enclosing(actor):
                    response = view(request, *args, **kwargs)
                    # A page is rendered where its rows can still be read.
                    if hasattr(response, "render") and callable(response.render):
                        response = response.render()
                    return response
            except REFUSALS as error:
                # No form took it up (a deletion, an action): nothing was changed, and the page it came from says why.
                messages.error(request, in_words(error))
                return HttpResponseRedirect(request.get_full_path())

        wrapped: Callable[..., Any] = csp_replace(content_policy.ADMIN)(super().admin_view(under_identity, cacheable))
        return wrapped

    def get_app_list(self, request: HttpRequest, app_label: str | None = None) -> list[Any]:
        """What can be administered; a page asks for it twice, and each time every model for its permissions."""
        kept: dict[str | None, list[Any]] = request.__dict__.setdefault("app_lists", {})
        if app_label not in kept:
            kept[app_label] = super().get_app_list(request, app_label)
        return kept[app_label]

    def each_context(self, request: HttpRequest) -> dict[str, Any]:
        """The theme's colours go into a style element with a nonce: templates/unfold/layouts/skeleton.html."""
        context: dict[str, Any] = super().each_context(request)
        colors = context.pop("colors")
        context["theme_variables"] = {"border-radius": context["border_radius"]} | {
            f"color-{name}-{weight}": value for name, weights in colors.items() for weight, value in weights.items()
        }
        return context

    def index(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> TemplateResponse:
        """The live front page, and below it everything that can be administered. An open page asks for its content alone."""
        from clinic.core.context import FRAGMENT_HEADER  # needs models, which come after this module
        from clinic.portals.front_page import front_page  # likewise

        figures = front_page(request.actor, clock.now())  # type: ignore[attr-defined]  # set by the middleware
        if FRAGMENT_HEADER in request.headers:
            return TemplateResponse(request, "admin/front_page/content.html", figures)
        title = {"title": _("Today at the clinic")}
        page: TemplateResponse = super().index(request, title | figures | (extra_context or {}))
        return page

    def login(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponseBase:
        """There is one door: the site's own sign-in page, which leads back here."""
        from django.contrib.auth.views import redirect_to_login  # needs models, which come after this module

        index = reverse("admin:index", current_app=self.name)
        if self.has_permission(request):
            return HttpResponseRedirect(index)
        if request.user.is_authenticated and not request.user.is_staff:
            messages.error(request, _("Your account may not open the administration. Sign in with one that may."))
        return redirect_to_login(request.GET.get("next") or index)


class ClinicAdminConfig(AdminConfig):
    default_site = "clinic.admin_site.ClinicAdminSite"
