"""Which treatment serves what somebody comes for."""

from __future__ import annotations

from functools import lru_cache

from chatbot.dialogue import keywords
from chatbot.dialogue.complaint import has_symptoms, is_for_other
from chatbot.dialogue.matching import folded_words
from chatbot.dialogue.state import Facts
from chatbot.dialogue.world import Treatment, World
from chatbot.triage import Assessment, Band, Who

COMPLAINT, CHECKUP, CHILDREN = "complaint", "checkup", "children"


def treatment_for(world: World, facts: Facts, seen: Assessment) -> Treatment | None:
    """What to book: the treatment that was named, or the one that the complaint or wish calls for.

    Whoever has symptoms that should be seen soon gets the visit for complaints, even if they named a cleaning; within 24
    hours whatever they named.
    """
    named = world.treatment(facts.treatment)
    if named is not None and _purpose(world, named) == CHECKUP and is_for_other(facts.complaint) is Who.CHILD:
        named = serving(world, CHILDREN) or named
    suggested = _suggested(world, facts, seen)
    if seen.band is not None and seen.band > Band.ROUTINE and has_symptoms(seen):
        if named is None or seen.band >= Band.URGENT or _purpose(world, named) not in ("", COMPLAINT):
            return suggested or named
        return named
    return named or suggested


def serving(world: World, purpose: str) -> Treatment | None:
    """The treatment for a purpose: as the clinic set it, else by the names; only one that can be booked online."""
    online = [one for one in world.treatments if one.online]
    chosen = world.treatment(world.purposes.get(purpose, ""))
    if chosen is not None and chosen.online:
        return chosen
    fitting = [one for one in online if _purpose(world, one) == purpose]
    return min(fitting, key=lambda one: len(one.name), default=None)


def _suggested(world: World, facts: Facts, seen: Assessment) -> Treatment | None:
    if seen.band is None:
        return None
    if has_symptoms(seen):
        return serving(world, COMPLAINT) or serving(world, CHECKUP)
    for reason in seen.reasons:
        purpose = keywords.PURPOSE_OF_SIGN.get(reason.sign, "")
        if purpose == CHECKUP and is_for_other(facts.complaint) is Who.CHILD:
            purpose = CHILDREN if serving(world, CHILDREN) else CHECKUP
        if purpose and (found := serving(world, purpose)):
            return found
    return None


def _purpose(world: World, treatment: Treatment) -> str:
    for purpose, treatment_id in world.purposes.items():
        if treatment_id == treatment.id:
            return purpose
    words = _words_of((treatment.name, *treatment.aliases))
    for purpose in (CHILDREN, COMPLAINT, "cleaning", "cosmetic", "straightening", CHECKUP):
        if words & keywords.PURPOSES[purpose]:
            return purpose
    return ""


@lru_cache(maxsize=1024)
def _words_of(names: tuple[str, ...]) -> frozenset[str]:
    return frozenset(word for name in names for word in (*folded_words(name.replace("-", "")), *folded_words(name)))
