"""What is offered, and what becomes of it."""

from datetime import timedelta

import pytest

from chatbot.dialogue import FindSlots, HoldSlot
from tests.chatbot.dialogue_script import Conversation, at_read_back, talk
from tests.chatbot.dialogue_world import NOW, Practice, berlin


def test_a_dentist_who_does_not_offer_it_is_named() -> None:
    chat = talk("cleaning with Lindqvist tomorrow")
    assert "Dr. Maja Lindqvist does not offer “Professional cleaning”" in chat.text
    assert chat.dentists == {"d-weber", "d-okafor"}


def test_anyone_but_one() -> None:
    chat = talk("check-up tomorrow, anyone but Weber")
    assert chat.dentists == {"d-okafor", "d-lind"}
    chat.say("not Okafor either")
    assert chat.dentists == {"d-lind"}
    chat.say("doesn't matter who")
    assert chat.dentists == {"d-weber", "d-okafor", "d-lind"}


def test_what_cannot_be_booked_online_is_said() -> None:
    chat = talk("I want an implant")
    assert "cannot be booked online" in chat.text
    assert "030 555 0100" in chat.text


@pytest.mark.parametrize(
    "said",
    ["cleening tomorow with okafr", "profesional cleaning tommorow dr okaforr", "claening with doctor Okafor tomorrow"],
)
def test_typos_work(said: str) -> None:
    chat = talk(said)
    assert (chat.step, chat.dentists, chat.starts[0]) == ("slot", {"d-okafor"}, "Thu 19 09:00")


def test_a_day_without_anything_free_offers_the_nearest_and_says_so() -> None:
    chat = talk("cleaning with weber on saturday at 11")
    assert "Nothing is free then (Saturday, 21 November 2026, at 11:00)" in chat.text
    assert set(chat.starts) <= {
        "Fri 20 10:00",
        "Fri 20 11:00",
        "Fri 20 12:00",
        "Fri 20 09:00",
        "Thu 19 16:00",
        "Thu 19 15:00",
    }


def test_a_dentist_who_is_away_leaves_the_others() -> None:
    chat = talk("cleaning tomorrow with Weber", away={"d-weber"})
    assert "Nothing is free with Dr. Jonas Weber" in chat.text
    assert chat.dentists == {"d-okafor"}


def test_nothing_free_at_all_leads_to_the_phone() -> None:
    chat = talk("cleaning tomorrow", away={"d-weber", "d-okafor"})
    assert chat.step == "nothing_free"
    assert "030 555 0100" in chat.text
    assert {"refresh", "any_time", "human", "restart"} <= chat.choices
    chat.practice.away.clear()
    assert chat.say("try again").step == "slot"


def test_more_times_go_on_and_begin_again() -> None:
    chat = talk("cleaning friday with weber")
    assert chat.starts == ["Fri 20 09:00", "Fri 20 10:00", "Fri 20 11:00", "Fri 20 12:00"]
    chat.say("other times")
    assert "from the beginning" in chat.text
    chat.say("cleaning tomorrow with weber", "more")
    assert chat.starts == ["Thu 19 15:00", "Thu 19 16:00"]


def test_next_friday_is_asked_back() -> None:
    chat = talk("cleaning with weber next friday at 10")
    assert (chat.step, len([c for c in chat.choices if c.startswith("day:")])) == ("day", 2)
    chat.say("the first")
    assert "Friday, 27 November 2026, at 10:00" in chat.text


def test_a_time_that_is_over_is_said() -> None:
    chat = talk("cleaning today at 9am")
    assert "over already" in chat.text
    assert chat.step == "slot"


def test_two_dentists_of_one_name_are_told_apart() -> None:
    from dataclasses import replace

    from chatbot.dialogue import Dentist
    from tests.chatbot.dialogue_world import CLINIC, GENERAL

    world = replace(CLINIC, dentists=(*CLINIC.dentists, Dentist("d-eva", "Dr. Eva Weber", GENERAL)))
    chat = Conversation(Practice(world=world))
    chat.say("cleaning with Dr Weber tomorrow")
    assert (chat.step, {"dentist:d-weber", "dentist:d-eva"} <= chat.choices) == ("dentist", True)
    chat.say("Eva Weber")
    assert chat.dentists == {"d-eva"}


def test_only_slots_of_this_conversation_can_be_chosen() -> None:
    chat = talk("cleaning tomorrow with weber")
    chat.press("slot:d-weber@112409/t-clean")
    assert chat.step == "slot"
    assert "no longer fits" in chat.text
    assert chat.practice.requests(HoldSlot) == []


def test_an_earlier_button_still_works_while_it_fits() -> None:
    chat = talk("cleaning tomorrow with weber")
    earlier = chat.reply.slots[1]
    chat.say("friday rather")
    chat.press(earlier.id)
    assert (chat.step, chat.state.facts.slot) == ("name", earlier.token)


def test_offers_that_are_over_are_looked_up_anew() -> None:
    chat = talk("cleaning today with weber")
    assert chat.starts[0] == "Wed 18 11:00"
    chat.practice.now = NOW + timedelta(hours=2)
    chat.say("thanks")
    assert chat.starts[0] == "Wed 18 13:00"


def test_a_live_page_asks_for_the_next_best() -> None:
    chat = talk("cleaning tomorrow with weber")
    chat.practice.taken.add(("d-weber", berlin(11, 19, 9)))
    assert "Thu 19 09:00" not in chat.press("refresh").text
    assert chat.starts[0] == "Thu 19 10:00"
    assert len(chat.practice.requests(FindSlots)) == 2


def test_a_second_booking_keeps_who_it_is() -> None:
    chat = at_read_back()
    chat.say("yes", "book another visit", "check-up on friday at 9 with Okafor")
    assert chat.step == "confirm"
    assert "Ana Ruiz" in chat.text
    chat.say("yes")
    assert len(chat.bookings) == 2


def test_the_booked_visit_is_moved_and_cancelled_in_the_same_talk() -> None:
    chat = at_read_back()
    chat.say("yes", "move it to friday at 9")
    assert chat.step == "confirm_move"
    chat.say("yes")
    assert "Friday, 20 November 2026, at 09:00" in chat.text
    chat.say("cancel it", "yes")
    assert (chat.step, chat.practice.visits) == ("done", [])
