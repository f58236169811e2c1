"""Booking, as people talk."""

from dataclasses import replace
from decimal import Decimal

import pytest

from tests.chatbot.dialogue_script import DETAILS, Conversation, at_read_back, for_caller, talk
from tests.chatbot.dialogue_world import Practice, signed_in


def test_step_by_step_with_buttons_alone() -> None:
    chat = Conversation(language="en")
    assert chat.step == "reason"
    chat.press("sign:hygiene")
    assert (chat.step, len(chat.reply.slots)) == ("slot", 6)
    chat.pick(2)
    assert chat.step == "name"
    chat.say(*DETAILS)
    assert chat.step == "confirm"
    chat.press(chat.yes)
    assert chat.step == "booked"
    [booking] = chat.bookings
    assert (booking.slot.treatment, booking.person.name, booking.triage.band) == ("t-clean", "Ana Ruiz", "routine")
    assert booking.triage.signs == ("hygiene",)
    assert booking.hold == f"h-{booking.slot.token}"


def test_everything_in_one_message() -> None:
    chat = talk("cleaning with Dr Weber tomorrow afternoon, I'm Ana Ruiz, ana@example.org, phone 030 1234567")
    assert chat.starts == ["Thu 19 12:00", "Thu 19 13:00", "Thu 19 14:00", "Thu 19 15:00", "Thu 19 16:00"]
    assert chat.dentists == {"d-weber"}
    chat.say("at 3")
    assert chat.step == "confirm"
    for said in (
        "Ana Ruiz",
        "ana@example.org",
        "Professional cleaning",
        "€98.00",
        "Thursday, 19 November 2026, at 15:00",
    ):
        assert said in chat.text
    chat.say("yes please")
    assert "DC-BK2AAA" in chat.text


def test_an_exact_wish_is_held_at_once_and_still_read_back() -> None:
    chat = at_read_back("a check-up on friday at 11 with Lindqvist")
    assert "Friday, 20 November 2026, at 11:00, with Dr. Maja Lindqvist" in chat.text
    assert chat.bookings == []


def test_several_dentists_at_the_exact_time_are_shown() -> None:
    chat = talk("cleaning tomorrow at 10")
    assert (chat.starts, chat.dentists) == (["Thu 19 10:00"] * 2, {"d-weber", "d-okafor"})
    chat.say("the one with Okafor")
    assert chat.step == "name"
    assert "Dr. Ngozi Okafor" in chat.text


@pytest.mark.parametrize(
    ("said", "start"),
    [
        ("the second one", "12:00"),
        ("2", "12:00"),
        ("number 3 please", "13:00"),
        ("at 2pm", "14:00"),
        ("15:00", "15:00"),
        ("I'll take the first", "11:00"),
        ("the last one", "16:00"),
        ("der dritte bitte", "13:00"),
    ],
)
def test_a_slot_is_picked_in_words(said: str, start: str) -> None:
    chat = talk("cleaning today with Weber")
    assert len(chat.reply.slots) == 6
    chat.say(said)
    assert chat.state.facts.slot == f"d-weber@1118{start[:2]}/t-clean"
    assert chat.step == "name"


def test_the_only_slot_is_taken_with_a_yes_and_read_back() -> None:
    chat = talk("cleaning with Weber friday between 12 and 1")
    assert chat.starts == ["Fri 20 12:00"]
    assert chat.say("yes").step == "name"


@pytest.mark.parametrize(
    ("correction", "start", "dentist"),
    [
        ("no, Friday rather", "Fri 20 10:00", "d-weber"),
        ("not Weber, Okafor", "Thu 19 10:00", "d-okafor"),
        ("rather at 2", "Thu 19 14:00", "d-weber"),
        ("an hour later", "Thu 19 11:00", "d-weber"),
        ("with Dr Okafor on monday at 9", "Mon 23 09:00", "d-okafor"),
    ],
)
def test_a_correction_at_the_read_back_leads_to_a_new_read_back(correction: str, start: str, dentist: str) -> None:
    chat = at_read_back()
    old_yes = chat.yes
    chat.say(correction)
    assert (chat.step, chat.bookings) == ("confirm", [])
    chosen = next(slot for slot in chat.state.issued if slot.token == chat.state.facts.slot)
    assert (chosen.start.strftime("%a %d %H:%M"), chosen.dentist) == (start, dentist)
    assert chat.press(old_yes).step == "confirm"
    assert chat.bookings == []
    chat.say("yes")
    assert chat.bookings[0].slot == chosen


@pytest.mark.parametrize(
    ("correction", "field", "value"),
    [
        ("my name is Eva Lang", "name", "Eva Lang"),
        ("no, the email is eva@example.org", "email", "eva@example.org"),
        ("my phone number is +49 171 5550100", "phone", "+491715550100"),
    ],
)
def test_details_are_corrected_at_the_read_back(correction: str, field: str, value: str) -> None:
    chat = at_read_back()
    chat.say(correction)
    assert chat.step == "confirm"
    assert value in chat.text
    chat.say("yes, book it")
    assert getattr(chat.bookings[0].person, field) == value


@pytest.mark.parametrize(
    "said", ["no", "hm", "yes?", "don't book it", "yes but friday", "what does it cost?", "maybe", "asdf"]
)
def test_nothing_but_a_yes_books(said: str) -> None:
    chat = at_read_back()
    chat.say(said)
    assert chat.bookings == []
    assert chat.reply.choices


def test_a_yes_after_a_no_is_read_back_again_first() -> None:
    chat = at_read_back()
    chat.say("no", "yes")
    assert (chat.step, chat.bookings) == ("confirm", [])
    chat.say("yes")
    assert len(chat.bookings) == 1


