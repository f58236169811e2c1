"""Conversations of people without an account go with the visit that leads to them."""

from __future__ import annotations

from appointments.models import Appointment
from chatbot.models import Conversation
from clinic.core import db
from clinic.privacy.erasing import erase_guest
from tests.api.calling import Caller
from tests.chatbot.test_chatbot_api import Chat, to_read_back
from tests.factories import Cast


def kept() -> set[str]:
    with db.as_owner():
        return {str(one) for one in Conversation.objects.values_list("pk", flat=True)}


def booked(who: Caller) -> tuple[Chat, Appointment]:
    chat = to_read_back(Chat(who))
    visit = chat.yes()["visit"]["id"]
    with db.as_owner():
        return chat, Appointment.objects.get(pk=visit)


def test_a_guests_conversation_is_erased_with_the_guest(cast: Cast, anyone: Caller) -> None:
    chat, visit = booked(anyone)
    other = Chat(Caller())
    other.say("check-up next week, nothing hurts")
    erase_guest(cast.as_admin, visit.patient_id)
    assert kept() == {other.begun["id"]}
    assert (chat.read().status, other.read().status) == (404, 200)


def test_and_so_is_one_in_which_the_visit_was_looked_up(cast: Cast, anyone: Caller) -> None:
    _, visit = booked(anyone)
    looking = Chat(Caller(), language="en")
    for said in ("my appointment", visit.booking_reference, "mia@example.org"):
        looking.say(said)
    assert visit.booking_reference in looking.bot["text"]
    erase_guest(cast.as_admin, visit.patient_id)
    assert kept() == set()
