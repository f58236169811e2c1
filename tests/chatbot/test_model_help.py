"""What a model helps with, when it is asked, and that nobody notices when it is away."""

from __future__ import annotations

import threading
from datetime import timedelta

import pytest

from chatbot.dialogue import FindSlots, HoldSlot
from chatbot.model import helping, loading
from chatbot.model.breaker import FAILURES, PAUSE, Breaker, NotNow
from tests.chatbot.dialogue_script import DETAILS, Conversation
from tests.chatbot.dialogue_world import NOW, Practice
from tests.chatbot.model_attacks import LOST
from tests.chatbot.model_fake import FakeModel, calls, raw, understood
from tests.chatbot.model_talk import Helped
from tests.chatbot.phrases import lines

pytestmark = pytest.mark.xdist_group("model")  # its libraries are loaded once


def test_words_that_are_not_understood_become_wishes(fake: FakeModel) -> None:
    fake.says(understood(treatment="T2", when="next tuesday after 1pm", dentists=["D2"]))
    chat = Helped(fake.settings())
    chat.say("I'd fancy a descale with the other lady in the week to come")
    assert chat.step == "wellbeing"
    chat.press("well:no")
    assert (chat.step, chat.starts[0], chat.dentists) == ("slot", "Tue 24 13:00", {"d-okafor"})
    assert "Professional cleaning" in chat.text


def test_german_is_helped_in_german(fake: FakeModel) -> None:
    fake.says(understood(treatment="T1", task="book"))
    chat = Helped(fake.settings(), language="de")
    chat.say("Ich bräuchte mal wieder jemanden, der drüberguckt")
    assert (chat.step, fake.asked()["language"], "weh" in chat.text) == ("wellbeing", "de", True)


def test_who_is_understood_offline_is_not_passed_on(fake: FakeModel) -> None:
    chat = Helped(fake.settings())
    chat.say("cleaning next week with Dr Weber, nothing hurts")
    chat.pick()
    chat.say(*DETAILS)
    assert (chat.step, chat.press(chat.yes).step, fake.heard) == ("confirm", "booked", [])


@pytest.mark.parametrize(
    ("said", "step"),
    [
        (("cleaning next week, nothing hurts", "slot"), "name"),
        (("cleaning next week, nothing hurts", "slot", "Ana Ruiz"), "email"),
        (("toothache",), "question"),
        (("cleaning next week",), "wellbeing"),
        (("my face is swollen and I can hardly breathe",), "emergency"),
        (("where is my appointment",), "reference"),
    ],
)
def test_names_addresses_and_answers_about_health_are_read_here_alone(
    fake: FakeModel, said: tuple[str, ...], step: str
) -> None:
    chat = Helped(fake.settings(health=True))
    for one in said:
        chat.pick() if one == "slot" else chat.say(one)
    if step == "wellbeing":
        chat = Helped(fake.settings(health=True))
        chat.press("treatment:t-clean")
    assert chat.step == step
    chat.say(LOST)
    assert fake.heard == []


@pytest.mark.parametrize(
    ("health", "left", "suggested"), [(False, "the [word] thing", False), (True, "the molar thing", True)]
)
def test_words_about_health_leave_only_where_the_clinic_says_so(
    fake: FakeModel, health: bool, left: str, suggested: bool
) -> None:
    fake.says(understood(complaint="my gum is swollen"))
    chat = Helped(fake.settings(health=health))
    chat.say("the molar thing, let me ponder")
    assert fake.asked()["message"].startswith(left)
    assert ("sign:gum_swelling" in chat.choices) is suggested


@pytest.mark.parametrize("files", ["held_out", pytest.param("", marks=pytest.mark.thorough)])
def test_no_complaint_leaves_without_it(fake: FakeModel, files: str) -> None:
    """Phrases about complaints, as people write them (docs/triage.md)."""
    told = [line.text for line in lines() if line.band != "none" and line.file.startswith(files)]
    for text in told:
        Helped(fake.settings(), language="en").say(text)
    assert (len(told) > 80, fake.heard) == (True, [])


def test_a_complaint_is_asked_back_and_judged_by_triage_alone(fake: FakeModel) -> None:
    fake.says(understood(complaint="the floor of the mouth is swollen"))
    chat = Helped(fake.settings(health=True))
    chat.say(LOST)
    assert (chat.step, chat.reply.urgency, "112" in chat.text) == ("reason", None, True)
    assert "sign:floor_of_mouth" in chat.choices
    chat.press("sign:floor_of_mouth")
    assert chat.step == "emergency"


def test_an_exact_time_is_offered_and_not_held(fake: FakeModel) -> None:
    fake.says(understood(when="tuesday at 9", dentists=["D1"]))
    chat = Helped(fake.settings())
    chat.say("cleaning next week, nothing hurts", LOST)
    assert (chat.step, chat.starts, chat.practice.requests(HoldSlot)) == ("slot", ["Tue 24 09:00"], [])
    chat.say("yes")
    assert (chat.step, len(chat.practice.requests(HoldSlot))) == ("name", 1)


