from django.urls import path

from clinic.portals.patient import again, anybody, booking, finding, holding, moving, people, searching, visits

app_name = "patient"
urlpatterns = [
    path("", searching.dentists, name="dentists"),
    path("dentists/<slug:slug>", finding.dentist, name="dentist"),
    path("times", anybody.times, name="times"),
    path("hold", holding.hold, name="hold"),
    path("book/<uuid:reservation_id>", booking.book, name="book"),
    path("book/<uuid:reservation_id>/release", holding.release, name="release"),
    path("visits", visits.my_visits, name="visits"),
    path("visits/<uuid:visit_id>", visits.visit, name="own-visit"),
    path("visits/<uuid:visit_id>/move", moving.move, name="own-visit-move"),
    path("visits/<uuid:visit_id>/cancel", visits.cancel, name="own-visit-cancel"),
    path("visits/<uuid:visit_id>/calendar.ics", visits.calendar, name="own-visit-calendar"),
    path("visit/<str:token>", visits.visit, name="visit"),
    path("visit/<str:token>/move", moving.move, name="visit-move"),
    path("visit/<str:token>/cancel", visits.cancel, name="visit-cancel"),
    path("visit/<str:token>/again", again.again, name="visit-again"),
    path("visit/<str:token>/calendar.ics", visits.calendar, name="visit-calendar"),
    path("find-visit", visits.find_visit, name="find-visit"),
    path("people", people.people, name="people"),
    path("people/add", people.add, name="add-person"),
    path("people/<uuid:person_id>", people.change, name="person"),
    path("people/<uuid:person_id>/remove", people.remove, name="remove-person"),
]
