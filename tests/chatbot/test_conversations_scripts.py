"""The written conversations, over the REST API and against the database."""

from __future__ import annotations

import pytest

from tests.chatbot.dialogue_http import Http
from tests.chatbot.dialogue_play import Play, Script, scripts

ALL = scripts()


@pytest.mark.parametrize("script", ALL, ids=str)
def test_the_conversation_reaches_its_goal(script: Script, database: None, monkeypatch: pytest.MonkeyPatch) -> None:
    play = Play(script, Http(monkeypatch))
    play.run()
    for shown in play.replies:
        assert shown.buttons, "a message without a way on"
        assert not (shown.band.startswith("emergency") and shown.times and shown.step != "visits")
