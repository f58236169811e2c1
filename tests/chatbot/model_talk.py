"""Conversations in memory that a model helps with."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from chatbot.dialogue import Message
from chatbot.model import helping
from chatbot.model.loading import wait_until_loaded
from clinic.language_model import LanguageModel
from tests.chatbot.dialogue_script import Conversation
from tests.chatbot.dialogue_world import Practice
from tests.chatbot.model_fake import FakeModel, running


class Helped(Conversation):
    """A conversation with the small clinic, and with a model beside it."""

    def __init__(self, model: LanguageModel, practice: Practice | None = None, language: str = "en") -> None:
        super().__init__(practice, language)
        self.model = model

    def _turn(self, message: Message) -> None:
        world, now = self.practice.world, self.practice.now
        self.state, self.reply = helping.answer(self.state, message, world, now, self.practice, self.model)


@pytest.fixture(scope="package")
def served() -> Iterator[FakeModel]:
    wait_until_loaded()
    with running() as fake:
        yield fake


@pytest.fixture
def fake(served: FakeModel) -> FakeModel:
    """A model that has said nothing yet, and has never failed."""
    helping.breaker.cache_clear()
    served.says()
    return served
