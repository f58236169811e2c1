"""What can go wrong when time is looked for, held or taken."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from clinic.core import db
from clinic.core.errors import Conflict, Impossible, Malformed, NotFound, TooMany


class SlotTaken(Conflict):
    """Somebody else was first. `details["alternatives"]` are the nearest free slots, when there are any."""

    code, text = "slot_taken", _("Somebody else has just taken this time.")


class AlreadyBooked(Conflict):
    """The same person has another visit then."""

    code, text = "already_booked", _("This person has another visit at that time.")


class HoldExpired(Conflict):
    code, text = "hold_expired", _("The time to complete this booking ran out, and the slot is gone.")


class HoldMoved(Conflict):
    """Two requests of one holder met; the other one decided which slot is held."""

    code, text = "hold_moved", _("You have just held another time.")


class TooManyHolds(TooMany):
    code, text = "too_many_holds", _("Too many times were held from here. Please wait a little, or call us.")


class NoSuchDentist(NotFound):
    code, text = "unknown_dentist", _("We do not know this dentist.")


class NoSuchTreatment(NotFound):
    code, text = "unknown_treatment", _("We do not know this treatment.")


class WrongTreatment(Impossible):
    code, text = "wrong_treatment", _("This dentist does not offer this treatment.")


class NotBookableOnline(Impossible):
    code, text = "not_bookable_online", _("Please call us to book this treatment.")


class InThePast(Impossible):
    code, text = "in_the_past", _("This time has passed.")


class TooSoon(Impossible):
    code, text = "too_soon", _("This time is too soon to book online. Please call us.")


class TooFarAhead(Impossible):
    code, text = "too_far_ahead", _("This time is too far ahead.")


class OutsideHours(Impossible):
    code, text = "outside_hours", _("The dentist offers no visit at this time.")


class DuringTimeOff(Impossible):
    code, text = "time_off", _("The dentist is away at this time.")


class NoSuchTime(Impossible):
    code, text = "no_such_time", _("The clock skips this time on that day.")


class HoursOverlap(Malformed):
    code, text = "hours_overlap", _("These hours overlap others of the same day.")


class HoursReversed(Malformed):
    code, text = "hours_reversed", _("The end must come after the start.")


def register() -> None:
    """Tells the ground which error a violated constraint of this app stands for."""
    db.refuse_as("occupancy_dentist_time", SlotTaken)
    db.refuse_as("occupancy_person_time", AlreadyBooked)
    # Deleted by somebody after this request had looked.
    db.refuse_as("occupancy_dentist_fk", NoSuchDentist)
    db.refuse_as("reservation_one_per_holder", HoldMoved)
    db.refuse_as("hours_no_overlap", HoursOverlap)
    db.refuse_as("override_no_overlap", HoursOverlap)
    db.refuse_as("hours_end_after_start", HoursReversed)
    db.refuse_as("override_end_after_start", HoursReversed)
    db.refuse_as("time_off_end_after_start", HoursReversed)