def test_the_offered_time_that_is_meant_is_shown_alone(fake: FakeModel) -> None:
    fake.says(understood(offered=3))
    chat = Helped(fake.settings())
    chat.say("cleaning next week, nothing hurts")
    meant = chat.reply.slots[2]
    chat.say("I'd rather have the middle one")
    assert ([slot.token for slot in chat.reply.slots], chat.practice.held) == ([meant.token], "")
    assert fake.asked()["offered"]["3"].endswith(", D1")


def test_a_question_about_the_practice_is_answered_from_its_own_facts(fake: FakeModel) -> None:
    fake.says(understood(topics=["prices"]))
    chat = Helped(fake.settings())
    chat.say("what's the damage for a descale")
    assert "Professional cleaning: €98.00" in chat.text


def test_it_may_look_up_free_times_as_the_caller_may(fake: FakeModel) -> None:
    look = ("FreeTimes", {"treatment": "T2", "words": "tuesday"})
    fake.says(calls(look, ("ReadTime", {"words": "blue"})), understood(treatment="T2", when="tuesday at 9"))
    chat = Helped(fake.settings())
    chat.say(LOST)
    times, words = fake.shown()[-2:]
    assert (times.split("; ")[0], words) == ("Tue 24 Nov, 09:00, D1", "not understood")
    [asked] = chat.practice.requests(FindSlots)
    assert isinstance(asked, FindSlots)
    assert (asked.urgent, asked.limit) == (False, 6)


def test_small_talk_that_goes_on_is_passed_on_too(fake: FakeModel) -> None:
    fake.says(understood(treatment="T1"))
    chat = Helped(fake.settings())
    chat.say("hello")
    assert fake.heard == []
    chat.say("hello there it has been ages and I think I should come round again")
    assert (len(fake.heard), chat.step) == (1, "wellbeing")


@pytest.mark.parametrize("broken", [raw(b"{"), raw(b"{}", 500)])
def test_when_it_fails_the_offline_answer_stands(fake: FakeModel, broken: object) -> None:
    fake.says(broken)  # type: ignore[arg-type]  # a script
    helped, plain = Helped(fake.settings()), Conversation(Practice(), "en")
    assert helped.say(LOST) == plain.say(LOST)
    assert (helped.state, len(fake.heard)) == (plain.state, 1)


def test_after_failures_in_a_row_it_is_left_alone(fake: FakeModel) -> None:
    fake.says(raw(b"{}", 500))
    for _ in range(FAILURES + 2):
        Helped(fake.settings()).say(LOST)
    assert len(fake.heard) == FAILURES


def test_while_its_libraries_load_nobody_waits(fake: FakeModel, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(loading, "_ready", threading.Event())
    monkeypatch.setattr(loading, "_loading", threading.current_thread())
    chat = Helped(fake.settings())
    chat.say(LOST)
    assert (chat.state.lost, fake.heard) == (1, [])


def test_the_breaker_tries_once_after_each_pause() -> None:
    seconds = [0.0]
    breaker = Breaker(lambda: seconds[0], at_once=2)

    def tried(*, works: bool) -> str:
        try:
            with breaker.asking():
                if not works:
                    raise TimeoutError
        except NotNow:
            return "left alone"
        except TimeoutError:
            return "failed"
        return "answered"

    assert [tried(works=False) for _ in range(FAILURES + 1)] == ["failed"] * FAILURES + ["left alone"]
    seconds[0] = PAUSE - 1
    assert tried(works=True) == "left alone"
    seconds[0] = PAUSE
    assert [tried(works=False), tried(works=True)] == ["failed", "left alone"]
    seconds[0] = 2 * PAUSE
    assert [tried(works=True), tried(works=False), tried(works=True)] == ["answered", "failed", "answered"]


def test_only_so_many_wait_for_it_at_once() -> None:
    breaker = Breaker(lambda: 0.0, at_once=1)
    with breaker.asking(), pytest.raises(NotNow):
        breaker.asking().__enter__()
    with breaker.asking():
        pass


def test_a_third_of_the_threads_may_wait() -> None:
    helping.breaker.cache_clear()
    breaker = helping.breaker()
    with breaker.asking(), breaker.asking(), pytest.raises(NotNow):
        breaker.asking().__enter__()


def test_a_hold_that_ran_out_meanwhile_is_not_renewed_by_the_model(fake: FakeModel) -> None:
    fake.says(understood(any_dentist=True))
    chat = Helped(fake.settings())
    chat.say("cleaning next week, nothing hurts")
    chat.pick()
    chat.say(*DETAILS)
    chat.practice.now = NOW + timedelta(minutes=6)
    held = len(chat.practice.requests(HoldSlot))
    chat.say(LOST)
    assert chat.step == "confirm"
    assert len(chat.practice.requests(HoldSlot)) == held
