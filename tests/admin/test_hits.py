"""The practice manager changes hours over booked visits: which these are is said before anything is saved."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse
from django.test import Client
from django.urls import reverse

from appointments.models import Appointment
from availability.models import Closure, DateOverride, TimeOff, WorkingHours
from clinic.core import db
from tests.admin.forms import Fields, errors_of, filled
from tests.factories import Cast

CLOSURE = reverse("admin:availability_closure_add")
AWAY = reverse("admin:availability_timeoff_add")
ASKED = ["They stay booked until somebody moves or cancels them. Nothing is saved yet."]


def booked(cast: Cast, hour: int, **more: Any) -> Appointment:
    return cast.booked(cast.nobody(str(hour)), cast.at(hour), **more).appointment


def hit(answer: HttpResponse) -> list[str]:
    """Whom the page says that the change hits; it must ask, and nothing else."""
    assert (answer.status_code, errors_of(answer)) == (200, ASKED)
    return [visit.booking_reference for visit in answer.context["hit"]]


def agreed(answer: HttpResponse, fields: Fields) -> Fields:
    return {name: value for name, value in fields.items() if name != "_save"} | {"sure": [answer.context["hit_named"]]}


def stored(model: Any) -> int:
    with db.as_owner():
        return int(model.objects.count())


def test_a_closure_names_everybodys_visits_of_the_day_and_is_saved_after_a_yes(cast: Cast, office: Client) -> None:
    visits = [booked(cast, 9), booked(cast, 11, dentist=cast.okafor.pk, contact=cast.guest("Oma Other"))]
    fields = filled(office.get(CLOSURE), date=cast.monday, name="Burst pipe")
    answer = office.post(CLOSURE, fields)
    assert hit(answer) == [visit.booking_reference for visit in visits]
    assert stored(Closure) == 0
    page = answer.content.decode()
    assert ("This hits 2 booked visits" in page, "Please correct the error" in page) == (True, False)
    assert office.post(CLOSURE, agreed(answer, fields)).status_code == 302
    assert stored(Closure) == 1


def test_a_yes_holds_for_the_visits_that_were_shown_and_for_no_other(cast: Cast, office: Client) -> None:
    first = booked(cast, 9)
    fields = filled(office.get(CLOSURE), date=cast.monday)
    answer = office.post(CLOSURE, fields)
    second = booked(cast, 11, contact=cast.guest("Late Comer"))
    again = office.post(CLOSURE, agreed(answer, fields))
    assert hit(again) == [first.booking_reference, second.booking_reference]
    assert stored(Closure) == 0


def test_time_off_names_whom_it_meets_and_nobody_outside_it(cast: Cast, office: Client) -> None:
    booked(cast, 9)
    met = booked(cast, 11, contact=cast.guest("Mia Met"))
    booked(cast, 11, dentist=cast.okafor.pk, contact=cast.guest("Oma Other"))
    fields = filled(office.get(AWAY), dentist=cast.weber.pk, starts_at_0=cast.monday, starts_at_1="10:30",
                    ends_at_0=cast.monday, ends_at_1="18:00")  # fmt: skip
    assert hit(office.post(AWAY, fields)) == [met.booking_reference]
    assert stored(TimeOff) == 0


def test_shorter_hours_are_asked_about_on_their_own_page_and_on_the_dentists(cast: Cast, office: Client) -> None:
    visit = booked(cast, 11)
    with db.as_owner():
        morning = WorkingHours.objects.get(dentist=cast.weber, day_of_week=0, start_time="09:00")
    own = reverse("admin:availability_workinghours_change", args=[morning.pk])
    assert hit(office.post(own, filled(office.get(own), end_time="11:00"))) == [visit.booking_reference]
    page = reverse("admin:dentists_dentist_change", args=[cast.weber.pk])
    fields = filled(office.get(page))
    row = next(
        name for name, value in fields.items() if name.startswith("working_hours-") and value == [str(morning.pk)]
    )
    fields[row.removesuffix("-id") + "-end_time"] = ["11:00"]
    answer = office.post(page, fields)
    assert hit(answer) == [visit.booking_reference]
    assert office.post(page, agreed(answer, fields)).status_code == 302
    with db.as_owner():
        assert WorkingHours.objects.get(pk=morning.pk).end_time.hour == 11


def test_what_hits_nobody_is_saved_at_once_and_so_is_a_visit_that_stood_outside_before(
    cast: Cast, office: Client
) -> None:
    with db.as_owner():
        DateOverride.objects.create(dentist=cast.weber, date=cast.monday)
    cast.booked(cast.as_desk, cast.at(9), contact=cast.guest("Ida Inside"), outside_rules=True)
    fields = filled(office.get(CLOSURE), date=cast.monday)
    assert office.post(CLOSURE, fields).status_code == 302


def test_deleting_hours_says_which_visits_lose_them(cast: Cast, office: Client) -> None:
    booked(cast, 11)
    with db.as_owner():
        morning = WorkingHours.objects.get(dentist=cast.weber, day_of_week=0, start_time="09:00")
    page = reverse("admin:availability_workinghours_delete", args=[morning.pk])
    told = office.get(page).content.decode()
    assert ("This hits 1 booked visit" in told, "Gus Guest" in told) == (True, True)
    many = office.post(
        reverse("admin:availability_workinghours_changelist"),
        {"action": "delete_selected", "_selected_action": [str(morning.pk)]},
    )
    assert "This hits 1 booked visit" in many.content.decode()
    assert stored(WorkingHours) > 0
