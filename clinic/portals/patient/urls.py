from django.urls import path

from clinic.portals.patient import booking, finding

app_name = "patient"
urlpatterns = [
    path("", finding.dentists, name="dentists"),
    path("dentists/<slug:slug>", finding.dentist, name="dentist"),
    path("hold", booking.hold, name="hold"),
    path("book/<uuid:reservation_id>", booking.book, name="book"),
    path("book/<uuid:reservation_id>/release", booking.release, name="release"),
    path("visit/<str:token>", booking.visit, name="visit"),
]
