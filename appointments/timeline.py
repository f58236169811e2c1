"""The history of a visit as people read it: what was done, by whom, through what, when."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import Count, Max
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from appointments.models import Appointment, MedicalRecord, PaymentStatus, Status
from appointments.transitions import STEPS
from clinic.core import clock
from clinic.core.actor import Actor
from clinic.history.models import Action, Change, Through, Who
from clinic.history.queries import history_of_visit, staff_names
from dentists.models import Dentist

NEWEST = 200  # lines of one visit that are shown; whoever reads its text many times makes one line
_CONTACT = {"patient_name", "patient_email", "patient_phone", "patient_birth_date"}
# What follows from something else that is told.
_FOLLOWS = {
    "confirmed_at", "checked_in_at", "completed_at", "no_show_at", "cancelled_at", "cancelled_by", "cancelled_by_user_id",
    "cancellation_reason", "sequence", "ends_at", "outside_rules", "reservation_id",
}  # fmt: skip
_BY = {
    Who.ANONYMOUS: gettext_lazy("by a guest"),
    Who.PATIENT: gettext_lazy("by the patient"),
    Who.DENTIST: gettext_lazy("by a dentist"),
    Who.DESK: gettext_lazy("by the front desk"),
    Who.ADMIN: gettext_lazy("by an admin"),
    Who.BOT: gettext_lazy("by the chatbot"),
    Who.AUTH: gettext_lazy("on signing in"),
    Who.SERVICE: gettext_lazy("by the system"),
}


@dataclass(frozen=True, slots=True)
class Entry:
    """One line: `what` and `by` in the reader's language, `at` an instant."""

    at: datetime
    what: str
    by: str
    through: str

    @property
    def source(self) -> str:
        """By whom and through what; of bare SQL the first says it all."""
        return f"{self.by}, {self.through}" if self.through else self.by

    @property
    def sentence(self) -> str:
        """Such as "Confirmed by Dr. Eva Weber, portal, Nov. 24, 2026, 10:12 a.m."; clinic wall clock."""
        when = date_format(clock.local(self.at), "DATETIME_FORMAT")
        return f"{self.what} {self.source}, {when}"


def timeline(actor: Actor, visit_id: UUID) -> list[Entry]:
    """What happened to a visit, newest first, as far as this caller may know; the same few queries at any length."""
    about = history_of_visit(actor, visit_id)
    changes = list(about.exclude(action=Action.READ)[:NEWEST])
    read = list(
        about.filter(action=Action.READ)
        .order_by()
        .values("user_id", "role", "source")
        .annotate(times=Count("id"), last=Max("at"))
    )
    users = [one.user_id for one in changes] + [one["user_id"] for one in read]
    names = staff_names({user for user in users if user})
    dentists = _dentists(changes)
    entries = [
        Entry(one.at, _what(one, dentists), _by(one.user_id, one.role, names), _through(one.source)) for one in changes
    ]
    entries += [
        Entry(one["last"], _was_read(one["times"]), _by(one["user_id"], one["role"], names), _through(one["source"]))
        for one in read
    ]
    return sorted(entries, key=lambda entry: entry.at, reverse=True)


def _through(source: str) -> str:
    return "" if source == Through.SQL else str(Through(source).label)


def _by(user_id: UUID | None, role: str, names: dict[UUID, str]) -> str:
    if user_id in names:
        return _("by %(name)s") % {"name": names[user_id]}
    return str(_BY[Who(role)]) if role else _("directly in the database")


def _dentists(changes: Iterable[Change]) -> dict[str, str]:
    """The names of the dentists between whom the visit went."""
    ids = {side.get("dentist_id") for one in changes if "dentist_id" in one.fields for side in (one.before, one.after)}
    found = Dentist.objects.filter(pk__in=ids - {None}).values_list("pk", "name") if ids - {None} else ()
    return {str(pk): name for pk, name in found}


def _was_read(times: int) -> str:
    if times == 1:
        return _("Health details read")
    return ngettext("Health details read %(count)d time", "Health details read %(count)d times", times) % {
        "count": times
    }


def _what(change: Change, dentists: dict[str, str]) -> str:
    if change.table_name == MedicalRecord._meta.db_table:
        return {
            Action.CREATED: _("Health details told"),
            Action.CHANGED: _("Health details changed"),
            Action.DELETED: _("Health details deleted"),
        }[Action(change.action)]
    if change.action == Action.CREATED:
        return _("Requested") if change.after.get("status") == Status.PENDING else _("Booked")
    if change.action == Action.DELETED:
        return _("Deleted")
    return ", ".join(_changed(change, dentists))


def _changed(change: Change, dentists: dict[str, str]) -> list[str]:
    """The parts of one change, what matters most first; never empty."""
    was, now, fields = change.before, change.after, set(change.fields)
    said = []
    if "status" in fields:
        said.append(_step(was["status"], now["status"]))
    if "starts_at" in fields:
        said.append(
            _("Moved from %(was)s to %(now)s") % {"was": _when(was["starts_at"]), "now": _when(now["starts_at"])}
        )
    if "dentist_id" in fields:
        said.append(_given(dentists, was["dentist_id"], now["dentist_id"]))
    if fields & _CONTACT:
        said.append(_("Contact details changed"))
    if "payment_status" in fields:
        said.append(_("Payment: %(status)s") % {"status": PaymentStatus(now["payment_status"]).label})
    if "account_id" in fields:
        said.append(_("Now under an account") if now["account_id"] else _("No longer under an account"))
    rest = fields - _CONTACT - _FOLLOWS - {"status", "starts_at", "dentist_id", "payment_status", "account_id"}
    if "dentist_id" in fields:
        rest -= {"dentist_name", "dentist_email"}
    if rest or not said:
        said.append(_("Changed: %(fields)s") % {"fields": ", ".join(sorted(map(_label, rest or fields)))})
    return said


def _step(was: str, now: str) -> str:
    status = Status(now)
    forward = was in STEPS.get(status, ())
    return str(status.label) if forward else _("Back to “%(status)s”") % {"status": status.label}


def _given(dentists: dict[str, str], was: str | None, now: str | None) -> str:
    if now is None:
        return _("Left without a dentist")
    gone = _("a former dentist")
    return _("Given from %(was)s to %(now)s") % {
        "was": dentists.get(was or "", gone),
        "now": dentists.get(now, gone),
    }


def _when(stored: str) -> str:
    return date_format(clock.local(datetime.fromisoformat(stored)), "DATETIME_FORMAT")


def _label(column: str) -> str:
    for field in Appointment._meta.concrete_fields:
        if field.column == column:
            named: Any = field.verbose_name
            return str(named)
    return column
