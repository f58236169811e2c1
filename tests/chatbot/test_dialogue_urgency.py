"""What is wrong, how urgent that is, and what may be booked then."""

from datetime import timedelta

import pytest

from chatbot.dialogue import FindSlots
from tests.chatbot.dialogue_script import Conversation, talk
from tests.chatbot.dialogue_world import NOW, WORKDAYS, Practice


def test_red_flags_are_asked_for_before_anything_is_offered() -> None:
    chat = talk("I have a toothache since monday, tomorrow at 10 with Weber please")
    assert (chat.step, chat.practice.asked) == ("question", [])
    assert "breathe" in chat.text
    assert {"answer:airway:yes", "answer:airway:no", "answer:airway:unsure"} <= chat.choices
    asked = []
    while chat.step == "question":
        asked.append(chat.state.question)
        chat.press(f"answer:{asked[-1]}:{ {'swelling': 'none', 'pain': 'bearable'}.get(asked[-1], 'no') }")
    assert {"airway", "swelling", "fever"} <= set(asked)
    assert chat.step == "name", "the wish of the first message still counts"
    assert "Thursday, 19 November 2026, at 10:00, with Dr. Jonas Weber" in chat.text


def test_the_urgency_comes_with_reason_and_source_once() -> None:
    chat = talk("I have a toothache")
    chat.calm()
    assert (chat.reply.urgency.band, chat.reply.urgency.reason) == ("soon", "toothache")  # type: ignore[union-attr]
    assert "within a week" in chat.text
    assert "Source: " in chat.text
    assert chat.reply.sources[0].url.startswith("https://")
    chat.say("tomorrow afternoon")
    assert "within a week" not in chat.text
    assert chat.reply.urgency is not None


@pytest.mark.parametrize(
    ("said", "number"),
    [
        ("my face is swollen and I can't breathe", "112"),
        ("Ich bekomme keine Luft mehr, mein Hals ist geschwollen", "112"),
        ("my tooth was knocked out ten minutes ago", "030 555 0100"),
        ("Mir wurde gerade ein Zahn ausgeschlagen", "030 555 0100"),
    ],
)
def test_an_emergency_is_told_whom_to_call_and_gets_no_slot(said: str, number: str) -> None:
    chat = talk(said)
    assert chat.step == "emergency"
    assert number in chat.text
    assert (chat.reply.slots, chat.practice.asked) == ((), [])
    assert {"misunderstood", "restart", "human"} <= chat.choices
    chat.say("but I want an appointment tomorrow at 10")
    assert (chat.step, chat.practice.requests(FindSlots)) == ("emergency", [])


@pytest.mark.parametrize(
    ("at", "messages"),
    [
        ("question", ()),
        ("slot", ("no", "none", "no", "bearable")),
        ("name", ("no", "none", "no", "bearable", "the first")),
        ("email", ("no", "none", "no", "bearable", "the first", "Ana Ruiz")),
        ("confirm", ("no", "none", "no", "bearable", "the first", "I'm Ana Ruiz, ana@example.org", "030 1234567")),
    ],
)
def test_an_emergency_stops_the_talk_wherever_it_is(at: str, messages: tuple[str, ...]) -> None:
    chat = talk("toothache", *messages)
    assert chat.step == at
    chat.say("now I can't breathe properly")
    assert chat.step == "emergency"
    assert "112" in chat.text
    assert chat.say("yes").step == "emergency"
    assert chat.bookings == []


def test_an_answer_can_make_it_an_emergency_and_back_takes_it_back() -> None:
    chat = talk("toothache")
    assert chat.press("answer:airway:yes").step == "emergency"
    assert chat.press("back").step == "question"
    assert "breathe" in chat.text
    assert chat.say("no").step == "question"


def test_a_misunderstanding_is_cleared_up() -> None:
    chat = talk("my gum is bleeding heavily and won't stop")
    assert chat.step == "emergency"
    chat.say("you misunderstood me")
    assert (chat.step, chat.reply.urgency) == ("reason", None)
    assert chat.say("I just want a cleaning").step == "slot"


def test_an_emergency_names_the_address_when_asked() -> None:
    chat = talk("I can't breathe")
    chat.say("where are you?")
    assert "12 Quay Street" in chat.text
    assert "112" in chat.text


def test_urgent_gets_only_slots_inside_24_hours() -> None:
    chat = talk("terrible toothache, painkillers don't help", "no")
    chat.calm()
    assert (chat.step, chat.reply.urgency.band) == ("slot", "urgent")  # type: ignore[union-attr]
    assert all(slot.start <= NOW + timedelta(hours=24) for slot in chat.reply.slots)
    [search] = chat.practice.requests(FindSlots)
    assert isinstance(search, FindSlots)
    assert search.urgent
    chat.say("next week rather")
    assert "within 24 hours, so I offer" in chat.text
    assert all(slot.start <= NOW + timedelta(hours=24) for slot in chat.reply.slots)


def test_urgent_with_nothing_free_in_time_is_given_the_phone() -> None:
    closed = {(NOW + timedelta(days=n)).date() for n in range(3)}
    chat = talk("terrible toothache, painkillers don't help", closed=closed)
    chat.calm()
    assert (chat.step, chat.reply.slots) == ("nothing_free", ())
    assert "030 555 0100" in chat.text
    assert "112" in chat.text


