"""Accounts, patients and the clinic's settings in admin."""

from __future__ import annotations

import pytest
from django.contrib.auth import authenticate
from django.db import IntegrityError
from django.test import Client
from django.urls import reverse

from clinic.accounts.models import User
from clinic.core import db
from clinic.core.models import ClinicSettings
from clinic.patients.models import Patient
from tests.admin.conftest import signed_in
from tests.admin.forms import errors_of, filled
from tests.factories import Cast

SECRET = "a long enough secret"


def account_page(user: User) -> str:
    return reverse("admin:accounts_user_change", args=[user.pk])


def stored(user: User) -> User:
    with db.signing_in():
        return User.objects.get(pk=user.pk)


def test_an_account_is_made_with_a_password_and_signs_in(office: Client) -> None:
    path = reverse("admin:accounts_user_add")
    fields = filled(office.get(path), email="Fred@Example.org", name="Fred Desk", role="desk", password1=SECRET,
                    password2=SECRET)  # fmt: skip
    assert office.post(path, fields).status_code == 302
    user = authenticate(None, username="fred@example.org", password=SECRET)
    assert isinstance(user, User)
    assert (user.email, user.role) == ("fred@example.org", "desk")


def test_a_dentists_role_is_not_for_choosing(cast: Cast, office: Client) -> None:
    path = reverse("admin:accounts_user_add")
    fields = filled(office.get(path), email="fred@example.org", name="Fred", role="dentist", password1=SECRET,
                    password2=SECRET)  # fmt: skip
    answer = office.post(path, fields)
    assert (answer.status_code, errors_of(answer)) == (
        200,
        ["Select a valid choice. dentist is not one of the available choices."],
    )


def test_an_email_has_one_account(office: Client) -> None:
    path = reverse("admin:accounts_user_add")
    fields = filled(office.get(path), email="ANA@example.org", name="Ana Two", role="patient", password1=SECRET,
                    password2=SECRET)  # fmt: skip
    answer = office.post(path, fields)
    assert (answer.status_code, errors_of(answer)) == (200, ["This email has an account."])


def test_no_page_shows_a_hash(cast: Cast, office: Client) -> None:
    password = stored(cast.ana).password
    algorithm, *parts = password.split("$")
    assert algorithm == "md5"
    for path in (account_page(cast.ana), reverse("admin:auth_user_password_change", args=[cast.ana.pk])):
        page = office.get(path).content.decode()
        assert [part for part in (password, *parts) if part in page] == []


def test_a_new_password_replaces_the_old_one(cast: Cast, office: Client) -> None:
    path = reverse("admin:auth_user_password_change", args=[cast.ana.pk])
    answer = office.post(path, {"usable_password": "true", "password1": SECRET, "password2": SECRET,
                                "set-password": "Change password"})  # fmt: skip
    assert answer.status_code == 302
    assert authenticate(None, username="ana@example.org", password="correct horse battery") is None
    assert authenticate(None, username="ana@example.org", password=SECRET) == cast.ana


def test_an_account_switched_off_is_signed_out_everywhere(cast: Cast, office: Client) -> None:
    browser = signed_in(cast.ben)
    fields = filled(office.get(account_page(cast.ben)), is_active=None)
    assert office.post(account_page(cast.ben), fields).status_code == 302
    assert not stored(cast.ben).is_active
    assert not browser.get("/").wsgi_request.user.is_authenticated


def test_nobody_locks_themselves_out(cast: Cast, office: Client) -> None:
    fields = filled(office.get(account_page(cast.ada)), name="Ada Manager", role="patient", is_active=None)
    assert office.post(account_page(cast.ada), fields).status_code == 302
    user = stored(cast.ada)
    assert (user.name, user.role, user.is_active) == ("Ada Manager", "admin", True)


def test_a_dentists_account_follows_the_dentists_page(cast: Cast, office: Client) -> None:
    with db.signing_in():
        weber = User.objects.get(pk=cast.weber.user_id)
    fields = filled(office.get(account_page(weber)), name="Somebody", email="other@example.org", role="admin")
    assert office.post(account_page(weber), fields).status_code == 302
    user = stored(weber)
    assert (user.name, user.email, user.role) == ("Dr. Eva Weber", "eva-weber@clinic.example", "dentist")


def test_a_guest_is_not_written_down_twice(cast: Cast, office: Client) -> None:
    path = reverse("admin:patients_patient_add")
    fields = filled(
        office.get(path), name="Gus Guest", email="gus@example.net", phone="+493023125123", relation="guest"
    )
    assert office.post(path, fields).status_code == 302
    answer = office.post(path, fields | {"name": ["gus guest"]})
    assert (answer.status_code, errors_of(answer)) == (
        200,
        ["There is a guest with this name, email and date of birth already."],
    )
    with db.as_owner():
        assert Patient.objects.filter(account=None).count() == 1


