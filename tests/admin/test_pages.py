"""Admin as a whole: its pages answer admins, nobody else, and do not cost a query per row."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.contrib import admin
from django.test import Client, RequestFactory
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils.html import strip_tags

from appointments.models import Appointment
from appointments.references import new_reference
from availability.models import Closure, DateOverride, TimeOff, WorkingHours
from availability.reservations import reserve
from clinic.accounts.models import User
from clinic.core import admin_lists, clock, db
from clinic.history.admin import WATCHED
from clinic.patients.models import Patient
from dentists.models import Dentist, Treatment
from tests.admin.conftest import signed_in
from tests.factories import Cast, make_dentist, make_treatment, make_user

# What nobody adds or deletes by hand.
FIXED = {
    "reservation": ("add", "delete"),
    "appointment": ("add", "delete"),
    "change": ("add", "delete"),
    "clinicsettings": ("add", "delete"),
    "user": ("delete",),
}


def fill(cast: Cast) -> None:
    """One row of everything that has a page."""
    visit = cast.booked(
        cast.as_ana, cast.at(9), contact=cast.guest("Ana Ruiz"), medical={"symptoms": "ache"}, consent=True
    )
    reserve(cast.as_ben, dentist=cast.weber.pk, treatment=cast.checkup.pk, start=cast.at(11))
    with db.transaction(cast.as_dentist(cast.weber)):
        db.rows("SELECT * FROM appointments_read_medical(%s)", [visit.appointment.pk])
    with db.as_owner():
        DateOverride.objects.create(dentist=cast.weber, date=cast.monday)
        TimeOff.objects.create(dentist=cast.weber, starts_at=cast.at(9, days=3), ends_at=cast.at(12, days=3))
        Closure.objects.create(date=cast.monday + timedelta(days=4), name="Company outing")


def pages() -> list[tuple[str, str, str]]:
    """Every page of every model: its model, its name and its path; those of a row where there is one."""
    found = []
    for model in admin.site._registry:
        name = model._meta.model_name or ""
        with db.as_owner():
            row = model._default_manager.order_by("pk").first()
        base = f"admin:{model._meta.app_label}_{name}"
        found += [(name, kind, reverse(f"{base}_{kind}")) for kind in ("changelist", "add")]
        if row is not None:
            found += [
                (name, kind, reverse(f"{base}_{kind}", args=[row.pk])) for kind in ("change", "history", "delete")
            ]
    return found


def refused(user: User) -> set[tuple[str, str]]:
    """The pages that a model's own admin does not give to anybody."""
    request = RequestFactory().get("/")
    request.user = user
    asked = {(model._meta.model_name or "", kind): getattr(page, f"has_{kind}_permission")(request)
             for model, page in admin.site._registry.items() for kind in ("add", "delete")}  # fmt: skip
    return {page for page, given in asked.items() if not given}


def test_every_page_answers_an_admin(cast: Cast, office: Client) -> None:
    fill(cast)
    closed = refused(cast.ada)
    ours = {(name, kind) for name, kind in closed if name in FIXED}
    assert ours == {(name, kind) for name in FIXED for kind in FIXED[name]}
    told = {(name, kind): office.get(path).status_code for name, kind, path in pages()}
    assert set(FIXED) <= {name for name, kind in told if kind == "change"}
    # Clinic settings are one row; of what the history knows, its lines are shown.
    leads = {("clinicsettings", "changelist")} | {
        (model._meta.model_name, "history") for model in admin.site._registry if model._meta.db_table in WATCHED
    }
    assert told == {page: 403 if page in closed else 302 if page in leads else 200 for page in told}
    others = [reverse("admin:index"), reverse("admin:password_change"),
              reverse("admin:auth_user_password_change", args=[cast.ana.pk])]  # fmt: skip
    assert [office.get(path).status_code for path in others] == [200, 200, 200]


def test_a_rows_history_is_what_the_history_knows_of_it(cast: Cast, office: Client) -> None:
    fill(cast)
    with db.as_owner():
        Dentist.objects.filter(pk=cast.weber.pk).update(title="Head of the practice")
        hours = WorkingHours.objects.filter(dentist=cast.weber).order_by("pk").first()
    for row, name, told in (
        (cast.weber, "dentists_dentist", ["changed", "created"]),
        (hours, "availability_workinghours", ["created"]),
    ):
        answer = office.get(reverse(f"admin:{name}_history", args=[row.pk]), follow=True)
        assert [(one.action, one.row_id) for one in answer.context["cl"].result_list] == [
            (action, str(row.pk)) for action in told
        ]


def test_nobody_else_gets_past_the_door(cast: Cast) -> None:
    fill(cast)
    with db.signing_in():
        weber = User.objects.get(pk=cast.weber.user_id)
    for client in (Client(), *(signed_in(user) for user in (cast.ana, weber, cast.dana))):
        for _name, _kind, path in [*pages(), ("", "", reverse("admin:index"))]:
            for answer in (client.get(path), client.post(path, {"action": "cancel"})):
                assert (answer.status_code, answer["Location"].partition("?")[0]) == (302, reverse("admin:login"))


