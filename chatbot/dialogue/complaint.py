"""What is wrong and how urgent that is: triage, kept between messages and put into words."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from chatbot.dialogue.effects import TriageNote
from chatbot.dialogue.model import SourceNote, Urgency
from chatbot.dialogue.state import Complaint
from chatbot.dialogue.wording import filled, say
from chatbot.dialogue.world import World
from chatbot.triage import (
    Assessment,
    Band,
    Duration,
    Mention,
    Question,
    Reason,
    Severity,
    State,
    Subject,
    Understanding,
    Who,
    assess,
    safety_questions,
    table,
)

ELECTIVE = "elective"
_MOST_WORDS = 12  # messages kept in the person's own words
_LONGEST_SYMPTOMS = 3000  # characters
_MOST_REASONS = 2
_ILL = frozenset({"fever", "unwell", "vomiting", "says_emergency"})


def stored(understanding: Understanding) -> dict[str, Any]:
    """JSON values."""
    subject, lasted, pain = understanding.subject, understanding.duration, understanding.severity
    return {
        "mentions": [[m.sign, m.state.value, m.words] for m in understanding.mentions],
        "subject": [subject.who.value, subject.words, subject.age, subject.named],
        "duration": [lasted.days, lasted.words] if lasted else None,
        "severity": [pain.score, pain.words] if pain else None,
        "closes": sorted(understanding.closes),
    }


def restored(kept: Mapping[str, Any]) -> Understanding:
    if not kept:
        return Understanding()
    who, words, age, named = kept["subject"]
    return Understanding(
        mentions=tuple(Mention(sign, State(state), words) for sign, state, words in kept["mentions"]),
        subject=Subject(Who(who), words, age, named),
        duration=Duration(*kept["duration"]) if kept["duration"] else None,
        severity=Severity(*kept["severity"]) if kept["severity"] else None,
        closes=frozenset(kept["closes"]),
    )


def says_something(understanding: Understanding) -> bool:
    return bool(understanding.mentions or understanding.severity or understanding.closes)


def is_symptom(sign: str) -> bool:
    """Whether a sign says that something is wrong, as against a wish (a cleaning) or a mere circumstance (a child)."""
    finding, modifier = table().findings.get(sign), table().modifiers.get(sign)
    if finding is not None:
        return ELECTIVE not in finding.topics
    return modifier is not None and modifier.alone is not None


def complains(understanding: Understanding) -> bool:
    """Whether something is wrong, or may be."""
    return any(is_symptom(sign) for sign in understanding.present | understanding.uncertain)


def only_ill(understanding: Understanding) -> bool:
    """Whether all that is wrong is being ill ("I have to cancel, I have the flu"): nothing that a dentist has to see."""
    signs = {sign for sign in understanding.present | understanding.uncertain if is_symptom(sign)}
    return bool(signs) and signs <= _ILL


def only_bleeds(seen: Assessment) -> bool:
    """Whether bleeding is all that makes it as urgent as it is."""
    gravest = [table().findings.get(reason.sign) for reason in seen.reasons if reason.band == seen.band]
    return bool(gravest) and all(finding is not None and "bleeding" in finding.topics for finding in gravest)


def adding(complaint: Complaint, later: Understanding, words: str) -> Complaint:
    """What was said before, followed by a later message."""
    both = restored(complaint.heard).then(later)
    # The same statement twice adds nothing; kept once, the state stays small however long the talk.
    mentions = tuple(dict.fromkeys(both.mentions))
    kept = complaint.words if words in complaint.words else (*complaint.words, words)[-_MOST_WORDS:]
    return replace(complaint, heard=stored(replace(both, mentions=mentions)), words=kept)


def affirming(complaint: Complaint, sign: str, words: str) -> Complaint:
    """A complaint or wish that was chosen from a list."""
    return adding(complaint, Understanding((Mention(sign, State.PRESENT, words),)), words)


def answering(complaint: Complaint, question: str, answer: str) -> Complaint:
    return replace(complaint, answers={**complaint.answers, question: answer})


def assessed(complaint: Complaint) -> Assessment:
    """Answers to questions that the table no longer has are left out."""
    known = {
        q: a for q, a in complaint.answers.items()
        if q in table().questions and any(choice.id == a for choice in table().questions[q].choices)
    }  # fmt: skip
    return assess(restored(complaint.heard), known)


def next_question(complaint: Complaint, seen: Assessment) -> Question | None:
    """What to ask next: whatever could still change the urgency; the safety questions when nothing was understood."""
    if seen.band is not None and not seen.band.bookable:
        return None
    open_ones = list(seen.open_questions)
    if complaint.unclear and seen.band is None:
        open_ones += [question for question in safety_questions() if question.id not in complaint.answers]
    return open_ones[0] if open_ones else None


def is_for_other(complaint: Complaint) -> Who:
    return restored(complaint.heard).subject.who


def has_symptoms(seen: Assessment) -> bool:
    """Whether anything but a wish was named."""
    return any(is_symptom(sign) for sign in seen.signs)


def sources_of(ids: tuple[str, ...]) -> tuple[SourceNote, ...]:
    found = (table().sources[one] for one in ids if one in table().sources)
    return tuple(SourceNote(one.id, one.title, one.publisher, one.url) for one in found)


def reason_of(seen: Assessment, language: str) -> str:
    """What the urgency rests on, in words; "" when nothing was understood."""
    labels = [table().label(reason.sign, _code(language)) for reason in _resting_on(seen)]
    return ", ".join(list(dict.fromkeys(labels))[:_MOST_REASONS])


def _resting_on(seen: Assessment) -> list[Reason]:
    """The gravest reasons; with what is wrong before them where they are but circumstances ("a child") that raise it."""
    gravest = [reason for reason in seen.reasons if reason.band == seen.band]
    if all(_only_raises(reason) for reason in gravest):
        gravest = [*[reason for reason in seen.reasons if reason.sign in table().findings][:1], *gravest]
    return gravest


def _only_raises(reason: Reason) -> bool:
    modifier = table().modifiers.get(reason.sign)
    return modifier is not None and modifier.alone != reason.band


def urgency_of(seen: Assessment, language: str) -> Urgency | None:
    """For the reply; None while no complaint or wish is known."""
    if seen.band is None:
        return None
    gravest = tuple(dict.fromkeys(source for reason in _resting_on(seen) for source in reason.sources))
    return Urgency(
        seen.band.code, say(language, f"band_{seen.band.code}"), reason_of(seen, language), sources_of(gravest)
    )


def told(seen: Assessment, world: World, language: str) -> list[str]:
    """The urgency with reason and source, then what to do until then, as paragraphs."""
    if seen.band is None:
        return []
    first, *others = [filled(table().advice[key].text[_code(language)], world, language) for key in seen.advice]
    urgency = urgency_of(seen, language)
    publishers = tuple(dict.fromkeys(s.publisher for s in urgency.sources)) if urgency else ()
    because = say(language, "because", reason=reason_of(seen, language), source=", ".join(publishers[:_MOST_REASONS]))
    return [f"{first} {because}", " ".join(others)] if others else [f"{first} {because}"]


def note_of(complaint: Complaint, seen: Assessment, language: str) -> TriageNote:
    """What the dentist is to see."""
    lines = list(complaint.words)
    for question_id, answer in complaint.answers.items():
        question = table().questions.get(question_id)
        choice = next((c for c in question.choices if c.id == answer), None) if question else None
        if question and choice:
            lines.append(f"{question.text[_code(language)]} {choice.label[_code(language)]}")
    return TriageNote(
        band=seen.band.code if seen.band is not None else "",
        reason=reason_of(seen, language),
        symptoms="\n".join(lines)[:_LONGEST_SYMPTOMS],
        signs=tuple(sorted(seen.signs)),
        flags=tuple(sorted(seen.flags)),
    )


def is_urgent(seen: Assessment) -> bool:
    return seen.band is Band.URGENT


def _code(language: str) -> Any:
    return "de" if language == "de" else "en"
