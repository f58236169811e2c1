"""Composition only: which room answers which path."""

from django.conf import settings
from django.contrib import admin
from django.urls import URLPattern, URLResolver, include, path

from clinic.health import health
from clinic.metrics import metrics
from clinic.portals.accounts import language

urlpatterns: list[URLPattern | URLResolver] = [
    path("", include("clinic.portals.patient.urls")),
    path("", include("clinic.portals.chat.urls")),
    path("dentist/", include("clinic.portals.dentist.urls")),
    path("desk/", include("clinic.portals.desk.urls")),
    path("accounts/", include("clinic.portals.accounts.urls")),
    path("account/", include("clinic.portals.accounts.own_data_urls")),
    path("api/", include("clinic.api_urls")),
    path("admin/", admin.site.urls),
    path("language", language.choose, name="set_language"),  # the name that the theme of Django admin asks for
    path("health", health, name="health"),
    path("metrics", metrics, name="metrics"),
]
if settings.DEBUG:
    urlpatterns.append(path("design", include("clinic.portals.design.urls")))
if settings.LOCAL_MAILS:
    urlpatterns.append(path("", include("clinic.notifications.local_urls")))

handler400 = "clinic.portals.errors.bad_request"
handler403 = "clinic.portals.errors.forbidden"
handler404 = "clinic.portals.errors.not_found"
handler500 = "clinic.portals.errors.server_error"
