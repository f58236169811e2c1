"""One turn of a conversation in the making: what is known, and how a turn ends."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from functools import cached_property
from typing import Any

from chatbot.dialogue import complaint as complaints
from chatbot.dialogue.effects import ReleaseHold, Request
from chatbot.dialogue.model import Choice, Reply, SlotOffer, SourceNote, Turn
from chatbot.dialogue.purposes import treatment_for
from chatbot.dialogue.state import Facts, Pending, State, Step, Task
from chatbot.dialogue.wording import say, short_date_and_time
from chatbot.dialogue.world import Slot, Treatment, World
from chatbot.triage import Assessment, Who
from chatbot.when import When, Window
from chatbot.when import load as load_when

MOST_ISSUED = 40
YES = "yes"
_MOST_CHOICES = 12


@dataclass(frozen=True)
class Talk:
    """The state with what it means at this moment in this world. Methods return a new talk, or the turn that ends it."""

    state: State
    world: World
    now: datetime

    @property
    def facts(self) -> Facts:
        return self.state.facts

    @property
    def language(self) -> str:
        return self.state.language or self.world.language

    @cached_property
    def seen(self) -> Assessment:
        return complaints.assessed(self.facts.complaint)

    @cached_property
    def treatment(self) -> Treatment | None:
        """What will be booked or moved, as far as is known."""
        return treatment_for(self.world, self.facts, self.seen)

    @cached_property
    def when(self) -> When | None:
        return load_when(self.facts.when, self.world.zone) if self.facts.when else None

    @property
    def is_emergency(self) -> bool:
        return self.seen.band is not None and not self.seen.band.bookable

    @property
    def latest(self) -> datetime:
        """The last moment at which a visit may start: what the urgency allows, else the horizon."""
        horizon = self.now + timedelta(days=self.world.horizon_days)
        if self.facts.task is Task.MOVE or self.seen.band is None or self.seen.band.within is None:
            return horizon
        return min(horizon, self.now + self.seen.band.within)

    @property
    def for_other(self) -> bool:
        return complaints.is_for_other(self.facts.complaint) is not Who.SELF

    def say(self, key: str, **values: object) -> str:
        return say(self.language, key, **values)

    def wished(self) -> tuple[Window, ...]:
        """The windows that were asked for, within what is still ahead and soon enough; all of it without a wish."""
        windows = self.when.windows if self.when else (Window(self.now, self.latest),)
        after = max(self.now, self.facts.after + timedelta(minutes=1)) if self.facts.after else self.now
        cut = (Window(max(w.start, after), min(w.end, self.latest + timedelta(minutes=1))) for w in windows)
        return tuple(window for window in cut if window.start < window.end)

    def chosen(self) -> Slot | None:
        """The slot that was picked; only ever one that was issued."""
        return self.issued(self.facts.slot)

    def issued(self, token: str) -> Slot | None:
        return next((one for one in self.state.issued if one.token == token), None) if token else None

    def with_state(self, **changes: Any) -> Talk:
        talk = Talk(replace(self.state, **changes), self.world, self.now)
        # Assessing takes milliseconds, and most changes leave what it rests on as it is.
        if "seen" in self.__dict__ and talk.facts.complaint is self.facts.complaint:
            talk.__dict__["seen"] = self.seen
        if "treatment" in self.__dict__ and talk.facts is self.facts:
            talk.__dict__["treatment"] = self.treatment
        return talk

    def with_facts(self, **changes: Any) -> Talk:
        return self.with_state(facts=replace(self.facts, **changes))

    def note(self, *paragraphs: str) -> Talk:
        """Something to be said before the next reply's own text; what is said already is not said twice."""
        new = tuple(p for p in paragraphs if p and p not in self.state.notes)
        return self.with_state(notes=self.state.notes + new)

    def ticket(self, read_back: str) -> str:
        """Names the yes to what is read back in the reply that ends this turn."""
        return f"{YES}:{self.state.turn + 1}-{_digest(read_back)}"

    def is_of(self, ticket: str, read_back: str) -> bool:
        """Whether a yes was said to these very words, not to what was true before."""
        return ticket.endswith(f"-{_digest(read_back)}")

    def ask(self, request: Request, stage: str = "") -> Turn:
        """Ends the turn with a request to the world."""
        return Turn(replace(self.state, pending=Pending(type(request).__name__, stage)), request=request)

    def releasing(self) -> Turn | None:
        """A request that gives up the hold, if there is one."""
        if self.state.hold is None:
            return None
        return self.with_state(hold=None).ask(ReleaseHold(self.state.hold.id))

    def choice(self, choice_id: str, key: str, **values: object) -> Choice:
        return Choice(choice_id, self.say(key, **values))

    def reply(
        self,
        step: Step,
        text: str,
        choices: Iterable[Choice] = (),
        *,
        slots: Iterable[Slot] = (),
        sources: tuple[SourceNote, ...] = (),
        **changes: Any,
    ) -> Turn:
        """Ends the turn with an answer; the buttons that always work are added."""
        given = list(choices)[:_MOST_CHOICES]
        if self.state.past:
            given.append(self.choice("back", "choice_back"))
        if self.facts != Facts():
            given.append(self.choice("restart", "choice_restart"))
        given.append(self.choice("human", "choice_human"))
        shown = tuple({choice.id: choice for choice in given}.values())
        urgency = complaints.urgency_of(self.seen, self.language)
        offers = tuple(self.offer(slot) for slot in slots)
        paragraphs = [*self.state.notes, text]
        kept = replace(
            self.state,
            step=step,
            choices=shown,
            notes=(),
            pending=None,
            language=self.language,
            turn=self.state.turn + 1,
            **{"question": "", "confirming": "", **changes},
        )
        all_sources = sources or (urgency.sources if urgency else ())
        reply = Reply("\n\n".join(p for p in paragraphs if p), shown, offers, urgency, all_sources, step.value)
        return Turn(kept, reply=reply)

    def offer(self, slot: Slot) -> SlotOffer:
        when = short_date_and_time(slot.start, self.world, self.language)
        return SlotOffer(
            f"slot:{slot.token}",
            slot.token,
            slot.treatment,
            slot.dentist,
            slot.dentist_name,
            slot.start,
            slot.end,
            f"{when} · {slot.dentist_name}",
        )


def _digest(words: str) -> str:
    return hashlib.sha256(words.encode()).hexdigest()[:12]
