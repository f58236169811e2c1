"""Visits that exist, questions about the practice, languages, and people who are hard to understand."""

from dataclasses import replace

import pytest

from chatbot.dialogue import CancelVisit, ListVisits, LookUpVisit, MoveVisit, Refused, Unavailable, dump, load
from tests.chatbot.dialogue_script import Conversation, at_read_back, for_caller, talk
from tests.chatbot.dialogue_world import Practice, signed_in

CLEANING = "Professional cleaning · Dr. Jonas Weber"


def practice(visits: int = 2, *, account: bool = True, can_change: bool = True) -> Practice:
    """Visits with Weber: Wednesday at 15:00, Thursday at 10:00, …; booked with ana@example.org."""
    played = Practice()
    if account:
        for_caller(played, signed_in())
    free = [slot for slot in played.slots("t-clean") if slot.dentist == "d-weber"]
    for at in range(visits):
        visit = played.visit(free[4 + 3 * at], f"DC-7KQ2M{9 - at}", can_change=can_change)
        played.emails[visit.reference] = "ana@example.org"
    return played


def test_own_visits_are_listed_and_one_is_shown() -> None:
    chat = Conversation(practice())
    chat.say("what are my appointments?")
    assert (chat.step, {"visit:v-DC-7KQ2M9", "visit:v-DC-7KQ2M8"} <= chat.choices) == ("visits", True)
    chat.say("the second")
    assert "Thursday, 19 November 2026, at 10:00 (DC-7KQ2M8)" in chat.text
    assert {"move", "cancel", "visits"} <= chat.choices


def test_the_visits_of_a_family_say_who_comes() -> None:
    of_one, of_two = Conversation(practice()), Conversation(practice())
    of_two.practice.visits[1] = replace(of_two.practice.visits[1], person="Kim Ruiz")
    labels = [
        [choice.label for choice in chat.say("cancel a visit").choices if choice.id.startswith("visit:")]
        for chat in (of_one, of_two)
    ]
    assert labels == [
        [f"Wed 18 Nov, 15:00 · {CLEANING}", f"Thu 19 Nov, 10:00 · {CLEANING}"],
        [f"Wed 18 Nov, 15:00 · Ana Ruiz · {CLEANING}", f"Thu 19 Nov, 10:00 · Kim Ruiz · {CLEANING}"],
    ]


def test_a_visit_is_moved_after_a_yes() -> None:
    chat = Conversation(practice(1))
    chat.say("I have to reschedule my appointment", "friday morning")
    assert chat.starts == ["Fri 20 09:00", "Fri 20 10:00", "Fri 20 11:00"]
    chat.say("10 o'clock")
    assert chat.step == "confirm_move"
    assert "Until now: Professional cleaning with Dr. Jonas Weber, Wednesday, 18 November 2026, at 15:00" in chat.text
    assert "New: Friday, 20 November 2026, at 10:00" in chat.text
    assert chat.practice.requests(MoveVisit) == []
    chat.say("yes")
    assert "Friday, 20 November 2026, at 10:00" in chat.text
    assert len(chat.practice.requests(MoveVisit)) == 1


def test_move_from_one_day_to_another_in_one_message() -> None:
    chat = Conversation(practice(1))
    chat.say("please move my appointment from wednesday to friday at 11")
    assert chat.step == "confirm_move"
    assert "New: Friday, 20 November 2026, at 11:00, with Dr. Jonas Weber" in chat.text


def test_a_move_is_corrected_before_the_yes() -> None:
    chat = Conversation(practice(1))
    chat.say("move my visit to friday at 11", "no, monday at 9", "with Okafor rather")
    assert "New: Monday, 23 November 2026, at 09:00, with Dr. Ngozi Okafor" in chat.text
    chat.say("no")
    assert chat.practice.requests(MoveVisit) == []
    chat.press("keep")
    assert "stays as it is" in chat.text


def test_a_visit_is_cancelled_after_a_yes() -> None:
    chat = Conversation(practice(2))
    chat.say("cancel my appointment on thursday")
    assert "DC-7KQ2M8" in chat.text
    assert (chat.step, chat.practice.requests(CancelVisit)) == ("confirm_cancel", [])
    chat.press(chat.yes)
    assert (chat.step, [v.reference for v in chat.practice.visits]) == ("done", ["DC-7KQ2M9"])


def test_a_no_keeps_the_visit() -> None:
    chat = Conversation(practice(1))
    chat.say("cancel my appointment", "no")
    assert "stays as it is" in chat.text
    assert len(chat.practice.visits) == 1


def test_an_old_yes_cancels_nothing() -> None:
    chat = Conversation(practice(1))
    chat.say("cancel my appointment")
    old = chat.yes
    chat.say("no", "when are you open?")
    chat.press(old)
    assert "no longer fits" in chat.text
    assert chat.practice.requests(CancelVisit) == []


