"""Messages in admin."""

from __future__ import annotations

import pytest
from django.db import connections
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from appointments import links
from clinic.notifications.models import Message
from tests.admin.conftest import signed_in
from tests.factories import Cast
from tests.notifications.post import send, the_message

LIST = reverse("admin:notifications_message_changelist")


@pytest.fixture
def office(cast: Cast) -> Client:
    return signed_in(cast.ada)


@pytest.fixture
def message(cast: Cast) -> Message:
    cast.booked(cast.as_ana, cast.at(9))
    return the_message()


def test_the_list_shows_how_far_each_message_has_come(office: Client, message: Message) -> None:
    page = office.get(LIST).content.decode()
    for told in ("Booked", "Waiting", message.appointment.booking_reference, "gus@example.net"):
        assert told in page
    assert message.appointment.booking_reference not in office.get(LIST, {"state__exact": "failed"}).content.decode()
    found = office.get(LIST, {"q": message.appointment.booking_reference.lower()}).content.decode()
    assert "gus@example.net" in found
    assert "gus@example.net" not in office.get(LIST, {"q": "gus"}).content.decode()


def test_a_message_shows_its_words_but_not_the_secret_of_its_link(office: Client, message: Message) -> None:
    page = office.get(reverse("admin:notifications_message_change", args=[message.pk])).content.decode()
    assert "Your visit is booked" in page
    assert "http://127.0.0.1:8000/visit/…" in page
    assert links.token_for(message.appointment_id) not in page


def test_send_again(office: Client, message: Message) -> None:
    chosen = {"action": "send_again", "_selected_action": [str(message.pk)]}
    early = office.post(LIST, chosen, follow=True).content.decode()
    assert "This message has not gone out yet; it will by itself. (1)" in early
    send(message.pk)
    assert "1 message is on its way again." in office.post(LIST, chosen, follow=True).content.decode()
    assert (the_message().state, the_message().round) == ("queued", 1)


def test_nothing_can_be_written_by_hand(office: Client, message: Message) -> None:
    page = reverse("admin:notifications_message_change", args=[message.pk])
    assert office.post(page, {"state": "sent"}).status_code == 403
    assert office.get(reverse("admin:notifications_message_add")).status_code == 403
    assert (
        office.post(reverse("admin:notifications_message_delete", args=[message.pk]), {"post": "yes"}).status_code
        == 403
    )
    assert the_message().state == "queued"


def test_jobs_are_not_for_admin(office: Client, cast: Cast) -> None:
    assert "/admin/procrastinate/" not in office.get("/admin/").content.decode()
    assert office.get("/admin/procrastinate/procrastinatejob/").status_code == 404


def test_the_list_costs_the_same_for_one_and_for_thirty(office: Client, cast: Cast) -> None:
    counts = []
    for days in (range(1), range(1, 30)):
        for day in days:
            cast.booked(
                cast.nobody(f"{day}"), cast.at(9, days=day % 5 + day // 5 * 7), contact=cast.guest(f"Guest{day} X")
            )
        with CaptureQueriesContext(connections["default"]) as queries:
            office.get(LIST)
        counts.append(len(queries))
    assert counts[0] == counts[1]
