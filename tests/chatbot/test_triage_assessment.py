"""From signs and answers to a band, its reasons, its questions and its advice."""

from __future__ import annotations

import pytest

from chatbot.triage import (
    Assessment,
    Band,
    Mention,
    Question,
    State,
    Understanding,
    assess,
    read_answer,
    safety_questions,
    table,
    understand,
)


def known(*signs: str, state: State = State.PRESENT) -> Understanding:
    return Understanding(tuple(Mention(sign, state, sign) for sign in signs))


def band(*signs: str) -> Band | None:
    return assess(known(*signs)).band


def asked(assessment: Assessment) -> list[str]:
    return [question.id for question in assessment.open_questions]


@pytest.mark.parametrize(
    ("signs", "expected"),
    [
        (["breathing"], Band.EMERGENCY_MEDICAL),
        (["checkup", "breathing"], Band.EMERGENCY_MEDICAL),
        (["toothache", "swallowing"], Band.EMERGENCY_MEDICAL),
        (["gum_swelling", "swelling_eye_neck"], Band.EMERGENCY_MEDICAL),
        (["toothache", "fever"], Band.EMERGENCY_DENTAL),
        (["checkup", "fever"], Band.URGENT),
        (["fever"], Band.URGENT),
        (["abscess", "unwell"], Band.EMERGENCY_DENTAL),
        (["toothache", "immune"], Band.URGENT),
        (["abscess", "immune"], Band.EMERGENCY_DENTAL),
        (["checkup", "immune"], Band.ROUTINE),
        (["abscess", "immune", "fever"], Band.EMERGENCY_MEDICAL),
        (["bleeding_after_extraction", "blood_thinner"], Band.EMERGENCY_DENTAL),
        (["socket_bleeding", "blood_thinner"], Band.EMERGENCY_MEDICAL),
        (["gum_bleeding", "blood_thinner"], Band.URGENT),
        (["toothache", "blood_thinner"], Band.SOON),
        (["abscess", "pregnant"], Band.EMERGENCY_DENTAL),
        (["cosmetic", "pregnant"], Band.ROUTINE),
        (["toothache", "child"], Band.URGENT),
        (["chipped_tooth", "child"], Band.SOON),
        (["checkup", "child"], Band.ROUTINE),
        (["baby_tooth_out", "child"], Band.URGENT),
        (["chipped_tooth", "head_injury"], Band.EMERGENCY_DENTAL),
        (["head_injury", "blood_thinner"], Band.EMERGENCY_MEDICAL),
    ],
)
def test_modifiers_raise_the_band(signs: list[str], expected: Band) -> None:
    assert band(*signs) == expected


@pytest.mark.parametrize(
    ("signs", "expected", "added"),
    [
        (["trismus", "face_swelling"], Band.EMERGENCY_MEDICAL, set()),
        (["broken_tooth", "toothache"], Band.URGENT, set()),
        (["broken_tooth"], Band.SOON, set()),
        (["blow", "vomiting"], Band.EMERGENCY_MEDICAL, {"head_injury_signs"}),
        (["blow", "tooth_fell_out"], Band.EMERGENCY_DENTAL, {"tooth_knocked_out"}),
        (["blow", "loose_tooth"], Band.EMERGENCY_DENTAL, {"tooth_displaced"}),
        (["extraction", "mouth_bleeding"], Band.URGENT, {"bleeding_after_extraction"}),
        (
            ["extraction", "mouth_bleeding", "bleeding_goes_on"],
            Band.EMERGENCY_DENTAL,
            {"bleeding_after_extraction", "socket_bleeding"},
        ),
        (["extraction", "toothache"], Band.URGENT, {"dry_socket"}),
        (["painkillers_fail", "toothache"], Band.URGENT, {"severe_pain"}),
        (["rash", "face_swelling"], Band.EMERGENCY_MEDICAL, {"allergic_reaction"}),
    ],
)
def test_rules_put_signs_together(signs: list[str], expected: Band, added: set[str]) -> None:
    assessment = assess(known(*signs))
    assert assessment.band == expected
    assert assessment.signs == set(signs) | added


def test_circumstances_alone_are_no_complaint() -> None:
    assert assess(known("extraction", "wisdom", "immune", "pregnant", "child")).band is None


def test_nothing_understood_has_no_band_and_no_questions() -> None:
    assessment = assess(understand("hello"))
    assert (assessment.band, assessment.reasons, assessment.open_questions, assessment.advice) == (None, (), (), ())


def test_who_was_not_understood_can_be_asked_the_general_questions() -> None:
    assert [question.id for question in safety_questions()] == ["airway", "swelling", "fever", "pain"]


def test_a_sore_place_for_two_weeks_carries_the_cancer_flag() -> None:
    assert assess(understand("mouth ulcer for 13 days")).flags == set()
    assert assess(understand("mouth ulcer for 14 days")).flags == {"cancer"}


def test_reasons_come_gravest_first_with_words_and_sources() -> None:
    assessment = assess(understand("toothache and a swollen cheek"))

    assert [(r.sign, r.band, r.words) for r in assessment.reasons] == [
        ("face_swelling", Band.URGENT, "swollen cheek"),
        ("toothache", Band.SOON, "toothache"),
    ]
    assert assessment.sources[:3] == table().findings["face_swelling"].sources
    assert table().label("face_swelling", "de") == "Schwellung an Gesicht oder Kiefer"
    with pytest.raises(KeyError):
        table().label("nonsense", "en")


def test_doubt_counts_and_an_explicit_no_clears_only_doubt() -> None:
    doubted = known("toothache").then(known("fever", state=State.UNCERTAIN))
    said = known("toothache", "fever")

    assert assess(doubted).band == Band.EMERGENCY_DENTAL
    assert assess(doubted, {"fever": "no"}).band == Band.SOON
    assert assess(said, {"fever": "no"}).band == Band.EMERGENCY_DENTAL


