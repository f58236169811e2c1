"""What else a message says: whom it is about, for how long, how bad it is, and what numbers mean."""

from __future__ import annotations

import pytest

from chatbot.triage import Who, understand


@pytest.mark.parametrize(
    ("text", "who", "age"),
    [
        ("my tooth hurts", Who.SELF, None),
        ("my son's tooth hurts", Who.CHILD, None),
        ("meine Tochter hat Zahnschmerzen", Who.CHILD, None),
        ("my 6 year old has toothache", Who.CHILD, 6),
        ("mein 5-jähriger hat Zahnschmerzen", Who.CHILD, 5),
        ("unser Kleiner hat Zahnschmerzen", Who.CHILD, None),
        ("I am 12 years old and have toothache", Who.CHILD, 12),
        ("my 30 year old son has toothache", Who.OTHER, 30),
        ("my wife has toothache", Who.OTHER, None),
        ("mein Mann hat Zahnschmerzen", Who.OTHER, None),
        ("he has toothache", Who.OTHER, None),
        ("My son fell. He is crying. My wife is with him.", Who.CHILD, None),
        ("a baby tooth hurts", Who.SELF, None),
        ("I'm having a baby and my tooth hurts", Who.SELF, None),
        ("die kleine Ecke am Zahn", Who.SELF, None),
    ],
)
def test_whom_it_is_about(text: str, who: Who, age: int | None) -> None:
    subject = understand(text).subject
    assert (subject.who, subject.age) == (who, age)


@pytest.mark.parametrize(
    ("text", "days"),
    [
        ("for three weeks", 21),
        ("seit drei Wochen", 21),
        ("a toothache for 2 days", 2),
        ("two or three days", 3),
        ("since yesterday", 1),
        ("seit gestern", 1),
        ("for about a month", 30),
        ("seit Monaten", 60),
        ("an hour ago", 0.0417),
        ("sore for four weeks. I called yesterday.", 28),
    ],
)
def test_for_how_long(text: str, days: float) -> None:
    duration = understand(text).duration
    assert duration is not None
    assert duration.days == days


def test_an_age_is_no_duration() -> None:
    assert understand("my 6 year old has toothache").duration is None


@pytest.mark.parametrize(
    ("text", "score"),
    [
        ("8/10", 8),
        ("pain is a 9", 9),
        ("9 out of 10 pain", 9),
        ("ten out of ten pain", 10),
        ("on a scale of 1 to 10 it is a 6", 6),
        ("unbearable pain", 10),
        ("mild pain", 2),
        ("Schmerzen 7 von 10", 7),
        ("Schmerzstärke 8", 8),
        ("auf einer Skala von 0 bis 10 eine 4", 4),
        ("unerträgliche Schmerzen", 10),
        ("exruciating pain", 10),
        ("mild pain, 3/10", 3),
    ],
)
def test_how_bad(text: str, score: float) -> None:
    severity = understand(text).severity
    assert severity is not None
    assert severity.score == score


@pytest.mark.parametrize(
    "text", ["see you on 8/10", "strong coffee", "9 o'clock", "toothache for 8 days", "table for 8"]
)
def test_other_numbers_and_words_say_nothing_about_pain(text: str) -> None:
    assert understand(text).severity is None


def test_pain_that_is_denied_to_be_strong() -> None:
    read = understand("toothache, but not unbearable")
    assert "severe_pain" in read.denied
    assert read.severity is None


@pytest.mark.parametrize("text", ["39,2 Grad", "temperature 38.9", "101 F", "38 Grad Temperatur"])
def test_a_measured_fever(text: str) -> None:
    assert "fever" in understand(text).present


@pytest.mark.parametrize("text", ["36,6 Grad", "39 years old", "room 39", "temperature is normal"])
def test_no_fever_was_measured(text: str) -> None:
    assert "fever" not in understand(text).present


@pytest.mark.parametrize("text", ["I took 20 paracetamol today", "15 Ibuprofen genommen"])
def test_more_tablets_than_a_packet_allows(text: str) -> None:
    assert "overdose" in understand(text).present


@pytest.mark.parametrize(
    "text", ["400 mg ibuprofen", "2 paracetamol", "12 hours since the last ibuprofen", "20 mg aspirin"]
)
def test_ordinary_tablets(text: str) -> None:
    assert "overdose" not in understand(text).present


@pytest.mark.parametrize("text", ["½ past", "pain ፩", "8/፩0", "pain 1⁄4", "²", "๙/๑๐", "seit ① Woche"])
def test_numbers_of_other_scripts_do_no_harm(text: str) -> None:
    understand(text)
