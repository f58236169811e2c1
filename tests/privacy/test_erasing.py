"""One's account is erased: nothing personal is left anywhere, and the practice's books are as they were."""

from __future__ import annotations

import pytest
from django.test import Client

from appointments import links
from appointments.models import Appointment, Status
from clinic.accounts.models import User
from clinic.core import clock, db
from clinic.core.errors import ClinicError
from clinic.notifications.models import Message
from clinic.patients.models import Patient
from clinic.privacy.erasing import REASON, erase_account
from clinic.privacy.errors import NotConfirmed, StaffAccount, VisitUnderWay
from tests.api.calling import Caller
from tests.api.everything import changed_since, everything
from tests.factories import Cast
from tests.factories.people import PASSWORD
from tests.privacy.canaries import EMAIL, WORDS, places
from tests.privacy.conftest import Quilla

BOOKS = (
    "id", "booking_reference", "dentist_id", "dentist_name", "treatment_id", "treatment_name", "starts_at", "ends_at",
    "payment_amount", "currency", "payment_method", "payment_status", "booking_source", "created_at", "completed_at",
)  # fmt: skip


def erase(quilla: Quilla) -> None:
    erase_account(quilla.actor, email=EMAIL, password=PASSWORD)


def books() -> list[dict[str, object]]:
    with db.as_owner():
        return list(Appointment.objects.order_by("id").values(*BOOKS))


def test_before_it_the_canaries_stand_where_people_are_kept_and_afterwards_nowhere(quilla: Quilla) -> None:
    person = {"quilla", "canaryname", "pixel", "canarychild", "canarymail", "canarycontact", "55501987", "1903-07-19"}
    assert places() == {
        "accounts_user": {"quilla", "canaryname", "canarymail"},
        "patients_patient": person,
        "appointments_appointment": person | {"canaryreason"},
        "appointments_medicalrecord": {"canaryage"},
        "core_idempotencykey": person - {"pixel", "canarychild"},
        "django_admin_log": {"quilla", "canaryname", "canarymail"},
        "accounts_emailchange": {"canarynew"},
        "accounts_secondfactor": {"canarynew"},
    }
    erase(quilla)
    assert places() == {}
    # That there was an account with this id is all that logs and finished jobs still say.
    assert places((str(quilla.user.pk),)).keys() <= {"history_change", "procrastinate_jobs", "django_admin_log"}
    with db.as_owner():
        assert Message.objects.count() == 0


def test_the_books_stay_as_they_were(quilla: Quilla) -> None:
    before = books()
    erase(quilla)
    assert books() == before
    assert len(before) == 5


def test_visits_to_come_are_cancelled_and_their_time_is_free(quilla: Quilla) -> None:
    erase(quilla)
    found = {what: (quilla.stored(what).status, quilla.stored(what).cancellation_reason) for what in quilla.visits}
    assert found == {
        "past": (Status.COMPLETED, ""),
        "moved": (Status.CANCELLED, REASON),
        "cancelled": (Status.CANCELLED, ""),
        "guest": (Status.CANCELLED, REASON),
        "child": (Status.CANCELLED, REASON),
    }
    again = quilla.cast.booked(quilla.cast.as_ben, quilla.cast.at(15, days=1), contact=quilla.cast.guest("Ben Krause"))
    assert again.appointment.status == Status.CONFIRMED


def test_a_visit_past_the_cut_off_does_not_keep_anybody(quilla: Quilla) -> None:
    with db.as_owner(), db.connection().cursor() as cursor:
        cursor.execute("UPDATE core_clinicsettings SET cancel_cutoff_hours = 1440")
    erase(quilla)
    assert quilla.stored("moved").status == Status.CANCELLED


def test_sessions_tokens_and_private_links_end(quilla: Quilla) -> None:
    link = f"/visit/{links.token_for(quilla.visits['past'])}"
    assert [quilla.browser.get("/visits").status_code, Client().get(link).status_code] == [200, 200]
    refresh = {"refresh": quilla.program.refresh}
    erase(quilla)
    assert quilla.browser.get("/visits")["Location"].startswith("/accounts/sign-in")
    assert quilla.program.get("profiles/me").code == "invalid_token"
    assert Caller().post("auth/token/refresh", refresh).status == 401
    assert Caller().post("auth/token", {"email": EMAIL, "password": PASSWORD}).code == "wrong_credentials"
    assert Client().get(link).status_code == 404
    assert (
        Caller().get(f"appointments/{quilla.visits['past']}", X_Visit_Link=link.removeprefix("/visit/")).status == 404
    )