def test_without_an_account_reference_and_email_are_asked_for() -> None:
    chat = Conversation(practice(account=False))
    chat.say("I need to cancel my appointment")
    assert (chat.step, chat.practice.requests(ListVisits)) == ("reference", [])
    assert chat.say("dc 7kq 2m9").step == "visit_email"
    assert chat.say("ana@example.org").step == "confirm_cancel"
    assert chat.practice.requests(LookUpVisit) == [LookUpVisit("DC-7KQ2M9", "ana@example.org")]
    assert chat.say("yes").step == "done"


def test_reference_and_email_in_one_message() -> None:
    chat = Conversation(practice(account=False))
    chat.say("please cancel my visit, reference DC-7KQ2M9, ana@example.org")
    assert chat.step == "confirm_cancel"


def test_a_wrong_email_finds_nothing_and_is_asked_again() -> None:
    chat = Conversation(practice(account=False))
    chat.say("cancel DC-7KQ2M9", "eve@example.org")
    assert chat.step == "reference"
    assert "no visit with that reference" in chat.text
    chat.say("DC-7KQ2M9")
    assert chat.step == "visit_email"
    assert chat.say("ana@example.org").step == "confirm_cancel"


def test_too_many_look_ups_are_told_in_the_worlds_words() -> None:
    chat = Conversation(practice(account=False))
    chat.practice.fails["LookUpVisit"] = [Refused("throttled", "Please wait ten minutes.")]
    chat.say("cancel DC-7KQ2M9, ana@example.org")
    assert "Please wait ten minutes." in chat.text
    assert chat.step == "trouble"


@pytest.mark.parametrize("said", ["cancel my appointment", "move my appointment to friday"])
def test_after_the_cut_off_the_practice_has_to_be_called(said: str) -> None:
    chat = Conversation(practice(1, can_change=False))
    chat.say(said)
    assert "too late" in chat.text
    assert "030 555 0100" in chat.text
    assert chat.practice.requests(MoveVisit) == chat.practice.requests(CancelVisit) == []


def test_no_visits_to_come_is_said() -> None:
    chat = Conversation(practice(0))
    chat.say("show me my visits")
    assert (chat.step, "no visits to come" in chat.text, "book" in chat.choices) == ("done", True, True)


def test_i_cannot_come_offers_both() -> None:
    chat = Conversation(practice(2))
    chat.say("I can't come on thursday")
    assert "DC-7KQ2M8" in chat.text
    assert {"move", "cancel"} <= chat.choices


def test_a_slot_lost_while_moving_is_replaced() -> None:
    chat = Conversation(practice(1))
    chat.say("move my visit to friday at 11")
    chat.practice.taken.add(("d-weber", chat.state.offers[0].start))
    chat.say("yes")
    assert "just taken" in chat.text
    assert chat.step == "slot"
    assert len(chat.practice.visits) == 1


@pytest.mark.parametrize(
    ("said", "told"),
    [
        ("when are you open?", "Monday–Thursday: 09:00–17:00\nFriday: 09:00–13:00"),
        ("opening hours", "Monday–Thursday: 09:00–17:00"),
        ("how much is a cleaning?", "Professional cleaning: €98.00, 60 minutes"),
        ("what does a root canal cost", "Root canal treatment: €460.00, 90 minutes"),
        ("prices", "Check-up: €55.00, 30 minutes"),
        ("where are you located?", "12 Quay Street, 10115 Berlin"),
        ("do you take my insurance?", "ask the practice: 030 555 0100 or desk@harbour.example"),
        ("which treatments do you offer?", "Tooth-coloured filling"),
        ("who are your dentists?", "Dr. Ngozi Okafor"),
        ("can I talk to a real person?", "030 555 0100 or desk@harbour.example"),
        ("Wann haben Sie auf?", "Montag–Donnerstag: 09:00–17:00"),
        ("Was kostet eine Zahnreinigung?", "Professional cleaning: 98,00 €, 60 Minuten"),
        ("Wo ist die Praxis?", "12 Quay Street, 10115 Berlin"),
        ("Zahlt das die Krankenkasse?", "fragen Sie die Praxis"),
        ("Ich möchte mit einem Menschen sprechen", "030 555 0100 oder desk@harbour.example"),
    ],
)
def test_questions_about_the_practice(said: str, told: str) -> None:
    chat = talk(said)
    assert told in chat.text
    assert chat.practice.asked == []


def test_a_question_in_between_does_not_lose_the_thread() -> None:
    chat = talk("cleaning tomorrow at 10 with weber", "Ana Ruiz")
    chat.say("where are you?")
    assert "12 Quay Street" in chat.text
    assert chat.step == "email"
    chat.say("are you open on saturday?")
    assert (chat.step, chat.state.facts.slot) == ("email", "d-weber@111910/t-clean")


def test_without_a_phone_the_texts_still_hold() -> None:
    from tests.chatbot.dialogue_world import CLINIC

    bare = replace(CLINIC, phone="", email="", address="", hours=())
    chat = Conversation(Practice(world=bare))
    for said in ("where are you", "opening hours", "talk to a person", "I can't breathe", "my tooth was knocked out"):
        chat.say(said)
        assert "usual number" in chat.text or "112" in chat.text