def test_another_treatment_after_the_hold() -> None:
    chat = at_read_back()
    chat.say("actually a check-up")
    assert (chat.step, chat.bookings) == ("slot", []) or chat.step == "confirm"
    assert "Check-up" in chat.text


def test_back_goes_one_message_back() -> None:
    chat = talk("cleaning tomorrow with Weber", "the first one", "Ana Ruiz")
    assert chat.step == "email"
    assert chat.say("back").step == "name"
    assert chat.say("go back").step == "slot"
    assert chat.practice.held == ""
    assert chat.press("back").step == "reason"
    assert "beginning" in chat.press("back").text


def test_start_over_forgets_and_releases() -> None:
    chat = at_read_back()
    assert chat.practice.held
    chat.say("start over")
    assert (chat.step, chat.practice.held, chat.state.facts.name) == ("reason", "", "")
    chat.say("cleaning friday at 9 with weber")
    assert chat.step == "name"


def test_dropping_a_booking_releases_the_slot() -> None:
    chat = at_read_back()
    chat.say("never mind")
    assert (chat.practice.held, chat.bookings) == ("", [])
    assert "dropped" in chat.text


def test_cancel_in_the_middle_of_a_booking_is_about_that_booking() -> None:
    chat = talk("cleaning tomorrow at 10 with weber")
    chat.say("cancel")
    assert "dropped" in chat.text
    assert chat.practice.held == ""


def test_the_first_name_alone_is_asked_on() -> None:
    chat = talk("cleaning tomorrow at 10 with weber", "ana")
    assert "last name, Ana" in chat.text
    assert chat.say("ruiz").step == "email"
    assert chat.state.facts.name == "Ana Ruiz"


def test_people_with_one_name_are_taken_as_they_are() -> None:
    chat = talk("cleaning tomorrow at 10 with weber", "Suharto", "Suharto")
    assert (chat.step, chat.state.facts.name) == ("email", "Suharto")


@pytest.mark.parametrize("typed", ["ana@", "ana at example", "@@@"])
def test_an_incomplete_address_is_asked_again(typed: str) -> None:
    chat = talk("cleaning tomorrow at 10 with weber", "Ana Ruiz")
    assert chat.say(typed).step == "email"
    assert chat.say("It's Ana@Example.org").step == "phone"
    assert chat.state.facts.email == "ana@example.org"


def test_a_short_phone_number_is_asked_again() -> None:
    chat = talk("cleaning tomorrow at 10 with weber", "Ana Ruiz", "ana@example.org", "12345")
    assert chat.step == "phone"
    assert "area code" in chat.text


def test_the_birth_date_is_asked_where_a_treatment_needs_it() -> None:
    chat = talk("I want my wisdom tooth removed, tomorrow at 10", "no")
    assert chat.step == "name"
    assert chat.say(*DETAILS).step == "birth_date"
    assert "24 May 1985" in chat.say("99.99.1985").text
    assert "Born 24 May 1985" in chat.say("24.5.1985").text


def test_too_young_for_a_treatment_is_said_before_booking() -> None:
    chat = talk("wisdom tooth removal tomorrow at 10", "no")
    chat.say(*DETAILS, "1 March 2015")
    assert "from 14 years" in chat.text
    assert (chat.step, chat.bookings) == ("treatment", [])


def test_who_is_signed_in_is_not_asked_again() -> None:
    chat = Conversation(for_caller(Practice(), signed_in()))
    chat.say("cleaning tomorrow at 10 with weber")
    assert chat.step == "confirm"
    assert "Ana Ruiz (ana@example.org, +493012345678)" in chat.text


def test_a_child_is_asked_for_by_name() -> None:
    chat = Conversation(for_caller(Practice(), signed_in()))
    chat.say("a check-up for my daughter tomorrow at 10 with weber")
    assert (chat.step, chat.state.offers[0].treatment) == ("name", "t-kids")
    assert "child's" in chat.text
    chat.say("Mia Ruiz", "yes")
    assert (chat.bookings[0].person.name, chat.bookings[0].person.for_other) == ("Mia Ruiz", True)


@pytest.mark.parametrize("said", ["yes", "button"])
def test_a_price_that_changes_after_the_read_back_is_read_back_before_it_is_booked(said: str) -> None:
    chat = at_read_back()
    assert "€98.00" in chat.text
    world = chat.practice.world
    dearer = tuple(replace(one, price=Decimal(120)) if one.id == "t-clean" else one for one in world.treatments)
    chat.practice.world = replace(world, treatments=dearer)
    old = chat.yes
    chat.press(old) if said == "button" else chat.say("yes")
    assert (chat.step, chat.bookings) == ("confirm", [])
    assert "has changed" in chat.text
    assert "€120.00" in chat.text
    chat.press(old)
    assert chat.bookings == []
    chat.say("yes")
    assert (chat.step, len(chat.bookings)) == ("booked", 1)


def test_what_a_dentist_takes_for_a_treatment_is_read_back() -> None:
    practice = Practice()
    own = {"d-okafor": {"t-clean": Decimal(130)}}
    dentists = tuple(replace(one, prices=own.get(one.id, {})) for one in practice.world.dentists)
    practice.world = replace(practice.world, dentists=dentists)
    chat = Conversation(practice)
    chat.say("cleaning tomorrow at 10 with Dr Okafor", *DETAILS)
    assert "€130.00" in chat.text
    assert "€98.00" in chat.say("with Dr Weber instead").text
