from django.urls import path

from clinic.portals.dentist import absence, booking, calendar, dates, hours, ill, profile, today, visits

app_name = "dentist"
urlpatterns = [
    path("", today.today, name="today"),
    path("calendar", calendar.calendar, name="calendar"),
    path("calendar/book", booking.book, name="book"),
    path("visits", visits.visit_list, name="visits"),
    path("visits/<uuid:visit_id>", visits.visit, name="visit"),
    path("visits/<uuid:visit_id>/<slug:step>", visits.take_step, name="step"),
    path("hours", hours.hours, name="hours"),
    path("hours/undo", hours.undo_hours, name="undo-hours"),
    path("dates", dates.dates, name="dates"),
    path("dates/undo", dates.undo_date, name="undo-date"),
    path("dates/<str:day>/clear", dates.clear, name="clear-date"),
    path("ill", ill.ill, name="ill"),
    path("profile", profile.profile, name="profile"),
    path("time-off", absence.time_off, name="time-off"),
    path("time-off/undo", absence.undo_time_off, name="undo-time-off"),
    path("time-off/<int:time_off_id>/remove", absence.remove, name="remove-time-off"),
]
