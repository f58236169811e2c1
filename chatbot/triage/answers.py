"""Reading a typed answer to one of the questions."""

from __future__ import annotations

from itertools import pairwise

from chatbot.triage.table import LANGUAGES, Question
from chatbot.triage.words import fold, tidy, tokens_of

_YES = frozenset(
    {"yes", "yeah", "yep", "yup", "y", "ja", "jo", "jawohl", "klar", "stimmt", "genau", "correct", "definitely"}
)
_NO = frozenset({"no", "nope", "nah", "n", "nein", "ne", "nee"})
_NO_ALONE = frozenset({"keine", "kein", "keins", "none", "never", "nicht", "nie", "not"})  # "keine Luft" is no "no"
_NO_PAIRS = (("not", "at"), ("gar", "nicht"), ("ueberhaupt", "nicht"))
# They stand in labels and in any sentence: "was habt ihr am Montag" is no swelling "am Auge".
_FUNCTION_WORDS = frozenset(
    {"the", "a", "an", "or", "and", "at", "of", "in", "on", "it", "is", "only", "near", "me"}
    | {"der", "die", "das", "dem", "den", "ein", "eine", "oder", "und", "am", "im", "um", "zu", "zum", "nur", "mich"}
    | {"es", "ist", "bei", "mit", "sie"}
)
_UNSURE_WORDS = frozenset({"unsure", "maybe", "perhaps", "vielleicht", "unsicher", "eventuell", "possibly"})
_UNSURE_PAIRS = (
    ("not", "sure"),
    ("don't", "know"),
    ("dont", "know"),
    ("no", "idea"),
    ("weiss", "nicht"),
    ("nicht", "sicher"),
    ("keine", "ahnung"),
    ("don't", "think"),
    ("dont", "think"),
    ("think", "so"),
    ("glaube", "nicht"),
    ("glaube", "schon"),
)


def read_answer(question: Question, text: str) -> str | None:
    """The id of the answer that a typed reply means, or None when it does not tell. A bare number counts from 1.

    What else the reply says ("no, but now my eye is swollen") is for `understand` to read.
    """
    words = [t.folded for t in tokens_of(tidy(text)) if not t.is_mark]
    if not words:
        return None
    ids = [choice.id for choice in question.choices]
    pairs = set(pairwise(words))
    if pairs.intersection(_UNSURE_PAIRS) or words[0] in _UNSURE_WORDS:
        return "unsure"
    if len(words) == 1 and words[0].isdecimal():
        number = int(words[0])
        return ids[number - 1] if 1 <= number <= len(ids) else None
    if "yes" in ids:
        if words[0] in _YES:
            return "yes"
        says_no = words[0] in _NO or tuple(words[:2]) in _NO_PAIRS or (len(words) == 1 and words[0] in _NO_ALONE)
        return "no" if says_no else None
    return _by_label(question, words)


def _by_label(question: Question, words: list[str]) -> str | None:
    """The choice whose label shares the most telling words with the reply, if one does so alone."""
    said = set(words)
    scores: dict[str, int] = {}
    for choice in question.choices:
        labels = [{fold(w.strip(",.")) for w in choice.label[language].split()} for language in LANGUAGES]
        if any(label == said for label in labels):
            return choice.id
        scores[choice.id] = max(len((said & label) - _FUNCTION_WORDS) for label in labels)
    best = max(scores.values())
    winners = [choice for choice, score in scores.items() if score == best]
    return winners[0] if best and len(winners) == 1 else None
