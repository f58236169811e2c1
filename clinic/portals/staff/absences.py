"""A dentist is away: what can become of each visit that this hits, and doing what was chosen for each."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from appointments import moving, transitions
from appointments.models import Appointment
from availability import schedule
from availability.catalogue import as_offered
from availability.models import TimeOff
from availability.queries import search
from clinic.accounts.requests import caller
from clinic.core import clock, db
from clinic.core.actor import ANONYMOUS, Actor
from clinic.core.errors import ClinicError
from clinic.portals.staff.colleagues import free_colleagues, shared_out
from clinic.portals.staff.suggestions import Suggestion, chosen
from dentists.models import Dentist, Offer

CANCEL = "cancel"
COLLEAGUE, LATER = "colleague", "later"
DAYS = 28  # how far after the absence a later time is looked for


@dataclass(frozen=True, slots=True)
class Hit:
    """A visit with what can become of it: a colleague at the same time, a later time with the same dentist. `chosen` is what
    the page proposes, as its field sends it."""

    visit: Appointment
    colleagues: Sequence[Dentist]
    later: Suggestion | None
    chosen: str


def hits(visits: Sequence[Appointment], *, until: date, prefer: str = "") -> list[Hit]:
    """The visits in order, each with its ways out; a handful of statements, however many there are. `until` is the last
    clinic date of the absence, `prefer` what is proposed for all: a colleague unless it says `later` or `cancel`. Call it
    while reading."""
    free = free_colleagues(visits)
    given, later = shared_out(visits, free), _later(visits, until + timedelta(days=1))

    def proposed(visit: Appointment) -> str:
        if prefer == CANCEL:
            return CANCEL
        if prefer == LATER:
            return later[visit.pk].key if visit.pk in later else ""
        return str(given.get(visit.pk, ""))

    return [Hit(one, free[one.pk], later.get(one.pk), proposed(one)) for one in visits]


def _later(visits: Sequence[Appointment], first: date) -> dict[UUID, Suggestion]:
    """By visit, the first time from a clinic date on that its own dentist has free, so that no two get the same. Hours that
    are kept for somebody are not among them: no proposal for many at once may fill them unasked."""
    waiting = [one for one in visits if one.treatment_id and one.dentist_id]
    if not waiting:
        return {}
    wanted = {one.treatment_id for one in waiting}
    rows = Offer.objects.filter(dentist=waiting[0].dentist_id, treatment__in=wanted)
    offers = [as_offered(one) for one in rows.select_related("dentist", "treatment").order_by("id")]
    found: dict[UUID, Suggestion] = {}
    taken: list[tuple[datetime, datetime]] = []
    for opening in search(ANONYMOUS, offers, max(first, clock.today()), DAYS):
        what = opening.offered
        begin = opening.start - what.visit.buffer_before
        end = opening.start + what.visit.duration + what.visit.buffer_after
        if any(begin < until and since < end for since, until in taken):
            continue
        visit = next((one for one in waiting if one.treatment_id == what.treatment.pk), None)
        if visit is not None:
            taken.append((begin, end))
            waiting.remove(visit)
            found[visit.pk] = Suggestion(clock.local(opening.start), what.dentist.pk, what.dentist.name)
        if not waiting:
            break
    return found


@dataclass(slots=True)
class Outcome:
    given: int = 0
    moved: int = 0
    cancelled: int = 0
    left: int = 0
    failed: list[str] = field(default_factory=list)


def carry_out(
    request: HttpRequest,
    visits: Sequence[Appointment],
    *,
    hand_over: Callable[[Actor, Appointment, UUID], Any],
    otherwise: str = "",
) -> int:
    """Does what was sent for each visit (`to-<visit>`: a colleague, a later time, `cancel` or nothing, then `otherwise`), each
    by itself, so that one that cannot be helped keeps no other, and says what became of them. Returns how many are left."""
    outcome = Outcome()
    for visit in visits:
        wish = request.POST.get(f"to-{visit.pk}", "") or otherwise
        try:
            _do(caller(request), visit, wish, request.POST.get("told", ""), hand_over, outcome)
        except (ClinicError, ValueError) as error:
            outcome.left += 1
            why = error.message if isinstance(error, ClinicError) else _("We do not know this dentist.")
            outcome.failed.append(f"{visit.patient_name}: {why}")
    _tell(request, outcome)
    _tell_of_others(request, visits)
    return outcome.left


def _tell_of_others(request: HttpRequest, visits: Sequence[Appointment]) -> None:
    """Whoever was quicker has done what was asked for here, or something else."""
    still = {f"to-{visit.pk}" for visit in visits}
    others = sum(1 for name, wish in request.POST.items() if name.startswith("to-") and wish and name not in still)
    if others:
        text = ngettext(
            "Somebody else has seen to %(n)s of these visits.",
            "Somebody else has seen to %(n)s of these visits.",
            others,
        )
        messages.info(request, text % {"n": others})


def is_noted(dentist_id: UUID, start: datetime, end: datetime) -> bool:
    """Whether somebody has written down this absence already."""
    return TimeOff.objects.filter(dentist_id=dentist_id, starts_at__lte=start, ends_at__gte=end).exists()


def note(actor: Actor, dentist_id: UUID, start: datetime, end: datetime, reason: str) -> None:
    """Writes an absence down unless a longer one says so already: from then on nobody can book there. Raises what
    `add_time_off` raises, which sees to the same one from two people at once."""
    with db.reading(actor):
        known = is_noted(dentist_id, start, end)
    if not known:
        schedule.add_time_off(actor, dentist_id, start, end, reason=reason)


def _do(
    actor: Actor,
    visit: Appointment,
    wish: str,
    told: str,
    hand_over: Callable[[Actor, Appointment, UUID], Any],
    outcome: Outcome,
) -> None:
    if not wish:
        outcome.left += 1
    elif wish == CANCEL:
        transitions.cancel(actor, visit.pk, reason=told)
        outcome.cancelled += 1
    elif (later := chosen(wish)) is not None:
        moving.reschedule(actor, visit.pk, start=later[0], dentist=later[1])
        outcome.moved += 1
    else:
        hand_over(actor, visit, UUID(wish))
        outcome.given += 1


def _tell(request: HttpRequest, outcome: Outcome) -> None:
    said = (
        (
            outcome.given,
            ngettext("%(n)s visit is with a colleague now.", "%(n)s visits are with colleagues now.", outcome.given),
        ),
        (outcome.moved, ngettext("%(n)s visit has a new time.", "%(n)s visits have a new time.", outcome.moved)),
        (outcome.cancelled, ngettext("%(n)s visit is cancelled.", "%(n)s visits are cancelled.", outcome.cancelled)),
    )
    for count, text in said:
        if count:
            messages.success(request, text % {"n": count})
    for line in outcome.failed:
        messages.error(request, line)
