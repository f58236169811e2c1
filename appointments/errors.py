"""What can go wrong in the life of an appointment."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from clinic.core import db
from clinic.core.errors import Conflict, Impossible, Malformed


class InvalidTransition(Conflict):
    """`details["status"]` is what the visit is now."""

    code, text = "invalid_transition", _("This step does not fit the visit's status.")


class ChangedMeanwhile(InvalidTransition):
    """The visit was moved after the page was drawn that a move came from. Only pages say what they were drawn from."""

    text = _("This page has changed in the meantime.")


class NotBegun(Impossible):
    """Nobody has failed to come to a visit that is still to begin."""

    code, text = "not_begun", _("This visit has not begun yet.")


class NotYetItsDay(Impossible):
    code, text = "not_yet_its_day", _("This visit is on a later day. Check in is possible on its day.")


class NothingToUndo(Conflict):
    code, text = "nothing_to_undo", _("There is no step of today that could be undone.")


class TooLateToCancel(Impossible):
    code, text = "too_late_to_cancel", _("It is too late to cancel online. Please call us.")


class TooLateToMove(Impossible):
    code, text = "too_late_to_move", _("It is too late to move this visit online. Please call us.")


class NotChangeable(Conflict):
    """`details["status"]` is what the visit is now."""

    code, text = "not_changeable", _("This visit can no longer be changed.")


class TooLateToChange(Impossible):
    code, text = "too_late_to_change", _("This visit has begun. Please tell us at the practice.")


class StatusBySteps(Impossible):
    """A status is where a step led; it cannot be written."""

    code, text = "status_by_steps", _("The status changes by its steps, such as confirm or cancel.")


class TreatmentStays(Impossible):
    code, text = "treatment_stays", _("The treatment of a visit stays. Please cancel and book the other one.")


class TooYoung(Impossible):
    code, text = "too_young", _("This treatment is for older patients.")


class BirthDateNeeded(Malformed):
    code, text = "birth_date_needed", _("This treatment has a minimum age: please give the date of birth.")


class NewPatientsOnly(Impossible):
    code, text = "new_patients_only", _("This treatment is for people who come to us for the first time.")


class KnownPatientsOnly(Impossible):
    code, text = (
        "known_patients_only",
        _("This treatment is for people who have been treated here before. Please call us."),
    )


class ReferenceTaken(Conflict):
    """Two random references met; the verb draws another."""

    code = "reference_taken"


class BadContact(Malformed):
    code, text = "malformed", _("Something in this request could not be read.")


def register() -> None:
    """Tells the ground which error a violated constraint of this app stands for."""
    db.refuse_as("appointment_reference", ReferenceTaken)
