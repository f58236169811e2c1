"""The practice manager hires, schedules, renames and lets go dentists."""

from __future__ import annotations

from datetime import time, timedelta

import pytest
from django.contrib.auth import authenticate
from django.test import Client
from django.urls import reverse

from appointments.models import Appointment
from availability.models import DateOverride, TimeOff, WorkingHours
from clinic.accounts.hashing import hashing
from clinic.accounts.models import User
from clinic.core import db
from clinic.core.errors import Busy
from dentists.models import Dentist, Offer, Treatment
from tests.admin.conftest import signed_in
from tests.admin.forms import Fields, errors_of, filled, with_row
from tests.factories import Cast

ADD = "admin:dentists_dentist_add"
LONG = "a long enough secret"


def page_of(dentist: Dentist, kind: str = "change") -> str:
    return reverse(f"admin:dentists_dentist_{kind}", args=[dentist.pk])


def hire(office: Client, **changes: object) -> Fields:
    values = {"name": "Dr. Mia Sommer", "email": "Mia.Sommer@clinic.example", "password": LONG, "slug": ""} | changes
    return filled(office.get(reverse(ADD)), **values)


def times(dentist: Dentist, weekday: int = 0) -> list[tuple[time, time]]:
    with db.as_owner():
        found = WorkingHours.objects.filter(dentist=dentist, day_of_week=weekday).order_by("start_time")
        return list(found.values_list("start_time", "end_time"))


def test_a_new_dentist_signs_in_at_once_with_the_password_given(office: Client) -> None:
    answer = office.post(reverse(ADD), hire(office, languages=["de", "tr"], specializations=["endodontics"]))
    assert answer.status_code == 302
    with db.as_owner():
        mia = Dentist.objects.get(email="mia.sommer@clinic.example")
    assert (mia.slug, mia.languages, mia.specializations) == ("mia-sommer", ["de", "tr"], ["endodontics"])
    user = authenticate(None, username="mia.sommer@clinic.example", password=LONG)
    assert isinstance(user, User)
    assert (user.role, user.dentist_id, user.name) == ("dentist", mia.pk, "Dr. Mia Sommer")


def test_without_a_password_the_account_waits(office: Client) -> None:
    assert office.post(reverse(ADD), hire(office, password="")).status_code == 302
    with db.signing_in():
        account = User.objects.get(email="mia.sommer@clinic.example")
    assert (account.role, account.is_active, account.has_usable_password()) == ("dentist", True, False)


def test_whose_account_becomes_a_dentists_is_said(cast: Cast, office: Client) -> None:
    fresh = office.post(reverse(ADD), hire(office), follow=True)
    taken = office.post(reverse(ADD), hire(office, email="ana@example.org", slug="ana"), follow=True)
    said = [[str(one) for one in answer.context["messages"] if one.level_tag == "warning"] for answer in (fresh, taken)]
    assert said == [
        [],
        ["ana@example.org had an account already: it is the dentist's from now on, under the dentist's name."],
    ]


