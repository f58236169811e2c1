"""A small clinic for conversations: deterministic slots, holds and visits, and failures on demand."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from time import process_time as time_of_process
from zoneinfo import ZoneInfo

from chatbot.dialogue import (
    AlreadyBooked,
    BookVisit,
    Caller,
    CancelVisit,
    CutoffPassed,
    Dentist,
    FindSlots,
    Held,
    HoldExpired,
    HoldSlot,
    Hours,
    ListVisits,
    LookUpVisit,
    MoveVisit,
    NoSuchVisit,
    Refused,
    Released,
    ReleaseHold,
    Request,
    Result,
    SignInNeeded,
    Slot,
    SlotsFound,
    SlotTaken,
    Treatment,
    Unavailable,
    Visit,
    VisitBooked,
    VisitCancelled,
    VisitMoved,
    VisitsFound,
    World,
)

BERLIN = ZoneInfo("Europe/Berlin")
NOW = datetime(2026, 11, 18, 10, 0, tzinfo=BERLIN)  # a Wednesday

TREATMENTS = (
    Treatment("t-check", "Check-up", ("check-up",), 30, Decimal(55)),
    Treatment("t-clean", "Professional cleaning", ("cleaning",), 60, Decimal(98)),
    Treatment("t-fill", "Tooth-coloured filling", ("filling",), 45, Decimal(130)),
    Treatment("t-pain", "Toothache and injuries", ("toothache",), 30, Decimal(70)),
    Treatment("t-root", "Root canal treatment", ("root-canal",), 90, Decimal(460)),
    Treatment("t-wisdom", "Wisdom tooth removal", ("wisdom-tooth",), 60, Decimal(240), minimum_age=14),
    Treatment("t-implant", "Implant surgery", ("implant",), 120, Decimal(1950), online=False, minimum_age=18),
    Treatment("t-braces", "Braces and aligners: consultation", ("orthodontics",), 45, Decimal(65)),
    Treatment("t-kids", "Children's check-up", ("children",), 30, Decimal(48)),
)
GENERAL = frozenset({"t-check", "t-clean", "t-fill", "t-pain", "t-kids"})
DENTISTS = (
    Dentist("d-weber", "Dr. Jonas Weber", GENERAL | {"t-wisdom"}),
    Dentist("d-okafor", "Dr. Ngozi Okafor", GENERAL | {"t-root"}),
    Dentist("d-lind", "Dr. Maja Lindqvist", frozenset({"t-braces", "t-check"})),
)
WORKDAYS = range(5)
CLINIC = World(
    name="Harbour Dental",
    zone=BERLIN,
    phone="030 555 0100",
    email="desk@harbour.example",
    address="12 Quay Street\n10115 Berlin",
    treatments=TREATMENTS,
    dentists=DENTISTS,
    hours=tuple(Hours(day, time(9), time(13 if day == 4 else 17)) for day in WORKDAYS),
)


@dataclass
class Practice:
    """Plays the world. Everybody is free on the hour, Monday to Thursday 9–16, Friday 9–12, but for `taken` starts.

    `silent` gives no answer once, `seconds` are how long its answers took. `fails` maps the name of a request to
    results that are given instead, one after the other.
    """

    world: World = CLINIC
    now: datetime = NOW
    taken: set[tuple[str, datetime]] = field(default_factory=set)
    closed: set[date] = field(default_factory=set)
    away: set[str] = field(default_factory=set)
    visits: list[Visit] = field(default_factory=list)
    fails: dict[str, list[Result]] = field(default_factory=dict)
    asked: list[Request] = field(default_factory=list)
    issued: set[str] = field(default_factory=set)
    held: str = ""
    silent: bool = False
    seconds: float = 0
    emails: dict[str, str] = field(default_factory=dict)

    def __call__(self, request: Request) -> Result:
        began = time_of_process()
        try:
            return self._answer(request)
        finally:
            self.seconds += time_of_process() - began

    def _answer(self, request: Request) -> Result:
        self.asked.append(request)
        if self.silent:
            self.silent = False
            return Unavailable()
        queue = self.fails.get(type(request).__name__)
        if queue:
            return queue.pop(0)
        do: Callable[[Request], Result] = getattr(self, f"_{type(request).__name__}")
        return do(request)

    def requests(self, kind: type) -> list[Request]:
        return [request for request in self.asked if isinstance(request, kind)]

    def slots(self, treatment: str, dentists: tuple[str, ...] = ()) -> list[Slot]:
        minutes = next(t.minutes for t in self.world.treatments if t.id == treatment)
        found = []
        today = self.now.astimezone(BERLIN).date()
        for day in (today + timedelta(days=n) for n in range(40)):
            if day.weekday() not in WORKDAYS or day in self.closed:
                continue
            for hour in range(9, 13 if day.weekday() == 4 else 17):
                start = datetime.combine(day, time(hour), BERLIN)
                for dentist in self.world.dentists:
                    fits = treatment in dentist.treatments and (not dentists or dentist.id in dentists)
                    free = (dentist.id, start) not in self.taken and dentist.id not in self.away
                    if fits and free and start > self.now:
                        token = f"{dentist.id}@{start:%m%d%H}/{treatment}"
                        end = start + timedelta(minutes=minutes)
                        found.append(Slot(token, treatment, dentist.id, dentist.name, start, end))
        return found

    def _FindSlots(self, request: FindSlots) -> Result:
        found = [
            slot for slot in self.slots(request.treatment, request.dentists)
            if any(window.start <= slot.start < window.end for window in request.windows)
        ]  # fmt: skip
        if request.around is not None:
            around = request.around
            found.sort(key=lambda slot: abs(slot.start - around))
        if request.one_per_start:
            found = self._one_per_start(found)
        found = found[: request.limit]
        self.issued |= {slot.token for slot in found}
        return SlotsFound(tuple(found))

    def _one_per_start(self, found: list[Slot]) -> list[Slot]:
        """Everybody in turn."""
        starts: dict[datetime, list[Slot]] = {}
        for slot in found:
            starts.setdefault(slot.start, []).append(slot)
        return [free[turn % len(free)] for turn, free in enumerate(starts.values())]

    def _free(self, slot: Slot) -> bool:
        return any(one.token == slot.token for one in self.slots(slot.treatment))

    def _others(self, slot: Slot) -> tuple[Slot, ...]:
        others = tuple(sorted(self.slots(slot.treatment), key=lambda one: abs(one.start - slot.start))[:3])
        self.issued |= {one.token for one in others}
        return others

    def _HoldSlot(self, request: HoldSlot) -> Result:
        if not self._free(request.slot):
            return SlotTaken(self._others(request.slot))
        self.held = request.slot.token
        return Held("h-" + request.slot.token, self.now + timedelta(minutes=5))

    def _ReleaseHold(self, request: ReleaseHold) -> Result:
        self.held = ""
        return Released()

    def _BookVisit(self, request: BookVisit) -> Result:
        slot, name = request.slot, request.person.name
        if any(v.person == name and v.start < slot.end and v.end > slot.start for v in self.visits):
            return AlreadyBooked()
        if not self._free(request.slot):
            return HoldExpired(self._others(request.slot))
        visit = self.visit(request.slot, f"DC-BK{len(self.visits) + 2}AAA", person=request.person.name)
        self.emails[visit.reference] = request.person.email
        self.taken.add((visit.dentist, visit.start))
        self.held = ""
        return VisitBooked(visit)

    def visit(self, slot: Slot, reference: str, *, can_change: bool = True, person: str = "Ana Ruiz") -> Visit:
        """Stores a visit at a slot."""
        name = next(t.name for t in self.world.treatments if t.id == slot.treatment)
        visit = Visit(
            f"v-{reference}", reference, slot.treatment, name, slot.dentist, slot.dentist_name, slot.start, slot.end,
            can_change, can_change, person,
        )  # fmt: skip
        self.visits.append(visit)
        return visit

    def _ListVisits(self, request: ListVisits) -> Result:
        return VisitsFound(tuple(self.visits)) if self.world.caller.signed_in else SignInNeeded()

    def _LookUpVisit(self, request: LookUpVisit) -> Result:
        if self.emails.get(request.reference) != request.email:
            return NoSuchVisit()
        return VisitsFound(tuple(v for v in self.visits if v.reference == request.reference))

    def _MoveVisit(self, request: MoveVisit) -> Result:
        visit = next((v for v in self.visits if v.id == request.visit), None)
        if visit is None:
            return Refused("not_found")
        if not visit.can_move:
            return CutoffPassed()
        if not self._free(request.slot):
            return SlotTaken(self._others(request.slot))
        self.visits.remove(visit)
        return VisitMoved(self.visit(request.slot, visit.reference, person=visit.person))

    def _CancelVisit(self, request: CancelVisit) -> Result:
        visit = next((v for v in self.visits if v.id == request.visit), None)
        if visit is None:
            return Refused("not_found")
        if not visit.can_cancel:
            return CutoffPassed()
        self.visits.remove(visit)
        return VisitCancelled()


def signed_in(name: str = "Ana Ruiz") -> Caller:
    return Caller(True, name, "ana@example.org", "+493012345678", date(1985, 5, 24))


def berlin(month: int, day: int, hour: int, minute: int = 0) -> datetime:
    return datetime(2026, month, day, hour, minute, tzinfo=BERLIN).astimezone(UTC)
