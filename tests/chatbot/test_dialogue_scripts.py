"""The written conversations, played in memory."""

import pytest

from tests.chatbot.dialogue_play import Play, Script, scripts
from tests.chatbot.dialogue_stage import Memory

ALL = scripts()


@pytest.mark.parametrize("script", ALL, ids=str)
def test_the_conversation_goes_as_written(script: Script) -> None:
    play = Play(script, Memory())
    play.run()
    for shown in play.replies:
        assert shown.text.strip()
        assert shown.buttons, "a message without a way on"
        assert len({choice for choice, _ in shown.buttons}) == len(shown.buttons)
        assert not (shown.band.startswith("emergency") and shown.times and shown.step != "visits")


def test_no_title_is_used_twice() -> None:
    assert len({str(script) for script in ALL}) == len(ALL)
