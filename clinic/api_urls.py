"""The REST API's paths; a trailing slash is neither needed nor minded."""

from django.urls import re_path

from appointments import api as appointments
from availability import api as availability

UUID = r"[0-9a-fA-F-]{36}"

urlpatterns = [
    re_path(r"^appointments/?$", appointments.AppointmentsView.as_view(), name="api-appointments"),
    re_path(r"^availability/reserve/?$", availability.ReserveView.as_view(), name="api-reserve"),
    re_path(
        rf"^availability/reserve/(?P<reservation_id>{UUID})/?$", availability.ReleaseView.as_view(), name="api-release"
    ),
    re_path(r"^availability/(?P<dentist_id>[\w-]+)/slots/?$", availability.SlotsView.as_view(), name="api-slots"),
]