def test_urgent_with_a_dentist_who_is_away_gets_another_one() -> None:
    chat = talk("terrible toothache, painkillers don't help, with Dr Weber", away={"d-weber"})
    chat.calm()
    assert chat.dentists == {"d-okafor"}


def test_soon_stays_inside_a_week_while_something_is_free() -> None:
    chat = talk("toothache", "no", "in three weeks on monday please")
    chat.calm()
    assert "within a week, so I offer" in chat.text
    assert all(slot.start <= NOW + timedelta(days=7) for slot in chat.reply.slots)


def test_soon_with_a_full_week_offers_later_ones_and_the_phone() -> None:
    closed = {(NOW + timedelta(days=n)).date() for n in range(8)}
    chat = talk("toothache", closed=closed)
    chat.calm()
    assert chat.step == "slot"
    assert "Nothing is free within a week" in chat.text
    assert "030 555 0100" in chat.text
    chat.pick()
    assert chat.step == "name"


def test_it_gets_worse_after_the_hold() -> None:
    chat = talk("toothache, on monday at 10 with Weber")
    chat.calm()
    assert chat.step == "name"
    chat.say("it is getting worse, severe pain, painkillers don't help at all")
    chat.calm()
    assert (chat.reply.urgency.band, chat.state.facts.slot) == ("urgent", "")  # type: ignore[union-attr]
    assert all(slot.start <= NOW + timedelta(hours=24) for slot in chat.reply.slots)


def test_a_cleaning_with_pain_becomes_a_visit_for_the_pain() -> None:
    chat = talk("I need a cleaning, and a tooth hurts badly")
    chat.calm()
    assert "“Toothache and injuries” first; “Professional cleaning” can follow" in chat.text
    assert chat.reply.slots[0].token.endswith("t-pain")


def test_a_lost_filling_is_a_complaint_and_no_wish_for_a_treatment() -> None:
    chat = talk("I lost a filling")
    chat.calm()
    assert chat.state.facts.treatment == ""
    assert chat.reply.slots[0].token.endswith("t-pain")


def test_band_and_symptoms_go_with_the_visit() -> None:
    chat = talk("My tooth hurts when I bite", "no")
    chat.calm()
    chat.pick()
    chat.say("Ana Ruiz", "ana@example.org", "030 1234567", "yes")
    note = chat.bookings[0].triage
    assert (note.band, note.reason) == ("soon", "toothache")
    assert note.symptoms.startswith("My tooth hurts when I bite")
    assert "Is there any swelling, and where? No swelling" in note.symptoms
    assert "toothache" in note.signs


def test_a_treatment_alone_is_asked_whether_something_is_wrong() -> None:
    chat = talk("root canal with Okafor next week")
    assert chat.step == "wellbeing"
    assert chat.say("no").step == "slot"
    chat = talk("root canal with Okafor next week", "yes")
    assert chat.step == "question"


def test_something_that_cannot_be_described_is_asked_through() -> None:
    chat = talk("blorb in the snazzle", "something else is wrong")
    asked = []
    while chat.step == "question":
        asked.append(chat.state.question)
        chat.press(f"answer:{asked[-1]}:{ {'swelling': 'none', 'pain': 'none'}.get(asked[-1], 'no') }")
    assert {"airway", "swelling", "fever", "pain"} <= set(asked)
    assert chat.step == "treatment"


@pytest.mark.parametrize("typed", ["not sure", "I don't know", "maybe"])
def test_not_sure_is_taken_strictly(typed: str) -> None:
    chat = talk("toothache", typed)
    assert chat.step == "emergency"


@pytest.mark.parametrize("typed", ["no", "nope", "none", "2", "No"])
def test_answers_are_read_in_words(typed: str) -> None:
    chat = talk("toothache", typed)
    assert (chat.step, chat.state.facts.complaint.answers) == ("question", {"airway": "no"})


def test_an_answer_that_is_none_is_asked_again_with_choices() -> None:
    chat = talk("toothache", "purple")
    assert "did not understand" in chat.text
    assert "answer:airway:no" in chat.choices


def test_an_old_answer_is_corrected_by_its_button() -> None:
    chat = talk("toothache", "no", "none")
    chat.press("answer:swelling:face")
    assert chat.state.facts.complaint.answers["swelling"] == "face"
    chat.calm()
    assert chat.reply.urgency.band in {"urgent", "emergency_dental"}  # type: ignore[union-attr]


def test_a_wait_over_the_weekend_is_none_for_urgent_people() -> None:
    friday = NOW + timedelta(days=2, hours=5)
    practice = Practice(now=friday)
    chat = Conversation(practice)
    chat.say("severe toothache, painkillers don't help")
    chat.calm()
    assert friday.weekday() in WORKDAYS
    assert (chat.step, "030 555 0100" in chat.text) == ("nothing_free", True)


@pytest.mark.parametrize(
    "said", ["how many mg ibuprofen should I take?", "what disease is that?", "Welche Dosis Ibuprofen?"]
)
def test_no_dose_and_no_diagnosis(said: str) -> None:
    chat = talk("toothache")
    chat.calm()
    chat.say(said)
    assert not any(word in chat.text.casefold() for word in (" mg", "abscess", "pulpitis", "caries", "abszess"))
    assert chat.reply.choices
