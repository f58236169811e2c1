"""How sentences are read: negation and its reach, doubt, what is over, misspellings, compounds, two languages."""

from __future__ import annotations

import pytest

from chatbot.triage import Band, State, assess, understand


def states(text: str) -> dict[str, str]:
    """Present, uncertain and denied signs of a text, without what a denial of all swelling implies."""
    read = understand(text)
    spoken = {m.sign for m in read.mentions if m.words}
    return {
        **dict.fromkeys(read.denied & spoken, "denied"),
        **dict.fromkeys(read.uncertain & spoken, "uncertain"),
        **dict.fromkeys(read.present & spoken, "present"),
    }


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("no fever", {"fever": "denied"}),
        ("kein Fieber", {"fever": "denied"}),
        ("Fieber habe ich keins", {"fever": "denied"}),
        ("without any swelling", {"swelling": "denied"}),
        ("I don't have a fever or swelling", {"fever": "denied", "swelling": "denied"}),
        ("no fever, no swelling, no pain", {"fever": "denied", "swelling": "denied", "toothache": "denied"}),
        ("keine Schwellung, Fieber, Schmerzen", {"swelling": "denied", "fever": "denied", "toothache": "denied"}),
        ("weder Fieber noch Schwellung", {"fever": "denied", "swelling": "denied"}),
        ("my face is not swollen", {"face_swelling": "denied"}),
        ("die Backe ist nicht geschwollen", {"face_swelling": "denied"}),
        ("es blutet nicht", {"mouth_bleeding": "denied"}),
        ("it doesn't hurt", {"toothache": "denied"}),
        ("I can't feel any swelling", {"swelling": "denied"}),
    ],
)
def test_a_denial_reaches_what_it_denies(text: str, expected: dict[str, str]) -> None:
    assert states(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("no pain but my cheek is swollen", {"toothache": "denied", "face_swelling": "present"}),
        ("kein Fieber, aber die Backe ist dick", {"fever": "denied", "face_swelling": "present"}),
        ("no fever and my cheek is swollen", {"fever": "denied", "face_swelling": "present"}),
        ("kein Fieber Zahnschmerzen", {"fever": "denied", "toothache": "present"}),
        ("I have no dentist and my tooth hurts", {"toothache": "present"}),
        ("not only pain but also fever", {"toothache": "present", "fever": "present"}),
        ("Nicht nur Schmerzen, sondern auch Fieber", {"toothache": "present", "fever": "present"}),
        ("the swelling is not getting better", {"swelling": "present"}),
        ("die Schmerzen gehen nicht weg", {"toothache": "present"}),
    ],
)
def test_a_denial_does_not_reach_further(text: str, expected: dict[str, str]) -> None:
    assert states(text) == expected


@pytest.mark.parametrize("text", ["No pain, swelling near my eye", "kein Fieber und Schwellung am Auge"])
def test_a_denial_of_unclear_reach_leaves_a_doubt_and_the_stricter_band(text: str) -> None:
    read = understand(text)

    assert "swelling_eye_neck" in read.uncertain
    assert assess(read).band == Band.EMERGENCY_MEDICAL


@pytest.mark.parametrize(
    "text",
    [
        "I can't breathe",
        "It's not that I can't breathe",
        "no I can't breathe",
        "nobody believes me that I can't breathe",
        "ich bekomme keine Luft",
        "nein, ich bekomme keine Luft mehr",
    ],
)
def test_not_being_able_to_breathe_is_never_denied(text: str) -> None:
    assert "breathing" in understand(text).present


@pytest.mark.parametrize(
    "text",
    [
        "no trouble breathing",
        "I don't have trouble breathing but my jaw hurts",
        "keine Atemnot",
        "breathing is fine",
        "Luft bekomme ich gut",
    ],
)
def test_trouble_breathing_can_be_denied(text: str) -> None:
    assert "breathing" in understand(text).denied


@pytest.mark.parametrize(
    "text",
    [
        "My cheek was swollen but the swelling has gone",
        "My cheek was swollen last week. The swelling has gone completely.",
        "Die Backe war dick. Die Schwellung ist weg.",
    ],
)
def test_what_is_over_closes_what_was_said_before(text: str) -> None:
    assert "face_swelling" in understand(text).denied