def test_answers_accumulate() -> None:
    toothache = known("toothache")

    assert assess(toothache, {"airway": "no"}).band == Band.SOON
    assert assess(toothache, {"airway": "no", "swelling": "face"}).band == Band.URGENT
    assert assess(toothache, {"airway": "no", "swelling": "face", "fever": "yes"}).band == Band.EMERGENCY_DENTAL
    assert assess(toothache, {"airway": "yes"}).band == Band.EMERGENCY_MEDICAL


def test_being_unsure_counts_as_the_stricter_answer() -> None:
    assert assess(known("toothache"), {"pain": "unsure"}).band == Band.URGENT
    assert assess(known("face_swelling"), {"swelling_spread": "unsure"}).band == Band.EMERGENCY_MEDICAL


def test_an_unknown_answer_is_refused() -> None:
    with pytest.raises(KeyError):
        assess(known("toothache"), {"fever": "perhaps"})
    with pytest.raises(KeyError):
        assess(known("toothache"), {"weather": "yes"})


@pytest.mark.parametrize(
    ("text", "questions"),
    [
        ("toothache", ["airway", "swelling", "fever", "pain"]),
        ("my cheek is swollen", ["airway", "swelling_spread", "mouth_opening", "fever", "immune"]),
        ("hit in the mouth", ["head", "bleeding", "bite", "tooth_after_blow", "thinners"]),
        ("abscess", ["airway", "swelling", "mouth_opening", "fever", "immune"]),
        ("swallowed a crown", ["airway", "cough"]),
        ("mouth ulcer", ["lasting"]),
        ("check-up", []),
    ],
)
def test_red_flags_are_asked_for_gravest_first(text: str, questions: list[str]) -> None:
    assert asked(assess(understand(text))) == questions


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("toothache", True),
        ("check-up", False),
        ("mouth ulcer", False),
        ("I'm pregnant", False),
        ("tooth knocked out", False),
        ("hello", False),
    ],
)
def test_whether_an_answer_could_still_make_it_an_emergency(text: str, expected: bool) -> None:
    assert assess(understand(text)).may_become_emergency is expected


def test_what_was_said_already_is_not_asked() -> None:
    text = "Toothache. No trouble breathing, I can swallow my saliva, no swelling, no fever, pain 3/10."
    assert asked(assess(understand(text))) == []


def test_questions_go_as_they_are_answered() -> None:
    answers: dict[str, str] = {}
    assessment = assess(known("toothache"))
    while assessment.open_questions:
        question = assessment.open_questions[0]
        answers[question.id] = "no" if "no" in {c.id for c in question.choices} else question.choices[0].id
        assessment = assess(known("toothache"), answers)

    assert list(answers) == ["airway", "swelling", "fever", "pain"]
    assert assessment.band == Band.SOON
    assert not assessment.may_become_emergency


def test_a_medical_emergency_asks_nothing_more() -> None:
    assert asked(assess(known("breathing", "abscess"))) == []


def test_a_dental_emergency_asks_only_what_makes_it_a_medical_one() -> None:
    for question in assess(known("tooth_knocked_out")).open_questions:
        worst = max(assess(known("tooth_knocked_out"), {question.id: c.id}).band or 0 for c in question.choices)
        assert worst == Band.EMERGENCY_MEDICAL


def test_advice_begins_with_the_band_and_fits_the_finding() -> None:
    knocked_out = assess(known("tooth_knocked_out"))
    assert knocked_out.advice == (
        "emergency_dental",
        "keep_tooth_in_milk",
        "hold_by_crown",
        "no_baby_tooth_back",
        "no_diagnosis",
    )
    assert assess(known("toothache")).advice == ("soon", "soft_food", "worse", "no_diagnosis")
    assert set(knocked_out.advice) <= table().advice.keys()


def test_bands_know_their_time_and_whether_they_can_be_booked() -> None:
    assert [(b.code, b.bookable) for b in Band] == [
        ("routine", True),
        ("soon", True),
        ("urgent", True),
        ("emergency_dental", False),
        ("emergency_medical", False),
    ]
    hours = [None if b.within is None else b.within.total_seconds() / 3600 for b in Band]
    assert hours == [None, 168, 24, 1, 0]
    assert Band.parse("soon") is Band.SOON


def question(name: str) -> Question:
    return table().questions[name]


@pytest.mark.parametrize(
    ("name", "reply", "answer"),
    [
        ("fever", "yes", "yes"),
        ("fever", "Ja, seit gestern", "yes"),
        ("fever", "nope", "no"),
        ("fever", "nein", "no"),
        ("fever", "not sure", "unsure"),
        ("fever", "weiß nicht", "unsure"),
        ("fever", "I don't know", "unsure"),
        ("fever", "vielleicht", "unsure"),
        ("fever", "I don't think so", "unsure"),
        ("fever", "überhaupt nicht", "no"),
        ("fever", "keins", "no"),
        ("airway", "keine Luft", None),
        ("fever", "፩", None),
        ("fever", "blue", None),
        ("fever", "", None),
        ("fever", "1", "yes"),
        ("fever", "9", None),
        ("swelling", "the cheek", "face"),
        ("swelling", "nur das Zahnfleisch", "gum"),
        ("swelling", "keine Schwellung", "none"),
        ("swelling", "3", "face"),
        ("bleeding", "It does not stop", "goes_on"),
        ("bleeding", "purple", None),
    ],
)
def test_typed_answers(name: str, reply: str, answer: str | None) -> None:
    assert read_answer(question(name), reply) == answer
