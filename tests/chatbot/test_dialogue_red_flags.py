"""A red flag interrupts whatever is going on, in whatever it is wrapped."""

from __future__ import annotations

from functools import lru_cache
from itertools import cycle

import pytest

from chatbot.dialogue import Reply, State
from tests.chatbot.dialogue_script import DETAILS, Conversation
from tests.chatbot.dialogue_world import Practice

FLAGS = (
    "I can't breathe", "i cant breath", "my throat is swelling shut", "blood is pouring out of my mouth and won't stop",
    "tooth knocked out just now", "I fainted after the blow", "fever and swollen cheek", "swelling near my eye",
    "my jaw is broken", "can't open my mouth at all", "i want to die", "I'm choking", "can't swallow my own spit",
    "I AM SPITTING BLOOD AND IT WON'T STOP",
)  # fmt: skip
WRAPPED = (
    "{}", "Ana Ruiz, {}", "my name is Ana Ruiz and {}", "ana@example.org by the way {}", "yes but {}", "no, {}",
    "the first one, {}", "030 1234567 - {}", "start over, {}", "back. {}", "cancel, {}", "24 May 1985, {}", "I'm Ana Ruiz, {}",
    "can I talk to a person, {}", "what are your opening hours? {}", "thanks. {}", "this is Ana Ruiz {}", "never mind, {}",
    "anyone will do, {}", "DC-7KQ2M9 {}", "tomorrow at 10, {}", "you misunderstood me, {}",
)  # fmt: skip
FLAGS_DE = (
    "ich kriege keine luft", "Blutung hört nicht auf", "zahn ausgeschlagen", "hals schwillt zu", "fieber und dicke backe",
    "ich kann den mund nicht mehr öffnen", "Schwellung am Auge", "ich will sterben", "Ich bin umgekippt nach dem Sturz",
    "kann nicht schlucken",
)  # fmt: skip
WRAPPED_DE = (
    "{}", "Ana Ruiz, {}", "ja aber {}", "nein, {}", "zurück, {}", "030 1234567, {}", "die erste, {}", "absagen, {}",
    "ich heiße Ana Ruiz und {}", "von vorn, {}", "egal bei wem, {}", "du Idiot, {}", "morgen um 10, {}",
)  # fmt: skip
_EACH = 7
HELD = "cleaning tomorrow at 10 with weber"
REACHED = {
    "reason": (),
    "question": ("toothache",),
    "wellbeing": ("root canal with Okafor next week",),
    "treatment": ("I want an implant", "no"),
    "day": ("cleaning with weber next friday at 10",),
    "slot": ("cleaning tomorrow",),
    "name": (HELD,),
    "email": (HELD, "Ana Ruiz"),
    "phone": (HELD, "Ana Ruiz", "ana@example.org"),
    "birth_date": ("I want my wisdom tooth removed, tomorrow at 10", "no", *DETAILS),
    "confirm": (HELD, *DETAILS),
    "booked": (HELD, *DETAILS, "yes"),
    "reference": ("cancel my appointment",),
    "visit_email": ("cancel DC-7KQ2M9",),
    "confirm_cancel": ("cancel DC-7KQ2M9 ana@example.org",),
    "confirm_move": ("move DC-7KQ2M9 ana@example.org to friday at 10",),
}


def practice() -> Practice:
    played = Practice()
    slot = next(slot for slot in played.slots("t-clean") if slot.dentist == "d-weber")
    played.emails[played.visit(slot, "DC-7KQ2M9").reference] = "ana@example.org"
    return played


@lru_cache
def reached(step: str) -> tuple[State, Reply]:
    chat = Conversation(practice())
    chat.say(*REACHED[step])
    assert chat.step == step
    return chat.state, chat.reply


def wrapped(flags: tuple[str, ...], wraps: tuple[str, ...], first: int) -> list[str]:
    """Each flag in each seventh wrapping; which ones differs from step to step."""
    turns = cycle(range(_EACH))
    return [wrap.format(flag) for flag in flags for wrap in wraps[(next(turns) + first) % _EACH :: _EACH]]


@pytest.mark.parametrize("step", REACHED)
def test_a_red_flag_interrupts_at_every_step(step: str) -> None:
    first = list(REACHED).index(step)
    missed = []
    for message in wrapped(FLAGS, WRAPPED, first) + wrapped(FLAGS_DE, WRAPPED_DE, first):
        chat = Conversation(practice())
        chat.state, chat.reply = reached(step)
        chat.say(message)
        if chat.step != "emergency" or "112" not in chat.text or chat.reply.slots:
            missed.append(message)
    assert missed == []


@pytest.mark.parametrize(
    "said",
    [
        "die erste", "die letzte", "den dritten bitte", "I'm April May", "doesn't matter who", "du bist blöd",
        "ill take the first", "schritt zurück", "halt die Klappe", "insured with AOK?",
    ],
)  # fmt: skip
def test_words_that_only_look_like_symptoms_raise_no_alarm(said: str) -> None:
    chat = Conversation(practice(), "de")
    chat.say("hallo", "Zahnreinigung morgen bei Weber", said)
    assert chat.state.facts.complaint.words in ((), ("Zahnreinigung morgen bei Weber",))
    assert chat.reply.urgency is None or chat.reply.urgency.band == "routine"


def test_a_name_that_is_a_symptom_is_a_name_where_one_is_asked_for() -> None:
    chat = Conversation(practice())
    chat.say(HELD, "Ana Fieber")
    assert (chat.step, chat.state.facts.name) == ("email", "Ana Fieber")


@pytest.mark.parametrize("said", ["du Idiot, zahn ausgeschlagen", "any of them, anyone, any dentist, my jaw is broken"])
def test_set_phrases_are_taken_out_and_nothing_else(said: str) -> None:
    chat = Conversation(practice())
    chat.say(said)
    assert chat.step == "emergency"
