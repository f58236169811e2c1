"""Slots that are taken, holds that run out, refusals."""

from datetime import timedelta

import pytest

from chatbot.dialogue import (
    AlreadyBooked,
    BadDetail,
    BookVisit,
    HoldSlot,
    Message,
    Refused,
    ReleaseHold,
    SlotTaken,
    TooManyHolds,
    Unavailable,
    begin,
    resume,
)
from tests.chatbot.dialogue_script import DETAILS, at_read_back, talk
from tests.chatbot.dialogue_world import CLINIC, NOW, berlin


def test_a_slot_taken_meanwhile_is_replaced_by_the_next_best() -> None:
    chat = talk("cleaning tomorrow with weber")
    chat.practice.taken.add(("d-weber", berlin(11, 19, 9)))
    chat.pick(0)
    assert chat.step == "slot"
    assert "just taken" in chat.text
    assert "Thu 19 10:00" in chat.starts
    chat.pick(0)
    assert chat.step == "name"


def test_a_slot_taken_without_alternatives_is_searched_for_anew() -> None:
    chat = talk("cleaning tomorrow with weber", fails={"HoldSlot": [SlotTaken()]})
    chat.pick(0)
    assert (chat.step, len(chat.reply.slots)) == ("slot", 6)


def test_alternatives_of_another_kind_are_not_offered() -> None:
    chat = talk("cleaning tomorrow with weber")
    wrong = tuple(chat.practice.slots("t-check")[:2])
    chat.practice.fails["HoldSlot"] = [SlotTaken(wrong)]
    chat.pick(0)
    assert {slot.token for slot in chat.reply.slots}.isdisjoint({slot.token for slot in wrong})


def test_a_hold_that_ran_out_is_renewed_before_the_next_question() -> None:
    chat = talk("cleaning tomorrow at 10 with weber", "Ana Ruiz")
    chat.later(6).say("ana@example.org")
    assert chat.step == "phone"
    assert "they are over" in chat.text
    assert "until 10:11" in chat.text
    assert len(chat.practice.requests(HoldSlot)) == 2


def test_a_hold_that_ran_out_and_was_lost_leads_to_others() -> None:
    chat = talk("cleaning tomorrow at 10 with weber", "Ana Ruiz")
    chat.practice.taken.add(("d-weber", berlin(11, 19, 10)))
    chat.later(6).say("ana@example.org")
    assert chat.step == "slot"
    assert "just taken" in chat.text
    chat.pick(0)
    assert chat.step == "phone", "what was said is still known"


def test_a_yes_after_the_hold_ran_out_books_what_is_still_free() -> None:
    chat = at_read_back()
    chat.later(10).say("yes")
    assert (chat.step, len(chat.bookings)) == ("booked", 1)


def test_a_yes_after_the_hold_ran_out_and_the_slot_went_books_nothing() -> None:
    chat = at_read_back()
    chat.practice.taken.add(("d-weber", berlin(11, 19, 10)))
    chat.later(10).say("yes")
    assert chat.step == "slot"
    assert "somebody else has it now" in chat.text
    assert chat.practice.visits == []
    chat.pick(0)
    assert chat.step == "confirm"
    chat.say("yes")
    assert len(chat.practice.visits) == 1


def test_too_many_holds_leads_to_the_phone() -> None:
    chat = talk("cleaning tomorrow at 10 with weber", fails={"HoldSlot": [TooManyHolds()]})
    assert chat.step == "trouble"
    assert "030 555 0100" in chat.text
    assert "refresh" in chat.choices


def test_another_visit_at_that_time_is_said() -> None:
    chat = at_read_back()
    chat.practice.fails["BookVisit"] = [AlreadyBooked()]
    chat.say("yes")
    assert "another visit for this person" in chat.text
    assert chat.step == "slot"


def test_where_no_time_was_wished_for_the_nearest_that_do_not_overlap_are_offered() -> None:
    chat = talk("cleaning with Weber")
    chat.pick(next(at for at, start in enumerate(chat.starts) if start.endswith("13:00")))
    picked = chat.state.facts.slot
    chat.say(*DETAILS)
    chat.practice.fails["BookVisit"] = [AlreadyBooked()]
    chat.say("yes")
    lost = next(slot for slot in chat.state.issued if slot.token == picked).start
    hours = [(slot.start - lost).total_seconds() / 3600 for slot in chat.reply.slots]
    assert hours == [-2, -1, 1, 2, 3, 20]


@pytest.mark.parametrize(
    ("said", "language"), [("yesterday", "en"), ("last monday", "en"), ("gestern", "de"), ("letzten Montag", "de")]
)
def test_a_day_that_is_over_is_said_to_be_over(said: str, language: str) -> None:
    chat = talk("cleaning with Weber" if language == "en" else "Zahnreinigung bei Weber", language=language)
    offered = chat.starts
    chat.say(said)
    told = {"en": f"That time is over already ({said}).", "de": f"Das ist schon vorbei ({said})."}
    assert (chat.text.split("\n\n")[0], chat.starts) == (told[language], offered)


