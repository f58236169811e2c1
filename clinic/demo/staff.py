"""The demo clinic's dentists: six by name, and as many more like them as a large clinic needs."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import time
from random import Random

from availability.models import Access
from clinic.demo import names
from dentists.models import TONES, Specialization

DOMAIN = "lindenhof.example"
EVERYDAY = ("check-up", "first-visit", "cleaning", "filling", "toothache")
S, MON, TUE, WED, THU, FRI, SAT = Specialization, 0, 1, 2, 3, 4, 5


@dataclass(frozen=True, slots=True)
class Interval:
    """Hours of these weekdays, on the clinic's wall clock."""

    days: tuple[int, ...]
    start: time
    end: time
    access: Access = Access.EVERYONE


def hours(days: tuple[int, ...], text: str, access: Access = Access.EVERYONE) -> list[Interval]:
    """Hours as they stand on a door: `8:00-12:00 13:00-17:00`."""
    spans = [span.split("-") for span in text.split()]
    return [Interval(days, _wall(start), _wall(end), access) for start, end in spans]


def _wall(text: str) -> time:
    hour, _, minute = text.partition(":")
    return time(int(hour), int(minute))


@dataclass(frozen=True, slots=True)
class Profile:
    name: str
    title: str
    since: int
    tone: int
    specializations: tuple[Specialization, ...]
    languages: tuple[str, ...]
    treatments: tuple[str, ...]
    bio: str
    week: list[Interval] = field(default_factory=list)
    number: int = 0  # tells apart those who share a name

    @property
    def slug(self) -> str:
        return names.plain(self.name) + (f"-{self.number}" if self.number else "")

    @property
    def email(self) -> str:
        return f"{self.slug.replace('-', '.')}@{DOMAIN}"


KNOWN = (
    Profile("Dr. Eva Weber", "Head of the practice", 2004, 4, (S.GENERAL, S.PROSTHODONTICS), ("de", "en", "fr"),
            (*EVERYDAY, "crown", "gum-treatment"),
            "Founded the practice and still does the Monday check-ups herself. Explains everything with a mirror and a"
            " pencil, and likes crowns that nobody notices.",
            [*hours((MON, WED), "8:00-8:30", Access.URGENT),
             *hours((MON, WED), "8:30-12:00 13:00-17:00"), *hours((TUE, THU), "8:00-12:00 13:00-17:00"),
             *hours((FRI,), "8:00-13:00")]),
    Profile("Dr. Chidi Okafor", "Oral surgeon", 2011, 9, (S.ORAL_SURGERY,), ("en", "de"),
            ("check-up", "toothache", "wisdom-tooth", "implant"),
            "Takes out what has to go and replaces what is missing. Came from Hamburg's university hospital, and calls"
            " everybody the day after surgery.",
            [*hours((MON, TUE, THU), "9:00-13:00 14:00-18:00"), *hours((MON, THU), "13:15-13:45", Access.URGENT),
             *hours((WED,), "12:00-16:00 16:30-20:00")]),
    Profile("Dr. Katrin Vogel", "Dentist for children", 2009, 12, (S.PAEDIATRIC, S.GENERAL), ("de", "en", "ru"),
            ("children", "check-up", "filling", "cleaning", "toothache"),
            "Has counted the teeth of half the neighbourhood's children, and those of their stuffed animals first."
            " Parents may stay, or breathe outside for a moment.",
            [*hours((MON, TUE, WED, THU, FRI), "8:00-12:30"), *hours((TUE, THU), "14:00-18:00"),
             *hours((MON, WED), "14:00-15:30", Access.SAME_DAY)]),
    Profile("Dr. Emre Yılmaz", "Orthodontist", 2014, 2, (S.ORTHODONTICS,), ("de", "tr", "en"),
            ("orthodontics", "check-up", "children"),
            "Straightens teeth at eight and at sixty-eight. Says honestly when a gap is better left alone.",
            [*hours((MON, WED), "9:00-13:00 14:00-18:00"), *hours((THU,), "11:00-15:00 16:00-20:00"),
             *hours((FRI,), "9:00-13:00")]),
    Profile("Dr. Sofia Marini", "Endodontist", 2016, 8, (S.ENDODONTICS, S.GENERAL), ("it", "de", "en", "es"),
            ("root-canal", "check-up", "filling", "toothache"),
            "Saves teeth that others would give up, under the microscope and without hurry. Anxious patients ask for her.",
            [*hours((TUE, WED, THU, FRI), "10:00-14:00 15:00-19:00"), *hours((TUE, FRI), "14:15-14:45", Access.URGENT)]),
    Profile("Dr. Jonas Brandt", "Periodontist", 2018, 5, (S.PERIODONTICS, S.GENERAL), ("de", "en", "pl"),
            (*EVERYDAY, "gum-treatment"),
            "Looks after gums, and after everybody who cannot come during the week: he works on Saturdays.",
            [*hours((TUE, WED, THU, FRI), "8:00-12:00 12:45-16:00"), *hours((TUE, THU), "16:00-17:00", Access.SAME_DAY),
             *hours((SAT,), "9:00-13:00")]),
)  # fmt: skip


def profiles(count: int, chance: Random) -> Iterator[Profile]:
    """So many dentists: the known ones first, then others who work like one of them."""
    yield from KNOWN[:count]
    seen = {profile.name: 0 for profile in KNOWN}
    for number in range(len(KNOWN), count):
        model = KNOWN[number % len(KNOWN)]
        name = f"Dr. {chance.choice(names.FIRST)} {chance.choice(names.LAST)}"
        seen[name] = seen.get(name, 0) + 1
        yield Profile(
            name, model.title.replace("Head of the practice", "Dentist"), chance.randint(1990, 2022), number % TONES + 1,
            model.specializations, model.languages, model.treatments, "", model.week, seen[name] - 1,
        )  # fmt: skip