@pytest.mark.parametrize("said", ["asdf qwer", "?!", "🦷🦷🦷", "lorem ipsum dolor", "42", "xyzzy"])
def test_nonsense_is_met_with_choices(said: str) -> None:
    chat = talk(said)
    assert "did not understand" in chat.text
    assert {"sign:toothache", "sign:checkup", "other", "human"} <= chat.choices
    chat.say(said + "!")
    assert "030 555 0100" in chat.text


@pytest.mark.parametrize("said", ["you stupid bot", "this is shit", "du Idiot", "halt die Klappe"])
def test_abuse_is_met_calmly(said: str) -> None:
    chat = talk("cleaning tomorrow", language="en")
    chat.say(said)
    assert chat.text.startswith(("I can see", "Ich merke"))
    assert (chat.step, len(chat.reply.slots)) == ("slot", 6)


def test_german_from_the_first_word_to_the_booking() -> None:
    chat = talk("Guten Tag, ich hätte gern morgen Nachmittag eine Zahnreinigung bei Frau Dr. Okafor")
    assert chat.starts[0] == "Thu 19 12:00"
    assert chat.dentists == {"d-okafor"}
    chat.say("um 15 Uhr", "Ich heiße Jörg Müller-Lüdenscheidt", "joerg@example.org", "030 1234567")
    assert "Donnerstag, 19. November 2026, um 15:00 Uhr, bei Dr. Ngozi Okafor" in chat.text
    assert "98,00 €" in chat.text
    chat.say("ja, bitte buchen")
    assert chat.step == "booked"
    assert chat.bookings[0].person.name == "Jörg Müller-Lüdenscheidt"
    assert chat.bookings[0].language == "de"


def test_german_triage_and_corrections() -> None:
    chat = talk("Seit gestern habe ich Zahnschmerzen")
    assert "Atmen" in chat.text
    chat.say("nein", "keine Schwellung", "nein", "erträglich")
    assert chat.step == "slot"
    assert "innerhalb einer Woche" in chat.text
    chat.say("morgen um 10 bei Weber", "nein, lieber Freitag", "nicht Weber, Okafor")
    slot = next(one for one in chat.state.issued if one.token == chat.state.facts.slot)
    assert (slot.dentist, slot.start.strftime("%a %d %H:%M")) == ("d-okafor", "Fri 20 10:00")


def test_german_commands() -> None:
    chat = talk("Kontrolle morgen um 10 bei Weber", "Jan Kraus", language="de")
    assert chat.say("zurück").step == "name"
    assert chat.say("von vorn").step == "reason"
    assert "Wir fangen von vorn an" in chat.text


def test_german_visits() -> None:
    chat = Conversation(practice(1, account=False), "de")
    chat.say("Ich möchte meinen Termin absagen", "DC-7KQ2M9", "ana@example.org")
    assert chat.step == "confirm_cancel"
    assert "Mittwoch, 18. November 2026, um 15:00 Uhr" in chat.text
    assert chat.say("ja").step == "done"


def test_the_language_follows_the_person() -> None:
    chat = talk("hello, I would like a cleaning", language="de")
    assert chat.state.language == "en"
    chat.say("nein danke, ich möchte lieber morgen kommen")
    assert chat.state.language == "de"
    assert "Diese Zeiten sind frei" in chat.text
    chat.say("Weber")
    assert chat.state.language == "de"
    assert "These times" in chat.say("in english").text


def test_american_dates_and_hours() -> None:
    from tests.chatbot.dialogue_world import CLINIC

    chat = Conversation(Practice(world=replace(CLINIC, day_first=False, currency="USD")))
    chat.say("cleaning on 11/20 at 10am with weber", "Ana Ruiz", "ana@example.org", "030 1234567")
    assert "Friday, November 20, 2026, at 10:00 am" in chat.text
    assert "$98.00" in chat.text


def test_when_the_world_is_away_it_says_so_and_can_go_on() -> None:
    chat = talk("cleaning tomorrow with weber", fails={"FindSlots": [Unavailable()]})
    assert (chat.step, "refresh" in chat.choices) == ("trouble", True)
    assert "030 555 0100" in chat.text
    assert chat.press("refresh").step == "slot"


def test_trouble_while_booking_books_nothing_twice() -> None:
    chat = at_read_back()
    chat.practice.fails["BookVisit"] = [Unavailable()]
    chat.say("yes")
    assert chat.step == "trouble"
    assert chat.say("yes").step == "confirm"
    assert len(chat.bookings) == 1


def test_a_long_message_is_read_in_part_and_it_says_so() -> None:
    chat = talk("I need a cleaning. " + "blah " * 600)
    assert "first part only" in chat.text
    assert chat.step == "slot"


def test_a_state_that_was_stored_before_visits_had_names_is_read() -> None:
    chat = Conversation(practice())
    chat.say("what are my appointments?")
    stored = dump(chat.state)
    for visit in stored["visits"]:
        del visit["person"]
    assert [visit.person for visit in load(stored).visits] == ["", ""]
    assert load(stored).version == 1
    del stored["visits"][0]["reference"]
    with pytest.raises(TypeError):
        load(stored)