def test_whose_account_it_would_have_become_is_not_said_of_what_was_refused(
    cast: Cast, office: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("clinic.accounts.hashing.WAIT", 0)
    fields = hire(office, email="ana@example.org", slug="ana")
    with hashing(), hashing():  # all places are taken
        answer = office.post(reverse(ADD), fields)
    assert (answer.status_code, errors_of(answer)) == (200, [Busy.text])
    assert [str(one) for one in answer.context["messages"]] == []
    with db.signing_in():
        assert User.objects.get(email="ana@example.org").role == "patient"


def test_a_weak_password_is_refused_and_nobody_hired(office: Client) -> None:
    answer = office.post(reverse(ADD), hire(office, password="sommer"))
    assert answer.status_code == 200
    assert "This password is too short. It must contain at least 10 characters." in errors_of(answer)
    with db.as_owner():
        assert not Dentist.objects.filter(email__startswith="mia").exists()


def test_an_email_in_use_is_said_on_the_form(cast: Cast, office: Client) -> None:
    for email, text in [
        ("dana@example.org", "This email belongs to an account that cannot become a dentist's."),
        (cast.weber.email, "This email belongs to an account that cannot become a dentist's."),
    ]:
        answer = office.post(reverse(ADD), hire(office, email=email))
        assert (answer.status_code, errors_of(answer)[0]) == (200, text)


def test_what_only_the_database_knows_comes_back_on_the_form_with_what_was_typed(cast: Cast, office: Client) -> None:
    # A rename to the front desk's address meets the rule of the accounts' table, which no form of dentists looks at.
    fields = filled(office.get(page_of(cast.weber)), name="Dr. Eva Weber-Lang", email="dana@example.org")
    answer = office.post(page_of(cast.weber), fields)
    assert (answer.status_code, errors_of(answer)) == (200, ["This email has an account."])
    assert answer.context["adminform"].form["name"].value() == "Dr. Eva Weber-Lang"
    with db.as_owner():
        cast.weber.refresh_from_db()
    assert (cast.weber.name, cast.weber.email) == ("Dr. Eva Weber", "eva-weber@clinic.example")


def test_a_dentist_is_hired_with_hours_offers_and_time_off_in_one_form(cast: Cast, office: Client) -> None:
    fields = hire(office)
    for start, end, access in [("08:00", "12:00", "everyone"), ("13:00", "14:00", "urgent")]:
        with_row(
            fields, "working_hours", day_of_week=1, start_time=start, end_time=end, access=access, is_available="on"
        )
    with_row(fields, "offers", treatment=cast.checkup.pk, duration_minutes=45, price="")
    with_row(fields, "overrides", date=cast.monday, start_time="", end_time="", access="everyone")
    with_row(fields, "time_off", starts_at_0=cast.monday, starts_at_1="08:00", ends_at_0=cast.monday, ends_at_1="18:00",
             reason="Conference")  # fmt: skip
    assert office.post(reverse(ADD), fields).status_code == 302
    with db.as_owner():
        mia = Dentist.objects.get(slug="mia-sommer")
        hours = list(mia.working_hours.values_list("start_time", "access"))
        assert hours == [(time(8), "everyone"), (time(13), "urgent")]
        assert Offer.objects.get(dentist=mia).minutes == 45
        assert DateOverride.objects.get(dentist=mia).start_time is None
        assert TimeOff.objects.get(dentist=mia).starts_at == cast.at(8)


def test_two_new_rows_that_overlap_are_refused_and_nothing_is_saved(cast: Cast, office: Client) -> None:
    fields = filled(office.get(page_of(cast.weber)), title="Head of the practice")
    for start, end in [("08:00", "10:00"), ("09:30", "11:00")]:
        with_row(fields, "working_hours", day_of_week=5, start_time=start, end_time=end, access="everyone")
    answer = office.post(page_of(cast.weber), fields)
    assert (answer.status_code, errors_of(answer)) == (200, ["These hours overlap others of the same day."])
    assert times(cast.weber, 5) == []
    with db.as_owner():
        cast.weber.refresh_from_db()
    assert cast.weber.title == ""


def test_hours_that_end_before_they_start_are_refused(cast: Cast, office: Client) -> None:
    fields = with_row(filled(office.get(page_of(cast.weber))), "working_hours", day_of_week=5, start_time="12:00",
                      end_time="08:00", access="everyone")  # fmt: skip
    answer = office.post(page_of(cast.weber), fields)
    assert (answer.status_code, errors_of(answer)) == (200, ["The end must come after the start."])


def test_two_overrides_of_one_date_meet_a_closed_day(cast: Cast, office: Client) -> None:
    fields = filled(office.get(page_of(cast.weber)))
    with_row(fields, "overrides", date=cast.monday, start_time="", end_time="", access="everyone")
    with_row(fields, "overrides", date=cast.monday, start_time="09:00", end_time="12:00", access="everyone")
    answer = office.post(page_of(cast.weber), fields)
    assert (answer.status_code, errors_of(answer)) == (200, ["These hours overlap others of the same day."])


def test_rows_that_make_room_for_one_another_are_saved_together(cast: Cast, office: Client) -> None:
    with db.as_owner():
        WorkingHours.objects.filter(dentist=cast.weber).exclude(day_of_week=0).delete()
    fields = filled(office.get(page_of(cast.weber)))
    # The lunch break moves from 12-13 to 14-15: the first row grows over what the second one still has stored.
    fields["working_hours-0-end_time"], fields["working_hours-1-start_time"] = ["14:00"], ["15:00"]
    assert office.post(page_of(cast.weber), fields).status_code == 302
    assert times(cast.weber) == [(time(9), time(14)), (time(15), time(17))]


def test_a_removed_row_makes_room_for_a_new_one(cast: Cast, office: Client) -> None:
    with db.as_owner():
        WorkingHours.objects.filter(dentist=cast.weber).exclude(day_of_week=0).delete()
    fields = filled(office.get(page_of(cast.weber)), **{"working_hours-1-DELETE": "on"})
    with_row(fields, "working_hours", day_of_week=0, start_time="13:30", end_time="18:00", access="everyone")
    assert office.post(page_of(cast.weber), fields).status_code == 302
    assert times(cast.weber) == [(time(9), time(12)), (time(13, 30), time(18))]


def test_the_page_of_hours_alone_refuses_an_overlap_too(cast: Cast, office: Client) -> None:
    path = reverse("admin:availability_workinghours_add")
    fields = filled(office.get(path), dentist=cast.weber.pk, day_of_week=0, start_time="11:00", end_time="13:30")
    answer = office.post(path, fields)
    assert (answer.status_code, errors_of(answer)) == (200, ["These hours overlap others of the same day."])
    assert times(cast.weber) == [(time(9), time(12)), (time(13), time(17))]


def test_a_day_off_by_itself_and_hours_on_that_day_are_refused_after_it(cast: Cast, office: Client) -> None:
    path = reverse("admin:availability_dateoverride_add")
    fields = filled(office.get(path), dentist=cast.weber.pk, date=cast.monday)
    assert office.post(path, fields).status_code == 302
    answer = office.post(path, fields | {"start_time": ["09:00"], "end_time": ["12:00"]})
    assert (answer.status_code, errors_of(answer)) == (200, ["This overlaps other hours of the same date."])


def test_a_full_week_with_every_treatment_is_one_form(cast: Cast, office: Client) -> None:
    with db.as_owner():
        treatments = [
            Treatment.objects.create(slug=f"t{n}", name=f"T{n}", duration_minutes=30, price=1) for n in range(12)
        ]
        Offer.objects.bulk_create(Offer(dentist=cast.weber, treatment=one) for one in treatments)
    fields = filled(office.get(page_of(cast.weber)), bio="Twenty years of roots.")
    assert office.post(page_of(cast.weber), fields).status_code == 302
    with db.as_owner():
        cast.weber.refresh_from_db()
    assert cast.weber.bio == "Twenty years of roots."


def test_a_dentist_leaves_and_the_visits_to_come_are_cancelled(cast: Cast, office: Client) -> None:
    with db.signing_in():
        weber = User.objects.get(pk=cast.weber.user_id)
    at_work = signed_in(weber)
    coming = [cast.booked(cast.nobody(str(hour)), cast.at(hour)).appointment for hour in (9, 11)]
    other = cast.booked(cast.nobody(), cast.at(9), dentist=cast.okafor.pk, contact=cast.guest("Oma Other")).appointment
    with db.as_owner():
        past = Appointment.objects.get(pk=coming[0].pk)
        past.pk, past.booking_reference, past._state.adding = None, "DC-PAST22", True
        past.starts_at, past.ends_at = (when - timedelta(days=60) for when in (past.starts_at, past.ends_at))
        past.pk = type(past)._meta.pk.get_default()
        past.status = "completed"
        past.save()
    told = office.get(page_of(cast.weber, "delete")).content.decode()
    assert "2 visits still to come will be cancelled, and the patients told." in told

    assert office.post(page_of(cast.weber, "delete"), {"post": "yes"}).status_code == 302
    with db.as_owner():
        assert not Dentist.objects.filter(pk=cast.weber.pk).exists()
        stored = {row.pk: row for row in Appointment.objects.all()}
        assert [stored[visit.pk].status for visit in (*coming, other, past)] == [
            "cancelled", "cancelled", "confirmed", "completed",
        ]  # fmt: skip
        assert (stored[past.pk].dentist_name, stored[past.pk].dentist_id) == ("Dr. Eva Weber", None)
        assert stored[coming[0].pk].cancellation_reason == "dentist_left"
        assert not User.objects.get(pk=weber.pk).is_active
    assert authenticate(None, username=weber.email, password="correct horse battery") is None
    assert not at_work.get("/").wsgi_request.user.is_authenticated


def test_several_dentists_leave_by_the_list(cast: Cast, office: Client) -> None:
    cast.booked(cast.nobody(), cast.at(9))
    path = reverse("admin:dentists_dentist_changelist")
    chosen = {"action": "delete_selected", "_selected_action": [str(cast.weber.pk), str(cast.okafor.pk)]}
    assert (
        "1 visit still to come will be cancelled, and the patient told." in office.post(path, chosen).content.decode()
    )
    assert office.post(path, chosen | {"post": "yes"}).status_code == 302
    with db.as_owner():
        assert (Dentist.objects.count(), Appointment.objects.get().status) == (0, "cancelled")


def test_a_treatment_that_was_booked_stays(cast: Cast, office: Client) -> None:
    cast.booked(cast.nobody(), cast.at(9))
    booked, unbooked = (
        reverse("admin:dentists_treatment_delete", args=[one.pk]) for one in (cast.checkup, cast.filling)
    )
    assert "1 visit was booked for it. Switch it off instead." in office.get(booked).content.decode()
    office.post(booked, {"post": "yes"})
    assert office.post(unbooked, {"post": "yes"}).status_code == 302
    with db.as_owner():
        assert [one.name for one in Treatment.objects.all()] == ["Check-up"]


def test_what_the_commit_would_refuse_is_said_instead_of_a_success(cast: Cast, office: Client) -> None:
    from availability.reservations import reserve

    reserve(cast.nobody(), dentist=cast.weber.pk, treatment=cast.filling.pk, start=cast.at(9))
    path = reverse("admin:dentists_treatment_delete", args=[cast.filling.pk])
    answer = office.post(path, {"post": "yes"}, follow=True)
    assert [str(message) for message in answer.context["messages"]] == [
        "Something else still refers to this, so it must stay."
    ]
    with db.as_owner():
        assert Offer.objects.filter(treatment=cast.filling).exists()


@pytest.mark.parametrize(
    ("path", "sent", "said"),
    [
        ("timeoff", {"starts_at_0": "0001-01-01", "starts_at_1": "00:00", "ends_at_0": "0001-01-02", "ends_at_1": "00:00"},
         "This is no date that a calendar here reaches."),
        ("timeoff", {"starts_at_0": "9999-12-30", "starts_at_1": "00:00", "ends_at_0": "9999-12-31", "ends_at_1": "00:00"},
         "This is no date that a calendar here reaches."),
        ("closure", {"date": "9999-12-31", "name": "The end"}, "This is no date that a calendar here reaches."),
        ("dateoverride", {"date": "2027-01-04", "start_time": "12:00", "end_time": "09:00", "access": "everyone"},
         "Give both times, the end after the start, or neither for a closed day."),
        ("dateoverride", {"date": "2027-01-04", "start_time": "12:00", "end_time": "", "access": "everyone"},
         "Give both times, the end after the start, or neither for a closed day."),
        ("workinghours", {"day_of_week": "5", "start_time": "17:00", "end_time": "09:00", "access": "everyone"},
         "The end must come after the start."),
    ],
)  # fmt: skip
def test_what_cannot_be_is_said_on_its_own_page_and_the_list_goes_on(
    cast: Cast, office: Client, path: str, sent: dict[str, str], said: str
) -> None:
    listed = f"/admin/availability/{path}/"
    answer = office.post(f"{listed}add/", {"dentist": str(cast.weber.pk), **sent})
    assert (answer.status_code, said in answer.content.decode()) == (200, True)
    assert office.get(listed).status_code == 200