def test_yesterday_answers_a_question_about_a_complaint() -> None:
    chat = talk("toothache")
    assert chat.step == "question"
    chat.say("yesterday")
    assert "over already" not in chat.text


def test_for_somebody_else_the_time_is_offered_again() -> None:
    chat = at_read_back()
    chat.practice.fails["BookVisit"] = [AlreadyBooked()]
    chat.say("yes")
    assert "Thu 19 10:00" not in chat.starts
    chat.say("tomorrow at 10")
    assert ("another visit for this person" in chat.text, chat.step) == (True, "slot")
    chat.say("my name is Kim Ruiz")
    assert ("Thursday, 19 November 2026, at 10:00" in chat.text, chat.step) == (True, "confirm")
    chat.say("yes")
    assert chat.bookings[-1].person.name == "Kim Ruiz"


@pytest.mark.parametrize(
    ("field", "again"), [("phone", "030 7654321"), ("email", "eva@example.org"), ("name", "Eva Lang")]
)
def test_a_detail_that_the_world_refuses_is_asked_again(field: str, again: str) -> None:
    chat = at_read_back()
    chat.practice.fails["BookVisit"] = [BadDetail(field)]
    chat.say("yes")
    assert chat.step == field
    chat.say(again)
    assert chat.step == "confirm"
    chat.say("yes")
    assert chat.step == "booked"


def test_a_birth_date_that_the_world_wants_is_asked_for() -> None:
    chat = at_read_back()
    chat.practice.fails["BookVisit"] = [BadDetail("birth_date")]
    assert chat.say("yes").step == "birth_date"
    assert chat.say("24 May 1985").step == "confirm"


def test_a_treatment_for_others_is_told_in_the_worlds_words() -> None:
    chat = at_read_back()
    chat.practice.fails["BookVisit"] = [Refused("known_patients_only", "This is for known patients.")]
    chat.say("yes")
    assert "This is for known patients." in chat.text
    assert chat.step == "treatment"


@pytest.mark.parametrize("result", [Refused("outside_hours"), Unavailable()])
def test_any_other_refusal_leaves_a_way_on(result: Refused | Unavailable) -> None:
    chat = at_read_back()
    chat.practice.fails["BookVisit"] = [result]
    chat.say("yes")
    assert (chat.step, {"refresh", "human", "restart"} <= chat.choices) == ("trouble", True)


def test_a_change_of_mind_after_the_hold_keeps_it_until_another_is_held() -> None:
    chat = at_read_back()
    chat.press("other_time")
    assert (chat.step, chat.practice.requests(ReleaseHold)) == ("slot", [])
    chat.pick(3)
    assert chat.step == "confirm"
    assert len(chat.practice.requests(HoldSlot)) == 2


def test_a_lost_answer_of_the_world_is_no_dead_end() -> None:
    chat = talk("cleaning tomorrow with weber")
    turn = begin(chat.state, Message(choice=chat.reply.slots[0].id), CLINIC, NOW)
    assert turn.request is not None
    again = begin(turn.state, Message(text="hello?"), CLINIC, NOW)
    assert (again.request is None) != (again.reply is None)


def test_an_answer_to_nothing_asked_and_one_of_the_wrong_kind_are_survived() -> None:
    chat = talk("cleaning tomorrow with weber")
    assert resume(chat.state, SlotTaken(), CLINIC, NOW).reply is not None
    turn = begin(chat.state, Message(choice=chat.reply.slots[0].id), CLINIC, NOW)
    wrong = resume(turn.state, AlreadyBooked(), CLINIC, NOW + timedelta(seconds=1))
    assert wrong.reply is not None or wrong.request is not None


def test_a_clinic_without_treatments_sends_people_to_the_phone() -> None:
    from dataclasses import replace

    from tests.chatbot.dialogue_script import Conversation
    from tests.chatbot.dialogue_world import Practice

    chat = Conversation(Practice(world=replace(CLINIC, treatments=(), dentists=())))
    chat.say("cleaning tomorrow")
    assert "030 555 0100" in chat.text
    assert chat.reply.choices


def test_the_request_to_book_carries_what_was_read_back() -> None:
    chat = at_read_back()
    told = chat.text
    chat.say("yes")
    booking = chat.bookings[0]
    assert isinstance(booking, BookVisit)
    assert booking.slot.token in chat.practice.issued
    for said in (booking.person.name, booking.person.email, booking.person.phone, booking.slot.dentist_name):
        assert said in told
    assert DETAILS[0] == booking.person.name
