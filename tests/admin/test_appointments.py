"""The practice manager finds visits and leads them on, by the same rules as everybody."""

from __future__ import annotations

import pytest
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from appointments import transitions
from appointments.models import Appointment
from clinic.core import db
from tests.admin.forms import filled
from tests.factories import Cast
from tests.factories.time import clock_at

LIST = reverse("admin:appointments_appointment_changelist")


@pytest.fixture
def visits(cast: Cast) -> list[Appointment]:
    """Ana's and Gus's on Monday, Ben's with Dr. Okafor on Tuesday."""
    return [
        cast.booked(cast.as_ana, cast.at(9), contact=cast.guest("Ana Ruiz")).appointment,
        cast.booked(cast.nobody(), cast.at(10)).appointment,
        cast.booked(
            cast.as_ben, cast.at(9, days=1), dentist=cast.okafor.pk, contact=cast.guest("Ben Krause")
        ).appointment,
    ]


def found(office: Client, **query: str) -> list[str]:
    answer = office.get(LIST, query)
    assert answer.status_code == 200
    return sorted(visit.patient_name for visit in answer.context["cl"].result_list)


def act(office: Client, action: str, *visits: Appointment, **more: str) -> list[str]:
    """What admin says after this action on these visits."""
    chosen = {"action": action, "_selected_action": [str(visit.pk) for visit in visits], **more}
    answer = office.post(LIST, chosen, follow=True)
    assert answer.status_code == 200
    return [str(message) for message in answer.context["messages"]]


def statuses(*visits: Appointment) -> list[str]:
    with db.as_owner():
        return [Appointment.objects.get(pk=visit.pk).status for visit in visits]


def test_a_visit_is_found_by_its_reference_a_name_or_an_email(office: Client, visits: list[Appointment]) -> None:
    spoken = visits[2].booking_reference.replace("-", " ").lower()
    assert found(office, q=visits[1].booking_reference) == ["Gus Guest"]
    assert found(office, q=spoken) == ["Ben Krause"]
    assert found(office, q=visits[1].booking_reference[:-1]) == []
    assert found(office, q="gus") == ["Gus Guest"]
    assert found(office, q="krause ben") == ["Ben Krause"]
    assert found(office, q="GUS@example.net") == ["Gus Guest"]
    assert found(office, q="nobody at all") == []


def test_the_list_is_narrowed_by_status_source_dentist_and_date(
    cast: Cast, office: Client, visits: list[Appointment]
) -> None:
    transitions.cancel(cast.as_admin, visits[0].pk)
    assert found(office, status__exact="cancelled") == ["Ana Ruiz"]
    assert found(office, booking_source__exact="manual") == ["Ana Ruiz", "Ben Krause", "Gus Guest"]
    assert found(office, booking_source__exact="chatbot") == []
    assert found(office, dentist__id__exact=str(cast.okafor.pk)) == ["Ben Krause"]
    assert found(office, when="coming") == ["Ana Ruiz", "Ben Krause", "Gus Guest"]
    assert [found(office, when=span) for span in ("today", "tomorrow", "week", "last_week", "last_month")] == [[]] * 5


def test_a_step_is_taken_by_the_verb_and_each_refusal_is_told(
    cast: Cast, office: Client, visits: list[Appointment]
) -> None:
    transitions.cancel(cast.as_admin, visits[1].pk)
    with clock_at(cast.at(12, days=7)):
        said = act(office, "check_in", *visits)
    assert said == [
        "2 visits were changed.",
        f"This step does not fit the visit's status. {visits[1].booking_reference}",
    ]
    assert statuses(*visits) == ["checked_in", "cancelled", "checked_in"]


