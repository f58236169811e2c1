"""Phrases in English and German and the windows they come to."""

from datetime import datetime
from zoneinfo import ZoneInfo

import pytest

from chatbot.when import understand
from tests.chatbot.when_held_out import HELD_OUT, HELD_OUT_LAST, HELD_OUT_MESSAGES
from tests.chatbot.when_messages import ENGLISH_MESSAGES, GERMAN_MESSAGES
from tests.chatbot.when_notation import agrees, written
from tests.chatbot.when_phrases import ENGLISH, MONTH_FIRST
from tests.chatbot.when_phrases_de import GERMAN

BERLIN = ZoneInfo("Europe/Berlin")
NEW_YORK = ZoneInfo("America/New_York")
NOW = datetime(2026, 11, 18, 10, 0, tzinfo=BERLIN)


@pytest.mark.parametrize(("phrase", "expected"), [*ENGLISH, *ENGLISH_MESSAGES])
def test_an_english_phrase_comes_to_its_windows(phrase: str, expected: str) -> None:
    when = understand(phrase, now=NOW, zone=BERLIN, language="en")
    assert agrees(when, expected), written(when)


@pytest.mark.parametrize(("phrase", "expected"), [*GERMAN, *GERMAN_MESSAGES])
def test_a_german_phrase_comes_to_its_windows(phrase: str, expected: str) -> None:
    when = understand(phrase, now=NOW, zone=BERLIN, language="de")
    assert agrees(when, expected), written(when)


@pytest.mark.parametrize(("phrase", "expected"), MONTH_FIRST)
def test_an_american_phrase_comes_to_its_windows(phrase: str, expected: str) -> None:
    when = understand(phrase, now=NOW.replace(tzinfo=NEW_YORK), zone=NEW_YORK, language="en-us", day_first=False)
    assert agrees(when, expected), written(when)


@pytest.mark.parametrize(("language", "phrase", "expected"), [*HELD_OUT, *HELD_OUT_MESSAGES, *HELD_OUT_LAST])
def test_a_held_out_phrase_comes_to_its_windows(language: str, phrase: str, expected: str) -> None:
    when = understand(phrase, now=NOW, zone=BERLIN, language=language)
    assert agrees(when, expected), written(when)
