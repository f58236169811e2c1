"""What the dialogue asks for, carried out by the verbs of the clinic under the caller's own rights."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from appointments import transitions
from appointments.booking import URGENT_BANDS
from appointments.errors import InvalidTransition, TooLateToCancel, TooLateToMove
from appointments.models import Appointment, Status
from appointments.moving import reschedule
from appointments.queries import visit_by_reference, visit_for, visits_for
from availability import errors as taken
from availability.reservations import release, reserve
from chatbot import dialogue as d
from chatbot.booking import book
from chatbot.finding import Finder, near
from chatbot.record import Record
from chatbot.searched import kept
from chatbot.shown import CHANGEABLE, shown
from chatbot.speaking import acting_in
from clinic.core import clock, db
from clinic.core.actor import ANONYMOUS, Actor, Role
from clinic.core.errors import Busy, ClinicError, NotFound, TooMany
from clinic.core.models import ClinicSettings
from clinic.core.throttles import spend

_MOST_VISITS = 20
# A time that cannot be had any more, whatever the reason.
GONE = (
    taken.SlotTaken, taken.OutsideHours, taken.DuringTimeOff, taken.TooSoon, taken.InThePast, taken.TooFarAhead,
    taken.HoldExpired, taken.HoldMoved,
)  # fmt: skip


@dataclass(slots=True)
class Tools:
    """Answers the dialogue's requests in one turn of one conversation; `search` is how slots were last looked for.

    Each request that writes is one verb with a transaction of its own. What this conversation was not shown (a slot, a
    visit) it cannot ask for.
    """

    caller: Actor
    conversation: UUID
    record: Record
    search: dict[str, Any] = field(default_factory=dict)
    actor: Actor = field(init=False)
    finder: Finder = field(init=False)

    def __post_init__(self) -> None:
        self.actor = acting_in(self.caller, self.conversation)
        self.finder = Finder(self.actor, self.conversation)

    def __call__(self, request: d.Request) -> d.Result:
        """A refusal becomes its result; only what is nobody's refusal is raised."""
        do: Callable[[Any], d.Result] = getattr(self, _DO[type(request)])
        try:
            return do(request)
        except TooMany as error:
            return d.Refused("too_many", str(error.message))
        except Busy:
            return d.Unavailable()
        except ClinicError as error:
            return d.Refused(error.code, str(error.message))

    def find(self, wanted: d.FindSlots) -> d.Result:
        if wanted.moving and wanted.moving not in self.record.opened:
            raise NotFound()
        return d.SlotsFound(self._found(wanted))

    def hold(self, wanted: d.HoldSlot) -> d.Result:
        slot = wanted.slot
        if not self.finder.issued(slot):
            raise NotFound()
        until = clock.now()
        try:
            held = reserve(
                self.actor,
                dentist=UUID(slot.dentist),
                treatment=UUID(slot.treatment),
                start=slot.start,
                urgent=wanted.urgent,
            )
        except taken.TooManyHolds:
            return d.TooManyHolds()
        except GONE:
            return d.SlotTaken(self._found(near(slot, urgent=wanted.urgent)))
        with db.reading(self.actor):
            until += ClinicSettings.current().hold
        # By the clock that the dialogue goes by. The database's has the last word when it is booked.
        return d.Held(str(held.id), until)

    def release(self, wanted: d.ReleaseHold) -> d.Result:
        release(self.actor, UUID(wanted.hold))
        return d.Released()

    def book(self, wanted: d.BookVisit) -> d.Result:
        if not self.finder.issued(wanted.slot):
            raise NotFound()
        if self.actor.is_anonymous:
            spend(("anonymous_booking", self.actor.address))
        result = book(self.actor, wanted, key=f"{self.conversation}-{self.record.writes}")
        if isinstance(result, UUID):
            self._opened(result)
            visit, seen = self._visit(self.actor, result)
            if visit.status == Status.CANCELLED:
                return self.book(wanted)  # the answer to an earlier yes was lost, and its visit cancelled since
            self.record.booked = str(result)
            return d.VisitBooked(seen, pending=visit.status == Status.PENDING)
        if isinstance(result, d.SlotTaken | d.HoldExpired):
            return type(result)(self._found(near(wanted.slot, urgent=wanted.triage.band in URGENT_BANDS)))
        return result

    def visits(self, wanted: d.ListVisits) -> d.Result:
        if self.caller.user_id is None or self.caller.role == Role.BOT:
            return d.SignInNeeded()
        now = clock.now()
        with db.reading(self.actor):
            own = visits_for(self.actor).filter(
                account_id=self.caller.user_id, status__in=CHANGEABLE, starts_at__gt=now
            )
            clinic = ClinicSettings.current()
            found = tuple(shown(one, clinic, now) for one in own.order_by("starts_at", "id")[:_MOST_VISITS])
        self.record.opened += [one.id for one in found if one.id not in self.record.opened]
        return d.VisitsFound(found)

    def look_up(self, wanted: d.LookUpVisit) -> d.Result:
        caller = self.caller
        spend(("reference", str(caller.user_id) if caller.role == Role.BOT else caller.address))
        try:
            # Whoever asks, it is the two together that open the visit.
            found = visit_by_reference(ANONYMOUS, wanted.reference, wanted.email)
            visit, seen = self._visit(self.actor, found)
        except NotFound:
            return d.NoSuchVisit()
        if visit.status not in CHANGEABLE or visit.starts_at <= clock.now():
            return d.NoSuchVisit()
        if seen.id not in self.record.opened:
            self.record.opened.append(seen.id)
        return d.VisitsFound((seen,))

    def move(self, wanted: d.MoveVisit) -> d.Result:
        slot, visit_id = wanted.slot, self._own(wanted.visit)
        if not self.finder.issued(slot):
            raise NotFound()
        try:
            moved = reschedule(self.actor.with_visit(visit_id), visit_id, start=slot.start, dentist=UUID(slot.dentist))
        except taken.AlreadyBooked:
            return d.AlreadyBooked()
        except TooLateToMove:
            return d.CutoffPassed()
        except GONE:
            return d.SlotTaken(self._found(near(slot, moving=wanted.visit)))
        self.record.writes += 1
        return d.VisitMoved(self._visit(self.actor, moved.pk)[1])

    def cancel(self, wanted: d.CancelVisit) -> d.Result:
        visit_id = self._own(wanted.visit)
        try:
            transitions.cancel(self.actor.with_visit(visit_id), visit_id)
        except TooLateToCancel:
            return d.CutoffPassed()
        except InvalidTransition as error:
            if error.details["status"] != Status.CANCELLED:
                raise
        self.record.writes += 1
        return d.VisitCancelled()

    def _found(self, wanted: d.FindSlots) -> tuple[d.Slot, ...]:
        self.search = kept(wanted)
        return self.finder.find(wanted)

    def _own(self, visit: str) -> UUID:
        """A visit that this conversation was shown. Raises `NotFound`."""
        if visit not in self.record.opened:
            raise NotFound()
        return UUID(visit)

    def _opened(self, visit: UUID) -> None:
        self.record.writes += 1
        self.record.opened.append(str(visit))

    def _visit(self, actor: Actor, visit_id: UUID) -> tuple[Appointment, d.Visit]:
        with db.reading(opened := actor.with_visit(visit_id)):
            visit = visit_for(opened, visit_id)
            return visit, shown(visit, ClinicSettings.current(), clock.now())


_DO: dict[type, str] = {
    d.FindSlots: "find",
    d.HoldSlot: "hold",
    d.ReleaseHold: "release",
    d.BookVisit: "book",
    d.ListVisits: "visits",
    d.LookUpVisit: "look_up",
    d.MoveVisit: "move",
    d.CancelVisit: "cancel",
}