def test_the_whole_life_of_a_visit(cast: Cast, office: Client, visits: list[Appointment]) -> None:
    with db.as_owner():
        Appointment.objects.filter(pk=visits[0].pk).update(status="pending", confirmed_at=None)
    seen = []
    with clock_at(cast.at(12)):
        for action in ("confirm", "check_in", "complete"):
            assert act(office, action, visits[0]) == ["1 visit was changed."]
            seen += statuses(visits[0])
        assert act(office, "no_show", visits[1]) == ["1 visit was changed."]
    assert seen == ["confirmed", "checked_in", "completed"]
    assert statuses(visits[1]) == ["no_show"]


def test_a_cancellation_keeps_its_reason_and_who_did_it(cast: Cast, office: Client, visits: list[Appointment]) -> None:
    chosen = {"action": "cancel", "_selected_action": [str(visits[0].pk), str(visits[1].pk)]}
    asked = office.post(LIST, chosen)
    assert [visit.pk for visit in asked.context["visits"]] == [visits[0].pk, visits[1].pk]
    assert "Cancel 2 visits" in asked.content.decode()
    assert statuses(*visits) == ["confirmed"] * 3
    office.post(LIST, filled(asked, reason="Burst  pipe"))
    with db.as_owner():
        stored = Appointment.objects.get(pk=visits[0].pk)
    assert (stored.status, stored.cancellation_reason, stored.cancelled_by) == ("cancelled", "Burst pipe", "admin")
    assert stored.cancelled_by_user_id == cast.ada.pk
    assert statuses(*visits) == ["cancelled", "cancelled", "confirmed"]
    assert cast.booked(cast.nobody("another"), cast.at(9)).appointment.starts_at == cast.at(9)


def test_a_yes_is_for_all_that_were_shown_also_for_those_that_left_the_filter(
    cast: Cast, office: Client, visits: list[Appointment]
) -> None:
    with db.as_owner():
        Appointment.objects.update(status="pending", confirmed_at=None)
    pending = f"{LIST}?status__exact=pending"

    def answered(*ticked: Appointment) -> list[str]:
        chosen = {"action": "cancel", "_selected_action": [str(one.pk) for one in ticked]}
        asked = office.post(pending, chosen)
        for one in ticked[:-1] or ticked:
            transitions.confirm(cast.as_admin, one.pk)
        done = office.post(pending, filled(asked, reason="Burst pipe"), follow=True)
        return [str(message) for message in done.context["messages"]]

    assert answered(visits[0], visits[1]) == ["2 visits were changed."]
    assert answered(visits[2]) == ["1 visit was changed."]
    assert statuses(*visits) == ["cancelled"] * 3


def test_visits_are_neither_written_nor_deleted_by_hand(office: Client, visits: list[Appointment]) -> None:
    path = reverse("admin:appointments_appointment_change", args=[visits[0].pk])
    page = office.get(path)
    assert list(page.context["adminform"].form.fields) == []
    assert visits[0].booking_reference in page.content.decode()
    assert office.post(path, {"status": "completed", "patient_name": "Somebody Else"}).status_code == 403
    assert act(office, "delete_selected", visits[0]) == ["No action selected."]
    assert statuses(visits[0]) == ["confirmed"]


def test_too_many_at_once_are_refused_as_a_whole(
    office: Client, visits: list[Appointment], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("appointments.admin_steps.AT_ONCE", 2)
    assert act(office, "cancel", *visits) == ["Please choose at most 2 at once; nothing was changed."]
    assert statuses(*visits) == ["confirmed"] * 3


def test_the_page_of_a_visit_tells_its_fields_by_name_and_asks_for_its_history_once(
    cast: Cast, office: Client, visits: list[Appointment]
) -> None:
    transitions.cancel(cast.as_admin, visits[0].pk)
    with CaptureQueriesContext(db.connection()) as sent:
        page = office.get(reverse("admin:appointments_appointment_change", args=[visits[0].pk])).content.decode()
    assert '<dt>Status</dt><dd class="readonly">Cancelled</dd>' in page
    assert page.count("Cancelled by Ada Admin") == 1
    assert (
        sum('FROM "history_change"' in one["sql"] for one in sent.captured_queries) == 2
    )  # what was done; who read it
