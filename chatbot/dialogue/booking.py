"""From a chosen slot to a booked visit: hold it, ask for what is missing, read it back, and book on a yes."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

from chatbot.dialogue import complaint as complaints
from chatbot.dialogue import prompts, searching
from chatbot.dialogue.effects import BookVisit, Held, HoldSlot, Person, VisitBooked
from chatbot.dialogue.model import Turn
from chatbot.dialogue.state import Facts, Hold, Step
from chatbot.dialogue.talk import Talk
from chatbot.dialogue.wording import clock_of, date_and_time, price_of
from chatbot.dialogue.world import Slot
from chatbot.triage import Who
from chatbot.when.styles import style_for

DETAILS = (Step.NAME, Step.EMAIL, Step.PHONE, Step.BIRTH_DATE)


def person_of(talk: Talk) -> Person:
    """Who comes: what was said, else what is known of the caller, who is not taken for somebody they write for."""
    facts, caller = talk.facts, talk.world.caller
    own = not talk.for_other
    return Person(
        name=facts.name or (caller.name if own else ""),
        email=facts.email or caller.email,
        phone=facts.phone or caller.phone,
        birth_date=facts.birth_date or (caller.birth_date if own else None),
        for_other=talk.for_other,
    )


def missing(talk: Talk) -> Step | None:
    """What has to be asked for next."""
    person = person_of(talk)
    treatment = talk.treatment
    needs_birth_date = talk.facts.birth_date_needed or bool(treatment and treatment.minimum_age)
    if not person.name:
        return Step.NAME
    if not person.email:
        return Step.EMAIL
    if not person.phone and talk.world.phone_needed:
        return Step.PHONE
    return Step.BIRTH_DATE if needs_birth_date and person.birth_date is None else None


def advance(talk: Talk) -> Turn:
    """The next turn once a slot is chosen."""
    slot = talk.chosen()
    if slot is None or talk.world.treatment(slot.treatment) is None:
        return searching.search(talk.with_facts(slot=""))
    hold = talk.state.hold
    if hold is None or hold.token != slot.token:
        return talk.ask(HoldSlot(slot, complaints.is_urgent(talk.seen)))
    asked = missing(talk)
    if asked:
        return ask_for(talk, asked)
    return _too_young(talk, slot) or read_back(talk, slot)


def _too_young(talk: Talk, slot: Slot) -> Turn | None:
    treatment, born = talk.treatment, person_of(talk).birth_date
    if treatment is None or born is None:
        return None
    day = slot.start.astimezone(talk.world.zone).date()
    age = day.year - born.year - ((day.month, day.day) < (born.month, born.day))
    if age >= treatment.minimum_age:
        return None
    told = talk.say("too_young", treatment=treatment.name, age=treatment.minimum_age)
    return prompts.treatment(talk.with_facts(slot="", treatment="").with_state(offers=()).note(told))


def held(talk: Talk, result: Held) -> Talk:
    """The chosen slot is kept until then."""
    slot = talk.chosen()
    if slot is None:
        return talk.with_state(hold=Hold(result.hold, "", result.expires_at))
    until = clock_of(result.expires_at, talk.world, talk.language)
    talk = talk.with_state(hold=Hold(result.hold, slot.token, result.expires_at))
    return talk.note(talk.say("held", slot=searching.told_slot(talk, slot), until=until))


def ask_for(talk: Talk, step: Step) -> Turn:
    key = f"ask_{step.value}"
    if step is Step.NAME:
        who = complaints.is_for_other(talk.facts.complaint)
        key = "ask_name_child" if who is Who.CHILD else "ask_name_other" if who is Who.OTHER else key
        if talk.facts.half_name:
            key = "ask_family_name"
    text = talk.say(key, name=talk.facts.half_name)
    return talk.reply(step, text, [talk.choice("other_time", "choice_other_time")])


def read_back(talk: Talk, slot: Slot) -> Turn:
    """Who, what, when; only the yes to this very text books."""
    lines = _lines(talk, slot)
    ticket = talk.ticket(lines)
    text = "\n".join([talk.say("read_back"), lines]) + "\n\n" + talk.say("read_back_ask")
    choices = [
        talk.choice(ticket, "choice_yes_book"),
        talk.choice("other_time", "choice_other_time"),
        talk.choice("other_person", "choice_other_person"),
        talk.choice("abort", "choice_abort"),
    ]
    return talk.reply(Step.CONFIRM, text, choices, confirming=ticket)


def to_confirm(talk: Talk) -> str | None:
    """What would be read back now: a price may be another one than when the person was asked."""
    slot = talk.chosen()
    return _lines(talk, slot) if slot else None


def _lines(talk: Talk, slot: Slot) -> str:
    person, treatment = person_of(talk), talk.world.treatment(slot.treatment)
    price = price_of(treatment, talk.world, talk.language, dentist=slot.dentist) if treatment else ""
    lines = [
        talk.say("read_back_who", name=person.name, contact=", ".join(p for p in (person.email, person.phone) if p)),
        talk.say("read_back_what", treatment=treatment.name if treatment else "", price=price),
        talk.say("read_back_when", slot=searching.told_slot(talk, slot)),
    ]
    if person.birth_date is not None:
        lines.insert(1, talk.say("read_back_born", date=_day(person.birth_date, talk)))
    return "\n".join(lines)


def _day(day: date, talk: Talk) -> str:
    """With the month in words: 03/05/2020 is two different days."""
    if talk.language == "de":
        return f"{day.day}.{day.month}.{day.year}"
    month = style_for(talk.language, day_first=talk.world.day_first).months[day.month - 1]
    return f"{day.day} {month} {day.year}" if talk.world.day_first else f"{month} {day.day}, {day.year}"


def book(talk: Talk) -> Turn:
    """After the explicit yes."""
    slot = talk.chosen()
    if slot is None or missing(talk):
        return advance(talk)
    hold = talk.state.hold
    note = complaints.note_of(talk.facts.complaint, talk.seen, talk.language)
    kept = hold.id if hold and hold.token == slot.token else ""
    return talk.ask(BookVisit(kept, slot, person_of(talk), note, talk.language))


def booked(talk: Talk, result: VisitBooked) -> Turn:
    """The good news; what was said about the person is kept for a further visit, the complaint is not."""
    visit, facts = result.visit, talk.facts
    when = date_and_time(visit.start, talk.world, talk.language)
    key = "booked_pending" if result.pending else "booked"
    text = talk.say(
        key, treatment=visit.treatment_name, dentist=visit.dentist_name, when=when, reference=visit.reference,
        email=person_of(talk).email,
    )  # fmt: skip
    kept = Facts(email=facts.email, phone=facts.phone, visit=visit.id)
    if not talk.for_other:  # the next visit may be the writer's own
        kept = replace(kept, name=facts.name, birth_date=facts.birth_date)
    after = talk.with_state(facts=kept, visits=(visit,), hold=None, offers=(), past=(), told="")
    choices = [
        talk.choice("move", "choice_move"),
        talk.choice("cancel", "choice_cancel"),
        talk.choice("book", "choice_book_another"),
    ]
    return after.reply(Step.BOOKED, text, choices)


def bad_detail(talk: Talk, field: str) -> Turn:
    """The world does not take a name, an address, a number or a date: ask for it again."""
    cleared: dict[str, dict[str, Any]] = {
        "name": {"name": "", "half_name": ""},
        "email": {"email": ""},
        "phone": {"phone": ""},
        "birth_date": {"birth_date": None, "birth_date_needed": True},
    }
    if field not in cleared:
        return trouble(talk)
    return ask_for(talk.with_facts(**cleared[field]).note(talk.say("bad_detail")), Step(field))


def trouble(talk: Talk, text: str = "") -> Turn:
    """The world refused, or could not be reached; the person can try again or call."""
    told = text or talk.say("trouble")
    told = f"{told} {talk.say('trouble_contact', contact=searching.contact(talk))}"
    return talk.reply(Step.TROUBLE, told, [talk.choice("refresh", "choice_refresh")])
