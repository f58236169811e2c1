"""Answers about the practice: hours, prices, address, insurance, treatments, dentists, people to talk to."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable

from chatbot.dialogue.searching import contact
from chatbot.dialogue.talk import Talk
from chatbot.dialogue.wording import clock, listed, price_of, weekday_name

_OF_CARE = ("late", "fear", "medicine", "diagnosis", "painless")
TOPICS = ("hours", "prices", "address", "insurance", "treatments", "dentists", "human", *_OF_CARE)
_MOST_LISTED = 15


def answers(
    talk: Talk, topics: Iterable[str], treatments: tuple[str, ...] = (), dentists: tuple[str, ...] = ()
) -> list[str]:
    """A paragraph for each topic that was asked for."""
    asked = set(topics)
    paragraphs = []
    if "hours" in asked:
        paragraphs.append(_hours(talk))
    if "prices" in asked and "medicine" not in asked:
        paragraphs.append(_prices(talk, treatments))
    if "treatments" in asked and "prices" not in asked:
        paragraphs.append(_treatments(talk))
    if "dentists" in asked:
        paragraphs.append(_dentists(talk, treatments))
    if "address" in asked:
        address = ", ".join(line.strip() for line in talk.world.address.splitlines() if line.strip())
        told = talk.say("address", clinic=talk.world.name, address=address)
        paragraphs.append(told if address else talk.say("address_unknown", contact=contact(talk)))
    if "insurance" in asked:
        paragraphs.append(talk.say("insurance", contact=contact(talk)))
    if "human" in asked:
        paragraphs.append(talk.say("human", contact=contact(talk)))
    paragraphs += [talk.say(topic, contact=contact(talk)) for topic in _OF_CARE if topic in asked]
    return paragraphs


def _hours(talk: Talk) -> str:
    by_day: defaultdict[int, list[str]] = defaultdict(list)
    for one in sorted(talk.world.hours, key=lambda h: (h.weekday, h.start)):
        span = [clock(edge, talk.world, talk.language) for edge in (one.start, one.end)]
        by_day[one.weekday].append("–".join(span))
    if not by_day:
        return talk.say("hours_unknown", contact=contact(talk))
    runs: list[tuple[int, int, str]] = []
    for day in sorted(by_day):
        told = ", ".join(by_day[day])
        if runs and runs[-1][1] == day - 1 and runs[-1][2] == told:
            runs[-1] = (runs[-1][0], day, told)
        else:
            runs.append((day, day, told))
    names = {day: weekday_name(day, talk.world, talk.language) for day in by_day}
    lines = [f"{names[a]}: {told}" if a == b else f"{names[a]}–{names[b]}: {told}" for a, b, told in runs]
    return "\n".join([talk.say("hours"), *lines])


def _prices(talk: Talk, treatments: tuple[str, ...]) -> str:
    chosen = [one for one in talk.world.treatments if one.id in treatments] or list(talk.world.treatments)
    lines = [
        talk.say("price_line", treatment=one.name, price=price_of(one, talk.world, talk.language), minutes=one.minutes)
        for one in chosen[:_MOST_LISTED]
    ]
    return "\n".join([talk.say("prices"), *lines]) if lines else talk.say("prices_unknown", contact=contact(talk))


def _treatments(talk: Talk) -> str:
    names = [one.name for one in talk.world.treatments[:_MOST_LISTED]]
    if not names:
        return talk.say("prices_unknown", contact=contact(talk))
    return talk.say("treatments", treatments=listed(names, talk.language, either=False))


def _dentists(talk: Talk, treatments: tuple[str, ...]) -> str:
    chosen = [d for d in talk.world.dentists if not treatments or d.treatments & set(treatments)]
    names = [one.name for one in chosen[:_MOST_LISTED]]
    if not names:
        return talk.say("human", contact=contact(talk))
    return talk.say("dentists", dentists=listed(names, talk.language, either=False))
