"""What the dialogue is told about the clinic and the caller: a snapshot, given with every message."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time
from decimal import Decimal
from zoneinfo import ZoneInfo


@dataclass(frozen=True, slots=True)
class Treatment:
    """What can be booked. `aliases` are other names (a short name, another language); price in the clinic's currency."""

    id: str
    name: str
    aliases: tuple[str, ...] = ()
    minutes: int = 30
    price: Decimal | None = None
    online: bool = True
    minimum_age: int = 0


@dataclass(frozen=True, slots=True)
class Dentist:
    """`treatments` are the ids of what this dentist offers, `prices` by such an id those that are this dentist's own."""

    id: str
    name: str
    treatments: frozenset[str]
    prices: Mapping[str, Decimal] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Hours:
    """Opening hours on the clinic's wall clock; `weekday` 0 is Monday."""

    weekday: int
    start: time
    end: time


@dataclass(frozen=True, slots=True)
class Caller:
    """Who is signed in, as far as known: used where the person says nothing else."""

    signed_in: bool = False
    name: str = ""
    email: str = ""
    phone: str = ""
    birth_date: date | None = None


@dataclass(frozen=True, slots=True)
class World:
    """The clinic as it is now, and the caller.

    `purposes` maps what somebody comes for ("complaint", "checkup", "cleaning", "cosmetic", "straightening",
    "children") to a treatment id; what is left out is found by the treatments' names. `day_first` reads 3/12 as
    3 December and shows a 24-hour clock.
    """

    name: str
    zone: ZoneInfo
    phone: str = ""
    email: str = ""
    address: str = ""
    emergency_number: str = "112"
    currency: str = "EUR"
    language: str = "en"
    day_first: bool = True
    horizon_days: int = 400
    phone_needed: bool = True
    treatments: tuple[Treatment, ...] = ()
    dentists: tuple[Dentist, ...] = ()
    hours: tuple[Hours, ...] = ()
    purposes: Mapping[str, str] = field(default_factory=dict)
    caller: Caller = field(default_factory=Caller)

    def treatment(self, treatment_id: str) -> Treatment | None:
        return next((one for one in self.treatments if one.id == treatment_id), None)

    def dentist(self, dentist_id: str) -> Dentist | None:
        return next((one for one in self.dentists if one.id == dentist_id), None)

    def offering(self, treatment_id: str) -> tuple[Dentist, ...]:
        """The dentists who offer a treatment."""
        return tuple(one for one in self.dentists if treatment_id in one.treatments)


@dataclass(frozen=True, slots=True)
class Slot:
    """A free slot that the world issued; `token` is its name in this conversation, instants are aware."""

    token: str
    treatment: str
    dentist: str
    dentist_name: str
    start: datetime
    end: datetime


@dataclass(frozen=True, slots=True)
class Visit:
    """A booked visit that the caller may see. `id` is the world's name for it, `person` the name of who comes."""

    id: str
    reference: str
    treatment: str
    treatment_name: str
    dentist: str
    dentist_name: str
    start: datetime
    end: datetime
    can_move: bool = True
    can_cancel: bool = True
    person: str = ""