def test_the_same_address_signs_up_anew_and_finds_nothing(quilla: Quilla) -> None:
    erase(quilla)
    with db.as_owner():
        fresh = User.objects.create_user(EMAIL, PASSWORD, name="Quilla Again", email_verified_at=clock.now())
    with db.signing_in():
        assert db.value("SELECT patients_claim_guests(%s)", [fresh.pk]) == 0
    browser = Client()
    browser.post("/accounts/sign-in", {"email": EMAIL, "password": PASSWORD})
    shown = browser.get("/visits")
    assert (shown.context["coming"], shown.context["page_obj"].paginator.count) == ([], 0)
    assert list(browser.get("/people").context["people"]) == []


def test_a_second_time_does_nothing(quilla: Quilla) -> None:
    erase(quilla)
    before = everything()
    erase(quilla)
    assert changed_since(before) == []


def test_of_people_who_were_never_here_no_row_is_left(quilla: Quilla) -> None:
    erase(quilla)
    with db.as_owner():
        left = list(Patient.objects.exclude(erased_at=None).values_list("name", "account", "email", "birth_date"))
    assert left == [("(erased)", None, "", None)] * 3  # herself, as a guest, and the child


@pytest.mark.parametrize(("email", "password"), [(EMAIL, "a wrong one"), ("ana@example.org", PASSWORD), ("", "")])
def test_without_ones_own_email_and_password_nothing_happens(quilla: Quilla, email: str, password: str) -> None:
    before = everything()
    with pytest.raises(NotConfirmed):
        erase_account(quilla.actor, email=email, password=password)
    assert changed_since(before) == []


@pytest.mark.parametrize("who", ["as_desk", "as_admin"])
def test_staff_stay(cast: Cast, who: str) -> None:
    user = cast.dana if who == "as_desk" else cast.ada
    with pytest.raises(StaffAccount):
        erase_account(getattr(cast, who), email=user.email, password=PASSWORD)


def test_not_while_a_visit_is_going_on(quilla: Quilla) -> None:
    with db.as_owner(), db.connection().cursor() as cursor:
        cursor.execute(
            "UPDATE appointments_appointment SET starts_at = now() - interval '5 minutes', status = 'checked_in',"
            " ends_at = now() + interval '25 minutes' WHERE id = %s", [quilla.visits["moved"]]
        )  # fmt: skip
    before = everything()
    with pytest.raises(VisitUnderWay):
        erase(quilla)
    assert changed_since(before) == []


def test_it_is_all_or_nothing(quilla: Quilla) -> None:
    with db.as_owner(), db.connection().cursor() as cursor:
        cursor.execute("CREATE FUNCTION no() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION 'no'; END $$")
        cursor.execute("CREATE TRIGGER no BEFORE DELETE ON accounts_user FOR EACH ROW EXECUTE FUNCTION no()")
    before = everything()
    try:
        with pytest.raises(Exception, match=r"^no"):
            erase(quilla)
        assert changed_since(before) == []
    finally:
        with db.as_owner(), db.connection().cursor() as cursor:
            cursor.execute("DROP TRIGGER no ON accounts_user; DROP FUNCTION no()")


def test_others_keep_what_is_theirs(quilla: Quilla) -> None:
    ana = quilla.cast.booked(quilla.cast.as_ana, quilla.cast.at(16), contact=quilla.cast.guest("Ana Ruiz")).appointment
    erase(quilla)
    with db.as_owner():
        kept = Appointment.objects.get(pk=ana.pk)
    assert (kept.patient_name, kept.status, kept.erased_at) == ("Ana Ruiz", Status.CONFIRMED, None)
    assert places(("ana ruiz",)).keys() >= {"accounts_user", "patients_patient", "appointments_appointment"}


def test_nobody_else_calls_what_erases(cast: Cast) -> None:
    for actor in (cast.as_desk, cast.as_dentist(cast.weber), cast.nobody(), cast.as_admin):
        with pytest.raises(Exception, match="permission denied"), db.transaction(actor):
            db.value("SELECT privacy_erase_account()")
    for inner in ("privacy_forget_people('{}')", "privacy_forget_visits('{}')", "privacy_forget_old(1)"):
        with pytest.raises(Exception, match="permission denied"), db.transaction(cast.as_ana):
            db.value(f"SELECT {inner}")


def test_an_anonymous_caller_has_nothing_to_erase(cast: Cast) -> None:
    with pytest.raises(ClinicError, match="not_signed_in"):
        erase_account(cast.nobody(), email=EMAIL, password=PASSWORD)


def test_the_history_knew_none_of_it(quilla: Quilla) -> None:
    assert "history_change" not in places()
    assert len(WORDS) == 11
