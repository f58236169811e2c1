"""What holds for every text and every set of signs."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from chatbot.triage import Band, Mention, State, Understanding, assess, table, understand
from tests.chatbot.phrases import lines

SIGNS = sorted(table().findings.keys() | table().modifiers.keys())
TEXTS = [line.text for line in lines()]
RED_FLAGS = [line.text for line in lines() if line.is_red and line.valued("over") is None]
WORDS = sorted({word for text in TEXTS for word in text.split()})

slow = settings(deadline=None, max_examples=150)
signs = st.frozensets(st.sampled_from(SIGNS), max_size=6)
mixed_text = st.one_of(
    st.text(max_size=200),
    st.lists(st.sampled_from(WORDS), max_size=40).map(" ".join),
    st.lists(st.sampled_from(WORDS), max_size=10).map("".join),
    st.builds(str.__mul__, st.sampled_from(WORDS), st.integers(2, 500)),
    st.sampled_from(TEXTS),
)


def gravity(band: Band | None) -> int:
    return -1 if band is None else int(band)


def known(present: frozenset[str], pain: frozenset[str] = frozenset()) -> Understanding:
    return Understanding(
        tuple(Mention(s, State.PRESENT, s) for s in sorted(present))
        + tuple(Mention(s, State.DENIED, s) for s in sorted(pain))
    )


@slow
@given(mixed_text)
def test_any_text_can_be_read_and_assessed(text: str) -> None:
    assessment = assess(understand(text))
    assert len(assessment.open_questions) <= 5
    assert (assessment.band is None) == (assessment.reasons == ())


@slow
@given(mixed_text, mixed_text)
def test_messages_can_be_put_together(earlier: str, later: str) -> None:
    both = understand(earlier).then(understand(later))
    assert both.present >= understand(later).present
    assert (
        gravity(assess(both).band) >= gravity(assess(understand(later)).band)
        or both.severity != understand(later).severity
    )


@slow
@given(mixed_text)
def test_not_being_able_to_breathe_is_an_emergency_in_any_text(text: str) -> None:
    for combined in (f"{text} I can't breathe", f"I can't breathe {text}", f"{text}. I can't breathe. {text}"):
        assert assess(understand(combined)).band == Band.EMERGENCY_MEDICAL, combined


@slow
@given(signs, st.sampled_from(SIGNS), signs)
def test_one_more_sign_never_makes_it_less_urgent(present: frozenset[str], more: str, denied: frozenset[str]) -> None:
    before = assess(known(present, denied - present))
    after = assess(known(present | {more}, denied - present - {more}))

    assert gravity(after.band) >= gravity(before.band)
    assert after.flags >= before.flags
    assert after.signs >= before.signs


@slow
@given(signs, st.data())
def test_an_answer_never_makes_it_less_urgent(present: frozenset[str], data: st.DataObject) -> None:
    assessment = assess(known(present))
    answers: dict[str, str] = {}
    while assessment.open_questions:
        question = data.draw(st.sampled_from(assessment.open_questions))
        answers[question.id] = data.draw(st.sampled_from(question.choices)).id
        answered = assess(known(present), answers)
        assert gravity(answered.band) >= gravity(assessment.band)
        assessment = answered


@slow
@given(signs)
def test_being_unsure_is_never_milder_than_no(present: frozenset[str]) -> None:
    for question in assess(known(present)).open_questions:
        unsure = assess(known(present), {question.id: "unsure"}).band
        for choice in question.choices:
            if not choice.adds:
                assert gravity(unsure) >= gravity(assess(known(present), {question.id: choice.id}).band)


@slow
@given(mixed_text, st.sampled_from(RED_FLAGS))
def test_a_red_flag_is_seen_whatever_was_written_before(text: str, red_flag: str) -> None:
    together = assess(understand(f"{text}\n{red_flag}"))
    assert gravity(together.band) >= gravity(assess(understand(red_flag)).band), (text, red_flag)


@slow
@given(st.sampled_from(TEXTS), st.booleans())
def test_capitals_and_spaces_change_nothing(text: str, shout: bool) -> None:
    changed = f"  {text.upper() if shout else text.lower()}  ".replace(" ", "  ")
    assert assess(understand(changed)).band == assess(understand(text)).band
