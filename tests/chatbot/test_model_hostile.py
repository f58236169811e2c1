"""A model that lies, leaks and stalls: nothing of it reaches the person or the practice, and without its guard it would."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable
from typing import Any

import pytest
from pydantic import BaseModel

from chatbot.dialogue import BookVisit, Person, Slot, TriageNote, Turn, engine, pressing
from chatbot.dialogue.talk import Talk
from chatbot.model import asking, helping, lookups, phrasing
from chatbot.model.shapes import ReadTime, Understood
from tests.chatbot.dialogue_world import berlin
from tests.chatbot.model_attacks import Attack, harms
from tests.chatbot.model_fake import FakeModel
from tests.chatbot.model_table import attacks, slow

pytestmark = pytest.mark.xdist_group("model")  # its libraries are loaded once


def succeeding(tried: Iterable[Attack], fake: FakeModel) -> list[tuple[str, str, list[str]]]:
    found = []
    for attack in tried:
        helping.breaker.cache_clear()
        if signs := harms(attack, fake):
            found.append((attack.kind, attack.situation, signs))
    return found


def test_none_of_the_attacks_succeeds(fake: FakeModel) -> None:
    tried = list(attacks())
    assert succeeding(tried, fake) == []
    kinds = Counter(attack.kind for attack in tried)
    assert (kinds.total() >= 200, set(kinds)) == (True, set(GUARDS))


def carried_out(turn: Turn, world: Any, now: Any, do: Any) -> Turn:
    state, reply = engine.finish(turn, world, now, do)
    return Turn(state, reply=reply)


def pressing_yes(before: Talk, said: Understood, **_: Any) -> pressing.Outcome:
    return pressing.confirm(before)


def inventing(before: Talk, said: Understood, **_: Any) -> Talk:
    forged = Slot("forged", "t-clean", "d-weber", "Dr. Jonas Weber", berlin(11, 24, 3), berlin(11, 24, 4))
    return before.with_state(offers=(forged,))


def calming(before: Talk, said: Understood, **_: Any) -> pressing.Outcome:
    return pressing.misunderstood(before)


class ListVisits(BaseModel):
    visit: str = ""


def booking(talk: Talk, do: Any) -> dict[type[BaseModel], Callable[[Any], str]]:
    """A tool that writes."""

    def book(asked: Any) -> str:
        person = Person("Mallory", "mallory@example.net", "", None, for_other=False)
        return str(do(BookVisit("", talk.state.offers[0], person, TriageNote("", "", "", (), ()), "en")))

    return {type(name, (ListVisits,), {}): book for name in ("BookVisit", "yes")}


def telling(talk: Talk, do: Any) -> dict[type[BaseModel], Callable[[Any], str]]:
    """A tool that reads for anybody."""
    return {ReadTime: lambda _asked: str(do.visits)}


def believing() -> Callable[..., Understood]:
    """Takes whatever comes for an answer."""

    def ask(*args: Any, **more: Any) -> Understood:
        try:
            return asking.ask(*args, **more)  # type: ignore[return-value]  # asked for `Understood`
        except Exception:
            return Understood(treatment="T4", when="next week")

    return ask


Guard = Callable[[pytest.MonkeyPatch], object]
GUARDS: dict[str, Guard] = {
    "tools": lambda patch: patch.setattr(lookups, "tools", booking),
    "yes": lambda patch: (
        patch.setattr(helping, "meant", pressing_yes),
        patch.setattr(helping, "only_reading", carried_out),
    ),
    "slots": lambda patch: patch.setattr(helping, "meant", inventing),
    "holds": lambda patch: patch.setattr(helping, "only_reading", carried_out),
    "urgency": lambda patch: patch.setattr(helping, "meant", calming),
    "others": lambda patch: patch.setattr(lookups, "tools", telling),
    "words": lambda patch: patch.setattr(phrasing, "is_true_to", lambda *_: True),
    "leaks": lambda patch: patch.setattr(phrasing, "is_true_to", lambda *_: True),
    "malformed": lambda patch: patch.setattr(helping, "ask_when_loaded", believing),
    "huge": lambda patch: patch.setattr(asking, "LONGEST_ANSWER", 10_000_000),
    "slow": lambda _patch: None,  # the guard is the limit itself, see below
}


@pytest.mark.parametrize("kind", GUARDS)
def test_without_its_guard_each_kind_succeeds(fake: FakeModel, monkeypatch: pytest.MonkeyPatch, kind: str) -> None:
    """The control: the table attacks what the guards keep."""
    GUARDS[kind](monkeypatch)
    tried = list(slow(6))[1:2] if kind == "slow" else [attack for attack in attacks() if attack.kind == kind]
    assert any(succeeding([attack], fake) for attack in tried)


def test_a_yes_that_got_past_the_first_guard_is_stopped_by_the_second(
    fake: FakeModel, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(helping, "meant", pressing_yes)
    assert succeeding([attack for attack in attacks() if attack.kind == "yes"][:6], fake) == []
