"""Looking for slots and offering them: first as wished, then nearby, then with somebody else, never too late."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta

from chatbot.dialogue import engaged
from chatbot.dialogue.complaint import is_urgent
from chatbot.dialogue.effects import FindSlots, SlotsFound
from chatbot.dialogue.model import Choice, Turn
from chatbot.dialogue.state import Step, Task
from chatbot.dialogue.talk import MOST_ISSUED, Talk
from chatbot.dialogue.wording import date_and_time, listed
from chatbot.dialogue.world import Slot, Visit
from chatbot.triage import Band
from chatbot.when import Exactness, Window

MOST_SHOWN = 6
_MOST_FOUND = 48
_GAPS = (120, 60, 30, 15, 0)  # minutes
_MOST_DENTISTS = 3  # buttons
WISH, NEAR, OTHER, ANYONE, LATER = "wish", "near", "other", "anyone", "later"


def treatment_of(talk: Talk) -> str:
    """The id of what is looked for: that of the visit when one is moved."""
    if talk.facts.task is Task.MOVE:
        return next((v.treatment for v in talk.state.visits if v.id == talk.facts.visit), "")
    return talk.treatment.id if talk.treatment else ""


def _treatment_name(talk: Talk) -> str:
    if talk.facts.task is Task.MOVE:
        return next((v.treatment_name for v in talk.state.visits if v.id == talk.facts.visit), "")
    return talk.treatment.name if talk.treatment else ""


def _wanted(talk: Talk) -> tuple[str, ...]:
    """The dentists to look at; none named means any."""
    facts = talk.facts
    if facts.dentists:
        return facts.dentists
    if facts.task is Task.MOVE and not facts.not_dentists:
        return tuple(v.dentist for v in talk.state.visits if v.id == facts.visit)
    if facts.not_dentists:
        offering = talk.world.offering(treatment_of(talk))
        return tuple(one.id for one in offering if one.id not in facts.not_dentists)
    return ()


def search(talk: Talk, stage: str = WISH, *, near: datetime | None = None) -> Turn:
    """Asks for slots. A wish outside what the urgency allows is answered with what it allows; `near` asks for those nearest
    to an instant where no time was wished for."""
    if talk.facts.after and not talk.wished():
        talk = talk.with_facts(after=None).note(talk.say("no_more_times"))
    if stage == WISH and not talk.wished():
        talk = talk.note(_why_not_then(talk)).with_facts(when=None, unclear_days=())
        stage = NEAR
    if stage == WISH and not engaged.without(talk, talk.wished()):
        talk = talk.note(talk.say("already_booked"))
        stage = NEAR
    windows = talk.wished() if stage == WISH else (Window(talk.now, talk.latest + timedelta(minutes=1)),)
    if stage == LATER:
        windows = (Window(talk.latest, talk.now + timedelta(days=talk.world.horizon_days)),)
    around = near
    if stage in (NEAR, OTHER, ANYONE) and talk.when and talk.when.windows:
        around = min(talk.when.windows[0].start, talk.latest)
        around = None if around >= talk.latest else around
    request = FindSlots(
        treatment=treatment_of(talk),
        dentists=_wanted(talk) if stage in (WISH, NEAR, OTHER) else (),
        windows=engaged.without(talk, windows),
        urgent=is_urgent(talk.seen),
        limit=MOST_SHOWN if around or _is_exact(talk, stage) else _MOST_FOUND,
        one_per_start=not _is_exact(talk, stage),
        around=around,
        moving=talk.facts.visit if talk.facts.task is Task.MOVE else "",
    )
    return talk.ask(request, stage)


def _why_not_then(talk: Talk) -> str:
    if talk.seen.band is Band.URGENT and talk.facts.task is not Task.MOVE:
        return talk.say("only_within_day")
    if talk.seen.band is Band.SOON and talk.facts.task is not Task.MOVE:
        return talk.say("only_within_week")
    return talk.say("time_over")


def found(talk: Talk, result: SlotsFound, stage: str) -> Talk | Turn:
    """What to do with slots: offer them, look further, or (a talk comes back) hold the one that was asked for."""
    free = fitting(talk, result.slots, later=stage == LATER)
    hurried = talk.when is not None and talk.when.asap
    exact = _is_exact(talk, stage)
    slots = free[:MOST_SHOWN] if exact or hurried or stage in (NEAR, OTHER, ANYONE) else spread(free)
    if slots:
        talk = issue(talk, slots)
        if exact and len(slots) == 1 and talk.when and talk.when.allows(slots[0].start):
            return talk.with_facts(slot=slots[0].token)
        if exact and talk.facts.task is Task.BOOK and len({slot.start for slot in slots}) == 1:
            talk = talk.note(talk.say("which_of_these"))
        return offer(talk.note(*_what_is_other(talk, stage)))
    if talk.facts.after:
        return search(talk.with_facts(after=None).note(talk.say("no_more_times")))
    if stage == WISH and (talk.when or talk.facts.not_dentists):
        return search(talk, NEAR)
    if stage in (WISH, NEAR, OTHER) and _wanted(talk):
        return search(talk, ANYONE)
    if stage != LATER and talk.seen.band is Band.SOON and talk.facts.task is not Task.MOVE:
        return search(talk, LATER)
    return nothing_free(talk)


def fitting(talk: Talk, slots: Iterable[Slot], *, later: bool = False) -> tuple[Slot, ...]:
    """Of the slots that the world names, those that may be offered: ahead, soon enough, of this treatment, once each."""
    kept = {
        slot.token: slot
        for slot in slots
        if slot.token
        and slot.treatment == treatment_of(talk)
        and slot.start > talk.now
        and (later or slot.start <= talk.latest)
        and slot.dentist not in talk.facts.not_dentists
        and engaged.is_free(talk, slot.start)
        and not any((own.dentist, own.start) == (slot.dentist, slot.start) for own in _moved(talk))
    }
    return tuple(sorted(kept.values(), key=lambda slot: (slot.start, slot.dentist_name)))


def spread(slots: tuple[Slot, ...]) -> tuple[Slot, ...]:
    """The earliest, and others far enough from each other that a few show more than the first hour of a day."""
    picked: list[Slot] = []
    for minutes in _GAPS:
        picked = []
        for slot in slots:
            if not picked or slot.start - picked[-1].start >= timedelta(minutes=minutes):
                picked.append(slot)
        if len(picked) >= MOST_SHOWN:
            break
    return tuple(picked[:MOST_SHOWN])


def _is_exact(talk: Talk, stage: str) -> bool:
    return stage == WISH and talk.when is not None and talk.when.exactness is Exactness.EXACT_TIME


def _moved(talk: Talk) -> list[Visit]:
    """The visit that is moved: its own time is no offer."""
    return [v for v in talk.state.visits if v.id == talk.facts.visit] if talk.facts.task is Task.MOVE else []


def issue(talk: Talk, slots: tuple[Slot, ...]) -> Talk:
    tokens = {slot.token for slot in slots}
    held = talk.facts.slot or (talk.state.hold.token if talk.state.hold else "")
    before = [slot for slot in talk.state.issued if slot.token not in tokens]
    kept = [*slots, *before][:MOST_ISSUED]
    kept += [slot for slot in before if slot.token == held and slot not in kept]
    return talk.with_state(offers=slots, issued=tuple(kept))


def _what_is_other(talk: Talk, stage: str) -> list[str]:
    """How the offered slots differ from what was asked for."""
    if stage == NEAR and talk.when and talk.when.windows:
        return [talk.say("nothing_then", when=talk.when.readback)]
    if stage == ANYONE:
        names = [d.name for d in map(talk.world.dentist, _wanted(talk)) if d]
        return [talk.say("nothing_with", dentist=listed(names, talk.language) or talk.say("these_dentists"))]
    if stage == LATER:
        return [talk.say("nothing_within_week", contact=contact(talk))]
    return []


def offer(talk: Talk) -> Turn:
    """Shows the slots that were found last."""
    slots = talk.state.offers
    key = "offer_one" if len(slots) == 1 else "offer_many"
    if talk.facts.task is Task.MOVE:
        key = "offer_move"
    text = talk.say(key, treatment=_treatment_name(talk))
    choices = [talk.choice("more", "choice_more"), *dentist_choices(talk)]
    return talk.reply(Step.SLOT, text, choices, slots=slots)


def dentist_choices(talk: Talk) -> list[Choice]:
    """Who else offers it."""
    offering = [d for d in talk.world.offering(treatment_of(talk)) if d.id not in talk.facts.not_dentists]
    if len(offering) < 2:
        return []
    others = [d for d in offering if _wanted(talk) != (d.id,)][:_MOST_DENTISTS]
    buttons = [Choice(f"dentist:{d.id}", talk.say("choice_dentist", dentist=d.name)) for d in others]
    if talk.facts.dentists:
        buttons.append(talk.choice("dentist:any", "choice_any_dentist"))
    return buttons


def nothing_free(talk: Talk) -> Turn:
    """Nothing is free in time: the practice's phone, and other ways on."""
    key = "nothing_urgent" if is_urgent(talk.seen) else "nothing_at_all"
    text = talk.say(key, contact=contact(talk), emergency_number=talk.world.emergency_number)
    choices = [talk.choice("refresh", "choice_refresh")]
    if talk.when:
        choices.append(talk.choice("any_time", "choice_any_time"))
    if talk.facts.dentists or talk.facts.not_dentists:
        choices.append(talk.choice("dentist:any", "choice_any_dentist"))
    return talk.with_facts(slot="").reply(Step.NOTHING_FREE, text, choices, offers=())


def contact(talk: Talk) -> str:
    """How to reach people at the practice."""
    ways = [talk.world.phone, talk.world.email]
    return listed([way for way in ways if way], talk.language) or talk.say("no_phone")


def told_slot(talk: Talk, slot: Slot) -> str:
    return talk.say("slot", dentist=slot.dentist_name, when=date_and_time(slot.start, talk.world, talk.language))