@pytest.mark.parametrize("text", ["it is not bleeding any more", "es blutet nicht mehr", "the bleeding has stopped"])
def test_bleeding_that_is_over(text: str) -> None:
    assert {m.state for m in understand(text).mentions if m.sign == "mouth_bleeding"} == {State.OVER}


@pytest.mark.parametrize(
    "text",
    [
        "the swelling has gone up to my eye",
        "the swelling has not gone",
        "the bleeding hasn't stopped",
        "My face is swollen, can't open my mouth anymore",
        "The swelling has gone. Now my cheek is swollen again.",
    ],
)
def test_what_is_not_over_stays(text: str) -> None:
    assert understand(text).present & {"swelling", "face_swelling", "mouth_bleeding", "unstopped_bleeding"} != set()


def test_a_later_message_closes_an_earlier_one() -> None:
    earlier = understand("my cheek is swollen and I have a fever")
    later = earlier.then(understand("the fever has gone"))

    assert "fever" in later.denied
    assert "face_swelling" in later.present
    assert "face_swelling" in later.then(understand("By now the swelling has gone.")).denied
    assert "face_swelling" in later.then(understand("The swelling had gone. Now my cheek is swollen again.")).present


def test_what_was_misunderstood_can_be_taken_back() -> None:
    read = understand("my cheek is swollen and I have a fever")
    assert read.retract(["fever"]).present == read.present - {"fever"}


@pytest.mark.parametrize(
    ("text", "sign"),
    [
        ("What is an abscess?", "abscess"),
        ("maybe I have a fever", "fever"),
        ("not sure if my cheek is swollen", "face_swelling"),
        ("falls ich Fieber bekomme", "fever"),
        ("vielleicht ein Abszess", "abscess"),
    ],
)
def test_doubts_and_general_questions_are_uncertain(text: str, sign: str) -> None:
    assert sign in understand(text).uncertain


def test_a_question_about_oneself_affirms() -> None:
    read = understand("Is it normal that my gum bleeds?")
    assert read.is_question
    assert "gum_bleeding" in read.present


@pytest.mark.parametrize(
    ("text", "sign"),
    [
        ("abzess", "abscess"),
        ("my cheek is swolen", "face_swelling"),
        ("Zanschmertzen", "toothache"),
        ("difficulty breatihng", "breathing"),
        ("Weissheitszahn tut weh", "wisdom_tooth"),
        ("tootache", "toothache"),
        ("geschwolen", "swelling"),
        ("bleding", "mouth_bleeding"),
    ],
)
def test_misspellings(text: str, sign: str) -> None:
    assert sign in understand(text).present


@pytest.mark.parametrize("text", ["fewer", "the truth", "reading", "bread", "schwarz", "Rechnung", "nicht", "town"])
def test_everyday_words_are_no_misspellings(text: str) -> None:
    assert understand(text).mentions == ()


@pytest.mark.parametrize(
    ("text", "sign"),
    [
        ("Gesichtsschwellung", "face_swelling"),
        ("Zahnfleischbluten", "gum_bleeding"),
        ("Weisheitszahnschmerzen", "wisdom_tooth"),
    ],
)
def test_german_compounds_are_taken_apart(text: str, sign: str) -> None:
    assert sign in understand(text).present


def test_the_words_that_were_read_are_kept_as_written() -> None:
    (mention,) = (m for m in understand("My FACE is so Swollen!").mentions if m.sign == "face_swelling")
    assert mention.words == "FACE Swollen"


def test_one_message_in_two_languages() -> None:
    assert understand("Hello, I have ein Problem: Zahnschmerzen and fever").present >= {"toothache", "fever"}


def test_umlauts_spelled_out_or_composed_of_two_characters_are_the_same() -> None:
    spellings = ["die Füllung ist rausgefallen", "die Fuellung ist rausgefallen", "die Fu\u0308llung ist rausgefallen"]
    assert [understand(text).present for text in spellings] == [frozenset({"lost_restoration"})] * 3
