"""The questions on the way to a search: what is wrong, how bad, what for, with whom, on which day."""

from __future__ import annotations

from collections.abc import Sequence

from chatbot.dialogue import complaint as complaints
from chatbot.dialogue.languages import known
from chatbot.dialogue.model import Choice, Turn
from chatbot.dialogue.searching import contact
from chatbot.dialogue.state import Step, Task
from chatbot.dialogue.talk import Talk
from chatbot.dialogue.wording import filled
from chatbot.triage import Question, table

_COMPLAINTS = ("toothache", "swelling", "mouth_injury", "broken_tooth", "mouth_bleeding", "checkup", "hygiene")
_MOST_TREATMENTS = 8


def reason(talk: Talk) -> Turn:
    """What is wrong, or what else can be done."""
    if talk.state.turn == 0:
        opening = talk.say("opening", clinic=talk.world.name, emergency_number=talk.world.emergency_number)
        talk = talk.note(opening)
    asked = "ask_reason_booking" if talk.facts.task is Task.BOOK else "ask_reason"
    inquired = talk.world.treatment(talk.facts.asked_about)
    choices = []
    if inquired is not None and inquired.online:
        choices.append(talk.choice(f"treatment:{inquired.id}", "choice_book_it", treatment=inquired.name))
    choices += [talk.choice(f"sign:{sign}", f"choice_{sign}") for sign in _COMPLAINTS]
    choices.append(talk.choice("other", "choice_other"))
    if talk.facts.task is Task.NONE:
        choices += [talk.choice(topic, f"choice_{topic}") for topic in ("visits", "hours", "prices")]
    return talk.reply(Step.REASON, talk.say(asked), choices)


def complaint_of(talk: Talk, signs: Sequence[str]) -> Turn:
    """Which of these is wrong, where a message is only guessed at: what is pressed counts, and nothing before."""
    choices = [Choice(f"sign:{sign}", table().label(sign, known(talk.language))) for sign in signs]
    text = talk.say("is_it_one_of_these", emergency_number=talk.world.emergency_number)
    return talk.reply(Step.REASON, text, [*choices, talk.choice("other", "choice_other")])


def question(talk: Talk, asked: Question) -> Turn:
    """A triage question."""
    language = known(talk.language)
    buttons = [Choice(f"answer:{asked.id}:{choice.id}", choice.label[language]) for choice in asked.choices]
    return talk.reply(
        Step.QUESTION,
        filled(asked.text[language], talk.world, talk.language),
        buttons,
        sources=complaints.sources_of(asked.sources),
        question=asked.id,
    )


def wellbeing(talk: Talk) -> Turn:
    """Whoever names only a treatment is asked once whether something is wrong."""
    choices = [talk.choice("well:no", "choice_nothing_wrong"), talk.choice("well:yes", "choice_something_wrong")]
    return talk.reply(Step.WELLBEING, talk.say("ask_wellbeing"), choices)


def emergency(talk: Talk) -> Turn:
    """Whom to call, at once. No slot; a hold is left to run out, since nothing may come before this answer."""
    band = talk.seen.band
    told = complaints.told(talk.seen, talk.world, talk.language)
    if talk.facts.slot:
        told.append(talk.say("emergency_no_slot"))
    choices = [talk.choice("misunderstood", "choice_misunderstood"), talk.choice("address", "choice_address")]
    calmer = talk.with_facts(slot="").with_state(offers=())
    return calmer.reply(Step.EMERGENCY, "\n\n".join(told), choices, told=band.code if band is not None else "")


def treatment(talk: Talk) -> Turn:
    """What it is for."""
    listed = [t for t in talk.world.treatments if t.online]
    unclear = [t for t in listed if t.id in talk.facts.unclear_treatments]
    shown = unclear or listed
    if not shown:
        return talk.reply(Step.TREATMENT, talk.say("no_treatments", contact=contact(talk)))
    key = "ask_which_treatment" if unclear else "ask_treatment"
    return talk.reply(
        Step.TREATMENT, talk.say(key), [Choice(f"treatment:{t.id}", t.name) for t in shown[:_MOST_TREATMENTS]]
    )


def dentist(talk: Talk) -> Turn:
    """Which of those that a name fits."""
    found = [d for d in map(talk.world.dentist, talk.facts.unclear_dentists) if d]
    buttons = [Choice(f"dentist:{d.id}", d.name) for d in found]
    return talk.reply(
        Step.DENTIST, talk.say("ask_dentist"), [*buttons, talk.choice("dentist:any", "choice_any_dentist")]
    )


def day(talk: Talk) -> Turn:
    """Which of two readings of a day or hour."""
    buttons = [Choice(f"day:{at}", told) for at, told in enumerate(talk.facts.unclear_days)]
    return talk.reply(Step.DAY, talk.say("ask_day"), buttons)


def what_else(talk: Talk) -> Turn:
    """After a no to what was read back."""
    choices = [talk.choice("other_time", "choice_other_time")]
    if talk.facts.task is Task.BOOK:
        choices += [talk.choice("other_person", "choice_other_person"), talk.choice("abort", "choice_abort")]
    else:
        choices.append(talk.choice("keep", "choice_keep"))
    return talk.reply(talk.state.step, talk.say("ask_what_else"), choices)


def is_known_sign(sign: str) -> bool:
    return sign in table().findings
