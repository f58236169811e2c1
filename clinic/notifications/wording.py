"""What each kind of message says. Nothing here that a patient told: a mail is a postcard."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.utils.formats import date_format, time_format
from django.utils.translation import gettext as _

from appointments.models import Status
from clinic.core import clock
from clinic.notifications.models import Kind, Message


@dataclass(frozen=True, slots=True)
class Wording:
    """In the language that is active. `action` is what the link leads to."""

    subject: str
    heading: str
    lead: str
    action: str


def wording_of(message: Message) -> Wording:
    when = {"when": in_words(message.starts_at)}
    match message.kind:
        case Kind.BOOKED if message.status == Status.PENDING:
            return Wording(
                _("We have your request: %(when)s") % when,
                _("We have your request"),
                _("The time is kept for you. We look at your request and tell you as soon as it is confirmed."),
                _("See your visit"),
            )
        case Kind.BOOKED:
            return Wording(
                _("Booked: %(when)s") % when,
                _("Your visit is booked"),
                _("We look forward to seeing you."),
                _("See your visit"),
            )
        case Kind.CONFIRMED:
            return Wording(
                _("Confirmed: %(when)s") % when,
                _("Your visit is confirmed"),
                _("We look forward to seeing you."),
                _("See your visit"),
            )
        case Kind.MOVED:
            return _moved(message, when)
        case Kind.DENTIST_UNAVAILABLE:
            return Wording(
                _("Cannot take place: %(when)s") % when,
                _("Your visit cannot take place"),
                _(
                    "%(dentist)s is not available any more, so we had to cancel your visit. We are sorry."
                    " Please choose another time or another dentist, or call us."
                )
                % {"dentist": message.dentist_name},
                _("Find another time"),
            )
    return _cancelled(message, when)


def _moved(message: Message, when: dict[str, str]) -> Wording:
    lead = _("This is your visit now.")
    if message.status == Status.PENDING:
        lead = _("This is your visit now. We tell you as soon as it is confirmed.")
    if message.was_starts_at == message.starts_at:
        return Wording(
            _("Another dentist: %(when)s") % when,
            _("Another dentist will see you"),
            lead,
            _("See your visit"),
        )
    return Wording(_("Moved to %(when)s") % when, _("Your visit has moved"), lead, _("See your visit"))


def _cancelled(message: Message, when: dict[str, str]) -> Wording:
    if message.by_patient:
        lead = _("You cancelled this visit. If that was not you, please call us.")
    else:
        lead = _("We had to cancel this visit. We are sorry. Please choose another time, or call us.")
    return Wording(
        _("Cancelled: %(when)s") % when,
        _("Your visit is cancelled"),
        lead,
        _("Find another time"),
    )


def in_words(instant: datetime) -> str:
    """Weekday, date and time on the clinic's wall clock."""
    local = clock.local(instant)
    return _("%(weekday)s, %(date)s, %(time)s") % {
        "weekday": date_format(local, "l"),
        "date": date_format(local, "DATE_FORMAT"),
        "time": time_format(local, "TIME_FORMAT"),
    }
