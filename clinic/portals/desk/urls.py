from django.urls import path

from clinic.portals.desk import absence, booking, contact, day, holding, people, visits

app_name = "desk"
urlpatterns = [
    path("", day.day, name="day"),
    path("people", people.people, name="people"),
    path("people.json", people.people_json, name="people-json"),
    path("people/<uuid:person_id>", people.person, name="person"),
    path("people/<uuid:person_id>/contact", contact.correct, name="contact"),
    path("book", booking.book, name="book"),
    path("hold", holding.hold, name="hold"),
    path("hold/<uuid:reservation_id>/release", holding.release, name="release"),
    path("visits/<uuid:visit_id>", visits.visit, name="visit"),
    path("visits/<uuid:visit_id>/<slug:step>", visits.take_step, name="step"),
    path("absence", absence.absence, name="absence"),
]
