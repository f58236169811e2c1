"""What each button does. A talk comes back when the next step follows from what is known, else the turn itself."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from chatbot.dialogue import booking, information, prompts, searching, visits
from chatbot.dialogue import complaint as complaints
from chatbot.dialogue.languages import known
from chatbot.dialogue.model import Turn
from chatbot.dialogue.state import Complaint, Facts, State, Step, Task
from chatbot.dialogue.taking import when as take_when
from chatbot.dialogue.talk import YES, Talk
from chatbot.triage import table
from chatbot.when import Exactness
from chatbot.when import understand as understand_when

Outcome = Talk | Turn
CONFIRMING = (Step.CONFIRM, Step.CONFIRM_MOVE, Step.CONFIRM_CANCEL)


def press(talk: Talk, choice_id: str) -> Outcome:
    """Buttons of earlier replies work where they still make sense; an old yes never does."""
    name, _, rest = choice_id.partition(":")
    if not rest and name in information.TOPICS:
        return talk.note(*information.answers(talk, [name]))
    if not rest and name in _PLAIN:
        return _PLAIN[name](talk)
    if rest and name in _VALUED:
        return _VALUED[name](talk, rest)
    return stale(talk)


def is_confirming(state: State) -> bool:
    """Whether the reply on show waits for a yes to something that is written then."""
    return state.step in CONFIRMING


def stale(talk: Talk) -> Talk:
    return talk.note(talk.say("stale_button"))


def yes(talk: Talk, ticket: str) -> Outcome:
    """The yes to the read-back on show, and to no other."""
    if talk.state.step not in CONFIRMING or talk.state.confirming != f"{YES}:{ticket}":
        return stale(talk)
    if talk.is_emergency:
        return talk
    of_booking = talk.state.step is Step.CONFIRM
    said = booking.to_confirm(talk) if of_booking else visits.to_confirm(talk)
    if said is None or not talk.is_of(ticket, said):
        return talk.note(talk.say("read_back_changed"))
    return booking.book(talk) if of_booking else visits.change(talk)


def confirm(talk: Talk) -> Outcome:
    """A typed yes."""
    return yes(talk, talk.state.confirming.removeprefix(f"{YES}:"))


def restart(talk: Talk) -> Outcome:
    """Forgets all but the language, and gives up the hold."""
    old = talk.state
    fresh = State(language=old.language, turn=old.turn, hold=old.hold, notes=(*old.notes, talk.say("restarted")))
    return _let_go(Talk(fresh, talk.world, talk.now))


def _let_go(talk: Talk) -> Outcome:
    return talk.releasing() or talk


def back(talk: Talk) -> Outcome:
    """To what was known one message earlier."""
    past = talk.state.past
    if not past:
        return talk.note(talk.say("at_the_beginning"))
    earlier = talk.with_state(facts=past[-1], past=past[:-1], offers=())
    kept = earlier.state.hold
    return _let_go(earlier) if kept is not None and kept.token != earlier.facts.slot else earlier


def abort(talk: Talk) -> Outcome:
    """Drops the booking or the change; who the person is stays known."""
    facts = talk.facts
    kept = Facts(name=facts.name, email=facts.email, phone=facts.phone, birth_date=facts.birth_date)
    return _let_go(talk.with_state(facts=kept, offers=(), past=(), told="").note(talk.say("dropped")))


def book(talk: Talk) -> Outcome:
    return talk.with_facts(task=Task.BOOK, visit="", reference="", visit_email="", slot="").with_state(offers=())


def _visits(task: Task) -> Callable[[Talk], Outcome]:
    def go(talk: Talk) -> Outcome:
        keeps = task is not Task.VISITS and visits.visit_of(talk) is not None
        visit = talk.facts.visit if keeps else ""
        return talk.with_facts(task=task, visit=visit, slot="", when=None, after=None).with_state(offers=())

    return go


def keep(talk: Talk) -> Outcome:
    return talk.with_facts(task=Task.VISITS, slot="").with_state(offers=()).note(talk.say("kept"))


def reference(talk: Talk) -> Outcome:
    asked = talk.with_facts(task=Task.VISITS, visit="", reference="").with_state(visits=())
    return visits.ask_reference(asked)


def more(talk: Talk) -> Outcome:
    shown = talk.state.offers
    return talk.with_facts(slot="", after=shown[-1].start if shown else None).with_state(offers=())


def other_time(talk: Talk) -> Outcome:
    """The slots again, around an exact wish; the hold stays until another one takes its place."""
    talk = talk.with_facts(slot="", after=None).with_state(offers=())
    exact = talk.when is not None and talk.when.exactness is Exactness.EXACT_TIME
    return searching.search(talk, searching.OTHER) if exact and searching.treatment_of(talk) else talk


def other_person(talk: Talk) -> Turn:
    return booking.ask_for(talk.with_facts(name="", half_name="").note(talk.say("who_then")), Step.NAME)


def _refresh(talk: Talk) -> Outcome:
    return talk.with_state(offers=())


def _any_time(talk: Talk) -> Outcome:
    return talk.with_facts(when=None, unclear_days=(), after=None, slot="").with_state(offers=())


def _other(talk: Talk) -> Outcome:
    complaint = replace(talk.facts.complaint, unclear=True)
    return talk.with_facts(complaint=complaint, task=Task.BOOK)


def misunderstood(talk: Talk) -> Outcome:
    """What was taken for a complaint was none: it is told anew."""
    talk = talk.with_facts(complaint=Complaint(), task=Task.NONE, slot="").with_state(told="", offers=())
    return talk.note(talk.say("tell_again"))


def _slot(talk: Talk, token: str) -> Outcome:
    """Only slots of this conversation; an older one only if it still is what is looked for."""
    slot = talk.issued(token)
    shown = any(one.token == token for one in talk.state.offers)
    later = slot is not None and slot.start > talk.latest and not shown
    if slot is None or slot.start <= talk.now or later or talk.is_emergency:
        return stale(talk)
    if talk.facts.task not in (Task.BOOK, Task.MOVE):
        return stale(talk)
    return talk.with_facts(slot=token) if slot.treatment == searching.treatment_of(talk) else stale(talk)


def _sign(talk: Talk, sign: str) -> Outcome:
    if not prompts.is_known_sign(sign):
        return stale(talk)
    complaint = complaints.affirming(talk.facts.complaint, sign, table().label(sign, known(talk.language)))
    return talk.with_facts(complaint=complaint, task=Task.BOOK)


def _answer(talk: Talk, rest: str) -> Outcome:
    question_id, _, answer = rest.partition(":")
    question = table().questions.get(question_id)
    if question is None or all(choice.id != answer for choice in question.choices):
        return stale(talk)
    return talk.with_facts(complaint=complaints.answering(talk.facts.complaint, question_id, answer))


def _well(talk: Talk, rest: str) -> Outcome:
    complaint = talk.facts.complaint
    wrong = rest != "no"
    return talk.with_facts(complaint=replace(complaint, well=not wrong, unclear=wrong))


def _treatment(talk: Talk, treatment_id: str) -> Outcome:
    treatment = talk.world.treatment(treatment_id)
    if treatment is None or not treatment.online:
        return stale(talk)
    return talk.with_facts(treatment=treatment_id, unclear_treatments=(), task=Task.BOOK)


def _dentist(talk: Talk, dentist_id: str) -> Outcome:
    if dentist_id == "any":
        return talk.with_facts(dentists=(), not_dentists=(), unclear_dentists=(), after=None)
    if talk.world.dentist(dentist_id) is None:
        return stale(talk)
    others = tuple(one for one in talk.facts.not_dentists if one != dentist_id)
    return talk.with_facts(dentists=(dentist_id,), not_dentists=others, unclear_dentists=(), after=None)


def _day(talk: Talk, rest: str) -> Outcome:
    readings = talk.facts.unclear_days
    if not rest.isdecimal() or not 0 <= int(rest[:3]) < len(readings):
        return stale(talk)
    wish = understand_when(
        readings[int(rest[:3])],
        now=talk.now,
        zone=talk.world.zone,
        language=talk.language,
        day_first=talk.world.day_first,
        horizon_days=talk.world.horizon_days,
    )
    return take_when(talk, replace(wish, ambiguous=())) if wish is not None else stale(talk)


def _visit(talk: Talk, visit_id: str) -> Outcome:
    if all(visit.id != visit_id for visit in talk.state.visits):
        return stale(talk)
    task = talk.facts.task if talk.facts.task in (Task.MOVE, Task.CANCEL) else Task.VISITS
    return talk.with_facts(visit=visit_id, task=task)


def _language(talk: Talk, code: str) -> Outcome:
    return talk.with_state(language=known(code))


_PLAIN: dict[str, Callable[[Talk], Outcome]] = {
    "restart": restart, "back": back, "abort": abort, "book": book, "visits": _visits(Task.VISITS),
    "move": _visits(Task.MOVE), "cancel": _visits(Task.CANCEL), "keep": keep, "reference": reference, "more": more,
    "other_time": other_time, "other_person": other_person, "refresh": _refresh, "any_time": _any_time,
    "other": _other, "misunderstood": misunderstood,
}  # fmt: skip
_VALUED: dict[str, Callable[[Talk, str], Outcome]] = {
    "yes": yes, "slot": _slot, "sign": _sign, "answer": _answer, "well": _well, "treatment": _treatment,
    "dentist": _dentist, "day": _day, "visit": _visit, "language": _language,
}  # fmt: skip
