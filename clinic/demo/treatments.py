"""The demo clinic's twelve treatments: minutes with buffers, prices in euros, and how often each is asked for."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from random import Random
from typing import Any

from clinic.demo.chance import new_id
from dentists.models import Admits, Specialization, Treatment

S = Specialization


@dataclass(frozen=True, slots=True)
class Kind:
    slug: str
    name: str
    minutes: int
    buffers: tuple[int, int]
    price: int
    specialization: Specialization
    asked_for: float
    description: str
    more: tuple[tuple[str, Any], ...] = ()


KINDS = (
    Kind("check-up", "Check-up", 30, (0, 5), 55, S.GENERAL, 14,
         "We look at teeth, gums and old work, take pictures where needed, and tell you what we see."),
    Kind("first-visit", "First visit", 45, (0, 10), 75, S.GENERAL, 7,
         "A thorough examination for people who are new here, with time for your questions.", (("admits", Admits.NEW),)),
    Kind("cleaning", "Professional cleaning", 60, (0, 10), 98, S.GENERAL, 20,
         "Tartar and stains go, your teeth are polished, and you leave with what helps at home."),
    Kind("filling", "Tooth-coloured filling", 45, (5, 10), 130, S.GENERAL, 13,
         "We remove decay and rebuild the tooth in its own colour, with a local anaesthetic if you like."),
    Kind("toothache", "Toothache and injuries", 30, (0, 10), 70, S.GENERAL, 9,
         "Pain, swelling, a broken tooth or a lost filling: we find the cause and stop the pain."),
    Kind("root-canal", "Root canal treatment", 90, (5, 15), 460, S.ENDODONTICS, 5,
         "We clean and seal the inside of an inflamed tooth under the microscope, so that it can stay."),
    Kind("gum-treatment", "Gum treatment", 60, (5, 10), 185, S.PERIODONTICS, 5,
         "Deep cleaning below the gum line when gums bleed or draw back."),
    Kind("crown", "Crown or bridge", 75, (5, 15), 690, S.PROSTHODONTICS, 4,
         "We prepare the tooth, scan it and fit what our laboratory made.", (("admits", Admits.KNOWN),)),
    Kind("wisdom-tooth", "Wisdom tooth removal", 60, (10, 20), 240, S.ORAL_SURGERY, 4,
         "Removal under local anaesthetic, with a call from us the day after.", (("minimum_age", 14),)),
    Kind("implant", "Implant surgery", 120, (15, 30), 1950, S.ORAL_SURGERY, 2,
         "After a consultation and a three-dimensional picture. Please call us to book.",
         (("bookable_online", False), ("minimum_age", 18))),
    Kind("orthodontics", "Braces and aligners: consultation", 45, (0, 5), 65, S.ORTHODONTICS, 6,
         "What can be straightened, how long it takes, what it costs, and what the insurance pays."),
    Kind("children", "Children's check-up", 30, (5, 5), 48, S.PAEDIATRIC, 8,
         "Slowly and with a tour of the chair: counting teeth, fluoride varnish, and a sticker at the end."),
)  # fmt: skip
BY_SLUG = {kind.slug: kind for kind in KINDS}


def rows(chance: Random) -> Iterable[Treatment]:
    """The treatments, ready to be stored."""
    for tone, kind in enumerate(KINDS, start=1):
        yield Treatment(
            id=new_id(chance),
            slug=kind.slug,
            name=kind.name,
            description=kind.description,
            duration_minutes=kind.minutes,
            buffer_before_minutes=kind.buffers[0],
            buffer_after_minutes=kind.buffers[1],
            price=Decimal(kind.price),
            specialization=kind.specialization,
            tone=tone,
            **dict(kind.more),
        )
