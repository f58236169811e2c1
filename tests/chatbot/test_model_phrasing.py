"""Answers in other words: friendlier, and never anything else."""

from __future__ import annotations

import pytest

from chatbot.model.phrasing import is_true_to, masked, may_reword, with_facts
from tests.chatbot.dialogue_script import Conversation, at_read_back, talk
from tests.chatbot.dialogue_world import CLINIC
from tests.chatbot.model_fake import FakeModel, phrased
from tests.chatbot.model_talk import Helped

pytestmark = pytest.mark.xdist_group("model")  # its libraries are loaded once

OFFER = "These times are free for {0}. Which one would you like? You can also name another day or time."


def test_an_answer_is_said_differently_around_its_facts(fake: FakeModel) -> None:
    fake.says(phrased("Lovely! For {0} these times are free. Which one would you like? Or name another day or time."))
    chat = Helped(fake.settings(phrases=True))
    chat.say("cleaning next week, nothing hurts")
    told = "Lovely! For “Professional cleaning” these times are free. Which one would you like? Or name another day or time."
    assert (chat.text, len(chat.reply.slots)) == (told, 6)
    assert fake.asked()["text"] == OFFER


def test_without_the_setting_nothing_is_reworded(fake: FakeModel) -> None:
    chat = Helped(fake.settings())
    chat.say("cleaning next week, nothing hurts")
    assert (OFFER.format("“Professional cleaning”"), fake.heard) == (chat.text, [])


def calm(chat: Conversation) -> Conversation:
    chat.calm()
    return chat


@pytest.mark.parametrize(
    "chat",
    [
        talk("my face is swollen and I can hardly breathe"),
        talk("toothache since yesterday"),
        calm(talk("severe toothache, it keeps me awake at night")),
        at_read_back(),
        talk("what does it cost"),
        talk("where is my appointment"),
    ],
    ids=["emergency", "triage question", "urgent", "read-back and consent", "prices", "reference"],
)
def test_what_safety_rests_on_is_never_reworded(chat: Conversation) -> None:
    assert may_reword(chat.reply) is False


@pytest.mark.parametrize("language", ["en", "de"])
def test_facts_are_all_that_templates_do_not_say(language: str) -> None:
    said = {
        "en": "cleaning on sunday with weber, nothing hurts",
        "de": "Zahnreinigung am Sonntag bei Weber, nichts tut weh",
    }
    text = talk(said[language], language=language).text
    shown, facts = masked(text, CLINIC, language)
    assert with_facts(shown, facts) == text
    assert [one for one in ("2026", "22", "Professional", "Weber") if one in shown] == []
    assert is_true_to(shown, shown, language)


@pytest.mark.parametrize(
    "said",
    [
        "For {0}, these times are free. Which one would you like? Or name another day or time, please.",
        "Gladly: these times are free for {0}. Which one would you like? Please say, or name another time or day.",
    ],
)
def test_courtesy_passes(said: str) -> None:
    assert is_true_to(OFFER, said, "en")


@pytest.mark.parametrize(
    "said",
    [
        "These times are not free for {0}. Which one would you like? You can name another day or time.",
        "These times are free for {0}. Which one would you like? You can name a day or time.",
        "These times are free. Which one would you like? You can also name another day or time.",
        "These times are free for {0} at 9. Which one would you like? You can also name another day or time.",
        "These times are free for {0}. Which one would you like? You can also name another day, as in Monday.",
        "These times are free for {0}. You can also name another day or time.",
        "These times are free for {0}.\n\nWhich one would you like? You can also name another day or time.",
        "{0}?",
    ],
    ids=[
        "denies",
        "drops another",
        "drops the fact",
        "adds a number",
        "adds a day",
        "no question",
        "more",
        "too short",
    ],
)
def test_lies_and_losses_do_not(said: str) -> None:
    assert not is_true_to(OFFER, said, "en")