def test_the_door_is_the_sign_in_page_of_the_site(cast: Cast, office: Client) -> None:
    wanted = reverse("admin:dentists_dentist_changelist")
    answer = Client().get(reverse("admin:login"), {"next": wanted})
    assert (answer.status_code, answer["Location"]) == (302, f"{reverse('accounts:sign-in')}?next={wanted}")
    assert office.get(reverse("admin:login"))["Location"] == reverse("admin:index")


def test_whoever_is_signed_in_without_a_key_is_told_so(cast: Cast) -> None:
    answer = signed_in(cast.dana).get(reverse("admin:index"), follow=True)
    assert answer.redirect_chain[-1][0].startswith(reverse("accounts:sign-in"))
    assert [str(one) for one in answer.context["messages"]] == [
        "Your account may not open the administration. Sign in with one that may."
    ]
    assert list(Client().get(reverse("admin:index"), follow=True).context["messages"]) == []


def test_an_admin_signs_out(office: Client) -> None:
    assert office.post(reverse("admin:logout")).status_code == 200
    assert office.get(reverse("admin:index")).status_code == 302


@pytest.mark.parametrize(
    "name",
    [
        "accounts_user", "patients_patient", "dentists_dentist", "dentists_treatment", "availability_workinghours",
        "availability_dateoverride", "availability_timeoff", "availability_closure", "appointments_appointment",
        "history_change", "realtime_realtimeevent", "notifications_message",
    ],
)  # fmt: skip
def test_a_list_costs_the_same_at_one_row_and_at_thirty(cast: Cast, office: Client, name: str) -> None:
    fill(cast)
    path = reverse(f"admin:{name}_changelist")
    few = queries(office, path)
    with db.as_owner():
        more(cast)
    assert queries(office, path) == few


def test_a_list_counts_no_further_than_its_bound(cast: Cast, office: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    path = reverse("admin:dentists_dentist_changelist")
    assert pager(office, path) == "2 dentists"
    monkeypatch.setattr(admin_lists, "COUNTED", 1)
    assert pager(office, path) == "More than 1 dentist"


def test_a_row_leads_to_its_page_and_back_to_the_same_filters(cast: Cast, office: Client) -> None:
    page = office.get(reverse("admin:dentists_dentist_changelist"), {"is_active__exact": "1"}).content.decode()
    there = reverse("admin:dentists_dentist_change", args=[cast.weber.pk])
    assert page.count(f'<a href="{there}?_changelist_filters=is_active__exact%3D1">Dr. Eva Weber</a>') == 1
    assert page.count('<td class="field-is_active" data-label="Takes bookings"><span class="state state-good">Yes') == 2
    assert page.count('name="_selected_action"') == 2


def pager(office: Client, path: str) -> str:
    shown = office.get(path).content.decode().partition("<nav data-pager")[2].partition("</nav>")[0]
    return " ".join(strip_tags(shown.partition(">")[2]).split())


@pytest.mark.parametrize("key", ["nonsense", "9" * 400, "00000000-0000-0000-0000-000000000000", "\0"])
def test_a_row_that_cannot_be_is_ticked_in_vain(cast: Cast, office: Client, key: str) -> None:
    fill(cast)
    for name, action in (("appointments_appointment", "cancel"), ("dentists_dentist", "delete_selected")):
        answer = office.post(
            reverse(f"admin:{name}_changelist"), {"action": action, "_selected_action": [key]}, follow=True
        )
        assert answer.status_code == 200
    with db.as_owner():
        assert (Dentist.objects.count(), Appointment.objects.exclude(status="cancelled").count()) == (2, 1)


def queries(client: Client, path: str) -> int:
    client.get(path)
    with CaptureQueriesContext(db.connection()) as captured:
        assert client.get(path).status_code == 200
    return len(captured)


def more(cast: Cast) -> None:
    """Thirty more of everything that a list shows."""
    today = clock.today()
    for number in range(30):
        make_user(f"u{number} Someone", "patient", email=f"u{number}@example.org")
        Patient.objects.create(name=f"Guest {number}", email=f"guest{number}@example.org")
        treatment = make_treatment(f"Treatment {number}")
        dentist = make_dentist(f"Dr. No {number}", treatment, days=(0,))
        DateOverride.objects.create(dentist=dentist, date=today + timedelta(days=number))
        TimeOff.objects.create(dentist=dentist, starts_at=cast.at(9), ends_at=cast.at(10))
        Closure.objects.create(date=today + timedelta(days=100 + number))
    assert (Dentist.objects.count(), Treatment.objects.count(), WorkingHours.objects.count()) == (32, 32, 80)
    for number in range(30):
        start = cast.at(9, 30 * (number % 2), days=7 * (1 + number // 6)) + timedelta(hours=number % 3)
        cast_booking(cast, start, number)


def cast_booking(cast: Cast, start: object, number: int) -> None:
    patient = Patient.objects.get(email=f"guest{number}@example.org")
    dentist = Dentist.objects.get(name=f"Dr. No {number}")
    Appointment.objects.create(
        booking_reference=new_reference(), patient=patient, dentist=dentist, treatment=cast.checkup,
        starts_at=start, ends_at=start + timedelta(minutes=30),  # type: ignore[operator]  # an instant
        treatment_name="Check-up", patient_name=patient.name, payment_amount=60,
    )  # fmt: skip