def test_an_account_has_one_holder(cast: Cast, office: Client) -> None:
    path = reverse("admin:patients_patient_add")
    fields = filled(office.get(path), name="Ana Again", account=cast.ana.pk, relation="self")
    answer = office.post(path, fields)
    assert (answer.status_code, errors_of(answer)) == (
        200,
        ["This account has its holder already. Choose another relation."],
    )


@pytest.mark.parametrize(
    "page",
    ["accounts_user_add", "patients_patient_add", "dentists_dentist_add", "dentists_treatment_add",
     "availability_closure_add"],
)  # fmt: skip
@pytest.mark.parametrize("name", ["Zed\u202egnp.exe", "Zed\u200bSpace", "\u202e\u202d", "…"])
def test_a_name_that_nobody_can_read_is_refused_as_everywhere(office: Client, page: str, name: str) -> None:
    path = reverse(f"admin:{page}")
    answer = office.post(path, filled(office.get(path), name=name))
    assert answer.status_code == 200
    assert answer.context["adminform"].form.errors["name"] == ["Please give a name of up to 120 letters."]


@pytest.mark.parametrize("account", ["nonsense", "9" * 400, "00000000-0000-0000-0000-000000000000"])
def test_an_account_that_cannot_be_is_said_on_the_form(office: Client, account: str) -> None:
    path = reverse("admin:patients_patient_add")
    answer = office.post(path, filled(office.get(path), name="Ana Again", account=account, relation="child"))
    assert (answer.status_code, list(answer.context["adminform"].form.errors)) == (200, ["account"])


def test_a_person_with_visits_stays(cast: Cast, office: Client) -> None:
    cast.booked(cast.as_ana, cast.at(9), contact=cast.guest("Ana Ruiz"))
    for person, left in ((cast.ana_herself, True), (cast.ben_himself, False)):
        office.post(reverse("admin:patients_patient_delete", args=[person.pk]), {"post": "yes"})
        with db.as_owner():
            assert Patient.objects.filter(pk=person.pk).exists() is left


@pytest.mark.parametrize(
    ("field", "value", "text"),
    [
        ("currency", "EURO", "Ensure this value has at most 3 characters (it has 4)."),
        ("currency", "E1R", "Give the three letters of the currency, such as EUR."),
        ("slot_step_minutes", "4", "Ensure this value is greater than or equal to 5."),
        ("hold_minutes", "0", "Ensure this value is greater than or equal to 1."),
        ("min_notice_minutes", "2147483647", "Ensure this value is less than or equal to 86400."),
        ("max_advance_days", "32767", "Ensure this value is less than or equal to 3660."),
        ("max_advance_days", "0", "Ensure this value is greater than or equal to 1."),
        ("cancel_cutoff_hours", "1441", "Ensure this value is less than or equal to 1440."),
        ("emergency_number", "call us", "Give a number that can be dialled, such as 112."),
        ("name", "\u202e\u202d", "Please give a name of up to 120 letters."),
    ],
)
def test_a_setting_that_cannot_be_is_refused(office: Client, field: str, value: str, text: str) -> None:
    path = reverse("admin:core_clinicsettings_change", args=[1])
    answer = office.post(path, filled(office.get(path), **{field: value}))
    assert answer.status_code == 200
    assert errors_of(answer)[0] == text


@pytest.mark.parametrize(
    ("rule", "settings"),
    [
        ("settings_some_advance", {"max_advance_days": 0}),
        ("settings_max_advance", {"max_advance_days": 3661}),
        ("settings_named", {"name": ""}),
        ("settings_emergency_number", {"emergency_number": "call us"}),
    ],
)
def test_the_database_refuses_it_too(cast: Cast, rule: str, settings: dict[str, object]) -> None:
    with pytest.raises(IntegrityError, match=rule), db.transaction(cast.as_admin):
        ClinicSettings.objects.update(**settings)


def test_the_time_zone_is_shown_and_not_for_changing(office: Client) -> None:
    path = reverse("admin:core_clinicsettings_change", args=[1])
    page = office.get(path)
    assert page.content.decode().count("Europe/Berlin") == 1
    assert "clinic_time_zone" not in page.context["adminform"].form.fields


def test_settings_are_changed(office: Client) -> None:
    path = reverse("admin:core_clinicsettings_change", args=[1])
    assert office.post(path, filled(office.get(path), currency="chf", slot_step_minutes="10")).status_code == 302
    with db.as_owner():
        settings = ClinicSettings.current()
    assert (settings.currency, settings.slot_step_minutes) == ("CHF", 10)
